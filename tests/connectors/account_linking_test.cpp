// Linking: what is sent, what must be proven before anything is kept, and what is taken back.
#include "connectors/accounts/account_linking.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "base/sql/sqlite.hpp"
#include "connectors/errors.hpp"
#include "connectors/migrations/migrations.hpp"
#include "connectors/oauth/authorization.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_http.hpp"

using connectors::AccountLinking;
using connectors::LoginAttempt;
using connectors::LoginPurpose;
using support::run;

namespace {

const std::string org_a = "00D5e000001N20QEAS";
const std::string org_b = "00D9z000000AAAAEA4";
const std::string ana = "0055e000004abcdAAA";
const std::string session = "a session";

struct FakeRules final : connectors::LinkingRules {
  base::Status verdict = base::Ok{};
  std::vector<std::string> orgs{};
  std::vector<std::string> proved{};
  std::vector<std::string> linked{};

  base::Status may_log_in(const LoginAttempt&) const override { return verdict; }
  std::vector<std::string> orgs_to_prove(const std::string&, const std::string&) const override { return orgs; }
  base::awaitable<void> org_proved(std::string, std::string, std::string org_id) override {
    proved.push_back(std::move(org_id));
    co_return;
  }
  base::awaitable<void> account_linked(LoginAttempt attempt) override {
    linked.push_back(attempt.account);
    co_return;
  }
};

// What the org answers; a test changes what it is about.
struct FakeSalesforce {
  std::string token_answer_org = org_a;
  std::string identity_org = org_a;
  std::string user = ana;
  std::string username = "ana@acme.example";
  std::string instance_url = "https://acme.my.salesforce.com";
  std::string refresh_token = "refresh-1";
  bool is_sandbox = false;
  std::string refusal{};
  std::vector<std::string> revoked{};
  int token_requests = 0;

  support::ScriptedHttp::Answer answer(const base::http::Request& request) {
    if (request.url.ends_with("/services/oauth2/revoke")) {
      revoked.push_back(request.body);
      return base::http::Response{200, {}, ""};
    }
    if (request.url.ends_with("/services/oauth2/token")) {
      ++token_requests;
      if (!refusal.empty()) return base::http::Response{400, {}, refusal};
      const std::string refresh = refresh_token.empty() ? "" : R"("refresh_token":")" + refresh_token + R"(",)";
      return base::http::Response{200,
                                  {},
                                  R"({"access_token":"access-1",)" + refresh + R"("instance_url":")" + instance_url +
                                      R"(","id":"https://login.salesforce.com/id/)" + token_answer_org + "/" + user +
                                      R"("})"};
    }
    if (request.url.find("/id/") != std::string::npos) {
      return base::http::Response{200,
                                  {},
                                  R"({"organization_id":")" + identity_org + R"(","user_id":")" + user +
                                      R"(","username":")" + username + R"("})"};
    }
    return base::http::Response{200,
                                {},
                                std::string(R"({"totalSize":1,"done":true,"records":[{"Id":"x","IsSandbox":)") +
                                    (is_sandbox ? "true" : "false") + "}]}"};
  }
};

struct LinkingWorld {
  boost::asio::io_context loop;
  support::ManualClock clock;
  base::SeededRandom random{11};
  base::SilentLog log;
  support::ScriptedHttp http;
  FakeSalesforce salesforce;
  FakeRules rules;
  connectors::HostPolicy hosts;
  std::unique_ptr<base::sql::Database> database = base::sql::open_sqlite_inline(":memory:", connectors::migrations());
  connectors::SecretVault vault{connectors::KeyRing::make(random), random};
  connectors::AccountStore accounts{*database, clock, random, vault, committer()};
  connectors::LoginAppStore apps{*database, random, vault, committer()};
  connectors::LoginAttempts attempts{*database, clock};
  AccountLinking linking{accounts, apps,   attempts, hosts, http,
                         clock,    random, log,      rules, {"https://sluice.example", "60.0"}};

  LinkingWorld() {
    http.always([this](const base::http::Request& request) { return salesforce.answer(request); });
    connectors::LoginApp app;
    app.login_url = "https://login.salesforce.com";
    app.client_id = "the-client";
    run(loop, apps.put("usr_admin", "brd", app, base::Secret("the-secret")));
  }

  connectors::CommitChange committer() {
    return [this](const std::string&, connectors::AccountChange, base::sql::Batch batch, bool) {
      return commit(std::move(batch));
    };
  }
  base::awaitable<void> commit(base::sql::Batch batch) { co_await database->apply(std::move(batch)); }

  LoginAttempt wish(LoginPurpose purpose = LoginPurpose::link) {
    LoginAttempt wish;
    wish.purpose = purpose;
    wish.brand = "brd";
    wish.user = "usr_ana";
    wish.redirect_uri = "http://127.0.0.1:4711/callback";
    return wish;
  }

  static std::string state_of(const AccountLinking::Begun& begun) {
    const std::string& url = begun.authorize_url;
    base::http::Form form = *base::http::parse_form(url.substr(url.find('?') + 1));
    for (const auto& [name, value] : form) {
      if (name == "state") return value;
    }
    return "";
  }

  AccountLinking::LoginAnswer answer_to(const AccountLinking::Begun& begun) {
    AccountLinking::LoginAnswer answer;
    answer.id = begun.attempt.id;
    answer.state = state_of(begun);
    answer.code = "the-code";
    answer.session = session;
    return answer;
  }
  AccountLinking::Begun begin(LoginAttempt what) {
    base::Result<AccountLinking::Begun> begun = run(loop, linking.begin(std::move(what), session));
    if (!begun) FAIL(begun.error().message);
    return *std::move(begun);
  }
  LoginAttempt log_in(LoginAttempt what) {
    AccountLinking::Begun begun = begin(std::move(what));
    base::Result<LoginAttempt> ended = run(loop, linking.complete(answer_to(begun)));
    if (!ended) FAIL(ended.error().message);
    return *std::move(ended);
  }
};

}  // namespace

TEST_CASE("a login asks for PKCE and the least scopes, and its code is redeemed by the session that began it") {
  LinkingWorld world;
  AccountLinking::Begun begun = world.begin(world.wish());
  const std::string& url = begun.authorize_url;
  CHECK(url.starts_with(
      "https://login.salesforce.com/services/oauth2/authorize?response_type=code&client_id=the-client"));
  CHECK(url.find("code_challenge_method=S256") != std::string::npos);
  CHECK(url.find("scope=api+refresh_token+id") != std::string::npos);

  base::Result<LoginAttempt> ended = run(world.loop, world.linking.complete(world.answer_to(begun)));

  REQUIRE(ended);
  CHECK(ended->state == "done");
  const std::string verifier = connectors::code_verifier(session, LinkingWorld::state_of(begun));
  CHECK(verifier.size() == 43);
  CHECK(url.find("code_challenge=" + connectors::code_challenge(verifier)) != std::string::npos);
  const std::string& body = world.http.request(0).body;
  for (const std::string& part :
       {std::string("grant_type=authorization_code"), std::string("code=the-code"), "code_verifier=" + verifier,
        std::string("client_secret=the-secret"), std::string("redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback")})
    CHECK(body.find(part) != std::string::npos);
  const connectors::LinkedAccount account = *world.accounts.look_up("brd", ended->account);
  CHECK(account.origin == connectors::Origin::workflows);
  CHECK(account.owner == "usr_ana");
  CHECK(account.org_id == org_a);
  CHECK(account.name == "ana@acme.example");
  CHECK(account.slot == 1);
  CHECK(world.rules.linked == std::vector<std::string>{ended->account});
}

TEST_CASE("the challenge is the one of RFC 7636, appendix B") {
  CHECK(connectors::code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("a state is good once, for ten minutes, in the session and the login that it was given to") {
  struct Case {
    const char* what;
    std::function<void(LinkingWorld&, AccountLinking::LoginAnswer&)> turn;
  };
  const Case cases[] = {
      {"missing", [](LinkingWorld&, AccountLinking::LoginAnswer& answer) { answer.state.clear(); }},
      {"foreign", [](LinkingWorld&, AccountLinking::LoginAnswer& answer) { answer.state = "made-up"; }},
      {"other session", [](LinkingWorld&, AccountLinking::LoginAnswer& answer) { answer.session = "another"; }},
      {"no session", [](LinkingWorld&, AccountLinking::LoginAnswer& answer) { answer.session.clear(); }},
      {"other login", [](LinkingWorld&, AccountLinking::LoginAnswer& answer) { answer.id = "lgn_other"; }},
      {"too late",
       [](LinkingWorld& world, AccountLinking::LoginAnswer&) { world.clock.advance(std::chrono::minutes(10)); }},
      {"used",
       [](LinkingWorld& world, AccountLinking::LoginAnswer& answer) {
         AccountLinking::LoginAnswer denied = answer;
         denied.code.clear();
         denied.error = "access_denied";
         REQUIRE(run(world.loop, world.linking.complete(denied)));
       }},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    LinkingWorld world;
    AccountLinking::LoginAnswer answer = world.answer_to(world.begin(world.wish()));
    one.turn(world, answer);

    base::Result<LoginAttempt> ended = run(world.loop, world.linking.complete(answer));

    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == connectors::login_unknown);
    CHECK(world.http.requests().empty());
    CHECK(world.accounts.list("brd").empty());
  }
}

TEST_CASE("what an answer does not prove is refused, and what Salesforce gave is revoked") {
  struct Case {
    const char* code;
    std::function<void(LinkingWorld&)> turn;
    bool is_revoked;
  };
  const Case cases[] = {
      {"host_not_allowed", [](LinkingWorld& world) { world.salesforce.instance_url = "https://127.0.0.1"; }, true},
      {"host_not_allowed", [](LinkingWorld& world) { world.salesforce.instance_url = "https://evil.example"; }, true},
      {"wrong_org", [](LinkingWorld& world) { world.salesforce.identity_org = org_b; }, true},
      {"environment_mismatch", [](LinkingWorld& world) { world.salesforce.is_sandbox = true; }, true},
      {"login_refused", [](LinkingWorld& world) { world.salesforce.refresh_token.clear(); }, true},
      {"login_refused",
       [](LinkingWorld& world) {
         world.salesforce.refusal = R"({"error":"invalid_grant","error_description":"invalid code verifier"})";
       },
       false},
  };
  for (const Case& one : cases) {
    INFO(one.code);
    LinkingWorld world;
    one.turn(world);

    LoginAttempt ended = world.log_in(world.wish());

    CHECK(ended.state == "refused");
    CHECK(ended.error_code == one.code);
    CHECK(world.salesforce.revoked.size() == (one.is_revoked ? 1 : 0));
    CHECK(world.accounts.list("brd").empty());
    // The place that was reserved is free again.
    for (int i = 0; i < 5; ++i) CHECK(run(world.loop, world.accounts.reserve_slot("brd", "usr_ana")));
  }
}

TEST_CASE("an answer in the name of another login host is refused before anything is sent") {
  LinkingWorld world;
  AccountLinking::LoginAnswer answer = world.answer_to(world.begin(world.wish()));
  answer.issuer = "https://evil.my.salesforce.com";

  base::Result<LoginAttempt> ended = run(world.loop, world.linking.complete(answer));

  REQUIRE(ended);
  CHECK(ended->error_code == "login_mixed_up");
  CHECK(world.http.requests().empty());
}

TEST_CASE("a refresh needs the same org, a word for another user, and takes the old token back") {
  LinkingWorld world;
  const std::string id = world.log_in(world.wish()).account;
  LoginAttempt wish = world.wish(LoginPurpose::refresh);
  wish.account = id;
  world.salesforce.refresh_token = "refresh-2";

  world.salesforce.token_answer_org = world.salesforce.identity_org = org_b;
  LoginAttempt other_org = world.log_in(wish);
  CHECK(other_org.error_code == "wrong_org");
  CHECK(other_org.message.find(org_a) != std::string::npos);
  CHECK(other_org.message.find(org_b) != std::string::npos);

  world.salesforce.token_answer_org = world.salesforce.identity_org = org_a;
  world.salesforce.user = "0055e000004zzzzAAA";
  CHECK(world.log_in(wish).error_code == "account_other_user");
  wish.confirm_user = true;
  CHECK(world.log_in(wish).state == "done");

  CHECK(world.salesforce.revoked == std::vector<std::string>{"token=refresh-2", "token=refresh-2", "token=refresh-1"});
  CHECK(world.accounts.look_up("brd", id)->salesforce_user == "0055e000004zzzzAAA");
  CHECK(world.accounts.list("brd").size() == 1);
}

TEST_CASE("re-authentication proves one org, keeps nothing, and gives its token back at once") {
  LinkingWorld world;
  world.rules.orgs = {org_a};

  LoginAttempt proof = world.log_in(world.wish(LoginPurpose::reauthenticate));
  CHECK(proof.state == "done");
  CHECK(world.rules.proved == std::vector<std::string>{org_a});

  world.salesforce.token_answer_org = world.salesforce.identity_org = org_b;
  LoginAttempt other = world.log_in(world.wish(LoginPurpose::reauthenticate));
  CHECK(other.error_code == "wrong_org");
  CHECK(other.message.find(org_a) != std::string::npos);
  CHECK(other.message.find(org_b) != std::string::npos);
  CHECK(world.rules.proved.size() == 1);
  CHECK(world.accounts.list("brd").empty());
  CHECK(world.salesforce.revoked.size() >= 2);
}

TEST_CASE("a sixth personal account is refused before its code is redeemed") {
  LinkingWorld world;
  for (int i = 0; i < 5; ++i) {
    LoginAttempt ended = world.log_in(world.wish());
    REQUIRE(ended.state == "done");
    CHECK((ended.message.find("five approvals") != std::string::npos) == (i >= 3));
  }
  const int asked = world.salesforce.token_requests;

  LoginAttempt sixth = world.log_in(world.wish());

  CHECK(sixth.error_code == "account_limit_reached");
  CHECK(sixth.message.find("5") != std::string::npos);
  CHECK(world.salesforce.token_requests == asked);
}

TEST_CASE("a server-to-server account costs one token request and is kept only if it works") {
  LinkingWorld world;
  connectors::LinkedAccount account;
  account.name = "CRM";
  account.owner = "usr_admin";
  account.login.token_url = "https://acme.my.salesforce.com/services/oauth2/token";
  account.login.client_id = "server-client";
  account.login.client_secret = base::Secret("server-secret");
  world.salesforce.refresh_token.clear();

  world.salesforce.refusal = R"({"error":"invalid_grant","error_description":"no client credentials user enabled"})";
  base::Result<std::string> refused = run(world.loop, world.linking.link_server("usr_admin", "brd", account));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == connectors::login_refused);
  CHECK(refused.error().message.find("no client credentials user enabled") != std::string::npos);
  CHECK(refused.error().message.find("run-as user") != std::string::npos);
  CHECK(world.salesforce.token_requests == 1);

  world.salesforce.refusal.clear();
  base::Result<std::string> id = run(world.loop, world.linking.link_server("usr_admin", "brd", account));
  REQUIRE(id);
  CHECK(world.salesforce.token_requests == 2);
  CHECK(world.accounts.look_up("brd", *id)->org_id == org_a);

  account.login.token_url = "https://169.254.169.254/services/oauth2/token";
  CHECK_FALSE(run(world.loop, world.linking.link_server("usr_admin", "brd", account)));
  CHECK(world.salesforce.token_requests == 2);
}
