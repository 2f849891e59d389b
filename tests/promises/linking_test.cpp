// Linking through the running server against the local org, each login made in a browser as a person would.
#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/promises/linking_world.hpp"

using nlohmann::json;
using promises::LinkingWorld;
using support::Browser;

namespace {

std::string path_of(const json& account) { return "/accounts/" + account.get<std::string>(); }

}  // namespace

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

TEST_CASE("a sixth approval of one user and app at Salesforce expires the oldest account, by name and with its cause") {
  LinkingWorld linking;
  linking.add_app();
  const json workflow = linking.ask(linking.admin, "GET", "/workflows").at("workflows").at(0);
  const json oldest =
      linking.log_in(linking.admin, {{"name", "The oldest"}, {"workflow", workflow.at("id")}, {"alias", "crm"}});
  for (int approval = 2; approval <= 5; ++approval) {
    const json login = linking.log_in(linking.admin);
    REQUIRE(login.at("state") == "done");
    CHECK(login.contains("warning") == (approval >= 4));
  }
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
