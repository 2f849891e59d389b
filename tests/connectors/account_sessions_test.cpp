// Sessions: one login for all who ask, and none that is not needed.
#include "connectors/accounts/account_sessions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include "connectors/accounts/memory_accounts.hpp"
#include "connectors/errors.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"

using namespace std::chrono_literals;
using connectors::Session;
using support::run;

namespace {

struct SessionsWorld {
  boost::asio::io_context loop;
  support::ManualClock clock;
  support::ScriptedHttp http;
  base::SilentLog log;
  connectors::MemoryAccounts accounts{clock};
  connectors::AccountSessions sessions{accounts, http, clock, log};

  explicit SessionsWorld(connectors::LinkedAccount account) { accounts.add(std::move(account)); }

  connectors::LinkedAccount account() const { return accounts.all().front(); }
  std::string id() const { return account().id; }
  base::Result<Session> open() { return run(loop, sessions.open(id())); }
  base::Result<Session> renew(std::int64_t generation) { return run(loop, sessions.renew(id(), generation)); }
};

std::string token_answer(std::string_view text) {
  return R"({"access_token":")" + std::string(text) +
         R"(","instance_url":"https://acme.my.salesforce.com","id":"https://login.salesforce.com/id/00D5e000001N20QEAS/0055e000004abcdAAA"})";
}

constexpr const char* refused_login = R"({"error":"invalid_grant","error_description":"expired access/refresh token"})";

using Results = std::vector<base::Result<Session>>;

base::awaitable<void> renew_into(SessionsWorld& world, std::int64_t generation, Results& results) {
  results.push_back(co_await world.sessions.renew(world.id(), generation));
}

// Many who ask at once; they run when the loop does.
void ask_side_by_side(SessionsWorld& world, int count, std::int64_t generation, Results& results) {
  for (int i = 0; i < count; ++i) {
    boost::asio::co_spawn(world.loop, renew_into(world, generation, results), boost::asio::detached);
  }
  world.loop.restart();
}

}  // namespace

TEST_CASE("a session is got once and then at hand") {
  SessionsWorld world(support::a_server_account());
  world.http.then(200, support::fixture("salesforce/token_client_credentials.json"));

  base::Result<Session> first = world.open();
  base::Result<Session> second = world.open();

  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->generation == first->generation);
  CHECK(first->instance_url == "https://acme--dev.sandbox.my.salesforce.com");
  CHECK(world.sessions.logins() == 1);
  CHECK(world.account().org_id == "00D5e000001N20QEAS");
  CHECK(world.account().salesforce_user == "0055e000004abcdAAA");
  CHECK(world.account().last_success == world.clock.now());
  CHECK(world.sessions.instance_url(world.id()) == "https://acme--dev.sandbox.my.salesforce.com");
}

TEST_CASE("64 callers whose session was refused share exactly one refresh") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(200, token_answer("first"));
  std::int64_t old = world.open()->generation;
  // The answer comes only after all have asked.
  world.http.hold_until(
      [&]() -> base::awaitable<void> { return base::wait_until(world.clock, world.clock.now() + 1s); });
  world.http.then(200, token_answer("second"));

  Results results;
  ask_side_by_side(world, 64, old, results);
  world.loop.poll();
  CHECK(results.empty());
  world.clock.advance(1s);
  world.loop.restart();
  world.loop.run();

  REQUIRE(results.size() == 64);
  for (const base::Result<Session>& result : results) {
    REQUIRE(result);
    CHECK(result->access_token.reveal() == "second");
  }
  CHECK(world.sessions.logins() == 2);
  CHECK(world.http.requests().size() == 2);
}

TEST_CASE("what a run's history is told of a login names a shared account, and no personal one") {
  for (const bool is_personal : {true, false}) {
    for (const auto& [status, body] : {std::pair{400, refused_login}, std::pair{503, ""}}) {
      connectors::LinkedAccount account = is_personal ? support::a_personal_account() : support::a_server_account();
      account.name = "Ana's own";
      SessionsWorld world(std::move(account));
      world.http.then(status, body);

      const base::Result<Session> refused = world.open();

      REQUIRE_FALSE(refused);
      INFO(refused.error().message);
      const bool is_named = refused.error().message.find("Ana's own") != std::string::npos;
      const bool names_nobody = refused.error().message.find("a personal account") != std::string::npos;
      CHECK(is_named == (!is_personal && status == 400));
      if (status == 400) CHECK(names_nobody == is_personal);
    }
  }
}

TEST_CASE("who comes late with an old generation gets the newer session without a login") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(200, token_answer("first")).then(200, token_answer("second"));
  std::int64_t old = world.open()->generation;
  REQUIRE(world.renew(old));

  base::Result<Session> late = world.renew(old);

  REQUIRE(late);
  CHECK(late->access_token.reveal() == "second");
  CHECK(world.sessions.logins() == 2);
}

TEST_CASE("a refresh token that is rotated is kept before the session is used, one that is not stays") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(200, R"({"access_token":"a","refresh_token":"new refresh"})").then(200, R"({"access_token":"b"})");

  base::Result<Session> first = world.open();
  REQUIRE(first);
  CHECK(first->instance_url == "https://acme.my.salesforce.com");
  CHECK(world.account().login.refresh_token.reveal() == "new refresh");

  REQUIRE(world.renew(first->generation));
  CHECK(world.http.request(1).body.find("refresh_token=new+refresh") != std::string::npos);
  CHECK(world.account().login.refresh_token.reveal() == "new refresh");
}

TEST_CASE("a refused login marks the account and is not tried again until it is refreshed") {
  for (const connectors::LinkedAccount& account : {support::a_personal_account(), support::a_server_account()}) {
    SessionsWorld world(account);
    world.http.then(400, refused_login);

    base::Result<Session> first = world.open();
    base::Result<Session> second = world.open();

    for (const base::Result<Session>& result : {first, second}) {
      REQUIRE_FALSE(result);
      CHECK(result.error().code == connectors::account_token_expired);
      CHECK(result.error().waits_on == std::vector<std::string>{"account:" + account.id});
      CHECK(result.error().message.find("expired access/refresh token") != std::string::npos);
    }
    CHECK(world.account().state == connectors::AccountState::expired);
    CHECK(world.sessions.logins() == 1);
  }
}

TEST_CASE("an account that expired before the start is not tried either") {
  connectors::LinkedAccount account = support::a_server_account();
  account.state = connectors::AccountState::expired;
  account.state_reason = "invalid_client: invalid client credentials";
  SessionsWorld world(std::move(account));

  base::Result<Session> session = world.open();

  REQUIRE_FALSE(session);
  CHECK(session.error().code == connectors::account_token_expired);
  CHECK(session.error().message.find("invalid client credentials") != std::string::npos);
  CHECK(world.sessions.logins() == 0);
}

TEST_CASE("a refresh whose answer was lost is repeated once, when nothing can be under way any more") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(base::Error{base::http::http_unclear, "no answer within 20 s"}).then(200, token_answer("a"));

  base::Result<Session> first = world.open();
  REQUIRE_FALSE(first);
  CHECK(first.error().code.kind == base::Kind::transient);
  CHECK(first.error().retry_after == 80s);
  world.clock.advance(79s);
  CHECK(world.open().error().retry_after == 1s);
  CHECK(world.sessions.logins() == 1);
  CHECK(world.account().state == connectors::AccountState::ok);

  world.clock.advance(1s);
  CHECK(world.open());
  CHECK(world.sessions.logins() == 2);
}

TEST_CASE("a refresh that stays unclear twice expires the account, unless its org is known not to rotate") {
  for (connectors::Rotation rotation :
       {connectors::Rotation::unknown, connectors::Rotation::on, connectors::Rotation::off}) {
    INFO(to_string(rotation));
    connectors::LinkedAccount account = support::a_personal_account();
    account.rotation = rotation;
    SessionsWorld world(account);
    world.http.always([](const base::http::Request&) -> support::ScriptedHttp::Answer {
      return base::Error{base::http::http_unclear, "no answer within 20 s"};
    });
    for (int i = 0; i < 3; ++i) {
      CHECK_FALSE(world.open());
      world.clock.advance(80s);
    }

    bool may_be_spent = rotation != connectors::Rotation::off;
    CHECK(world.sessions.logins() == (may_be_spent ? 2 : 3));
    CHECK((world.account().state == connectors::AccountState::expired) == may_be_spent);
    CHECK(world.account().state_reason == (may_be_spent ? connectors::asked_twice_in_vain : ""));
  }
}

TEST_CASE("whether an org rotates is learnt from what a refresh brings") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(200, token_answer("a")).then(200, R"({"access_token":"b","refresh_token":"another"})");
  std::int64_t first = world.open()->generation;
  CHECK(world.account().rotation == connectors::Rotation::off);

  REQUIRE(world.renew(first));
  CHECK(world.account().rotation == connectors::Rotation::on);
}

TEST_CASE("a login that failed for now is tried again after a second, then after twice as long") {
  SessionsWorld world(support::a_server_account());
  world.http.always([](const base::http::Request&) -> support::ScriptedHttp::Answer {
    return base::http::Response{400, {}, R"({"error":"unknown_error","error_description":"retry your request"})"};
  });
  for (auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    std::int64_t before = world.sessions.logins();
    CHECK(world.open().error().code == connectors::salesforce_unavailable);
    CHECK(world.open().error().retry_after == pause);
    CHECK(world.sessions.logins() == before + 1);
    world.clock.advance(pause);
  }
  CHECK(world.account().state == connectors::AccountState::ok);
}

TEST_CASE("sessions that end as soon as they begin use up a budget of logins, and no more") {
  SessionsWorld world(support::a_server_account());
  world.http.always([](const base::http::Request&) -> support::ScriptedHttp::Answer {
    return base::http::Response{200, {}, token_answer("short-lived")};
  });
  std::int64_t generation = 0;
  for (int i = 0; i < 10; ++i) generation = world.renew(generation)->generation;

  base::Result<Session> eleventh = world.renew(generation);
  REQUIRE_FALSE(eleventh);
  CHECK(eleventh.error().code == connectors::salesforce_rate_limit);
  CHECK(eleventh.error().retry_after == 60s);
  CHECK(world.sessions.logins() == 10);
  world.clock.advance(60s);
  CHECK(world.renew(generation));
}

TEST_CASE("an org that lets the account in no more blocks it; it is not called expired") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(400, R"({"error":"invalid_grant","error_description":"ip restricted"})");

  base::Result<Session> session = world.open();

  REQUIRE_FALSE(session);
  CHECK(session.error().code == connectors::account_blocked_by_org);
  CHECK(session.error().message.find("login IP ranges") != std::string::npos);
  CHECK(world.account().state == connectors::AccountState::blocked_by_org);
  CHECK(world.open().error().code == connectors::account_blocked_by_org);
  CHECK(world.sessions.logins() == 1);
}

TEST_CASE("all who waited for a login that failed get its result, none tries by itself") {
  SessionsWorld world(support::a_server_account());
  world.http.always([](const base::http::Request&) -> support::ScriptedHttp::Answer {
    return base::http::Response{503, {}, "<html>maintenance</html>"};
  });
  world.http.hold_until(
      [&]() -> base::awaitable<void> { co_await boost::asio::post(world.loop, boost::asio::use_awaitable); });

  Results results;
  ask_side_by_side(world, 8, 0, results);
  world.loop.run();

  REQUIRE(results.size() == 8);
  for (const base::Result<Session>& result : results) CHECK(result.error().code == connectors::salesforce_unavailable);
  CHECK(world.sessions.logins() == 1);
}

TEST_CASE("an org that asks for patience is not asked before the pause is over") {
  SessionsWorld world(support::a_server_account());
  world.http
      .then(403, R"([{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}])",
            {{"Retry-After", "60"}})
      .then(200, token_answer("a"));

  CHECK(world.open().error().retry_after == 60s);
  world.clock.advance(20s);
  CHECK(world.open().error().retry_after == 40s);
  CHECK(world.sessions.logins() == 1);
  world.clock.advance(40s);
  CHECK(world.open());
}

TEST_CASE("an account that is not there is removed, not expired") {
  SessionsWorld world(support::a_server_account());

  base::Result<Session> session = run(world.loop, world.sessions.open("acc_other"));

  REQUIRE_FALSE(session);
  CHECK(session.error().code == connectors::account_removed);
  CHECK(session.error().waits_on == std::vector<std::string>{"account:acc_other"});
}

TEST_CASE("a login that leads to another org than expected is not used") {
  connectors::LinkedAccount account = support::a_server_account();
  account.org_id = "00D5e000009ZZZZEA2";
  SessionsWorld world(std::move(account));
  world.http.then(200, support::fixture("salesforce/token_client_credentials.json"));

  base::Result<Session> session = world.open();

  REQUIRE_FALSE(session);
  CHECK(session.error().code == connectors::wrong_org);
  CHECK(session.error().message.find("00D5e000001N20QEAS") != std::string::npos);
  CHECK(world.account().org_id == "00D5e000009ZZZZEA2");
  CHECK(world.open().error().code == connectors::wrong_org);
  CHECK(world.sessions.logins() == 1);
}

TEST_CASE("what is forgotten is asked of the store again, which has the token") {
  SessionsWorld world(support::a_server_account());
  world.http.then(200, token_answer("a"));
  REQUIRE(world.open());

  world.sessions.forget(world.id());

  CHECK(world.open()->access_token.reveal() == "a");
  CHECK(world.sessions.logins() == 1);
}

TEST_CASE("a request that would leave after its claim has run out is not sent") {
  SessionsWorld world(support::a_personal_account());
  world.http.then(200, token_answer("a"));
  REQUIRE(world.open());
  const base::http::Request& request = world.http.request(0);
  REQUIRE(request.before_sending);
  CHECK(run(world.loop, request.before_sending()));
  world.clock.advance(60s);
  CHECK_FALSE(run(world.loop, request.before_sending()));
}
