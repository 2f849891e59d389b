// The server killed again and again while it seals its secrets anew: none is lost, and none stays under an old key.
#include <csignal>
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/services.hpp"
#include "base/log.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/loop.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::World;

namespace {

constexpr int accounts_in_ci = 500;  // of two secrets each
constexpr int kills_of_rotations_in_ci = 10;
constexpr int commits_of_a_life = 40;  // a start and a whole rotation have about as many

// The data directory as it lies there between two lives of the server.
struct OpenedData {
  boost::asio::io_context loop;
  base::SilentLog log;
  std::unique_ptr<app::Services> services;

  explicit OpenedData(const World& world) {
    services = std::move(*app::Services::open(loop, log, {.data_directory = world.data_directory()}));
    support::run(loop, services->load());
  }
  std::string brand() const { return services->people.brands().front().id; }
};

std::string token_of(int number) { return "5Aep861.refresh." + std::to_string(number); }

// All at once, so that they share their commits.
std::vector<std::string> seal_many_accounts(const World& world, int count) {
  OpenedData data(world);
  std::vector<std::string> ids(static_cast<std::size_t>(count));
  int open = count;
  auto link = [&](int number) -> base::awaitable<void> {
    connectors::LinkedAccount account;
    account.name = "account " + std::to_string(number);
    account.login.kind = connectors::LoginKind::refresh_token;
    account.login.client_secret = base::Secret("client.secret." + std::to_string(number));
    account.login.refresh_token = base::Secret(token_of(number));
    ids[static_cast<std::size_t>(number)] =
        co_await data.services->accounts.link_shared("usr_test", data.brand(), std::move(account));
    --open;
  };
  auto link_all = [&]() -> base::awaitable<void> {
    for (int i = 0; i < count; ++i) boost::asio::co_spawn(data.loop, link(i), boost::asio::detached);
    while (open > 0) co_await base::wait_until(data.services->clock, data.services->clock.now() + base::Duration{5});
  };
  support::run(data.loop, link_all());
  return ids;
}

json keys_of(const World& world) {
  const support::HttpAnswer answer = world.server.call_as(world.server.operator_token(), "GET", "/keys");
  return answer.status == 200 ? json::parse(answer.body) : json();
}

// One life that is meant to end at that commit. True: it did, at its start or while it sealed anew.
bool dies_while_it_rotates(World& world, const std::string& crash_at, const SurveyResponse& response,
                           std::vector<std::string>& runs) {
  if (world.server.start({{"SLUICE_CRASH_AT", crash_at}})) {
    world.server.call_as(world.server.operator_token(), "POST", "/keys/rotate");
    const support::HttpAnswer delivered = world.server.deliver(response.json());
    if (delivered.status == 202) runs.push_back(json::parse(delivered.body).at("runs").at(0));
    bool is_done = false;
    support::eventually("the rotation ends or the server dies", [&] {
      const json keys = keys_of(world);
      is_done = keys.is_object() && keys.contains("rotation") && keys.at("rotation").at("state") == "done";
      return keys.is_null() || is_done;
    });
    if (is_done) {
      world.server.stop();
      return false;
    }
  }
  CHECK(world.server.signal_at_end() == SIGKILL);
  return true;
}

json keys_once_done(const World& world) {
  json keys;
  // What a life before had begun may be done first, and the one that was asked for begin only then.
  support::eventually("the rotation is done and one key is left", [&] {
    keys = keys_of(world);
    return keys.at("rotation").at("state") == "done" && keys.at("keys").size() == 1;
  });
  return keys;
}

}  // namespace

TEST_CASE("killed while it seals its secrets anew, the server loses none and ends the rotation") {
  World world(promises::sample_workflow("nps_to_contact"));
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  REQUIRE(world.server.start());
  world.server.stop();
  const int count = accounts_in_ci * promises::test_factor();
  const std::vector<std::string> ids = seal_many_accounts(world, count);

  std::mt19937 random(20270112);
  std::uniform_int_distribution<int> commit(1, commits_of_a_life * promises::test_factor());
  std::vector<std::string> runs;
  int kills = 0;
  int rotations = 0;
  for (int life = 0; kills < kills_of_rotations_in_ci * promises::test_factor(); ++life) {
    const std::string point = life % 2 == 0 ? "sql.before_commit:" : "sql.after_commit:";
    const SurveyResponse response{"R_" + std::to_string(life), 10};
    if (dies_while_it_rotates(world, point + std::to_string(commit(random)), response, runs))
      ++kills;
    else
      ++rotations;
    REQUIRE(life < 50 * promises::test_factor());  // or the kills come at the wrong moments
  }
  REQUIRE(world.server.start());
  world.server.call_as(world.server.operator_token(), "POST", "/keys/rotate");
  const json keys = keys_once_done(world);
  for (const std::string& run : runs) world.server.run_when(run, "succeeded");
  world.server.stop();

  CHECK(keys.at("keys").size() == 1);
  CHECK(keys.at("rotation").at("unreadable") == 0);
  OpenedData data(world);
  int lost = 0;
  for (int i = 0; i < count; ++i) {
    const auto login =
        support::run(data.loop, data.services->accounts.open_login(data.brand(), ids[static_cast<std::size_t>(i)]));
    if (!login || login->refresh_token.reveal() != token_of(i)) ++lost;
  }
  CHECK(lost == 0);
  WARN(kills << " kills of a server that sealed " << 2 * count << " secrets anew, " << rotations
             << " rotations between them that ended; " << lost << " secrets lost");
}
