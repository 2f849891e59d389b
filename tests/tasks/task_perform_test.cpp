// The I/O of tasks against a scripted org: what goes over the wire, and what is stored of the answer.
#include <string>

#include <catch2/catch.hpp>

#include "base/log.hpp"
#include "connectors/accounts/memory_accounts.hpp"
#include "connectors/errors.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/tasks/task_bench.hpp"

namespace {

using engine::Effect;

const std::string org = "https://acme--dev.sandbox.my.salesforce.com/services/data/v60.0";

// A program with one linked account, logged in on first use.
class Office {
 public:
  Office() {
    accounts_.add(support::a_server_account("acc_crm"));
    http.then(200, support::fixture("salesforce/token_client_credentials.json"));
  }

  base::Result<engine::Answer> perform(const std::string& type, engine::TaskCall call) {
    call.account.account_id = "acc_crm";
    return support::run(loop_, catalog_.task(type)->perform(call));
  }

  base::Result<std::shared_ptr<const engine::CompiledTask>> compile(const std::string& type, const std::string& with) {
    const engine::TaskDefinition definition = task_bench::a_task(type, with);
    const engine::BoundAccount account{.account_id = "acc_crm", .org_id = {}, .environment = {}};
    return support::run(loop_, catalog_.task(type)->compile(definition, account));
  }

  // Beyond the log-in.
  const base::http::Request& request(std::size_t index) const { return http.request(index + 1); }
  std::size_t requests_sent() const { return http.requests().size() - 1; }

  support::ScriptedHttp http;

 private:
  boost::asio::io_context loop_;
  support::ManualClock clock_;
  base::SilentLog log_;
  connectors::MemoryAccounts accounts_{clock_};
  connectors::AccountSessions sessions_{accounts_, http, clock_, log_};
  connectors::salesforce::Client salesforce_{http, sessions_};
  engine::Catalog catalog_ = tasks::make_catalog({.salesforce = &salesforce_, .clock = &clock_});
};

engine::TaskCall a_write(const base::Result<engine::Step>& step) {
  const auto& write = std::get<engine::Write>(*step);
  engine::TaskCall call;
  call.is_write = true;
  call.content = write.record;
  call.effect = write.effect;
  return call;
}

engine::TaskCall a_read(const base::Result<engine::Step>& step) {
  engine::TaskCall call;
  call.content = std::get<engine::Read>(*step).question;
  return call;
}

const std::string upsert_with =
    R"({"object":"Survey_Response__c","key":{"Response_Id__c":"R/1"},"fields":{"Score__c":9}})";

std::string stored(const base::Result<engine::Answer>& answer) {
  return answer ? answer->content.text : std::string(answer.error().code.name);
}

}  // namespace

TEST_CASE("an upsert goes to its key, and its answer says whether it made the record") {
  Office office;
  task_bench::Machine upsert("salesforce_upsert", upsert_with);
  office.http.then(201, R"({"id":"a005e00000AAAAAAA4","success":true,"errors":[],"created":true})");

  base::Result<engine::Answer> answer = office.perform("salesforce_upsert", a_write(upsert.next({})));

  CHECK(stored(answer) == R"({"id":"a005e00000AAAAAAA4","created":true})");
  CHECK(office.request(0).method == "PATCH");
  CHECK(office.request(0).url == org + "/sobjects/Survey_Response__c/Response_Id__c/R%2F1");
  CHECK(office.request(0).body == R"({"Score__c":9})");
}

TEST_CASE("after an unclear try nobody knows whether this one made the record") {
  Office office;
  task_bench::Machine upsert("salesforce_upsert", upsert_with);
  engine::TaskCall call = a_write(upsert.next({}));
  call.unclear_before = true;
  office.http.then(200, R"({"id":"a005e00000AAAAAAA4","success":true,"errors":[],"created":false})");

  CHECK(stored(office.perform("salesforce_upsert", call)) == R"({"id":"a005e00000AAAAAAA4","created":null})");
}

TEST_CASE("a find sends its question again exactly as it was frozen") {
  Office office;
  task_bench::Machine find("salesforce_find", R"({"object":"Contact","match":{"LastName":"O'Hara & Co"}})");
  office.http.then(200, R"({"totalSize":1,"done":true,"records":[{"attributes":{},"Id":"0035e00000AAAAAAA4"}]})");

  base::Result<engine::Answer> answer = office.perform("salesforce_find", a_read(find.next({})));

  CHECK(office.request(0).url ==
        org +
            "/query?q=SELECT%20Id%20FROM%20Contact%20WHERE%20LastName%20%3D%20%27O%5C%27Hara%20%26%20Co%27"
            "%20ORDER%20BY%20Id%20ASC%20LIMIT%202");
  CHECK(task_bench::told(find.next({}, {stored(answer)})) == R"(done {"Id":"0035e00000AAAAAAA4","found":1})");
}

TEST_CASE("a record that is gone already counts as deleted") {
  Office office;
  task_bench::Machine remove("salesforce_delete", R"({"object":"Case","id":"5005e00000AAAAAAA4"})");
  office.http.then(404, R"([{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}])");

  base::Result<engine::Answer> answer = office.perform("salesforce_delete", a_write(remove.next({})));

  CHECK(office.request(0).method == "DELETE");
  CHECK(task_bench::told(remove.next({}, {stored(answer)})) == R"(done {"id":"5005e00000AAAAAAA4","deleted":true})");
}

TEST_CASE("a post takes a fresh connection, says that it made something, and asks before its first byte") {
  Office office;
  task_bench::Machine post("salesforce_chatter_post", R"({"record":"0035e00000AAAAAAA4","text":"hello"})");
  engine::TaskCall call = a_write(post.next({}));
  bool asked = false;
  call.before_sending = [&asked]() -> base::awaitable<base::Status> {
    asked = true;
    co_return base::Ok{};
  };
  office.http.then(201, R"({"id":"0D55e00000AAAAAAA4","body":{"text":"hello"}})");

  base::Result<engine::Answer> answer = office.perform("salesforce_chatter_post", call);

  CHECK(stored(answer) == R"({"id":"0D55e00000AAAAAAA4","created":true})");
  CHECK(asked);
  CHECK(office.request(0).idle_max == base::Duration{30'000});
}

TEST_CASE("a refusal keeps Salesforce's own words") {
  Office office;
  task_bench::Machine create("salesforce_create", R"({"object":"Contact","fields":{"FirstName":"Ana"}})");
  office.http.then(400, R"([{"message":"Required fields are missing: [LastName]",)"
                        R"("errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName"]}])");

  base::Result<engine::Answer> answer = office.perform("salesforce_create", a_write(create.next({})));

  REQUIRE_FALSE(answer);
  CHECK(answer.error().code.kind == base::Kind::permanent);
  CHECK(answer.error().details.find("REQUIRED_FIELD_MISSING") != std::string::npos);
}

TEST_CASE("what was stored by another version is an error, not a guess") {
  Office office;
  engine::TaskCall call;
  call.content = base::JsonText{R"({"object":"Contact"})"};

  CHECK(stored(office.perform("salesforce_find", call)) == "task_state_unreadable");
}

TEST_CASE("an org that gives no description is an error of compile, worth another try") {
  Office office;
  office.http.then(200, R"({"fields":"none"})");

  auto compiled = office.compile("salesforce_create",
                                 R"({"object":"Case","fields":{"Subject":{"value":"x","on_too_long":"truncate"}}})");

  REQUIRE_FALSE(compiled);
  CHECK(compiled.error().code.name == "org_describe_unreadable");
  CHECK(compiled.error().code.kind == base::Kind::transient);
}
