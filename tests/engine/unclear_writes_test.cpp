// Writes that nothing protects: held where their outcome is unclear, and sent only under a lease that is ours.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;
using engine::What;
using support::EngineFixture;

namespace {

constexpr const char* one_post = R"({"a":{"type":"fake","account":"crm","with":{"steps":["post"]}}})";

}  // namespace

TEST_CASE("an unclear write is held, says so, and a person decides") {
  struct Case {
    std::vector<engine::Fact> decision;
    int effects;
  };
  const Case cases[] = {
      {{{.what = What::released, .task = 0}, {.what = What::answered, .task = 0, .content = {R"({"Id":"1"})"}}}, 1},
      {{{.what = What::repeated, .task = 0}}, 2},
  };
  for (const Case& example : cases) {
    EngineFixture engine;
    engine.add_workflow(one_post);
    engine.elsewhere.script["a"] = {support::loses_the_answer()};
    const std::string run = engine.start();
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(run) == "held");
    CHECK(engine.row(run).code == "outcome_unclear");
    CHECK(engine.document(run)["tasks"][0]["unsure"] == true);
    engine.raise_epoch();  // no change of people answers it
    engine.pass(1h);
    CHECK(engine.state(run) == "held");
    CHECK(engine.resume(run, example.decision));
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(run) == "succeeded");
    CHECK(engine.elsewhere.effects_of("a") == example.effects);
    CHECK_FALSE(engine.resume(run, example.decision));
  }
}

TEST_CASE("a person's word to repeat holds through throttling, and ends when it is unclear anew") {
  EngineFixture engine;
  engine.add_workflow(one_post);
  engine.elsewhere.script["a"] = {support::loses_the_answer(), support::is_busy(), support::loses_the_answer()};
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  REQUIRE(engine.resume(run, {{.what = What::repeated, .task = 0}}));
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "held");
  CHECK(engine.elsewhere.performs["a"] == 3);
}

TEST_CASE("with on_unclear retry the write is sent again, and the document says that it is unsure") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::loses_the_answer()};
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm","on_unclear":"retry","with":{"steps":["post"]}}})");
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.effects_of("a") == 2);
  CHECK(engine.document(run)["tasks"][0]["unsure"] == true);
}

TEST_CASE("whoever has lost the lease records nothing and sends nothing more") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"b":{"type":"fake","account":"crm","after":["a"]}})");
  engine.elsewhere.script["a"] = {support::waits()};
  const std::string run = engine.start();
  engine.settle();
  const std::string told = engine.told(run, 0);
  engine.wait(engine.process->database.real().apply({{"UPDATE run SET lease = 'stolen' WHERE brand = 1"}}));
  engine.elsewhere.go_on();
  engine.pass(1min);
  CHECK(engine.told(run, 0) == told);
  CHECK(engine.elsewhere.performs.count("b") == 0);
  CHECK(engine.process->worker.in_flight() == 0);
}

TEST_CASE("a write that nothing protects is not sent under a lease that was lost") {
  EngineFixture engine;
  engine.add_workflow(one_post);
  engine.elsewhere.on_perform = [&](const std::string&) {
    engine.wait(engine.process->database.real().apply({{"UPDATE run SET lease = 'stolen' WHERE brand = 1"}}));
  };
  engine.start();
  engine.pass(1min);
  CHECK(engine.elsewhere.performs.empty());
  CHECK(engine.process->worker.in_flight() == 0);
}
