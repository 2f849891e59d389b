// Mapping tests on a linked sandbox: a second local org plays it. Whatever happens on the way, none of the tests'
// records stays, and a production org is never written to.
#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/test_journal.hpp"
#include "tests/promises/org_program.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

using nlohmann::json;
using promises::OrgProgram;
using test::Ended;

namespace {

const char* const test_objects[] = {"Contact", "Survey_Response__c", "Case", "FeedItem"};

// A folder with the tests of a sample, and an org in which somebody else keeps a contact.
struct SandboxWorld {
  explicit SandboxWorld(const std::string& environment = "sandbox", std::vector<std::string> org_arguments = {})
      : org(directory.file("org.db"), environment, std::move(org_arguments)) {
    std::filesystem::copy(test::source_path("samples/nps_to_contact"), directory.file("tests"));
    test::write_file(directory.file("crm.json"), org.account_document());
    org.insert("Contact", R"({"LastName":"Somebody","Email":"else@example.com"})");
    org.forget_calls();
  }

  std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"test",      directory.file("tests"),
                                 "--account", "crm=" + directory.file("crm.json"),
                                 "--journal", directory.file("journal")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ended run(std::vector<std::string> more = {}) const { return test::run_program(arguments(std::move(more))); }
  json run_for_json(std::vector<std::string> more = {}) const {
    more.push_back("--json");
    return json::parse(run(std::move(more)).output);
  }

  // Of all objects that the tests write; the contact of somebody else is not counted.
  int records() const {
    int count = -1;
    for (const char* object : test_objects) count += org.count(std::string("SELECT Id FROM ") + object);
    return count;
  }
  std::string journal() const { return test::read_file(directory.file("journal")); }
  int writes() const { return org.calls("method=POST&path=/services/data") + org.calls("method=PATCH"); }
  void put(const std::string& file, const std::string& text) const {
    test::write_file(directory.file("tests/" + file), text);
  }

  test::TemporaryDirectory directory;
  OrgProgram org;
};

// The signal that ended it, 0 when it came to its end.
int ended_by(const SandboxWorld& world, const std::string& crash_at) {
  support::Program program(world.arguments(), {{"SLUICE_CRASH_AT", crash_at}});
  return program.signal_at_end();
}

json differences_of(const json& document) { return document.at("files").at(0).at("cases").at(0).at("differences"); }

}  // namespace

TEST_CASE("the mapping tests of a folder pass on a linked sandbox and leave no record behind") {
  const SandboxWorld world;

  const json document = world.run_for_json();

  INFO(document.dump(2));
  CHECK(document.at("passed") == 5);
  CHECK(document.at("failed") == 0);
  CHECK(world.writes() > 5);
  CHECK(world.records() == 0);
  CHECK(world.org.count("SELECT Id FROM Contact") == 1);
  CHECK(world.journal().empty());
}

TEST_CASE("a production org is refused before anything is written, whatever the account's file says") {
  for (const char* claimed : {"production", "sandbox"}) {
    const SandboxWorld world("production");
    json account = json::parse(world.org.account_document());
    account["environment"] = claimed;
    test::write_file(world.directory.file("crm.json"), account.dump());

    const json document = world.run_for_json();

    INFO(document.dump(2));
    CHECK(document.at("error").at("code") == "mapping_test_on_production");
    CHECK(document.at("error").at("exit") == 77);
    CHECK(world.writes() == 0);
    CHECK(world.run({"--clean"}).code == 0);  // there is nothing to remove
    CHECK(world.writes() == 0);
  }
}

TEST_CASE("tests that are killed at any moment leave a journal by which --clean removes all they have made") {
  int deaths = 0;
  for (const char* point :
       {"test.before_noting", "test.before_change", "test.after_change", "test.before_removal", "test.after_removal"}) {
    const SandboxWorld world;
    for (int passing = 1; passing <= 40; passing += promises::test_factor() > 1 ? 1 : 3) {
      const std::string crash_at = std::string(point) + ":" + std::to_string(passing);
      INFO(crash_at);
      const int signal = ended_by(world, crash_at);
      if (signal == 0) break;
      CHECK(signal == SIGKILL);
      ++deaths;

      const Ended cleaned = world.run({"--clean"});

      INFO(cleaned.output << cleaned.complaint);
      CHECK(cleaned.code == 0);
      CHECK(world.records() == 0);
      CHECK(world.org.count("SELECT Id FROM Contact") == 1);
      CHECK(world.journal().empty());
    }
  }
  CHECK(deaths >= 10);
  WARN(deaths << " deaths in the middle of mapping tests, no record left after --clean");
}

TEST_CASE("a record that the org has made and nobody heard of is found by who made it, when, and what was sent") {
  const SandboxWorld world;
  CHECK(ended_by(world, "test.before_change:2") == SIGKILL);
  // What the org does when the call arrives all the same, and what somebody else does meanwhile.
  std::string lines = world.journal();
  const json making = json::parse(lines.substr(lines.rfind('\n', lines.size() - 2) + 1));
  const std::string object = making.at("object");
  world.org.insert(object, making.at("values").dump());
  const std::string other = world.org.insert("Contact", R"({"LastName":"Somebody","Email":"third@example.com"})");

  const Ended cleaned = world.run({"--clean"});

  INFO(cleaned.output << cleaned.complaint);
  CHECK(cleaned.code == 0);
  CHECK(world.records() == 1);
  CHECK(world.org.count("SELECT Id FROM Contact WHERE Id = '" + other + "'") == 1);
}

TEST_CASE("where more records are like the lost one than the tests can have made, none is touched") {
  const SandboxWorld world;
  CHECK(ended_by(world, "test.before_change:1") == SIGKILL);
  const json making = json::parse(world.journal());
  for (int i = 0; i < 2; ++i) world.org.insert(making.at("object"), making.at("values").dump());

  const json document = json::parse(world.run({"--clean", "--json"}).output);

  CHECK(document.at("error").at("code") == "mapping_test_records_left");
  CHECK(world.records() == 2);
  CHECK_FALSE(world.journal().empty());
}

TEST_CASE("a start after a killed run removes what that has left, and says so") {
  const SandboxWorld world;
  CHECK(ended_by(world, "test.after_change:2") == SIGKILL);
  CHECK(world.records() > 0);

  const Ended ended = world.run();

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 0);
  CHECK(ended.complaint.find("of an earlier run removed") != std::string::npos);
  CHECK(world.records() == 0);
}

TEST_CASE("a case that would change a record which was there before is refused, and the record stays as it is") {
  const SandboxWorld world;
  world.org.insert("Survey_Response__c", R"({"Response_Id__c":"R_1l9mcVuXubb4aGm","Comment__c":"ours"})");

  const json document = world.run_for_json();

  INFO(document.dump(2));
  CHECK(differences_of(document).dump().find("mapping_test_foreign_record") != std::string::npos);
  CHECK(world.records() == 1);
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c WHERE Score__c = null") == 1);
}

TEST_CASE("what could not be removed again is not made") {
  const test::TemporaryDirectory describes;
  json describe = json::parse(test::read_file(test::source_path("local_org/describe/Survey_Response__c.json")));
  describe["deletable"] = false;
  test::write_file(describes.file("Survey_Response__c.json"), describe.dump());
  const SandboxWorld world("sandbox", {"--describe", describes.path()});

  const json document = world.run_for_json();

  INFO(document.dump(2));
  CHECK(differences_of(document).dump().find("mapping_test_records_left") != std::string::npos);
  CHECK(world.records() == 0);
  CHECK(world.org.calls("method=PATCH") == 0);
}

TEST_CASE("an org with another picklist is reported as a difference by name") {
  const test::TemporaryDirectory describes;
  json describe = json::parse(test::read_file(test::source_path("local_org/describe/Survey_Response__c.json")));
  for (json& field : describe["fields"]) {
    if (field["name"] == "Segment__c") field["picklistValues"].erase(0);  // A
  }
  test::write_file(describes.file("Survey_Response__c.json"), describe.dump());
  const SandboxWorld world("sandbox", {"--describe", describes.path()});

  const json document = world.run_for_json();

  INFO(document.dump(2));
  const json& file = document.at("files").at(0);
  CHECK(file.at("contrast") ==
        json::array({"Survey_Response__c.Segment__c: restricted picklist takes B, C; local org takes A, B, C"}));
  const json& promoter = file.at("cases").at(0);
  CHECK(promoter.at("passed") == false);
  CHECK(promoter.at("local").at("passed") == true);
  CHECK(promoter.at("differences").at(0).get<std::string>().starts_with("the sandbox answered differently: answer: "));
  CHECK(file.at("cases").at(1).at("passed") == true);  // a detractor is C there as well
  CHECK(world.records() == 0);
}

TEST_CASE("the journal of a run is nobody else's meanwhile") {
  const SandboxWorld world;
  const base::Result<app::TestJournal> held = app::TestJournal::open(world.directory.file("journal"));
  REQUIRE(held);

  const Ended second = world.run();

  CHECK(second.code == 78);
  CHECK(second.complaint.find("mapping_test_journal_unusable") != std::string::npos);
  CHECK(world.writes() == 0);
}
