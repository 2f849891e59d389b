// `sluice org package`, as a person runs it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Ended;
using test::run_program;

const std::string packaged_workflow = test::source_path("samples/nps_to_contact/workflow.json");

}  // namespace

TEST_CASE("org package writes a project, says how to deploy it, and the same again changes nothing") {
  test::TemporaryDirectory directory;
  const std::string folder = directory.file("force-app");
  const Ended first = run_program({"org", "package", packaged_workflow, "-o", folder});
  INFO(first.complaint);
  REQUIRE(first.code == 0);
  CHECK_THAT(first.output, Catch::Contains("sf project deploy start --source-dir " + folder) &&
                               Catch::Contains("Number(16, 2)") && Catch::Contains("Text(255), unique, external id"));
  const json project = json::parse(test::read_file(directory.file("sfdx-project.json")));
  CHECK(project["packageDirectories"][0]["path"] == "force-app");

  const json again = json::parse(run_program({"org", "package", packaged_workflow, "-o", folder, "--json"}).output);
  REQUIRE(again["files"].size() == 9);
  for (const json& file : again["files"]) CHECK(file["written"] == false);
}

TEST_CASE("org package leaves files alone that somebody has changed, and writes nothing then") {
  test::TemporaryDirectory directory;
  const std::string folder = directory.file("force-app");
  REQUIRE(run_program({"org", "package", packaged_workflow, "-o", folder}).code == 0);
  const std::string score = folder + "/main/default/objects/Survey_Response__c/fields/Score__c.field-meta.xml";
  const std::string written = test::read_file(score);
  test::write_file(score, "<CustomField/>");

  const Ended refused = run_program({"org", "package", packaged_workflow, "-o", folder});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.complaint, Catch::Contains("Score__c.field-meta.xml") && Catch::Contains("package_file_differs"));
  CHECK(test::read_file(score) == "<CustomField/>");

  CHECK(run_program({"org", "package", packaged_workflow, "-o", folder, "--force"}).code == 0);
  CHECK(test::read_file(score) == written);
}

TEST_CASE("org package asks whose org it is for when a workflow uses several") {
  test::TemporaryDirectory directory;
  const std::string folder = directory.file("force-app");
  const std::string two = test::source_path("samples/two_instances/workflow.json");
  const Ended unclear = run_program({"org", "package", two, "-o", folder});
  CHECK(unclear.code == 64);
  CHECK_THAT(unclear.complaint, Catch::Contains("--alias"));
}
