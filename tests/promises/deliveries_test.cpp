// Deliveries that come again, and an org that is not there: accepted is accepted, once.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::task_of;
using promises::World;

namespace {

const char* const keep_finished = R"({
  "name": "Keep what is finished",
  "trigger": { "type": "survey_response", "when": { "value": "${rm://Field/Finished}", "equals": 1 } },
  "tasks": {
    "answer": {
      "type": "salesforce_upsert", "account": "crm", "retry": { "max_delay": "1s" },
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Score__c": "${q://QID1/SelectedChoicesRecode}" } } } }
})";

int kept(const World& world) { return world.org.count("SELECT Id FROM Survey_Response__c"); }

json body_of(const support::HttpAnswer& answer) { return json::parse(answer.body); }

}  // namespace

TEST_CASE("a response that arrives while its org is away is accepted, waits, and is written when the org is back") {
  World world(keep_finished);
  REQUIRE(world.server.start());
  world.org.stop();

  const std::string id = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  const json waiting = world.server.run_when(
      id, "plans another attempt", [](const json& run) { return task_of(run, "answer").at("attempts").size() >= 2; });
  CHECK_FALSE(task_of(waiting, "answer").at("attempts").at(0).at("error").at("message").get<std::string>().empty());
  CHECK(task_of(waiting, "answer").at("attempts").at(0).contains("next_attempt_at"));

  world.org.start();
  world.server.run_when(id, "succeeded");
  CHECK(kept(world) == 1);
}

TEST_CASE("a long wait for the org outlives the program") {
  std::string slow = keep_finished;
  slow.replace(slow.find(R"("max_delay": "1s")"), 17, R"("first_delay": "10h", "max_delay": "10h")");
  World world(slow);
  REQUIRE(world.server.start());
  world.org.stop();
  const std::string id = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  const json queued = world.server.run_when(id, "queued");
  CHECK(queued.contains("due_at"));

  world.server.kill();
  REQUIRE(world.server.start());

  CHECK(world.server.run(id).at("due_at") == queued.at("due_at"));
  world.org.start();
}

TEST_CASE("the same delivery again gives the same ids and starts nothing") {
  World world(keep_finished);
  REQUIRE(world.server.start());
  const std::string response = SurveyResponse{"R_1"}.json();

  const json first = body_of(world.server.deliver(response));
  world.server.run_when(first.at("runs").at(0), "succeeded");
  const int calls = world.org.calls("");
  const json second = body_of(world.server.deliver(response));
  world.server.kill();
  REQUIRE(world.server.start());
  const json third = body_of(world.server.deliver(response));

  CHECK(second.at("runs") == first.at("runs"));
  CHECK(third.at("runs") == first.at("runs"));
  CHECK(third.at("event") == first.at("event"));
  CHECK(third.at("repeated") == true);
  CHECK(world.server.all_runs().size() == 1);
  CHECK(world.org.calls("") == calls);
}

TEST_CASE("the same key with another body is refused where the sender gave the key, and noted where it did not") {
  World world(keep_finished);
  REQUIRE(world.server.start());
  const base::http::Headers keyed{{"Idempotency-Key", "k-1"}};

  const json first = body_of(world.server.deliver(SurveyResponse{"R_1", 3}.json(), keyed));
  const support::HttpAnswer other = world.server.deliver(SurveyResponse{"R_1", 4}.json(), keyed);
  const json again = body_of(world.server.deliver(SurveyResponse{"R_1", 3}.json(), keyed));
  const json plain = body_of(world.server.deliver(SurveyResponse{"R_2", 3}.json()));
  const json changed = body_of(world.server.deliver(SurveyResponse{"R_2", 4}.json()));

  CHECK(other.status == 422);
  CHECK(body_of(other).at("code") == "key_reused_with_other_body");
  CHECK(again.at("runs") == first.at("runs"));
  CHECK(changed.at("runs") == plain.at("runs"));
  CHECK(changed.at("body_differs") == true);
  world.server.run_when(plain.at("runs").at(0), "succeeded");
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_2' AND Score__c = 3") == 1);
}

TEST_CASE("a response that the trigger does not want starts nothing and is kept with the reason") {
  World world(keep_finished);
  REQUIRE(world.server.start());
  world.org.forget_calls();  // linking asks the org who it is
  SurveyResponse unfinished{"R_1"};
  unfinished.finished = 0;

  const support::HttpAnswer answer = world.server.deliver(unfinished.json());

  CHECK(answer.status == 202);
  CHECK(body_of(answer).at("runs").empty());
  const json kept_events = world.server.ask("GET", "/runs?not_started=true").at("not_started");
  REQUIRE(kept_events.size() == 1);
  CHECK(kept_events.at(0).at("code") == "trigger_condition_false");
  CHECK(world.server.all_runs().empty());
  CHECK(world.org.calls("") == 0);
}

TEST_CASE("what is no response is refused with its fault, and nothing is kept of it") {
  World world(keep_finished);
  REQUIRE(world.server.start());
  const std::vector<std::string> bodies{
      "",        "{", "[]", "{}", R"({"responseId":"R_1","responseId":"R_2","values":{}})", std::string(100'000, '['),
      "\xff\xfe"};
  for (const std::string& body : bodies) {
    INFO(body.substr(0, 40));
    const support::HttpAnswer answer = world.server.deliver(body);
    CHECK(answer.status == 400);
    CHECK_FALSE(body_of(answer).at("detail").get<std::string>().empty());
  }
  CHECK(support::http_call("POST", world.server.hook_url() + "x", SurveyResponse{"R_1"}.json()).status == 404);
  CHECK(world.server.all_runs().empty());
  CHECK(world.server.ask("GET", "/runs?not_started=true").at("not_started").empty());
}
