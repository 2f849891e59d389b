// A version that its org would refuse does not become live: what stands against it is named before any response.
#include <catch2/catch.hpp>

#include <filesystem>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

using Catch::Contains;
using nlohmann::json;
using promises::CallsSince;
using promises::OrgProgram;
using promises::Person;
using promises::SeedBrand;
using test::Ended;

namespace {

const char* const answers = "Survey_Response__c";

// From now on the org describes the object without the field, and a picklist without the value.
void org_lacks(const OrgProgram& org, const std::string& field, const std::string& picklist, const std::string& value) {
  json description = org.describe(answers), fields = json::array();
  for (json& one : description.at("fields")) {
    if (one.at("name") == field) continue;
    json choices = json::array();
    for (const json& choice : one.at("picklistValues")) {
      if (one.at("name") != picklist || choice.at("value") != value) choices.push_back(choice);
    }
    one["picklistValues"] = choices;
    fields.push_back(one);
  }
  description["fields"] = fields;
  const json script{{"path_contains", std::string("/sobjects/") + answers + "/describe"},
                    {"status", 200},
                    {"body", description.dump()},
                    {"next", 100}};
  org.add_fault(script.dump());
}

// A workflow of ana's that is live on production, and the folder of a sample in which its next version has been
// written.
struct Promotion {
  Promotion() {
    std::filesystem::copy(test::source_path("samples/nps_to_contact"), directory.file("nps"));
    test::write_file(directory.file("crm.json"), brand.sandbox.account_document());
    before = ana.ask(200, "GET", "/workflows/" + workflow);
  }

  std::string file() const { return directory.file("nps/workflow.json"); }
  Ended tested_in_the_sandbox() const {
    return test::run_program({"test", directory.file("nps"), "--account", "crm=" + directory.file("crm.json"),
                              "--journal", directory.file("journal")});
  }
  Ended pushed(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"workflows",        "push",    file(),     "--workflow", workflow, "--server",
                                       brand.server.url(), "--token", ana.token()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::run_program(arguments);
  }
  json now() const { return ana.ask(200, "GET", "/workflows/" + workflow); }

  test::TemporaryDirectory directory;
  SeedBrand brand;
  Person ana = brand.add_person("ana");
  std::string workflow = brand.running_workflow(ana, brand.link(ana, brand.production));
  json before;
};

}  // namespace

TEST_CASE(
    "complaint 17: what passed in the sandbox is refused for a production that lacks a field and a picklist value, "
    "both named, and nothing is changed") {
  const Promotion promotion;
  const OrgProgram& production = promotion.brand.production;
  REQUIRE(promotion.tested_in_the_sandbox().code == 0);
  org_lacks(production, "Comment__c", "Segment__c", "A");
  const CallsSince calls(production);

  for (const char* way : {"--check", "--message=promoted"}) {
    const Ended refused = promotion.pushed({way});
    INFO(way << "\n" << refused.output << refused.complaint);
    CHECK(refused.code == 65);
    CHECK_THAT(refused.complaint, Contains("/tasks/answer/with/fields/Comment__c: Survey_Response__c has no field"));
    CHECK_THAT(refused.complaint, Contains("/tasks/answer/with/fields/Segment__c/map/Promoter: ") && Contains("'A'"));
  }

  CHECK(promotion.now() == promotion.before);
  CHECK(calls.count("method=POST&path=/services/data") == 0);
  CHECK(calls.count("method=PATCH") == 0);
}

TEST_CASE("what the org was given meanwhile is seen by the next push, however soon it comes") {
  const Promotion promotion;
  const OrgProgram& production = promotion.brand.production;
  org_lacks(production, "Comment__c", "", "");
  REQUIRE(promotion.pushed().code == 65);

  production.local("DELETE", "/_local/faults", "");

  CHECK(promotion.pushed({"--check"}).code == 0);
  CHECK(promotion.now() == promotion.before);
  CHECK(promotion.pushed().code == 0);
  CHECK(promotion.now().at("version") == 2);
}

TEST_CASE("an org that cannot be asked refuses no version: a warning says that it was not checked") {
  const Promotion promotion;
  promotion.brand.production.add_fault(
      R"({"path_contains":"/describe","status":503,"code":"SERVER_UNAVAILABLE","message":"later","next":100})");

  const Ended pushed = promotion.pushed();

  INFO(pushed.output << pushed.complaint);
  CHECK(pushed.code == 0);
  CHECK(promotion.now().at("version") == 2);
  CHECK_THAT(pushed.complaint, Contains("/tasks/contact/account") && Contains("[org_not_checked]"));
}
