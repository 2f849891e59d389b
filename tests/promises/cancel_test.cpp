// Runs that people end, through the running server: what is over, what is still sent, and who did it.
#include <catch2/catch.hpp>

#include "tests/promises/people_of_world.hpp"

using nlohmann::json;
using promises::OwnedWorld;
using promises::SurveyResponse;
using promises::task_of;

namespace {

// The second task waits for the first.
const char* const two_writes = R"({
  "name": "Keep and follow up",
  "trigger": { "type": "survey_response" },
  "tasks": {
    "answer": {
      "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Score__c": "${q://QID1/SelectedChoicesRecode}" } } },
    "follow_up": {
      "type": "salesforce_create", "account": "crm", "after": ["answer"],
      "with": { "object": "Case", "fields": { "Subject": "Low score" } } } }
})";

json cancel(const OwnedWorld& owned, const std::string& run, int status) {
  return owned.owner.ask(status, "POST", "/runs/" + run + "/cancel");
}

std::string only_entry_about(const OwnedWorld& owned, const std::string& run) {
  const json told = owned.owner.ask(200, "GET", "/audit?what=run.cancelled&subject=" + run);
  REQUIRE(told.at("entries").size() == 1);
  return told.at("entries").at(0).at("who");
}

}  // namespace

TEST_CASE("a held run that is cancelled is over at once, and what had held it lifts nothing") {
  OwnedWorld owned(two_writes);
  owned.owner.ask(200, "PUT", "/license", {{"extensions", json::array()}});
  const std::string run = owned.accepted_run("R_1");
  owned.world.server.run_when(run, "held");

  CHECK(cancel(owned, run, 200).at("state") == "cancelled");

  const json over = owned.world.server.run(run);
  CHECK(over.at("state") == "cancelled");
  CHECK(over.at("code") == "run_cancelled");
  CHECK(task_of(over, "answer").at("state") == "skipped");
  CHECK(owned.owner.ask(200, "PUT", "/license", {{"extensions", {"salesforce"}}}).at("released") == 0);
  CHECK(owned.world.org.calls("") == 0);
  CHECK(only_entry_about(owned, run) == owned.owner.id());
  CHECK(cancel(owned, run, 409).at("code") == "run_over");
}

TEST_CASE("a run that is cancelled under way keeps what it has sent, and sends nothing more") {
  OwnedWorld owned(two_writes);
  owned.world.server.run_when(owned.accepted_run("R_0"), "succeeded");  // so that there is a session
  owned.world.org.forget_calls();
  owned.world.org.pause();
  const std::string run = owned.accepted_run("R_1");

  CHECK(cancel(owned, run, 202).at("state") == "running");
  owned.world.org.go_on();

  const json over = owned.world.server.run_when(run, "cancelled");
  CHECK(owned.world.org.calls("path=/sobjects/Case") == 0);
  CHECK(task_of(over, "follow_up").at("code") == "run_cancelled");
  // Either its request had left, and the org's answer stands there, or it never will.
  const bool had_left = task_of(over, "answer").at("state") == "succeeded";
  CHECK(owned.world.org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_1'") == had_left);
  CHECK(only_entry_about(owned, run) == owned.owner.id());
}

TEST_CASE("a run that was under way when its workflow was removed, and is held now, can be cancelled") {
  OwnedWorld owned(two_writes);
  const json pushed =
      owned.owner.ask(201, "POST", "/workflows", {{"project", owned.project}, {"document", json::parse(two_writes)}});
  const std::string workflow = "/workflows/" + pushed.at("workflow").at("id").get<std::string>();
  owned.owner.ask(200, "PUT", workflow + "/bindings/crm", {{"account", owned.account}});
  owned.owner.ask(200, "POST", workflow + "/enable");
  const std::string hook = owned.owner.ask(200, "GET", workflow).at("hook");
  owned.world.org.break_login();
  owned.world.org.pause();
  const json accepted = owned.owner.ask(202, "POST", hook, json::parse(SurveyResponse{"R_1"}.json()));
  const std::string run = accepted.at("runs").at(0);
  owned.owner.ask(204, "DELETE", workflow);
  owned.world.org.go_on();
  owned.world.server.run_when(run, "held");

  CHECK(cancel(owned, run, 200).at("state") == "cancelled");

  owned.world.org.restore_login();
  owned.owner.ask(200, "POST", "/accounts/" + owned.account + "/refresh");
  CHECK(owned.world.server.run(run).at("state") == "cancelled");
  CHECK(owned.world.org.calls("method=PATCH&status=201") == 0);
}
