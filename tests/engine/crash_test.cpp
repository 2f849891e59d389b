// The engine dies, or its database does, at every commit of a run in turn; what was promised holds all the same.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using support::EngineFixture;
using support::Fault;

// Every kind of step and of effect: a join, reads before writes, a retry, a condition, a wait.
const std::string tasks = R"({
  "find":   {"type":"fake","account":"crm","with":{"steps":["read"]}},
  "upsert": {"type":"fake","account":"crm","after":["find"],"with":{"steps":["read","write"]}},
  "create": {"type":"fake","account":"crm","after":["find"],"with":{"steps":["keyed"]}},
  "post":   {"type":"fake","account":"crm","after":["upsert","create"],"on_unclear":"ON_UNCLEAR","with":{"steps":["post"]}},
  "later":  {"type":"plain","after":[{"task":"post","on":"finished"}],"with":{"steps":["wait 2026-01-05T12:00:08Z","write"]}}})";

std::string with_choice(const std::string& on_unclear) {
  std::string document = tasks;
  document.replace(document.find("ON_UNCLEAR"), 10, on_unclear);
  return document;
}

void prepare(EngineFixture& engine, const std::string& on_unclear) {
  engine.add_workflow(with_choice(on_unclear));
  engine.elsewhere.script["create"] = {support::is_down()};
}

// The sender repeats what was not acknowledged.
std::string deliver_until_accepted(EngineFixture& engine) {
  for (int i = 0; i < 3; ++i) {
    try {
      const auto answer = engine.deliver("R_1");
      if (answer) return (*answer)->run_ids.at(0);
      engine.restart();
    } catch (const base::sql::DatabaseError&) {
      // 500: the sender tries again
    }
  }
  throw std::runtime_error("the delivery was never accepted");
}

int commits_of_a_whole_run(const std::string& on_unclear) {
  EngineFixture engine;
  prepare(engine, on_unclear);
  const int before = engine.process->database.commits();
  deliver_until_accepted(engine);
  REQUIRE(engine.run_to_end());
  return engine.process->database.commits() - before;
}

// Answers that the log holds are not asked for again; the last attempts of each step are the only ones that may repeat.
void check_recorded_is_not_repeated(EngineFixture& engine, const std::string& run) {
  const std::vector<std::string> names{"find", "upsert", "create", "post", "later"};
  std::map<int, int> answered_writes;
  std::map<int, int> open_attempts;
  for (const engine::Fact& fact : engine.facts(run)) {
    if (fact.what == engine::What::started) {
      CHECK(open_attempts[fact.task] == 0);  // one attempt at a time
      open_attempts[fact.task] = 1;
    }
    if (fact.what == engine::What::taken) open_attempts.clear();
    if (fact.what == engine::What::answered || fact.what == engine::What::tried || fact.what == engine::What::held)
      open_attempts[fact.task] = 0;
    CHECK(!(fact.what == engine::What::answered && ++answered_writes[fact.task] > 2));
  }
}

void check_effects(EngineFixture& engine) {
  for (const auto& [key, times] : engine.elsewhere.effects) {
    INFO(engine.elsewhere.task_of_key[key]);
    const bool is_post = engine.elsewhere.task_of_key[key] == "post";
    if (!is_post) CHECK(times == 1);
    for (const std::string& body : engine.elsewhere.bodies[key]) CHECK(body == engine.elsewhere.bodies[key].front());
  }
  for (const char* task : {"upsert", "create", "later"}) CHECK(engine.elsewhere.effects_of(task) == 1);
}

}  // namespace

TEST_CASE(
    "a process that dies at any commit repeats nothing that was recorded, and every run ends or says that it is "
    "unsure") {
  for (const std::string on_unclear : {"hold", "retry"}) {
    const int commits = commits_of_a_whole_run(on_unclear);
    REQUIRE(commits > 8);
    for (Fault fault : {Fault::dies_before, Fault::dies_after}) {
      for (int n = 1; n <= commits; ++n) {
        INFO(on_unclear << ", commit " << n << (fault == Fault::dies_before ? ", before it" : ", after it"));
        EngineFixture engine;
        prepare(engine, on_unclear);
        engine.process->database.break_at(n, fault);
        const std::string run = deliver_until_accepted(engine);
        if (!engine.run_to_end()) engine.restart();
        REQUIRE(engine.run_to_end());
        CHECK(engine.runs().size() == 1);
        check_recorded_is_not_repeated(engine, run);
        if (engine.state(run) == "held") {
          CHECK(on_unclear == "hold");
          CHECK(engine.row(run).code == "outcome_unclear");
          CHECK(engine.elsewhere.effects_of("post") <= 1);
          REQUIRE(engine.resume(run, {{.what = engine::What::released, .task = 3},
                                      {.what = engine::What::answered, .task = 3, .content = {"{}"}}}));
          REQUIRE(engine.run_to_end());
        } else if (on_unclear == "hold") {
          CHECK(engine.elsewhere.effects_of("post") == 1);
        }
        CHECK(engine.state(run) == "succeeded");
        if (on_unclear == "retry") CHECK(engine.elsewhere.effects_of("post") >= 1);
        check_effects(engine);
      }
    }
  }
}

TEST_CASE("a database that fails at any commit, and may have done it all the same, loses no run") {
  for (const std::string on_unclear : {"hold", "retry"}) {
    const int commits = commits_of_a_whole_run(on_unclear);
    for (Fault fault : {Fault::fails_before, Fault::fails_after}) {
      for (int n = 1; n <= commits; ++n) {
        INFO(on_unclear << ", commit " << n << (fault == Fault::fails_before ? ", not done" : ", done"));
        EngineFixture engine;
        prepare(engine, on_unclear);
        engine.process->database.break_at(n, fault);
        const std::string run = deliver_until_accepted(engine);
        REQUIRE(engine.run_to_end());
        CHECK(engine.runs().size() == 1);
        CHECK(engine.process->worker.in_flight() == 0);
        check_recorded_is_not_repeated(engine, run);
        if (engine.state(run) == "held") {
          CHECK(on_unclear == "hold");
          CHECK(engine.elsewhere.effects_of("post") <= 1);
          REQUIRE(engine.resume(run, {{.what = engine::What::repeated, .task = 3}}));
          REQUIRE(engine.run_to_end());
        } else if (on_unclear == "hold") {
          CHECK(engine.elsewhere.effects_of("post") == 1);
        }
        CHECK(engine.state(run) == "succeeded");
        check_effects(engine);
      }
    }
  }
}

TEST_CASE("a write whose answer never came is sent again where that is safe, and only there") {
  struct Case {
    const char* step;
    const char* state;
    int performs;
  };
  for (const Case& example :
       {Case{"read", "succeeded", 2}, {"write", "succeeded", 2}, {"keyed", "succeeded", 2}, {"post", "held", 1}}) {
    EngineFixture engine;
    engine.add_workflow(fmt::format(R"({{"a":{{"type":"plain","with":{{"steps":["{}"]}}}}}})", example.step));
    engine.elsewhere.script["a"] = {support::waits()};
    const std::string run = engine.start();
    engine.settle();
    engine.restart();
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(run) == example.state);
    CHECK(engine.elsewhere.performs["a"] == example.performs);
  }
}

TEST_CASE("a held run stays held over a restart and is lifted after it") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  engine.restart();
  engine.pass(1h);
  CHECK(engine.state(run) == "held");
  engine.account().state = engine::AccountState::ok;
  engine.accounts_changed({"account:acc_1"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}
