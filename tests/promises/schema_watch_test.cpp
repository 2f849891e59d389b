// An org that changes under a mapping that fitted it: what needs the change waits, the rest goes on, nothing is lost.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::task_of;
using promises::World;

namespace {

// Only the first task writes a comment.
const char* const two_tasks = R"({
  "name": "Keep the comment",
  "trigger": { "type": "survey_response" },
  "tasks": {
    "comment": {
      "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Comment__c": "${q://QID3/ChoiceTextEntryValue}" } } },
    "case": {
      "type": "salesforce_create", "account": "crm",
      "with": { "object": "Case", "idempotency": "Sluice_Key__c", "fields": { "Subject": "A comment" } } } }
})";

// Another workflow, which writes the same object and no comment.
const char* const only_scores = R"({
  "name": "Keep the score",
  "trigger": { "type": "survey_response" },
  "tasks": {
    "answer": {
      "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Score__c": "${q://QID1/SelectedChoicesRecode}" } } } }
})";

const char* const place_of_the_comment = "/tasks/comment/with/fields/Comment__c";

// An org whose administrator takes the comment's field away from the account's user, and gives it back.
class ChangingWorld {
 public:
  ChangingWorld() : world(two_tasks, {"--check-orgs-every", "1"}) {
    put_profile(true);
    world.add_workflow("z_scores.json", only_scores);
    world.org.local("POST", "/_local/users", json{{"username", world.org.username()}, {"profile", "Clerk"}}.dump());
    REQUIRE(world.server.start());
  }

  void put_profile(bool has_comment) const {
    const json right{{"read", has_comment}, {"edit", has_comment}};
    const json profile{{"name", "Clerk"},
                       {"like", "System Administrator"},
                       {"fields", {{"*", {{"read", true}, {"edit", true}}}, {"Survey_Response__c.Comment__c", right}}}};
    world.org.local("PUT", "/_local/profiles", profile.dump());
  }

  std::string accepted_run(const std::string& response) const {
    return world.server.accepted_run(SurveyResponse{.id = response, .comment = "Quick and friendly"}.json());
  }

  // Of the workflow that writes no comment.
  std::string accepted_score(const std::string& response) const {
    const support::HttpAnswer answer =
        support::http_call("POST", world.server.hook_url("z_scores.json"), SurveyResponse{.id = response}.json());
    REQUIRE(answer.status == 202);
    return json::parse(answer.body).at("runs").at(0);
  }

  int notices_of_change() const {
    int count = 0;
    const json told = world.server.ask("GET", "/notices");
    for (const json& notice : told.at("notices")) count += notice.at("kind") == "org_schema_changed";
    return count;
  }

  World world;
};

}  // namespace

TEST_CASE(
    "complaint 16: a field that an org takes away holds only the tasks that write it, and they go on once it is back") {
  ChangingWorld changing;
  const World& world = changing.world;
  world.server.run_when(changing.accepted_run("R_before"), "succeeded");

  changing.put_profile(false);
  const std::string run = changing.accepted_run("R_without");

  const json held = world.server.run_when(run, "held");
  CHECK(held.at("code") == "org_schema_changed");
  const json hold = task_of(held, "comment").at("held");
  CHECK_THAT(hold.at("message").get<std::string>(), Catch::Contains(place_of_the_comment));
  CHECK_THAT(hold.at("lifted_by").get<std::string>(), Catch::StartsWith("an administrator of the org"));
  CHECK(task_of(held, "case").at("state") == "succeeded");
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_without'") == 0);
  support::eventually("the owner is told", [&] { return changing.notices_of_change() == 1; });
  CHECK_THAT(world.server.ask("GET", "/notices").dump(),
             Catch::Contains(std::string("Survey_Response__c.Comment__c is gone (") + place_of_the_comment + ")"));

  changing.put_profile(true);

  world.server.run_when(run, "succeeded");
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_without'") == 1);
  CHECK(changing.notices_of_change() == 1);
}

TEST_CASE("complaint 16: a field that an org takes away affects no workflow that does not name it") {
  const ChangingWorld changing;
  const World& world = changing.world;
  world.server.run_when(changing.accepted_run("R_before"), "succeeded");
  world.server.run_when(changing.accepted_score("R_score_before"), "succeeded");

  changing.put_profile(false);
  world.server.run_when(changing.accepted_run("R_without"), "held");
  support::eventually("somebody is told", [&] { return changing.notices_of_change() > 0; });

  world.server.run_when(changing.accepted_score("R_score"), "succeeded");
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_score'") == 1);
  CHECK(changing.notices_of_change() == 1);
  CHECK_THAT(world.server.ask("GET", "/notices").dump(), !Catch::Contains("Keep the score"));
}

TEST_CASE("what fitted once is remembered over a restart: a field that is gone then stops its tasks all the same") {
  ChangingWorld changing;
  World& world = changing.world;
  world.server.run_when(changing.accepted_run("R_before"), "succeeded");
  world.server.stop();
  changing.put_profile(false);
  REQUIRE(world.server.start());

  const std::string run = changing.accepted_run("R_after");

  world.server.run_when(run, "held");
  changing.put_profile(true);
  world.server.run_when(run, "succeeded");
}

TEST_CASE("a record type and a choice that an org takes away hold the tasks that give them, and nothing fails for it") {
  World world(R"({"name": "Complaints", "trigger": {"type": "survey_response"}, "tasks": {
    "complaint": {"type": "salesforce_create", "account": "crm",
      "with": {"object": "Case", "idempotency": "Sluice_Key__c", "record_type": "Complaint",
               "fields": {"Subject": "A complaint"}}},
    "plain": {"type": "salesforce_create", "account": "crm",
      "with": {"object": "Case", "idempotency": "Sluice_Key__c", "fields": {"Subject": "Plain"}}}}})",
              {"--check-orgs-every", "1"});
  const auto give_types = [&](const json& available, const std::string& standard) {
    const json profile{{"name", "Clerk"},
                       {"like", "System Administrator"},
                       {"system", {{"PermissionsViewAllData", false}, {"PermissionsModifyAllData", false}}},
                       {"record_types", {{"Case", {{"available", available}, {"default", standard}}}}}};
    world.org.local("PUT", "/_local/profiles", profile.dump());
  };
  give_types({"Complaint", "Praise"}, "Complaint");
  world.org.local("POST", "/_local/users", json{{"username", world.org.username()}, {"profile", "Clerk"}}.dump());
  REQUIRE(world.server.start());
  world.server.run_when(world.server.accepted_run(SurveyResponse{.id = "R_before"}.json()), "succeeded");

  give_types({"Praise"}, "Praise");
  const std::string run = world.server.accepted_run(SurveyResponse{.id = "R_without"}.json());

  const json held = world.server.run_when(run, "held");
  CHECK(held.at("code") == "org_schema_changed");
  CHECK_THAT(task_of(held, "complaint").at("held").at("message").get<std::string>(),
             Catch::Contains("RecordTypeId") && Catch::Contains("/tasks/complaint/with/record_type"));
  CHECK(task_of(held, "plain").at("state") == "succeeded");
  support::eventually("the owner is told", [&] {
    return world.server.ask("GET", "/notices").dump().find("Case.RecordTypeId can be 'Complaint' no more") !=
           std::string::npos;
  });
  give_types({"Complaint", "Praise"}, "Complaint");

  world.server.run_when(run, "succeeded");
  CHECK(world.org.count("SELECT Id FROM Case WHERE Subject = 'A complaint'") == 2);
}
