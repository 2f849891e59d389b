#include "engine/intake.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "engine/errors.hpp"
#include "tests/support/engine_fixture.hpp"

namespace {

using support::EngineFixture;

constexpr const char* one_write = R"({"a":{"type":"fake","account":"crm"}})";

// The one reason for which a delivery started nothing.
std::string why_not(EngineFixture& engine, const std::string& body = "{}") {
  const auto answer = engine.deliver("R_1", body);
  REQUIRE(answer->operator->()->run_ids.empty());
  REQUIRE(engine.run_to_end());
  CHECK(engine.elsewhere.performs.empty());
  const std::vector<engine::EventWithoutRun> kept = engine.not_started();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].dedup_key == "R_1");
  return kept[0].code;
}

}  // namespace

TEST_CASE("a delivery starts a run, and the run ends") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.told(run, 0) == "started answered done");
  CHECK(engine.elsewhere.effects_of("a") == 1);
}

TEST_CASE("the same delivery again starts nothing and gives the same ids") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  engine.add_workflow(one_write, R"({"type":"fake_response"})", "wfl_2");
  const auto first = engine.deliver("R_1");
  const auto second = engine.deliver("R_1");
  engine.restart();
  const auto third = engine.deliver("R_1");
  REQUIRE(engine.run_to_end());
  CHECK((*first)->run_ids.size() == 2);
  CHECK_FALSE((*first)->repeated);
  for (const auto* again : {&*second, &*third}) {
    CHECK((*again)->repeated);
    CHECK((*again)->run_ids == (*first)->run_ids);
    CHECK((*again)->event_id == (*first)->event_id);
  }
  CHECK(engine.runs().size() == 2);
  CHECK(engine.elsewhere.effects_of("a") == 2);
}

TEST_CASE("the same explicit key with another body is refused; a derived one is noted") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  const auto first = engine.deliver("K", R"({"score":1})", engine::EventContent::whole, true);
  const auto refused = engine.deliver("K", R"({"score":2})", engine::EventContent::whole, true);
  REQUIRE_FALSE(*refused);
  CHECK(refused->error().code == engine::key_reused_with_other_body);
  const auto noted = engine.deliver("K", R"({"score":2})");
  REQUIRE(*noted);
  CHECK((*noted)->body_differs);
  CHECK((*noted)->run_ids == (*first)->run_ids);
}

TEST_CASE("what starts no run is kept with its reason") {
  SECTION("no workflow") {
    EngineFixture engine;
    CHECK(why_not(engine) == "hook_without_workflow");
  }
  SECTION("the condition is false") {
    EngineFixture engine;
    engine.add_workflow(one_write, R"({"type":"fake_response","when":{"value":"${q://score}","equals":10}})");
    CHECK(why_not(engine, R"({"score":9})") == "trigger_condition_false");
  }
  SECTION("disabled") {
    EngineFixture engine;
    const std::int64_t no = engine.add_workflow(one_write);
    engine.wait(engine.process->workflows.set_enabled("system", no, false));
    CHECK(why_not(engine) == "workflow_disabled");
  }
}

TEST_CASE("a response of another survey than the trigger names starts nothing") {
  EngineFixture engine;
  engine.add_workflow(one_write, R"({"type":"fake_response","survey":"SV_1"})");
  engine::TriggerEvent event{.source = "hook_1", .dedup_key = "R_1", .body = "{}", .survey = "SV_2"};
  event.values = *engine.process->catalog->trigger("fake_response")->read("{}");
  const auto answer = engine.wait(engine.process->intake.accept(EngineFixture::brand, event));
  CHECK(answer->run_ids.empty());
  CHECK(engine.not_started().at(0).code == "survey_differs");
}

TEST_CASE("a condition that holds starts the run") {
  EngineFixture engine;
  engine.add_workflow(one_write, R"({"type":"fake_response","when":{"value":"${q://score}","equals":10}})");
  const std::string run = engine.start("R_1", R"({"score":10})");
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("what is compiled already has its first attempt in the very commit that takes the event in") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  engine.start("R_1");
  REQUIRE(engine.run_to_end());
  const int before = engine.process->database.commits();
  engine.elsewhere.script["a"].push_back(support::waits());
  const std::string run = engine.start("R_2");
  CHECK(engine.told(run, 0) == "started");
  CHECK(engine.process->database.commits() == before + 1);
  engine.settle();
  engine.elsewhere.go_on();
  engine.settle();
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.process->database.commits() == before + 2);  // the answer and the run's end are one commit
}

TEST_CASE("a notice is fetched first, as often as it takes, and then the run goes on") {
  EngineFixture engine;
  engine.add_workflow(one_write, R"({"type":"fake_response","when":{"value":"${q://score}","equals":10}})");
  const base::Error not_yet{support::other_side_busy, "202"};
  engine.elsewhere.fetches = {base::Result<std::string>(not_yet), base::Result<std::string>(not_yet),
                              base::Result<std::string>(R"({"score":10})")};
  const std::string run = engine.start("R_1", "topic=x", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.fetched == 3);
  CHECK(engine.told(run, -1) == "tried tried fetched");
}

TEST_CASE("a notice whose response does not meet the condition is cancelled and listed as not started") {
  EngineFixture engine;
  engine.add_workflow(one_write, R"({"type":"fake_response","when":{"value":"${q://score}","equals":10}})");
  engine.elsewhere.fetches = {base::Result<std::string>(R"({"score":3})")};
  const std::string run = engine.start("R_1", "topic=x", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.row(run).code == "trigger_condition_false");
  CHECK(engine.not_started().at(0).code == "trigger_condition_false");
  CHECK(engine.elsewhere.performs.empty());
}

TEST_CASE("a fetched response is not fetched again after a crash") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  engine.elsewhere.script["a"].push_back(support::waits());
  const std::string run = engine.start("R_1", R"({"score":1})", engine::EventContent::notice);
  engine.settle();
  engine.restart();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.fetched == 1);
}

TEST_CASE("a fetched response that cannot be read fails the run and leaves a log that can") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  engine.elsewhere.fetches = {base::Result<std::string>("{\"broken\": ")};
  const std::string run = engine.start("R_1", "topic=x", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "failed");
  CHECK(engine.row(run).code == "json_invalid");
  CHECK(engine.told(run, -1) == "failed");
}

TEST_CASE("a fetch that is blocked holds the run, and it is fetched again once the key is lifted") {
  EngineFixture engine;
  engine.add_workflow(one_write);
  base::Error error{support::other_side_blocks, "the token is refused"};
  error.waits_on = {"platform:token"};
  engine.elsewhere.fetches = {base::Result<std::string>(error)};
  const std::string run = engine.start("R_1", "{}", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "held");
  engine.accounts_changed({"platform:token"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.told(run, -1) == "held taken released fetched");
}

TEST_CASE("more deliveries than may be in flight queue up, and all of them end") {
  EngineFixture engine({.runs_in_flight_max = 3});
  engine.add_workflow(one_write);
  for (int i = 0; i < 40; ++i) engine.elsewhere.script["a"].push_back(support::waits());
  for (int i = 0; i < 40; ++i) engine.deliver(fmt::format("R_{}", i));
  engine.settle();
  CHECK(engine.process->worker.in_flight() == 3);
  CHECK(engine.elsewhere.under_way == 3);
  // No time passes: a run that ends makes room for the next at once.
  for (int i = 0; i < 40; ++i) {
    engine.elsewhere.go_on();
    engine.settle();
  }
  CHECK(engine.elsewhere.under_way_at_most == 3);
  CHECK(engine.elsewhere.effects_of("a") == 40);
  for (const engine::RunRow& run : engine.runs()) CHECK(run.state == engine::RunState::succeeded);
  CHECK(engine.process->worker.in_flight() == 0);
}
