// `runs causes`: how it asks, and how it is drawn.
#include "app/cli/runs_causes.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/cli/scripted_api.hpp"

namespace {

using app::cli::causes_picture;
using test::Ended;
using test::ScriptedApi;

constexpr const char* two_causes = R"({"causes":[
  {"id":"cau_1","workflow":{"id":"wfl_1","name":"NPS"},"task":"contact","code":"salesforce_refused",
   "org_code":"FIELD_CUSTOM_VALIDATION_EXCEPTION","fields":["Phone__c"],"message":"Call us first.","runs":4000,
   "states":["failed"],"first_at":"2026-05-01T09:00:00.000Z","last_at":"2026-05-01T10:00:00.000Z","example":"run_b"},
  {"id":"cau_2","workflow":{"id":"wfl_1","name":"NPS"},"code":"survey_platform_refused","message":"no such survey",
   "runs":1,"states":["held"],"first_at":"2026-05-01T09:00:00.000Z","last_at":"2026-05-01T09:00:00.000Z",
   "example":"run_a"}]})";

}  // namespace

TEST_CASE("causes are drawn with their number, the org's code, field and whole message, and how to go on") {
  CHECK(causes_picture({two_causes}, {}) ==
        "4000 runs failed  NPS · contact\n"
        "  FIELD_CUSTOM_VALIDATION_EXCEPTION on Phone__c (salesforce_refused)\n"
        "  Call us first.\n"
        "  last 2026-05-01 10:00 UTC, run_b\n"
        "  sluice runs list --cause cau_1\n"
        "\n"
        "1 run held  NPS · the response\n"
        "  survey_platform_refused\n"
        "  no such survey\n"
        "  last 2026-05-01 09:00 UTC, run_a\n"
        "  sluice runs list --cause cau_2\n");
}

TEST_CASE("a long message is broken between words, not cut") {
  const std::string picture = causes_picture({two_causes}, {.width = 10});
  CHECK(picture.find("  Call us\n  first.\n") != std::string::npos);
}

TEST_CASE("without causes it says so") {
  CHECK(causes_picture({R"({"causes":[]})"}, {}).starts_with("No run has failed or is held"));
  CHECK_NOTHROW(causes_picture({"not json"}, {}));
}

TEST_CASE("runs causes asks for a workflow by its name, and hands the document on with --json") {
  ScriptedApi api;
  api.answers("GET /workflows", 200, R"({"workflows":[{"id":"wfl_1","name":"NPS"}]})");
  api.answers("GET /runs/causes", 200, two_causes);

  const Ended drawn = api.run({"runs", "causes", "--workflow", "NPS", "--state", "failed"});
  CHECK(drawn.code == 0);
  CHECK_THAT(drawn.output, Catch::Contains("4000 runs failed"));
  CHECK_THAT(api.last("GET /runs/causes").target, Catch::Contains("workflow=wfl_1") && Catch::Contains("state=failed"));

  const Ended document = api.run({"runs", "causes", "--json"});
  CHECK(nlohmann::json::parse(document.output).at("causes").size() == 2);
}

TEST_CASE("runs list takes the runs of one cause") {
  ScriptedApi api;
  api.answers("GET /runs", 200, R"({"runs":[]})");
  CHECK(api.run({"runs", "list", "--cause", "cau_1"}).code == 0);
  CHECK_THAT(api.last("GET /runs").target, Catch::Contains("cause=cau_1"));
}
