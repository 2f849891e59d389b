// Runs before the gate: held with a reason, lifted by what changes it, never lost in between.
#include <functional>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/run_id.hpp"
#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;
using support::EngineFixture;

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
