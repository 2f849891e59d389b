// What a run's document says of accounts, and to whom.
#include "engine/run_document.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/engine_fixture.hpp"

using nlohmann::json;
using support::EngineFixture;

namespace {

// One task on the owner's personal account, which holds what nobody else may read.
std::string a_run_on_a_personal_account(EngineFixture& engine) {
  engine.account().name = "Ada's production";
  engine.account().salesforce_user = "ada@example.com";
  engine.account().last_success = "2026-01-05T11:00:00.000Z";
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  return run;
}

bool names_the_account(const json& document) {
  const std::string told = document.dump();
  for (const char* secret : {"acc_1", "Ada's production", "ada@example.com", "2026-01-05T11:00:00.000Z"}) {
    if (told.find(secret) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an allowed attempt keeps its verdict: the account, where it led to, and on which grounds") {
  EngineFixture engine;
  const std::string run = a_run_on_a_personal_account(engine);

  const json verdict = engine.document(run, "usr_owner")["tasks"][0]["attempts"][0]["verdict"];

  CHECK(verdict["allowed"] == true);
  CHECK(verdict["account"] == "acc_1");
  CHECK(verdict["environment"] == "production");
  CHECK(verdict["org_id"] == "00D_1");
  CHECK(verdict["grounds"] == "own");
}

TEST_CASE("of a personal account a run tells its holder everything, and others only environment and org") {
  EngineFixture engine;
  const std::string run = a_run_on_a_personal_account(engine);

  CHECK(engine.document(run, "usr_owner")["tasks"][0]["account"]["linked"]["name"] == "Ada's production");
  const json to_others = engine.document(run, "usr_admin");
  CHECK_FALSE(names_the_account(to_others));
  CHECK(to_others["tasks"][0]["account"]["linked"] == json{{"environment", "production"}, {"org_id", "00D_1"}});
  CHECK(to_others["tasks"][0]["attempts"][0]["verdict"]["org_id"] == "00D_1");
}

TEST_CASE("a hold and a failed attempt carry the diagnosis, as far as its reader may see it") {
  EngineFixture engine;
  const std::string first = a_run_on_a_personal_account(engine);
  engine.elsewhere.script["a"] = {support::refuses()};
  const std::string failed = engine.start("R_2");
  REQUIRE(engine.run_to_end());
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  const std::string held = engine.start("R_3");
  REQUIRE(engine.run_to_end());

  const json of_failure = engine.document(failed, "usr_owner")["tasks"][0];
  CHECK(of_failure["diagnosis"]["account"] == "Ada's production");
  CHECK(of_failure["attempts"][0]["diagnosis"]["salesforce_user"] == "ada@example.com");
  const json of_hold = engine.document(held, "usr_owner")["tasks"][0]["held"];
  CHECK(of_hold["diagnosis"]["holder"] == "usr_owner");
  CHECK(of_hold["keys"] == json{"account:acc_1", "binding:wfl_1:crm"});

  for (const std::string& run : {failed, held}) CHECK_FALSE(names_the_account(engine.document(run, "usr_admin")));
  const json redacted = engine.document(held, "usr_admin")["tasks"][0]["held"];
  CHECK(redacted["diagnosis"]["owner"] == "usr_owner");
  CHECK(redacted["diagnosis"]["org_id"] == "00D_1");
  CHECK(redacted["keys"] == json{"binding:wfl_1:crm"});
}

TEST_CASE("a shared account is shown to everybody who may see the run") {
  EngineFixture engine;
  engine.account().shared_kind = true;
  engine.account().shared_with = {"brand"};
  const std::string run = a_run_on_a_personal_account(engine);

  const json task = engine.document(run, "usr_admin")["tasks"][0];

  CHECK(task["account"]["linked"]["name"] == "Ada's production");
  CHECK(task["attempts"][0]["verdict"]["grounds"] == "brand");
}

TEST_CASE("of a personal account that is gone nobody is told more than where it led") {
  EngineFixture engine;
  const std::string run = a_run_on_a_personal_account(engine);
  engine.accounts.all.clear();

  CHECK_FALSE(names_the_account(engine.document(run, "usr_owner")));
  CHECK(engine.document(run, "usr_owner")["tasks"][0]["account"]["linked"]["org_id"] == "00D_1");
}

TEST_CASE("what was sent and answered is left out for a reader who may not edit; that it was, is told") {
  EngineFixture engine;
  engine.add_workflow(R"({"a":{"type":"fake","account":"crm"}})");
  const std::string id = engine.start();
  REQUIRE(engine.run_to_end());
  const engine::RunRow run = engine.row(id);
  const std::vector<engine::Fact> facts = engine.facts(id);
  const auto version = engine.wait(engine.process->workflows.version(run.version_no));
  engine::RunDocumentParts parts{.run = run, .definition = version->definition, .facts = facts};

  const json whole = json::parse(engine::run_document(parts).text)["tasks"][0];
  parts.shows_content = false;
  const json without = json::parse(engine::run_document(parts).text)["tasks"][0];

  for (const char* member : {"request", "answer"}) {
    CHECK(whole["attempts"][0].contains(member));
    CHECK_FALSE(without["attempts"][0].contains(member));
  }
  CHECK(whole.contains("output"));
  CHECK_FALSE(without.contains("output"));
  CHECK(without["state"] == whole["state"]);
  CHECK(without["attempts"][0]["outcome"] == "answered");
}
