// Linking through the running server against the local org, each login made in a browser as a person would.
#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/promises/linking_world.hpp"

using nlohmann::json;
using promises::Linker;
using promises::LinkingWorld;
using support::Browser;
using support::HttpAnswer;

namespace {

std::string path_of(const json& account) { return "/accounts/" + account.get<std::string>(); }

}  // namespace

TEST_CASE("S3, S7: an account that a person links by a login is that person's own, and nobody else sees it") {
  LinkingWorld linking;
  linking.add_app();
  const Linker ana = linking.add_user("ana"), ben = linking.add_user("ben");

  const json login = linking.log_in(ana, {{"name", "My CRM"}});

  REQUIRE(login.at("state") == "done");
  const json account = linking.ask(ana, "GET", path_of(login.at("account")));
  CHECK(account.at("name") == "My CRM");
  CHECK(account.at("origin") == "workflows");
  CHECK(account.at("org_id") == linking.world.org.org_id());
  CHECK(account.at("salesforce_username") == linking.world.org.username());
  CHECK(account.at("slot") == 1);
  for (const Linker& other : {ben, linking.admin}) {
    for (const char* method : {"GET", "DELETE"})
      CHECK(linking.call(other, method, path_of(login.at("account"))).status == 404);
    CHECK(linking.call(other, "PATCH", path_of(login.at("account")), {{"name", "x"}}).status == 404);
    CHECK(linking.call(other, "GET", "/logins/" + login.at("id").get<std::string>()).status == 404);
    for (const json& seen : linking.accounts(other)) CHECK(seen.at("id") != login.at("account"));
  }
}

TEST_CASE("S8: a sixth personal account is refused, removing one frees its place, shared ones do not count") {
  LinkingWorld linking;
  linking.add_app();
  for (int i = 1; i <= 5; ++i) {
    const json login = linking.log_in(linking.admin);
    REQUIRE(login.at("state") == "done");
    CHECK(login.contains("warning") == (i >= 4));
  }
  const int asked = linking.token_requests();

  const json sixth = linking.log_in(linking.admin);
  CHECK(sixth.at("state") == "refused");
  CHECK(sixth.at("error").at("code") == "account_limit_reached");
  CHECK(sixth.at("error").at("message").get<std::string>().find("5") != std::string::npos);
  CHECK(linking.token_requests() == asked);

  CHECK(linking.log_in(linking.admin, {{"purpose", "share"}}).at("state") == "done");
  std::string first;
  for (const json& account : linking.accounts(linking.admin)) {
    if (account.value("slot", 0) == 3) first = account.at("id");
  }
  CHECK(linking.call(linking.admin, "DELETE", "/accounts/" + first).status == 204);
  const json again = linking.log_in(linking.admin);
  CHECK(again.at("state") == "done");
  CHECK(linking.ask(linking.admin, "GET", path_of(again.at("account"))).at("slot") == 3);
}

TEST_CASE("S8: of a hundred logins that come back at once exactly five win") {
  constexpr int logins = 100;
  LinkingWorld linking;
  linking.add_app();
  std::vector<json> begun;
  std::vector<Browser> browsers(logins);
  for (Browser& browser : browsers) {
    begun.push_back(linking.begin(linking.admin));
    browser.stop_before(linking.world.server.url() + "/oauth/callback");
    linking.allow(browser, begun.back());
  }

  std::atomic<int> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      for (int at = next++; at < logins; at = next++) {
        Browser& browser = browsers[static_cast<std::size_t>(at)];
        browser.stop_before("");
        browser.open(browser.stopped_at());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  int won = 0;
  for (const json& one : begun) {
    const json login = linking.ask(linking.admin, "GET", "/logins/" + one.at("id").get<std::string>());
    won += login.at("state") == "done";
    if (login.at("state") != "done") CHECK(login.at("error").at("code") == "account_limit_reached");
  }
  CHECK(won == 5);
}

TEST_CASE("S4: only a brand admin links an account to share, and only those it is shared with see it") {
  LinkingWorld linking;
  linking.add_app();
  const Linker ana = linking.add_user("ana");
  CHECK(linking.call(ana, "POST", "/logins", {{"purpose", "share"}, {"environment", "production"}}).status == 403);

  const json login = linking.log_in(linking.admin, {{"purpose", "share"}});
  REQUIRE(login.at("state") == "done");
  const std::string path = path_of(login.at("account"));
  CHECK(linking.call(ana, "GET", path).status == 404);
  linking.ask(linking.admin, "POST", path + "/shares", {{"with", ana.id}});
  CHECK(linking.call(ana, "GET", path).status == 200);
  CHECK(linking.call(ana, "PATCH", path, {{"name", "mine"}}).status == 403);
  CHECK(linking.call(ana, "DELETE", path).status == 403);
  linking.ask(linking.admin, "DELETE", path + "/shares?with=" + ana.id);
  CHECK(linking.call(ana, "GET", path).status == 404);
}

TEST_CASE("S11: a refresh into the same org keeps the account's id, and takes the old token back") {
  LinkingWorld linking;
  linking.add_app();
  const json login = linking.log_in(linking.admin);
  const int revoked = linking.world.org.calls("path=/services/oauth2/revoke");

  const json refreshed = linking.log_in(linking.admin, {{"purpose", "refresh"}, {"account", login.at("account")}});

  CHECK(refreshed.at("state") == "done");
  CHECK(refreshed.at("account") == login.at("account"));
  CHECK(linking.world.org.calls("path=/services/oauth2/revoke") == revoked + 1);
  CHECK(linking.ask(linking.admin, "GET", path_of(login.at("account"))).at("state") == "ok");
}

TEST_CASE("S11: a refresh by another user of the org wants a word") {
  LinkingWorld linking;
  linking.add_app();
  linking.world.org.local("POST", "/_local/users", R"({"username":"maria@example.com"})");
  const json login = linking.log_in(linking.admin);
  const json wish{{"purpose", "refresh"}, {"account", login.at("account")}};

  const json refused = linking.log_in(linking.admin, wish, "maria@example.com");
  CHECK(refused.at("error").at("code") == "account_other_user");
  json confirmed = wish;
  confirmed["confirm_user"] = true;
  CHECK(linking.log_in(linking.admin, confirmed, "maria@example.com").at("state") == "done");
}

TEST_CASE("S11: removing an account revokes its token at Salesforce and lists what hangs on it first") {
  LinkingWorld linking;
  linking.add_app();
  const json login = linking.log_in(linking.admin, {{"name", "CRM"}});
  const json workflow = linking.ask(linking.admin, "GET", "/workflows").at("workflows").at(0);
  linking.ask(linking.admin, "PUT", "/workflows/" + workflow.at("id").get<std::string>() + "/bindings/crm",
              {{"account", login.at("account")}});
  const int revoked = linking.world.org.calls("path=/services/oauth2/revoke");

  const HttpAnswer in_use = linking.call(linking.admin, "DELETE", path_of(login.at("account")) + "?if_unused=true");
  CHECK(in_use.status == 409);
  CHECK(json::parse(in_use.body).at("workflows").at(0).at("id") == workflow.at("id"));
  CHECK(linking.call(linking.admin, "DELETE", path_of(login.at("account"))).status == 204);
  CHECK(linking.world.org.calls("path=/services/oauth2/revoke") == revoked + 1);
}

TEST_CASE("S10: a login that starts from a task binds its alias and comes back to where it began") {
  LinkingWorld linking({"--return-to-origin", "http://127.0.0.1:9"});
  linking.add_app();
  const json workflow = linking.ask(linking.admin, "GET", "/workflows").at("workflows").at(0);
  const json begun = linking.begin(
      linking.admin,
      {{"workflow", workflow.at("id")}, {"alias", "crm"}, {"return_to", "http://127.0.0.1:9/tasks/7?draft=1"}});
  Browser browser;
  browser.stop_before("http://127.0.0.1:9/");
  linking.allow(browser, begun);

  CHECK(browser.stopped_at() == "http://127.0.0.1:9/tasks/7?draft=1&login=" + begun.at("id").get<std::string>());
  const json login = linking.ask(linking.admin, "GET", "/logins/" + begun.at("id").get<std::string>());
  const json now = linking.ask(linking.admin, "GET", "/workflows").at("workflows").at(0);
  CHECK(now.at("bindings").at("crm") == login.at("account"));
}

TEST_CASE("S6: an org of the other environment is refused and its token revoked") {
  LinkingWorld linking;
  linking.add_app();
  const int revoked = linking.world.org.calls("path=/services/oauth2/revoke");
  const json login = linking.log_in(linking.admin, {{"environment", "sandbox"}, {"host", linking.world.org.url()}});
  CHECK(login.at("error").at("code") == "environment_mismatch");
  CHECK(linking.world.org.calls("path=/services/oauth2/revoke") == revoked + 1);
}

TEST_CASE("S17, S18: a server-to-server account needs all three, costs one token request, and fails with what to do") {
  LinkingWorld linking;
  const json whole = json::parse(linking.world.org.account_document());
  for (const char* member : {"client_id", "client_secret", "token_url"}) {
    json body = whole;
    body.erase(member);
    const HttpAnswer answer = linking.call(linking.admin, "POST", "/accounts", body);
    CHECK(answer.status == 422);
    CHECK(answer.body.find(member) != std::string::npos);
  }
  const int asked = linking.token_requests();
  json wrong = whole;
  wrong["client_secret"] = "wrong";
  const HttpAnswer refused = linking.call(linking.admin, "POST", "/accounts", wrong);
  CHECK(refused.status == 422);
  CHECK(json::parse(refused.body).at("code") == "login_refused");
  CHECK(refused.body.find("invalid client credentials") != std::string::npos);
  CHECK(linking.token_requests() == asked + 1);

  CHECK(linking.call(linking.admin, "POST", "/accounts", whole).status == 201);
  CHECK(linking.token_requests() == asked + 2);
}

TEST_CASE("a sixth approval of one user and app at Salesforce expires the oldest account, by name and with its cause") {
  LinkingWorld linking;
  linking.add_app();
  const json workflow = linking.ask(linking.admin, "GET", "/workflows").at("workflows").at(0);
  const json oldest =
      linking.log_in(linking.admin, {{"name", "The oldest"}, {"workflow", workflow.at("id")}, {"alias", "crm"}});
  for (int i = 0; i < 4; ++i) REQUIRE(linking.log_in(linking.admin).at("state") == "done");
  const std::string works = linking.world.server.accepted_run(promises::SurveyResponse{.id = "R_1"}.json());
  linking.world.server.run_when(works, "succeeded");

  REQUIRE(linking.log_in(linking.admin, {{"purpose", "share"}}).at("state") == "done");
  const std::string run = linking.world.server.accepted_run(promises::SurveyResponse{.id = "R_2"}.json());

  linking.world.server.run_when(run, "held");
  const json account = linking.ask(linking.admin, "GET", path_of(oldest.at("account")));
  CHECK(account.at("state") == "expired");
  CHECK(account.at("status") == "Account Token Expired");
  CHECK(account.at("reason").get<std::string>().find("sixth approval") != std::string::npos);
  CHECK(linking.world.server.run(run).dump().find("The oldest") != std::string::npos);
}
