// How long a compiled task is worked with, and when it is compiled again.
#include <catch2/catch.hpp>

#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;
using support::EngineFixture;

TEST_CASE("a task is compiled once for all runs of its version") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"plain"}})");
  engine.start("R_1");
  REQUIRE(engine.run_to_end());
  engine.start("R_2");
  REQUIRE(engine.run_to_end());

  CHECK(engine.elsewhere.compiles["a"] == 1);
}

TEST_CASE("a task that no longer holds is compiled again before it next begins") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"plain","with":{"holds_for_ms":60000}}})");
  engine.start("R_1");
  REQUIRE(engine.run_to_end());
  engine.pass(59s);
  engine.start("R_2");
  REQUIRE(engine.run_to_end());
  CHECK(engine.elsewhere.compiles["a"] == 1);

  engine.pass(2s);
  const std::string run = engine.start("R_3");
  REQUIRE(engine.run_to_end());

  CHECK(engine.elsewhere.compiles["a"] == 2);
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a task that has begun ends by what it began with") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"plain","with":{"steps":["read","write"],"holds_for_ms":1000}}})");
  engine.elsewhere.script["a"] = {support::Reply{}, support::waits()};
  const std::string run = engine.start("R_1");
  engine.settle();
  engine.pass(5s);
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());

  CHECK(engine.elsewhere.compiles["a"] == 1);
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a refusal that may be out of date is asked again before it stands") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"plain","with":{"refuses_before":2,"doubts_after_ms":60000}}})");
  const std::string believed = engine.start("R_1");
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(believed) == "failed");

  engine.pass(2min);
  const std::string doubted = engine.start("R_2");
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(doubted) == "succeeded");
  CHECK(engine.elsewhere.compiles["a"] == 2);
}

TEST_CASE("a refusal that stays one is asked again once, and then stands") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"plain","with":{"refuse":"no","doubts_after_ms":60000}}})");
  engine.start("R_1");
  REQUIRE(engine.run_to_end());
  engine.pass(2min);
  const std::string run = engine.start("R_2");
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "failed");
  CHECK(engine.elsewhere.compiles["a"] == 2);
}
