// Many runs meet an ended session of one account at once, and its refresh token dies at its first use: one refresh a
// round, whatever becomes of the server meanwhile. Told by the org's own log.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "base/sql/sqlite_connection.hpp"
#include "connectors/accounts/refresh_decision.hpp"
#include "tests/promises/linking_world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::LinkingWorld;
using promises::SurveyResponse;

namespace {

using std::chrono::microseconds;

constexpr int runs_at_once = 64;
constexpr microseconds longest_moment{20'000};  // a refresh and what the runs do with it take about that long

const std::string storm_user = "maria@example.com";
const std::string token_path = "path=/services/oauth2/token";

// What an org's log says of one round.
struct Told {
  int met;        // requests that the ended session was refused for
  int refreshed;  // refreshes that gave a new token
  int reused;     // times that a dead refresh token came
  int written;
};

class Storm {
 public:
  explicit Storm(std::vector<std::string> more_arguments = {}) : linking(std::move(more_arguments)) {
    linking.add_app();
    org().local("PUT", "/_local/policies", R"({"rotates_refresh_tokens":true,"detects_reuse":true})");
    org().local("POST", "/_local/users", json{{"username", storm_user}}.dump());
    const json login = linking.log_in(linking.admin, json::object(), storm_user);
    REQUIRE(login.at("state") == "done");
    account_ = login.at("account");
    const std::string workflow = linking.ask(linking.admin, "GET", "/workflows").at("workflows").at(0).at("id");
    linking.ask(linking.admin, "PUT", "/workflows/" + workflow + "/bindings/crm", {{"account", account_}});
    // The org is asked once for its schema, by whoever comes first; a storm is of writes.
    server().run_when(server().accepted_run(SurveyResponse{"R_first"}.json()), "succeeded");
  }

  promises::OrgProgram& org() { return linking.world.org; }
  promises::ServerProgram& server() { return linking.world.server; }

  // All runs of a round have sent what the ended session is refused for; the org answers from go_on() on.
  void gather() {
    ++rounds_;
    org().forget_calls();
    org().local("POST", "/_local/expire", json{{"sessions_of", storm_user}}.dump());
    org().pause();
    for (int i = 0; i < runs_at_once; ++i)
      server().accepted_run(SurveyResponse{fmt::format("R_{}x{}", rounds_, i)}.json());
    support::eventually("all runs have begun an attempt", [&] {
      return server().call("GET", "/metrics").body.find(fmt::format("sluice_runs_in_flight {}\n", runs_at_once)) !=
             std::string::npos;
    });
  }

  // The round's runs in a list, once each has ended or waits for a person.
  json at_rest() {
    json runs;
    support::eventually(
        "the runs of a round are at rest",
        [&] {
          runs = server().ask("GET", "/runs?limit=" + std::to_string(runs_at_once)).at("runs");
          return std::ranges::all_of(
              runs, [](const json& run) { return run.at("state") == "succeeded" || run.at("state") == "held"; });
        },
        [&] { return runs.dump(2) + "\n" + server().log(); });
    return runs;
  }

  Told told() {
    return {org().calls("method=PATCH&status=401"), org().calls(token_path + "&grant=refresh_token&status=200"),
            org().calls(token_path + "&reuse=true"), org().calls("method=PATCH&status=201")};
  }

  json account() { return linking.ask(linking.admin, "GET", "/accounts/" + account_); }
  json log_in_again() {
    return linking.log_in(linking.admin, {{"purpose", "refresh"}, {"account", account_}}, storm_user);
  }

  // While the server is dead. A claim stands for 80 s after a death; moving it is the same as waiting for that long.
  void let_claims_run_out() {
    const base::Duration life = connectors::refresh_claim_life + connectors::token_request_timeout;
    base::sql::SqliteConnection database(linking.world.database_file());
    database.execute_once("UPDATE linked_account SET refresh_deadline = refresh_deadline - $1",
                          {std::int64_t{life.count()}});
  }

  LinkingWorld linking;

 private:
  std::string account_;
  int rounds_ = 0;
};

int count_in(const json& runs, const std::string& state) {
  return static_cast<int>(std::ranges::count_if(runs, [&](const json& run) { return run.at("state") == state; }));
}

void check_whole(Storm& storm, const json& runs) {
  CHECK(count_in(runs, "succeeded") == runs_at_once);
  CHECK(storm.account().at("state") == "ok");
}

// One way in which a server dies in the middle of a refresh; it is dead when `die` has returned.
struct Death {
  std::string name;
  std::string crash_at;                              // armed before the round; or
  std::function<void(Storm&, microseconds)> kill{};  // done to it once the org answers
};

void await_refresh_at_org(Storm& storm) {
  support::eventually("the org has got the refresh", [&] { return storm.org().calls(token_path) > 0; });
}

std::vector<Death> ways_to_die() {
  return {
      {"before the refresh is sent", "refresh_before_send"},
      {"before its answer is stored", "refresh_before_store"},
      {"after its answer is stored", "refresh_after_store"},
      {"once the org has got the refresh", "",
       [](Storm& storm, microseconds) {
         await_refresh_at_org(storm);
         storm.server().kill();
       }},
      {"at any moment", "",
       [](Storm& storm, microseconds moment) {
         std::this_thread::sleep_for(moment);  // not a wait for something: the moment itself is what is tested
         storm.server().kill();
       }},
  };
}

class Moments {
 public:
  explicit Moments(unsigned seed) : random_(seed) {}
  microseconds next() { return microseconds(length_(random_)); }

 private:
  std::mt19937 random_;
  std::uniform_int_distribution<int> length_{0, static_cast<int>(longest_moment.count())};
};

void live_and_die(Storm& storm, const Death& death, microseconds moment) {
  if (!death.crash_at.empty()) {
    storm.server().stop();
    REQUIRE(storm.server().start({{"SLUICE_CRASH_AT", death.crash_at}}));
  }
  storm.gather();
  storm.org().go_on();
  if (death.kill)
    death.kill(storm, moment);
  else
    REQUIRE(storm.server().signal_at_end() == SIGKILL);
  storm.let_claims_run_out();
  REQUIRE(storm.server().start());
}

// Expired only because its refresh token is spent, as the org saw; and a login brings everything back.
void check_expired(Storm& storm, const json& runs) {
  const json account = storm.account();
  CHECK(account.at("state") == "expired");
  CHECK_FALSE(account.at("reason").get<std::string>().empty());
  for (const json& run : runs) {
    if (run.at("state") == "held") CHECK(run.at("code") == "account_token_expired");
  }
  CHECK(storm.log_in_again().at("state") == "done");
  check_whole(storm, [&] {
    json after;
    support::eventually("the held runs have gone on", [&] {
      after = storm.at_rest();
      return count_in(after, "held") == 0;
    });
    return after;
  }());
}

}  // namespace

TEST_CASE("64 runs meet an ended session at once, round after round: one refresh each, and no token comes twice") {
  Storm storm;
  const int rounds = 8 * promises::test_factor();
  int met = 0;
  for (int round = 1; round <= rounds; ++round) {
    INFO("round " << round);
    storm.gather();
    storm.org().go_on();

    check_whole(storm, storm.at_rest());

    const Told told = storm.told();
    CHECK(told.refreshed == 1);
    CHECK(told.reused == 0);
    CHECK(told.written == runs_at_once);
    CHECK(told.met > 1);
    met += told.met;
  }
  WARN(rounds << " rounds, " << rounds << " refreshes at the org, no reuse; " << met << " of " << rounds * runs_at_once
              << " requests met the ended session");
}

TEST_CASE("a server that is stopped while it refreshes, and goes on, has refreshed once all the same") {
  Storm storm;
  Moments moments(20261128);
  const int rounds = 2 * promises::test_factor();
  for (int round = 1; round <= rounds; ++round) {
    INFO("round " << round);
    storm.gather();
    storm.org().go_on();
    if (round % 2 == 0)
      await_refresh_at_org(storm);
    else
      std::this_thread::sleep_for(moments.next());  // the moment itself is what is tested
    storm.server().pause();
    std::this_thread::sleep_for(moments.next());
    storm.server().go_on();

    check_whole(storm, storm.at_rest());

    const Told told = storm.told();
    CHECK(told.refreshed == 1);
    CHECK(told.reused == 0);
    CHECK(told.written == runs_at_once);
  }
}

TEST_CASE("a server that dies while it refreshes: the account works or is expired with its reason, never in between") {
  Storm storm;
  Moments moments(20261129);
  const std::vector<Death> ways = ways_to_die();
  const int rounds = 5 * ((2 * promises::test_factor() + 4) / 5);
  int expired = 0;
  for (int round = 0; round < rounds; ++round) {
    const Death& death = ways[static_cast<std::size_t>(round) % ways.size()];
    INFO("round " << round << ", dead " << death.name);
    live_and_die(storm, death, moments.next());

    const json runs = storm.at_rest();

    // One refresh was given. A dead token came only where its successor had died with the server, and then once.
    const Told told = storm.told();
    CHECK(told.refreshed == 1);
    CHECK(told.reused <= 1);
    if (told.reused == 0)
      check_whole(storm, runs);
    else
      check_expired(storm, runs);
    expired += told.reused;
    if (death.crash_at == "refresh_before_store") CHECK(told.reused == 1);
    if (death.crash_at == "refresh_before_send" || death.crash_at == "refresh_after_store") CHECK(told.reused == 0);
  }
  WARN(rounds << " deaths, one refresh at the org each; " << rounds - expired << " times the account went on, "
              << expired << " times it was expired with its reason and came back by a login");
}

TEST_CASE("runs that an expired account holds go on in the order in which they came, once its user has logged in") {
  Storm storm({"--runs-in-flight", "1"});
  storm.org().local("POST", "/_local/expire", json{{"user", storm_user}}.dump());
  std::vector<std::string> came;
  for (int i = 0; i < 12; ++i) {
    came.push_back(fmt::format("R_{}", i));
    const std::string run = storm.server().accepted_run(SurveyResponse{came.back()}.json());
    CHECK(storm.server().run_when(run, "held").at("code") == "account_token_expired");
  }
  storm.org().forget_calls();

  CHECK(storm.log_in_again().at("state") == "done");

  support::eventually("all are written", [&] { return storm.org().calls("method=PATCH&status=201") == 12; });
  std::vector<std::string> went;
  for (const json& call : storm.org().calls_like("method=PATCH&status=201")) {
    const std::string path = call.at("path");
    went.push_back(path.substr(path.rfind('/') + 1));
  }
  CHECK(went == came);
}
