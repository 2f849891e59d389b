#include "engine/run_executor.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "engine/run_id.hpp"
#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using engine::What;
using support::EngineFixture;

// Runs one workflow on one delivery to its end and says how it ended.
std::string outcome_of(EngineFixture& engine, const std::string& tasks, const std::string& body = "{}") {
  engine.add_workflow(tasks);
  const std::string run = engine.start("R_1", body);
  REQUIRE(engine.run_to_end());
  return engine.state(run);
}

std::string the_run(EngineFixture& engine) { return engine.runs().at(0).id; }

}  // namespace

TEST_CASE("parallel branches run side by side and join") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"b":{"type":"fake","account":"crm"},
                          "c":{"type":"fake","account":"crm","after":["a","b"]}})");
  engine.elsewhere.script["a"] = {support::waits()};
  engine.elsewhere.script["b"] = {support::waits()};
  const std::string run = engine.start();
  engine.settle();
  CHECK(engine.elsewhere.under_way == 2);
  CHECK(engine.elsewhere.performs.count("c") == 0);
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.order.back() == "c");
  CHECK(engine.elsewhere.performs["c"] == 1);
}

TEST_CASE("a condition skips a task and what depends on it") {
  EngineFixture engine;
  CHECK(outcome_of(
            engine,
            R"({"a":{"type":"plain"},"b":{"type":"plain","after":["a"],"when":{"value":"${q://score}","at_most":6}},
                       "c":{"type":"plain","after":["b"]},"d":{"type":"plain","after":[{"task":"b","on":"finished"}]}})",
            R"({"score":9})") == "succeeded");
  const nlohmann::json told = engine.document(the_run(engine));
  CHECK(told["tasks"][1]["state"] == "skipped");
  CHECK(told["tasks"][1]["code"] == "condition_false");
  CHECK(told["tasks"][2]["code"] == "edge_not_taken");
  CHECK(told["tasks"][3]["state"] == "succeeded");
}

TEST_CASE("a pipe to a skipped task is blank behind `finished`") {
  EngineFixture engine;
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","when":{"value":"${q://no}","equals":1}},
                               "b":{"type":"plain","after":[{"task":"a","on":"finished"}],"when":{"value":"${task://a/Id}","is_blank":true}}})") ==
        "succeeded");
  CHECK(engine.elsewhere.performs["b"] == 1);
}

TEST_CASE("a later task reads an earlier one's output, also after a restart") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::answers(R"({"Id":"003","n":{"x":7}})")};
  engine.elsewhere.script["b"] = {support::waits()};
  engine.add_workflow(R"({"a":{"type":"plain"},"b":{"type":"plain","after":["a"]},
                          "c":{"type":"plain","after":["b"],"when":{"value":"${task://a/n/x}","equals":7}}})");
  const std::string run = engine.start();
  engine.settle();
  engine.restart();
  REQUIRE(engine.run_to_end());
  CHECK(engine.elsewhere.performs["c"] == 1);
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("after a failure the rest goes on, or stops where the author says so") {
  const std::string tasks =
      R"({"a":{"type":"plain","on_failure":"%"},"b":{"type":"plain","after":[{"task":"a","on":"finished"}]},"c":{"type":"plain"}})";
  for (const char* choice : {"continue", "stop"}) {
    EngineFixture engine;
    engine.elsewhere.script["a"] = {support::refuses()};
    std::string document = tasks;
    document.replace(document.find('%'), 1, choice);
    CHECK(outcome_of(engine, document) == "failed");
    CHECK(engine.row(the_run(engine)).code == "other_side_refuses");
    CHECK(engine.elsewhere.performs["b"] == (std::string(choice) == "continue" ? 1 : 0));
    CHECK(engine.elsewhere.performs["c"] == 1);  // it had begun
  }
}

TEST_CASE("a failure with a succeeded handler is made good") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::refuses()};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain"},"b":{"type":"plain","after":["a"]},
                               "h":{"type":"plain","after":[{"task":"a","on":"failed"}]}})") == "succeeded");
  CHECK(engine.elsewhere.performs["h"] == 1);
  CHECK(engine.elsewhere.performs.count("b") == 0);
}

TEST_CASE("a retry that is due soon keeps the lease; a later one gives it back") {
  for (const bool soon : {true, false}) {
    EngineFixture engine;
    engine.add_workflow(R"({"a":{"type":"plain"}})");
    engine.elsewhere.script["a"] = {support::is_busy(soon ? 4s : 60s)};
    const std::string run = engine.start();
    engine.settle();
    CHECK(engine.state(run) == (soon ? "running" : "queued"));
    CHECK(engine.process->worker.in_flight() == (soon ? 1 : 0));
    engine.pass(soon ? 3s : 59s);
    CHECK(engine.elsewhere.performs["a"] == 1);
    engine.pass(1s);
    CHECK(engine.elsewhere.performs["a"] == 2);
    CHECK(engine.state(run) == "succeeded");
  }
}

TEST_CASE("attempts are used up by failures, not by throttling") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::is_busy(), support::is_down(), support::is_busy(),
                                  support::is_down(), support::is_busy(), support::is_down()};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","retry":{"attempts":3}}})") == "failed");
  CHECK(engine.elsewhere.performs["a"] == 6);
}

TEST_CASE("a permanent error fails the task at once, and its message is kept") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::refuses()};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain"}})") == "failed");
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.document(the_run(engine))["tasks"][0]["message"] == "the other side says no");
}

TEST_CASE("an attempt that throws is unclear, and tried again where that is safe") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::throws()};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain"}})") == "succeeded");
  CHECK(engine.elsewhere.performs["a"] == 2);
}

TEST_CASE("the record of a write is frozen: every attempt sends the same bytes under the same key") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::loses_the_answer(), support::loses_the_answer()};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","with":{"steps":["read","keyed"]}}})") == "succeeded");
  REQUIRE(engine.elsewhere.bodies.size() == 1);
  const std::vector<std::string>& bodies = engine.elsewhere.bodies.begin()->second;
  CHECK(bodies.size() >= 1);
  for (const std::string& body : bodies) CHECK(body == bodies.front());
}

TEST_CASE("a task of several steps asks for its next one with all the answers") {
  EngineFixture engine;
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","with":{"steps":["read","write","read","write"]}}})") ==
        "succeeded");
  CHECK(engine.elsewhere.performs["a"] == 4);
  CHECK(engine.elsewhere.effects.size() == 2);  // two writes, two keys
}

TEST_CASE("a task that ends without I/O lets the next one begin, though that has to be compiled first") {
  EngineFixture engine;
  CHECK(outcome_of(engine,
                   R"({"a":{"type":"plain","with":{"steps":[]}},"b":{"type":"plain","after":["a"],"with":{"steps":[]}},
                               "c":{"type":"plain","after":["b"]}})") == "succeeded");
  CHECK(engine.elsewhere.performs["c"] == 1);
}

TEST_CASE("a mapping that fails ends its task, and a handler behind it begins") {
  EngineFixture engine;
  CHECK(
      outcome_of(
          engine,
          R"({"a":{"type":"plain","with":{"refuse":"'x' has no answer"}},"h":{"type":"plain","after":[{"task":"a","on":"failed"}]}})") ==
      "succeeded");
  CHECK(engine.elsewhere.performs["h"] == 1);
}

TEST_CASE("a compile that fails is tried again, counts, and fails in the end") {
  EngineFixture engine;
  engine.elsewhere.compile_errors["a"] = {{support::other_side_down, "no schema"},
                                          {support::other_side_down, "no schema"}};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","retry":{"attempts":3}}})") == "succeeded");

  EngineFixture other;
  other.elsewhere.compile_errors["a"] = {{support::other_side_down, "no schema"},
                                         {support::other_side_down, "no schema"}};
  CHECK(outcome_of(other, R"({"a":{"type":"plain","retry":{"attempts":2}}})") == "failed");
  CHECK(other.elsewhere.performs.empty());
}

TEST_CASE("a result is recorded while another task is still being tried") {
  EngineFixture engine;
  engine.add_workflow(
      R"({"slow":{"type":"plain"},"quick":{"type":"plain"},"next":{"type":"plain","after":["quick"]}})");
  engine.elsewhere.script["slow"] = {support::waits()};
  const std::string run = engine.start();
  engine.settle();
  CHECK(engine.told(run, 2) == "started answered done");
  CHECK(engine.told(run, 0) == "started");
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
}

TEST_CASE("a retry is made at its time, though another task's attempt is under way") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"plain"},"b":{"type":"plain","after":["first"]},"first":{"type":"plain"}})");
  engine.elsewhere.script["a"] = {support::is_busy(3s)};
  engine.elsewhere.script["b"] = {support::waits()};
  const std::string run = engine.start();
  engine.pass(2s);
  CHECK(engine.elsewhere.performs["a"] == 1);
  engine.pass(1s);
  CHECK(engine.elsewhere.performs["a"] == 2);
  CHECK(engine.told(run, 1) == "started");
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
}

TEST_CASE("a task waits for its point in time, and one that lies in the past is no wait") {
  EngineFixture engine;
  engine.add_workflow(
      R"({"a":{"type":"plain","with":{"steps":["wait 2020-01-01T00:00:00Z","wait 2026-01-05T12:00:03Z","wait 2026-01-05T13:00:00Z","write"]}}})");
  const std::string run = engine.start();
  engine.pass(59min);
  CHECK(engine.elsewhere.performs.empty());
  CHECK(engine.state(run) == "queued");
  engine.pass(1min);
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("child runs are refused by name as long as there are none") {
  EngineFixture engine;
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","with":{"steps":["children"]}}})") == "failed");
  CHECK(engine.row(the_run(engine)).code == "step_not_available");
}

TEST_CASE("a run's document tells its attempts, their verdicts and what was sent") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::is_down()};
  CHECK(outcome_of(
            engine,
            R"({"a":{"type":"fake","account":"crm","with":{"steps":["keyed"]}},"b":{"type":"plain","after":["a"]}})") ==
        "succeeded");
  const nlohmann::json told = engine.document(the_run(engine));
  const nlohmann::json& a = told["tasks"][0];
  REQUIRE(a["attempts"].size() == 2);
  CHECK(a["attempts"][0]["number"] == 1);
  CHECK(a["attempts"][0]["outcome"] == "transient");
  CHECK(a["attempts"][0]["error"]["code"] == "other_side_down");
  CHECK(a["attempts"][0]["verdict"]["allowed"] == true);
  CHECK(a["attempts"][0]["verdict"]["account"] == "acc_1");
  CHECK(a["attempts"][0]["verdict"]["auth_epoch"].get<int>() > 0);
  CHECK(a["attempts"][1]["request"] == a["attempts"][0]["request"]);
  CHECK(a["attempts"][1]["outcome"] == "answered");
  CHECK(a["effect"] == "keyed");
  CHECK_FALSE(a.contains("unsure"));
  CHECK(a["output"]["Id"] == "003");
  CHECK(told["tasks"][1]["after"][0]["task"] == "a");
  CHECK(told["tasks"][1]["column"] == 1);
  CHECK(told["owner"] == "usr_owner");
  CHECK(told["history"].size() >= 8);
}

TEST_CASE("an attempt that a crash cut is told as interrupted") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.elsewhere.script["a"] = {support::waits()};
  const std::string run = engine.start();
  engine.settle();
  engine.restart();
  REQUIRE(engine.run_to_end());
  const nlohmann::json told = engine.document(run);
  CHECK(told["tasks"][0]["attempts"][0]["outcome"] == "interrupted");
  CHECK(told["tasks"][0]["attempts"][1]["outcome"] == "answered");
  CHECK(told["tasks"][0]["unsure"] == true);
}

TEST_CASE("a read that is made again leaves nothing to be unsure of") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::is_lost_on_the_way()};
  CHECK(outcome_of(engine, R"({"a":{"type":"plain","with":{"steps":["read"]}}})") == "succeeded");
  CHECK_FALSE(engine.document(the_run(engine))["tasks"][0].contains("unsure"));
}
