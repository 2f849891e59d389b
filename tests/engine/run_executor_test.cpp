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

constexpr const char* one_post = R"({"a":{"type":"fake","account":"crm","with":{"steps":["post"]}}})";

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

// ---- the gate

TEST_CASE("each of the gate's answers holds the run before any mapping is read, and is lifted") {
  struct Case {
    const char* code;
    std::function<void(EngineFixture&)> close;
    std::function<void(EngineFixture&)> open;
  };
  const std::function<void(EngineFixture&)> set_back = [](EngineFixture& engine) { engine.bind(1, "acc_1"); };
  const Case cases[] = {
      {"extension_not_licensed", [](EngineFixture& engine) { engine.set_extensions({"other"}); },
       [](EngineFixture& engine) { engine.set_extensions({"salesforce"}); }},
      {"account_removed", [](EngineFixture& engine) { engine.bind(1, "acc_gone"); }, set_back},
      {"wrong_org", [](EngineFixture& engine) { engine.bind(1, "acc_1", "00D_2"); }, set_back},
      {"account_not_the_owners", [](EngineFixture& engine) { engine.set_owner("usr_2"); },
       [](EngineFixture& engine) { engine.set_owner("usr_owner"); }},
      {"account_share_revoked",
       [](EngineFixture& engine) {
         engine.account().shared_kind = true;
         engine.account().unshared = {"usr_owner"};
         engine.accounts_changed({});
       },
       [](EngineFixture& engine) {
         engine.account().shared_with = {"usr_owner"};
         engine.accounts_changed({"account:acc_1"});
       }},
      {"account_token_expired",
       [](EngineFixture& engine) {
         engine.account().state = engine::AccountState::expired;
         engine.accounts_changed({});
       },
       [](EngineFixture& engine) {
         engine.account().state = engine::AccountState::ok;
         engine.accounts_changed({"account:acc_1"});
       }},
  };
  for (const Case& example : cases) {
    INFO(example.code);
    EngineFixture engine;
    engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"b":{"type":"plain"}})");
    example.close(engine);
    const std::string run = engine.start();
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(run) == "held");
    CHECK(engine.row(run).code == example.code);
    CHECK(engine.elsewhere.nexts.count("a") == 0);
    CHECK(engine.elsewhere.performs["b"] == 1);  // other tasks of the workflow still run
    const nlohmann::json held = engine.document(run)["tasks"][0]["held"];
    CHECK(held["code"] == example.code);
    CHECK(held["diagnosis"]["owner"].is_string());
    CHECK(!held["keys"].empty());
    CHECK(!held["lifted_by"].get<std::string>().empty());

    example.open(engine);
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(run) == "succeeded");
    CHECK(engine.elsewhere.performs["a"] == 1);
    CHECK(engine.sql("SELECT 1 FROM run_wait").empty());
  }
}

TEST_CASE("an alias that is bound to nothing holds the run until it is bound") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"other"}})");
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  CHECK(engine.row(run).code == "account_not_linked");
  engine.wait(engine.process->people.bind("usr_owner", EngineFixture::brand, {1, "other", "acc_1", ""}));
  engine.accounts_changed({"binding:wfl_1:other"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a hold whose block was lifted while the program died is judged again at the next start") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  REQUIRE(engine.state(run) == "held");
  engine.account().state = engine::AccountState::ok;
  engine.raise_epoch();

  engine.restart();
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("runs that were held go on in the order in which they arrived") {
  EngineFixture engine({.runs_in_flight_max = 1});
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  std::vector<std::string> runs;
  for (int i = 0; i < 6; ++i) runs.push_back(engine.start(fmt::format("R_{}", i)));
  REQUIRE(engine.run_to_end());
  engine.account().state = engine::AccountState::ok;
  engine.accounts_changed({"account:acc_1"});
  REQUIRE(engine.run_to_end());
  std::vector<std::string> keys;
  for (const std::string& run : runs) keys.push_back(engine::effect_key(run, "a", "", 0));
  CHECK(engine.elsewhere.keys == keys);
}

TEST_CASE("a hold that is lifted while another branch is still running is judged again, not lost") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"slow":{"type":"plain"}})");
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  engine.elsewhere.script["slow"] = {support::waits()};
  const std::string run = engine.start();
  engine.settle();
  CHECK(engine.told(run, 0) == "held");
  engine.account().state = engine::AccountState::ok;
  engine.accounts_changed({"account:acc_1"});  // finds no run that waits: this one is running
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a hold that is lifted in the very moment in which the run begins to wait is judged again, not lost") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"slow":{"type":"plain","with":{"steps":["read"]}}})");
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  engine.elsewhere.script["slow"] = {support::waits()};
  const std::string run = engine.start();
  engine.settle();
  engine.process->database.before_apply = [&] {  // the commit that ends the slow task and lets the run wait
    engine.account().state = engine::AccountState::ok;
    engine.accounts_changed({"account:acc_1"});
  };
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a lifted key makes a run due at once that also waits for a far retry") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"b":{"type":"plain"}})");
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  engine.elsewhere.script["b"] = {support::is_busy(2h)};
  const std::string run = engine.start();
  engine.settle();
  CHECK(engine.state(run) == "queued");
  engine.account().state = engine::AccountState::ok;
  engine.accounts_changed({"account:acc_1"});
  engine.pass(1s);
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.elsewhere.performs["b"] == 1);
  engine.pass(2h);
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("when the epoch moves between the verdict and its commit, it is decided again") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.start("R_0");
  REQUIRE(engine.run_to_end());
  engine.process->database.before_apply = [&] {
    engine.account().state = engine::AccountState::expired;
    engine.raise_epoch();
  };
  const std::string run = engine.start("R_1");
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "held");
  CHECK(engine.told(run, 0) == "held");        // the start was never written
  CHECK(engine.elsewhere.performs["a"] == 1);  // of R_0
}

TEST_CASE("an attempt's end is written down though the epoch has moved, and the successor's start is decided again") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"},"b":{"type":"fake","account":"crm","after":["a"]}})");
  engine.start("R_0");
  REQUIRE(engine.run_to_end());
  engine.elsewhere.script["a"] = {support::waits()};
  const std::string run = engine.start("R_1");
  engine.settle();
  engine.process->database.before_apply = [&] {
    engine.account().state = engine::AccountState::expired;
    engine.raise_epoch();
  };
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.told(run, 0) == "started answered done");
  CHECK(engine.told(run, 1) == "held");
  CHECK(engine.state(run) == "held");
  engine.account().state = engine::AccountState::ok;
  engine.accounts_changed({"account:acc_1"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.performs["a"] == 2);
  CHECK(engine.elsewhere.performs["b"] == 2);
}

TEST_CASE("a block that was lifted before it could be written down does not hold the run") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.start("R_0");
  REQUIRE(engine.run_to_end());
  engine.elsewhere.script["a"] = {support::blocks({"account:acc_1"})};
  engine.elsewhere.script["a"].front().waits = true;
  const std::string run = engine.start("R_1");
  engine.settle();
  engine.process->database.before_apply = [&] { engine.raise_epoch(); };
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.told(run, 0) == "started tried started answered done");
}

TEST_CASE("a block that was lifted while its attempt was still under way does not hold the run") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.elsewhere.script["a"] = {support::blocks({"account:acc_1"})};
  engine.elsewhere.script["a"].front().waits = true;
  const std::string run = engine.start();
  engine.settle();
  engine.accounts_changed({"account:acc_1"});
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("what the other side blocks holds the run with its keys and a diagnosis") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::blocks({"account:acc_1"})};
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "held");
  CHECK(engine.document(run)["tasks"][0]["held"]["diagnosis"]["account"] == "Production");
  engine.accounts_changed({"account:acc_1"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("nothing is sent when the account stops counting between the start and the first byte") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  engine.elsewhere.on_perform = [&](const std::string&) {
    engine.elsewhere.on_perform = nullptr;
    engine.account().state = engine::AccountState::expired;
    engine.raise_epoch();
  };
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "held");
  CHECK(engine.row(run).code == "account_token_expired");
  CHECK(engine.elsewhere.performs.empty());
}

// ---- writes that nothing protects

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
  CHECK(outcome_of(engine, R"({"a":{"type":"fake","account":"crm","on_unclear":"retry","with":{"steps":["post"]}}})") ==
        "succeeded");
  CHECK(engine.elsewhere.effects_of("a") == 2);
  CHECK(engine.document(the_run(engine))["tasks"][0]["unsure"] == true);
}

// ---- leases

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

// ---- telling

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
