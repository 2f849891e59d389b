// A run that a person ends: what waits is over at once, what is under way begins nothing more, what was sent stays.
#include "engine/run_cancellation.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using engine::Cancelled;
using support::EngineFixture;

constexpr const char* two_posts = R"({"a":{"type":"fake","account":"crm","with":{"steps":["post"]}},
                                      "b":{"type":"fake","account":"crm","with":{"steps":["post"]},"after":["a"]}})";

// Who cancelled which run, by the audit log, newest first.
std::vector<std::string> told_in_audit(EngineFixture& engine) {
  std::vector<std::string> told;
  for (const engine::AuditRecord& record :
       engine.wait(engine.process->audit.list(EngineFixture::brand, {.what = "run.cancelled"})))
    told.push_back(record.entry.who + " " + record.entry.subject);
  return told;
}

// A run, as far as it comes by itself.
std::string started(EngineFixture& engine, const std::string& tasks = two_posts) {
  engine.add_workflow(tasks);
  const std::string run = engine.start();
  engine.settle();
  return run;
}

}  // namespace

TEST_CASE("a held run is over at once when it is cancelled, and nothing lifts it any more") {
  EngineFixture engine;
  engine.set_extensions({});
  const std::string run = started(engine);
  REQUIRE(engine.state(run) == "held");

  CHECK(engine.cancel(run) == Cancelled::ended);

  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.row(run).code == "run_cancelled");
  engine.set_extensions({"salesforce"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.elsewhere.order.empty());
  CHECK(told_in_audit(engine) == std::vector<std::string>{"usr_owner " + run});
  CHECK(engine.sql("SELECT 1 FROM run_wait").empty());
}

TEST_CASE("a run that waits for its time is over at once when it is cancelled, and its time brings nothing") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::is_busy(60s)};
  const std::string run = started(engine);
  REQUIRE(engine.state(run) == "queued");

  CHECK(engine.cancel(run) == Cancelled::ended);

  engine.pass(120s);
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.state(run) == "cancelled");
}

TEST_CASE("a run under way ends with the answer to what it has sent, and begins no further task") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::waits()};
  const std::string run = started(engine);

  CHECK(engine.cancel(run) == Cancelled::requested);
  CHECK(engine.state(run) == "running");
  CHECK(engine.cancel(run) == Cancelled::already);
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.elsewhere.performs.count("b") == 0);
  const nlohmann::json told = engine.document(run);
  CHECK(told["tasks"][0]["state"] == "succeeded");  // it was carried out
  CHECK(told["tasks"][0]["attempts"][0]["outcome"] == "answered");
  CHECK(told["tasks"][1]["state"] == "skipped");
  CHECK(told["tasks"][1]["code"] == "run_cancelled");
  CHECK(told["tasks"][1]["message"] == "a person has cancelled the run");
  CHECK(told_in_audit(engine).size() == 1);
}

TEST_CASE("a request that is about to leave when its run is cancelled is not sent") {
  EngineFixture engine;
  engine.elsewhere.on_perform = [&](const std::string&) { engine.cancel(engine.runs().at(0).id); };
  const std::string run = started(engine);
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.elsewhere.performs.empty());
  const nlohmann::json task = engine.document(run)["tasks"][0];
  CHECK(task["attempts"][0]["error"]["code"] == "run_cancelled");
  CHECK_FALSE(task.contains("unsure"));
}

TEST_CASE("what a cancelled run may have sent is told as unsure") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::loses_the_answer()};
  const std::string run = started(engine);
  REQUIRE(engine.state(run) == "held");

  CHECK(engine.cancel(run) == Cancelled::ended);

  const nlohmann::json task = engine.document(run)["tasks"][0];
  CHECK(task["unsure"] == true);
  CHECK(task["state"] == "skipped");
  CHECK_FALSE(task.contains("held"));
}

TEST_CASE("a retry that is due soon is not made once its run is cancelled, which ends at once") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::is_busy(4s)};
  const std::string run = started(engine);
  REQUIRE(engine.state(run) == "running");

  CHECK(engine.cancel(run) == Cancelled::requested);

  CHECK(engine.state(run) == "cancelled");
  engine.pass(10s);
  CHECK(engine.elsewhere.performs["a"] == 1);
}

TEST_CASE("a cancelled run with one branch under way and one that waits ends when the first is answered") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::waits()};
  engine.elsewhere.script["b"] = {support::is_busy(2s)};
  const std::string run =
      started(engine, R"({"a":{"type":"fake","account":"crm"},"b":{"type":"fake","account":"crm"}})");
  CHECK(engine.cancel(run) == Cancelled::requested);
  engine.pass(5s);
  CHECK(engine.state(run) == "running");
  CHECK(engine.elsewhere.performs["b"] == 1);

  engine.elsewhere.go_on();
  engine.settle();

  CHECK(engine.state(run) == "cancelled");
}

TEST_CASE("a run that was cancelled while its program died ends at the next start, and sends nothing") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::waits()};
  const std::string run = started(engine);
  CHECK(engine.cancel(run) == Cancelled::requested);

  engine.restart();
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.document(run)["tasks"][0]["unsure"] == true);
}

TEST_CASE("a run that comes to be held in the very moment in which it is cancelled ends") {
  EngineFixture engine;
  support::Reply blocked = support::blocks({"account:acc_1"});
  blocked.waits = true;
  engine.elsewhere.script["a"] = {blocked};
  const std::string run = started(engine);
  // Before the commit that holds it, which is decided already.
  engine.process->database.before_apply = [&] { CHECK(engine.cancel(run) == Cancelled::requested); };

  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "cancelled");
}

TEST_CASE("a notice whose response does not come is given up when its run is cancelled") {
  EngineFixture engine;
  const base::Error down{support::other_side_down, "not yet"};
  engine.elsewhere.fetches = {down, down, down, down, down, down};
  engine.add_workflow(two_posts);
  const std::string run = engine.start("R_1", "{}", engine::EventContent::notice);
  engine.settle();
  const int fetched = engine.elsewhere.fetched;

  engine.cancel(run);
  engine.pass(3600s);

  CHECK(engine.state(run) == "cancelled");
  CHECK(engine.elsewhere.fetched == fetched);
}

TEST_CASE("a run that has ended stays as it has ended, and nobody is said to have cancelled it") {
  EngineFixture engine;
  const std::string run = started(engine);
  REQUIRE(engine.state(run) == "succeeded");

  CHECK(engine.cancel(run) == Cancelled::over);

  CHECK(engine.state(run) == "succeeded");
  CHECK(told_in_audit(engine).empty());
}
