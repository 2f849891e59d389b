// Linked accounts in the database: what is kept, what the gate is told of, and what is wiped.
#include "connectors/accounts/account_store.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "base/sql/sqlite.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"

using connectors::AccountState;
using connectors::AccountStore;
using connectors::LinkedAccount;
using support::run;

namespace {

const base::sql::Migration migrations[] = {
    {1, "epoch", "CREATE TABLE epoch (brand TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL);"},
    connectors::accounts_migration(2),
};

base::sql::Statement raise_epoch(const std::string& brand) {
  return {
      "INSERT INTO epoch (brand, number) VALUES ($1, 1) ON CONFLICT (brand) DO UPDATE SET number = epoch.number + 1",
      {brand}};
}

struct StoreWorld {
  boost::asio::io_context loop;
  support::ManualClock clock;
  base::SeededRandom random{7};
  std::unique_ptr<base::sql::Database> database = base::sql::open_sqlite_inline(":memory:", migrations);
  AccountStore store{*database, clock, random, raise_epoch};
  std::vector<std::string> told;

  StoreWorld() {
    store.on_change([this](const std::string& brand, const std::string& id, bool remade) {
      told.push_back(brand + (remade ? " remade " : " ") + id);
    });
  }

  std::string create(LinkedAccount account = support::a_personal_account(), std::string brand = "brd_a") {
    return run(loop, store.create(std::move(brand), std::move(account)));
  }
  std::int64_t epoch(std::string brand = "brd_a") {
    base::sql::Statement statement{"SELECT number FROM epoch WHERE brand = $1", {std::move(brand)}};
    base::sql::Rows rows = run(loop, database->read(std::move(statement)));
    return rows.empty() ? 0 : rows.front().integer(0);
  }
  // The same account as a store sees it that starts on this database.
  std::optional<LinkedAccount> after_restart(const std::string& id, std::string_view brand = "brd_a") {
    AccountStore again(*database, clock, random, raise_epoch);
    run(loop, again.load());
    return again.look_up(brand, id);
  }
};

void check_same(const LinkedAccount& a, const LinkedAccount& b) {
  CHECK(a.id == b.id);
  CHECK(a.name == b.name);
  CHECK(a.origin == b.origin);
  CHECK(a.environment == b.environment);
  CHECK(a.owner == b.owner);
  CHECK(a.login.kind == b.login.kind);
  CHECK(a.login.token_url == b.login.token_url);
  CHECK(a.login.client_id == b.login.client_id);
  CHECK(a.login.client_secret.reveal() == b.login.client_secret.reveal());
  CHECK(a.login.refresh_token.reveal() == b.login.refresh_token.reveal());
  CHECK(a.login.instance_url == b.login.instance_url);
  REQUIRE(a.shares.size() == b.shares.size());
  for (std::size_t i = 0; i < a.shares.size(); ++i) {
    CHECK(a.shares[i].with == b.shares[i].with);
    CHECK(a.shares[i].revoked == b.shares[i].revoked);
  }
  CHECK(a.state == b.state);
  CHECK(a.state_reason == b.state_reason);
  CHECK(a.org_id == b.org_id);
  CHECK(a.salesforce_user == b.salesforce_user);
  CHECK(a.last_success == b.last_success);
}

}  // namespace

TEST_CASE("an account is the same after a restart, through all that happens to it") {
  StoreWorld world;
  LinkedAccount made = support::a_server_account();
  made.shares = {{"usr_ana", false}};
  std::string id = world.create(made);
  auto same_after_restart = [&] { check_same(*world.store.look_up("brd_a", id), *world.after_restart(id)); };

  CHECK(id.substr(0, 4) == "acc_");
  same_after_restart();
  CHECK(run(world.loop, world.store.share("brd_a", id, "brand")));
  CHECK(run(world.loop, world.store.unshare("brd_a", id, "usr_ana")));
  same_after_restart();
  connectors::Login login = support::a_personal_account().login;
  login.refresh_token = base::Secret("rotated");
  run(world.loop, world.store.logged_in(id, login, "00D5e000001N20QEAS", "0055e000004abcdAAA"));
  same_after_restart();
  run(world.loop, world.store.expired(id, "Salesforce refused the login: invalid_grant"));
  same_after_restart();
  CHECK(run(world.loop, world.store.refresh("brd_a", id, support::a_personal_account().login)));
  same_after_restart();
  CHECK(run(world.loop, world.store.remove("brd_a", id)));
  same_after_restart();
}

TEST_CASE("every change that the gate must see raises the epoch once and is told") {
  StoreWorld world;
  std::string id = world.create();
  std::int64_t epoch = world.epoch();
  CHECK(epoch == 1);
  auto raised = [&] { return world.epoch() - std::exchange(epoch, world.epoch()); };

  run(world.loop, world.store.share("brd_a", id, "usr_ana"));
  CHECK(raised() == 1);
  run(world.loop, world.store.unshare("brd_a", id, "usr_ana"));
  CHECK(raised() == 1);
  run(world.loop, world.store.logged_in(id, support::a_personal_account().login, "00D1", "0051"));
  CHECK(raised() == 1);
  run(world.loop, world.store.logged_in(id, support::a_personal_account().login, "00D1", "0051"));
  CHECK(raised() == 0);  // the same identity again
  run(world.loop, world.store.expired(id, "revoked"));
  CHECK(raised() == 1);
  run(world.loop, world.store.refresh("brd_a", id, support::a_personal_account().login));
  CHECK(raised() == 1);
  run(world.loop, world.store.remove("brd_a", id));
  CHECK(raised() == 1);

  CHECK(world.told == std::vector<std::string>{"brd_a " + id, "brd_a " + id, "brd_a " + id, "brd_a " + id,
                                               "brd_a " + id, "brd_a remade " + id, "brd_a remade " + id});
  CHECK(world.epoch("brd_b") == 0);
}

TEST_CASE("a share that is taken back is remembered, and can be given again") {
  StoreWorld world;
  std::string id = world.create();
  run(world.loop, world.store.share("brd_a", id, "usr_ana"));

  CHECK(run(world.loop, world.store.unshare("brd_a", id, "usr_ana")));
  CHECK(world.store.find(id)->shares.at(0).revoked);
  CHECK_FALSE(run(world.loop, world.store.unshare("brd_a", id, "usr_ana")));
  CHECK_FALSE(run(world.loop, world.store.unshare("brd_a", id, "usr_never")));

  CHECK(run(world.loop, world.store.share("brd_a", id, "usr_ana")));
  CHECK_FALSE(world.store.find(id)->shares.at(0).revoked);
  CHECK(world.store.find(id)->shares.size() == 1);
}

TEST_CASE("a removed account leaves its row without secrets, and nothing brings it back") {
  StoreWorld world;
  std::string id = world.create();
  run(world.loop, world.store.remove("brd_a", id));

  CHECK_FALSE(world.store.find(id));
  CHECK_FALSE(run(world.loop, world.store.share("brd_a", id, "brand")));
  CHECK_FALSE(run(world.loop, world.store.refresh("brd_a", id, support::a_personal_account().login)));
  CHECK_FALSE(run(world.loop, world.store.remove("brd_a", id)));
  run(world.loop, world.store.logged_in(id, support::a_personal_account().login, "00D1", "0051"));
  run(world.loop, world.store.expired(id, "revoked"));

  LinkedAccount removed = *world.after_restart(id);
  CHECK(removed.state == AccountState::removed);
  CHECK(removed.login.refresh_token.empty());
  CHECK(removed.login.client_secret.empty());
}

TEST_CASE("a refresh makes an expired account usable again") {
  StoreWorld world;
  std::string id = world.create();
  run(world.loop, world.store.expired(id, "revoked"));
  CHECK(world.store.find(id)->state == AccountState::expired);
  CHECK(world.store.find(id)->state_reason == "revoked");

  run(world.loop, world.store.refresh("brd_a", id, support::a_server_account().login));

  CHECK(world.store.find(id)->state == AccountState::ok);
  CHECK(world.store.find(id)->state_reason == "");
}

TEST_CASE("one brand cannot see or touch the accounts of another") {
  StoreWorld world;
  std::string id = world.create();
  world.create(support::a_server_account(), "brd_b");

  CHECK_FALSE(world.store.look_up("brd_b", id));
  CHECK_FALSE(run(world.loop, world.store.share("brd_b", id, "brand")));
  CHECK_FALSE(run(world.loop, world.store.remove("brd_b", id)));
  CHECK(world.store.list("brd_a").size() == 1);
  CHECK(world.store.list("brd_b").size() == 1);
  CHECK(world.store.find(id));
}
