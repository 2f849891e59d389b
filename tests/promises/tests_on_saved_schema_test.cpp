// Mapping tests of a workflow that writes objects of the org's own: offline, by the schema that was saved of it.
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/org_program.hpp"
#include "tests/promises/server_program.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

using nlohmann::json;
using promises::OrgProgram;
using promises::ServerProgram;
using promises::SurveyResponse;
using test::Ended;
using test::run_program;

namespace {

// Writes an object that only a package brings.
constexpr const char* workflow_of_own_object = R"({
  "name": "Own object",
  "trigger": {"type": "survey_response"},
  "tasks": {
    "contact": {"type": "salesforce_find", "account": "crm",
      "with": {"object": "Contact", "match": {"Email": "${m://Email}"}, "return": ["Id", "LastName"], "if_none": "continue"}},
    "every": {"type": "salesforce_create", "account": "crm", "on_unclear": "retry",
      "with": {"object": "Every__c", "fields": {"Text__c": "of ${task://contact/LastName}", "Pick__c": "${e://Field/Level}",
        "Number__c": {"value": "${q://QID1/SelectedChoicesRecode}", "as": "number"}, "Contact__c": "${task://contact/Id}"}}}
  }
})";

std::string response_of_level(const std::string& id, const std::string& level) {
  json body = json::parse(SurveyResponse{id, 7}.json());
  body["values"]["Level"] = level;
  return body.dump();
}

// An org with the object, and a folder with tests of the workflow that writes it.
class OwnObjectWorld {
 public:
  OwnObjectWorld()
      : org(directory.file("org.db"), "sandbox",
            {"--package", test::source_path("tests/fixtures/org_package/every_type")}) {
    std::filesystem::create_directory(directory.file("tests"));
    put("workflow.json", workflow_of_own_object);
    put("high.json", response_of_level("R_1", "high"));
    put("unknown.json", response_of_level("R_2", "sky-high"));
    put("own.test.json", R"({"workflow": "workflow.json", "cases": [
      {"name": "an answer of a known contact", "response": "high.json",
       "org": {"crm": {"Contact": [{"LastName": "Reyes", "Email": "reyes@example.com"}]}},
       "expect": {"crm": {"Every__c": [{"Text__c": "of Reyes", "Pick__c": "high", "Number__c": 7, "Contact__c": "${org://crm/Contact/0/Id}"}]}}},
      {"name": "a level that the org does not have", "response": "unknown.json", "refused": {"every": "mapping_value_not_in_picklist"}}]})");
    test::write_file(directory.file("crm.json"), org.account_document());
    const Ended saved = run_program(
        {"org", "snapshot", folder() + "/workflow.json", "--account", "crm=" + account(), "-o", snapshot()});
    INFO(saved.output << saved.complaint);
    REQUIRE(saved.code == 0);
  }

  std::string folder() const { return directory.file("tests"); }
  std::string snapshot() const { return directory.file("org"); }
  std::string account() const { return directory.file("crm.json"); }
  Ended play(std::vector<std::string> more) const {
    more.insert(more.begin(), {"test", folder()});
    return run_program(more);
  }

  test::TemporaryDirectory directory;
  OrgProgram org;

 private:
  void put(const std::string& name, const std::string& text) const { test::write_file(folder() + "/" + name, text); }
};

}  // namespace

TEST_CASE("mapping tests know an org's own objects and picklists by its saved schema, offline") {
  OwnObjectWorld world;
  world.org.stop();

  const Ended without = world.play({});
  INFO(without.output << without.complaint);
  CHECK(without.code == 65);
  CHECK(without.complaint.find("Every__c") != std::string::npos);

  for (const std::string& given : {world.snapshot(), "crm=" + world.snapshot()}) {
    const Ended with = world.play({"--org", given});
    INFO(with.output << with.complaint);
    CHECK(with.code == 0);
    CHECK(with.output.find("2 passed, 0 failed") != std::string::npos);
  }
}

TEST_CASE("a schema for an account that no task names, or of a folder that holds none, is refused") {
  const OwnObjectWorld world;

  const Ended mistyped = world.play({"--org", "crn=" + world.snapshot(), "--json"});
  CHECK(mistyped.code == 65);
  CHECK(json::parse(mistyped.output).at("error").at("code") == "workflow_without_account");

  const Ended nothing = world.play({"--org", world.folder()});
  INFO(nothing.complaint);
  CHECK(nothing.code == 65);
  CHECK(nothing.complaint.find("write it with: sluice org snapshot") != std::string::npos);
}

TEST_CASE("a run that wrote an org's own object is saved as a test by the org's saved schema") {
  OwnObjectWorld world;
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  const std::string workflows = world.directory.file("workflows");
  std::filesystem::create_directory(workflows);
  test::write_file(workflows + "/workflow.json", workflow_of_own_object);
  ServerProgram server(
      {"--workflows", workflows, "--account", "crm=" + world.account(), "--data", world.directory.file("data")});
  REQUIRE(server.start());
  const std::string run = server.accepted_run(response_of_level("R_3", "low"));
  server.run_when(run, "succeeded");
  const auto save = [&](const std::string& folder, std::vector<std::string> more) {
    more.insert(more.begin(), {"runs", "save-test", run, "-o", world.directory.file(folder), "--server", server.url(),
                               "--token", server.token()});
    return run_program(more);
  };

  const Ended refused = save("without", {});
  CHECK(refused.code == 1);
  CHECK(refused.complaint.find("--org DIR gives it the org's schema") != std::string::npos);

  const Ended saved = save("with", {"--org", world.snapshot()});
  INFO(saved.output << saved.complaint);
  REQUIRE(saved.code == 0);
  CHECK(saved.output.find("--org " + world.snapshot()) != std::string::npos);
  const std::string text = test::read_file(world.directory.file("with/tests.test.json"));
  INFO(text);
  const json expected = json::parse(text).at("cases").at(0).at("expect").at("crm").at("Every__c");
  REQUIRE(expected.size() == 1);
  CHECK(expected.at(0).at("Pick__c") == "low");
  CHECK(text.find("Reyes") == std::string::npos);
  CHECK(run_program({"test", world.directory.file("with"), "--org", world.snapshot()}).code == 0);
}
