// Complaint 19: "retry runs other code than the run that failed". Replays through the running server and its command
// line, seen from the org.
#include <set>

#include <catch2/catch.hpp>

#include "tests/promises/people_of_world.hpp"
#include "tests/support/run_program.hpp"

using nlohmann::json;
using promises::OwnedWorld;
using promises::task_of;

namespace {

// Five in a row. The third fails as long as the org has no such contact.
std::string five_tasks(const std::string& version) {
  std::string document = R"({
    "name": "Five in a row",
    "trigger": { "type": "survey_response" },
    "tasks": {
      "answer": { "type": "salesforce_upsert", "account": "crm",
        "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                  "fields": { "Comment__c": "VERSION" } } },
      "opened": { "type": "salesforce_create", "account": "crm", "after": ["answer"],
        "with": { "object": "Case", "fields": { "Subject": "VERSION opened" } } },
      "person": { "type": "salesforce_find", "account": "crm", "after": ["opened"],
        "with": { "object": "Contact", "match": { "Email": "late@example.com" }, "return": ["Id"] } },
      "mark": { "type": "salesforce_update", "account": "crm",
        "with": { "object": "Contact", "id": "${task://person/Id}", "fields": { "Title": "VERSION" } } },
      "closed": { "type": "salesforce_create", "account": "crm", "after": ["mark"],
        "with": { "object": "Case", "fields": { "Subject": "VERSION closed" } } } }
  })";
  for (std::size_t at; (at = document.find("VERSION")) != std::string::npos;) document.replace(at, 7, version);
  return document;
}

std::vector<std::string> case_subjects(const OwnedWorld& owned) {
  std::vector<std::string> subjects;
  for (const json& one : owned.world.org.records("SELECT Subject FROM Case ORDER BY Subject"))
    subjects.push_back(one.at("Subject"));
  return subjects;
}

std::vector<std::string> comments(const OwnedWorld& owned) {
  std::vector<std::string> comments;
  for (const json& one : owned.world.org.records("SELECT Comment__c FROM Survey_Response__c"))
    comments.push_back(one.at("Comment__c"));
  return comments;
}

std::string title(const OwnedWorld& owned) {
  const json people = owned.world.org.records("SELECT Title FROM Contact WHERE Email = 'late@example.com'");
  return people.at(0).at("Title").is_null() ? "" : people.at(0).at("Title").get<std::string>();
}

// A run of the first version that has failed at its third task; the second version is live, and the org is put right.
struct FailedAtTheThird {
  OwnedWorld owned{five_tasks("v1")};
  std::string run = owned.accepted_run("R_1");

  FailedAtTheThird() {
    const json failed = owned.world.server.run_when(run, "failed");
    REQUIRE(task_of(failed, "person").at("code") == "find_none");
    owned.owner.ask(200, "PUT", "/workflows/" + owned.workflow, {{"document", json::parse(five_tasks("v2"))}});
    owned.world.org.insert("Contact", R"({"LastName": "Late", "Email": "late@example.com"})");
    owned.world.org.forget_calls();
  }
  test::Ended replay(std::vector<std::string> more) {
    std::vector<std::string> words{"runs",    "replay",           run, "--server", owned.world.server.url(),
                                   "--token", owned.owner.token()};
    words.insert(words.end(), more.begin(), more.end());
    return test::run_program(words);
  }
};

}  // namespace

TEST_CASE("complaint 19: a failed run goes on as the version that it began with, and what was done is not sent again") {
  FailedAtTheThird world;
  const OwnedWorld& owned = world.owned;

  const json told = owned.owner.ask(202, "POST", "/runs/" + world.run + "/replay", {{"version", "original"}});
  CHECK(told.at("id") == world.run);
  const json ended = owned.world.server.run_when(world.run, "succeeded");

  CHECK(ended.at("workflow").at("version") == 1);
  CHECK(owned.world.org.calls("path=/sobjects/Survey_Response__c&method=PATCH") == 0);
  CHECK(case_subjects(owned) == std::vector<std::string>{"v1 closed", "v1 opened"});
  CHECK(title(owned) == "v1");
  CHECK(comments(owned) == std::vector<std::string>{"v1"});
}

TEST_CASE("complaint 19: by the live version the difference and the plan are shown first, and nothing is made twice") {
  FailedAtTheThird world;
  OwnedWorld& owned = world.owned;

  const json plan = owned.owner.ask(200, "GET", "/runs/" + world.run + "/replay-plan");
  CHECK(plan.at("version") == json{{"ran", 1}, {"live", 2}});
  std::set<std::string> differs;
  for (const json& change : plan.at("differences"))
    if (change.at("op") == "replace") differs.insert(change.at("path"));
  CHECK(differs == std::set<std::string>{"/tasks/answer/with/fields/Comment__c", "/tasks/opened/with/fields/Subject",
                                         "/tasks/mark/with/fields/Title", "/tasks/closed/with/fields/Subject"});
  std::map<std::string, std::string> does;
  json opened;
  for (const json& task : plan.at("tasks")) {
    does[task.at("task")] = task.at("does");
    if (task.at("task") == "opened") opened = task;
  }
  CHECK(
      does ==
      std::map<std::string, std::string>{
          {"answer", "update"}, {"opened", "no_change"}, {"person", "find"}, {"mark", "update"}, {"closed", "create"}});
  CHECK(plan.at("tasks").at(0).at("fields") == json::parse(R"([{"field": "Comment__c", "old": "v1", "new": "v2"}])"));
  CHECK_FALSE(opened.contains("matched"));
  CHECK(opened.at("message") == "not sent again: " + world.run + " has sent it");
  CHECK(owned.world.org.calls("method=PATCH") + owned.world.org.calls("method=POST&path=/sobjects") == 0);
  CHECK(case_subjects(owned) == std::vector<std::string>{"v1 opened"});

  const test::Ended shown = world.replay({"--version", "latest"});
  CHECK(shown.code == 2);
  CHECK_THAT(shown.output, Catch::Contains("/tasks/mark/with/fields/Title") && Catch::Contains("v1 → v2") &&
                               Catch::Contains("Nothing was done"));
  const test::Ended agreed = world.replay({"--version", "latest", "--yes", "--json"});
  REQUIRE(agreed.code == 0);
  const json next = json::parse(agreed.output);
  const json ended = owned.world.server.run_when(next.at("id"), "succeeded");

  CHECK(ended.at("replay_of") == world.run);
  CHECK(ended.at("workflow").at("version") == 2);
  CHECK(owned.world.server.run(world.run).at("state") == "failed");
  CHECK(case_subjects(owned) == std::vector<std::string>{"v1 opened", "v2 closed"});
  CHECK(title(owned) == "v2");
  CHECK(comments(owned) == std::vector<std::string>{"v2"});
  CHECK(owned.owner.ask(409, "POST", "/runs/" + world.run + "/replay", {{"version", "latest"}}).at("code") ==
        "run_not_replayable");
}

TEST_CASE("complaint 19: the plan of a replay finds what the first run has made under its own key") {
  const auto keyed_case = [](const std::string& version) {
    return R"({"name": "Keyed", "trigger": {"type": "survey_response"}, "tasks": {"case": {
      "type": "salesforce_create", "account": "crm",
      "with": {"object": "Case", "idempotency": "Sluice_Key__c", "fields": {"Subject": ")" +
           version + R"("}}}}})";
  };
  OwnedWorld owned(keyed_case("v1"));
  const std::string run = owned.accepted_run("R_1");
  owned.world.server.run_when(run, "succeeded");
  owned.owner.ask(200, "PUT", "/workflows/" + owned.workflow, {{"document", json::parse(keyed_case("v2"))}});

  const json task = owned.owner.ask(200, "GET", "/runs/" + run + "/replay-plan").at("tasks").at(0);

  CHECK(task.at("does") == "update");
  CHECK(task.at("fields") == json::parse(R"([{"field": "Subject", "old": "v1", "new": "v2"}])"));
  const json next = owned.owner.ask(202, "POST", "/runs/" + run + "/replay", {{"version", "latest"}});
  owned.world.server.run_when(next.at("id"), "succeeded");
  CHECK(case_subjects(owned) == std::vector<std::string>{"v2"});
}
