// How long what an org has said of its objects is believed, and what makes it be asked again.
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "base/log.hpp"
#include "connectors/accounts/memory_accounts.hpp"
#include "connectors/errors.hpp"
#include "tasks/errors.hpp"
#include "tasks/org_knowledge.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/tasks/task_bench.hpp"

using namespace std::chrono_literals;

namespace {

const std::string picklist_of_one =
    R"({"name":"Case","fields":[{"name":"Origin","type":"picklist","restrictedPicklist":true,)"
    R"("picklistValues":[{"value":"Web","label":"Web","active":true}]}]})";
const std::string picklist_of_two =
    R"({"name":"Case","fields":[{"name":"Origin","type":"picklist","restrictedPicklist":true,)"
    R"("picklistValues":[{"value":"Web","label":"Web","active":true},{"value":"Survey","label":"Survey","active":true}]}]})";

// An org with one account; its description of Case can be changed.
class ChangingOrg {
 public:
  ChangingOrg() {
    accounts_.add(support::a_server_account("acc_crm"));
    http_.always([this](const base::http::Request& request) -> support::ScriptedHttp::Answer {
      if (request.url.ends_with("/services/oauth2/token"))
        return base::http::Response{200, {}, support::fixture("salesforce/token_client_credentials.json")};
      if (request.url.ends_with("/describe")) {
        ++asked;
        return base::http::Response{status, {}, description};
      }
      return base::http::Response{400, {}, refusal};
    });
  }

  base::Result<std::shared_ptr<const tasks::KnownObject>> ask(const std::string& object = "Case") {
    return support::run(loop, knowledge.object("acc_crm", object));
  }

  std::string description = picklist_of_one;
  std::string refusal = "[]";
  int status = 200;
  int asked = 0;
  boost::asio::io_context loop;
  support::ManualClock clock;

 private:
  base::SilentLog log_;
  connectors::MemoryAccounts accounts_{clock};
  support::ScriptedHttp http_;
  connectors::AccountSessions sessions_{accounts_, http_, clock, log_};

 public:
  connectors::salesforce::Client salesforce{http_, sessions_};
  tasks::OrgKnowledge knowledge{&salesforce, &clock};
  engine::Catalog catalog = tasks::make_catalog({.salesforce = &salesforce, .clock = &clock});

  std::shared_ptr<const engine::CompiledTask> compile(const std::string& with) {
    const engine::TaskDefinition definition = task_bench::a_task("salesforce_create", with);
    const engine::BoundAccount account{.account_id = "acc_crm", .org_id = {}, .environment = {}};
    auto compiled = support::run(loop, catalog.task("salesforce_create")->compile(definition, account));
    return compiled ? *compiled : nullptr;
  }
};

base::Error refused_with(const std::string& code) {
  base::Error error{connectors::salesforce_refused};
  error.details = R"({"status":400,"errors":[{"errorCode":")" + code + R"("}]})";
  return error;
}

const std::string case_from_answer = R"({"object":"Case","fields":{"Origin":"${e://Field/origin}"}})";
const task_bench::Values from_survey{{"e://Field/origin", base::Value("Survey")}};

}  // namespace

TEST_CASE("an object is asked for once a minute at most, whatever the case of its name") {
  ChangingOrg org;
  REQUIRE(org.ask("Case"));
  REQUIRE(org.ask("CASE"));
  CHECK(org.asked == 1);
  org.clock.advance(61s);
  REQUIRE(org.ask("Case"));
  CHECK(org.asked == 2);
}

TEST_CASE("whoever asks while an org is being asked waits for the same answer") {
  ChangingOrg org;
  int answered = 0;
  for (int i = 0; i < 64; ++i) {
    auto ask = [&]() -> base::awaitable<void> {
      auto known = co_await org.knowledge.object("acc_crm", "Case");
      if (known && (*known)->schema->find("origin")) ++answered;
    };
    boost::asio::co_spawn(org.loop, ask, boost::asio::detached);
  }
  org.loop.restart();
  org.loop.run();

  CHECK(answered == 64);
  CHECK(org.asked == 1);
}

TEST_CASE("whoever waits for an answer that is a failure fails with it, and the next one asks again") {
  ChangingOrg org;
  org.description = R"({"fields":"none"})";
  CHECK(org.ask().error().code == connectors::org_describe_unreadable);
  org.description = picklist_of_one;
  CHECK(org.ask());
  CHECK(org.asked == 2);
}

TEST_CASE("an object that the org lacks is told apart from an org that cannot answer") {
  ChangingOrg org;
  org.status = 404;
  org.description = R"([{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}])";
  CHECK(org.ask("Cases").error().code == tasks::mapping_object_unknown);
  org.status = 503;
  org.description = "<html>";
  CHECK(org.ask().error().code.kind == base::Kind::transient);
}

TEST_CASE("what an org has said is worked with for an hour") {
  ChangingOrg org;
  const auto task = org.compile(case_from_answer);
  REQUIRE(task);
  CHECK(task->still_holds(org.clock.now() + 59min));
  CHECK_FALSE(task->still_holds(org.clock.now() + 60min));
}

TEST_CASE("a choice that the org has got since is met by the run that needs it") {
  ChangingOrg org;
  const auto old = org.compile(case_from_answer);
  org.clock.advance(2min);
  org.description = picklist_of_two;
  const base::Result<engine::Step> refused = old->next({from_survey, ""}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == tasks::mapping_value_not_in_picklist);
  REQUIRE(old->doubts(refused.error(), org.clock.now()));

  const auto anew = org.compile(case_from_answer);

  CHECK(anew->next({from_survey, ""}, {}));
  CHECK(org.asked == 2);
}

TEST_CASE("a constant that the org does not take is known before a response comes") {
  ChangingOrg org;
  const std::string case_from_survey = R"({"object":"Case","fields":{"Origin":"Survey"}})";
  CHECK_FALSE(org.compile(case_from_survey));
  org.clock.advance(61s);
  org.description = picklist_of_two;
  CHECK(org.compile(case_from_survey));
}

TEST_CASE("a refusal by what the org has just said is not doubted, nor one that the org has no part in") {
  ChangingOrg org;
  const auto task = org.compile(case_from_answer);
  const base::Error not_a_choice{tasks::mapping_value_not_in_picklist};
  CHECK_FALSE(task->doubts(not_a_choice, org.clock.now() + 59s));
  CHECK(task->doubts(not_a_choice, org.clock.now() + 60s));
  CHECK_FALSE(task->doubts(base::Error{tasks::mapping_value_missing}, org.clock.now() + 60s));
  CHECK_FALSE(task->doubts(base::Error{tasks::mapping_value_not_in_map}, org.clock.now() + 60s));
}

TEST_CASE("an org's refusal that speaks of its schema drops what was known of it") {
  const struct {
    const char* code;
    bool drops;
  } codes[] = {{"INVALID_FIELD", true},
               {"INVALID_FIELD_FOR_INSERT_UPDATE", true},
               {"INVALID_TYPE", true},
               {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", true},
               {"STRING_TOO_LONG", true},
               {"JSON_PARSER_ERROR", true},
               {"DUPLICATE_VALUE", false},
               {"UNABLE_TO_LOCK_ROW", false},
               {"FIELD_CUSTOM_VALIDATION_EXCEPTION", false}};
  for (const auto& one : codes) {
    INFO(one.code);
    ChangingOrg org;
    const auto known = *org.ask();
    org.knowledge.learn_from(refused_with(one.code), "acc_crm", "Case");
    CHECK(known->is_good(org.clock.now()));  // it has only just been said
    org.clock.advance(2min);
    org.knowledge.learn_from(refused_with(one.code), "acc_other", "Case");
    CHECK(known->is_good(org.clock.now()));
    org.knowledge.learn_from(refused_with(one.code), "acc_crm", "case");
    CHECK(known->is_good(org.clock.now()) == !one.drops);
  }
}

TEST_CASE("a write that an org refuses for its schema makes the next run ask it") {
  ChangingOrg org;
  const auto task = org.compile(R"({"object":"Case","fields":{"Origin":"Web"}})");
  const base::Result<engine::Step> write = task->next({task_bench::Values{}, ""}, {});
  org.clock.advance(2min);
  org.refusal = R"([{"errorCode":"INVALID_FIELD","message":"No such column 'Origin' on sobject of type Case"}])";
  engine::TaskCall call;
  call.account.account_id = "acc_crm";
  call.is_write = true;
  call.content = std::get<engine::Write>(*write).record;
  CHECK(task->still_holds(org.clock.now()));

  CHECK_FALSE(support::run(org.loop, org.catalog.task("salesforce_create")->perform(call)));

  CHECK_FALSE(task->still_holds(org.clock.now()));
}
