// Linked accounts in the database: what is kept, what the gate is told of, and what is wiped.
#include "connectors/accounts/account_store.hpp"

#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "connectors/errors.hpp"
#include "tests/connectors/store_world.hpp"

using connectors::AccountState;
using connectors::LinkedAccount;
using support::run;
using support::StoreWorld;

namespace {

void check_same(const LinkedAccount& a, const LinkedAccount& b) {
  CHECK(a.id == b.id);
  CHECK(a.name == b.name);
  CHECK(a.origin == b.origin);
  CHECK(a.environment == b.environment);
  CHECK(a.owner == b.owner);
  CHECK(a.login.kind == b.login.kind);
  CHECK(a.login.token_url == b.login.token_url);
  CHECK(a.login.client_id == b.login.client_id);
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
  CHECK(a.linked_at == b.linked_at);
  CHECK(a.slot == b.slot);
  CHECK(a.generation == b.generation);
  CHECK(a.rotation == b.rotation);
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
  CHECK(run(world.loop, world.store.share("usr_admin", "brd_a", id, "brand")));
  CHECK(run(world.loop, world.store.unshare("usr_admin", "brd_a", id, "usr_ana")));
  CHECK(run(world.loop, world.store.rename("usr_admin", "brd_a", id, "another name")));
  same_after_restart();
  connectors::Login login = support::a_personal_account().login;
  login.refresh_token = base::Secret("rotated");
  CHECK(world.log_in(id, login, "00D5e000001N20QEAS", "0055e000004abcdAAA"));
  CHECK(world.secrets(id).refresh_token.reveal() == "rotated");
  same_after_restart();
  CHECK(world.expire(id, "Salesforce refused the login: invalid_grant"));
  same_after_restart();
  CHECK(run(world.loop, world.store.relink("usr_admin", "brd_a", id, support::a_personal_account().login, {})));
  CHECK(world.secrets(id).refresh_token.reveal() == "old refresh");
  same_after_restart();
  CHECK(run(world.loop, world.store.remove("usr_admin", "brd_a", id)));
  same_after_restart();
}

TEST_CASE("every change that the gate must see raises the epoch once, is audited and told") {
  StoreWorld world;
  std::string id = world.create();
  std::int64_t epoch = world.epoch();
  CHECK(epoch == 1);
  auto raised = [&] { return world.epoch() - std::exchange(epoch, world.epoch()); };

  run(world.loop, world.store.share("usr_admin", "brd_a", id, "usr_ana"));
  CHECK(raised() == 1);
  run(world.loop, world.store.unshare("usr_admin", "brd_a", id, "usr_ana"));
  CHECK(raised() == 1);
  REQUIRE(world.log_in(id, support::a_personal_account().login, "00D1", "0051"));
  CHECK(raised() == 1);
  REQUIRE(world.log_in(id, support::a_personal_account().login, "00D1", "0051"));
  CHECK(raised() == 0);  // the same identity again
  REQUIRE(world.expire(id));
  CHECK(raised() == 1);
  run(world.loop, world.store.relink("usr_ana", "brd_a", id, support::a_personal_account().login, {}));
  CHECK(raised() == 1);
  run(world.loop, world.store.remove("usr_admin", "brd_a", id));
  CHECK(raised() == 1);

  CHECK(world.told == std::vector<std::string>{"brd_a " + id, "brd_a " + id, "brd_a " + id, "brd_a " + id,
                                               "brd_a " + id, "brd_a remade " + id, "brd_a remade " + id});
  CHECK(world.audited == std::vector<std::string>{"usr_admin account.linked", "usr_admin account.shared",
                                                  "usr_admin account.unshared", "system account.identified",
                                                  "system account.expired", "usr_ana account.refreshed",
                                                  "usr_admin account.removed"});
  CHECK(world.epoch("brd_b") == 0);
}

TEST_CASE("a share that is taken back is remembered, and can be given again") {
  StoreWorld world;
  std::string id = world.create();
  run(world.loop, world.store.share("usr_admin", "brd_a", id, "usr_ana"));

  CHECK(run(world.loop, world.store.unshare("usr_admin", "brd_a", id, "usr_ana")));
  CHECK(world.store.find(id)->shares.at(0).revoked);
  CHECK_FALSE(run(world.loop, world.store.unshare("usr_admin", "brd_a", id, "usr_ana")));
  CHECK_FALSE(run(world.loop, world.store.unshare("usr_admin", "brd_a", id, "usr_never")));

  CHECK(run(world.loop, world.store.share("usr_admin", "brd_a", id, "usr_ana")));
  CHECK_FALSE(world.store.find(id)->shares.at(0).revoked);
  CHECK(world.store.find(id)->shares.size() == 1);
}

TEST_CASE("a removed account leaves its row without secrets, and nothing brings it back") {
  StoreWorld world;
  std::string id = world.create();
  connectors::RefreshClaim claim = *world.claim(id).claim;
  run(world.loop, world.store.remove("usr_admin", "brd_a", id));

  CHECK_FALSE(world.store.find(id));
  CHECK_FALSE(run(world.loop, world.store.share("usr_admin", "brd_a", id, "brand")));
  CHECK_FALSE(run(world.loop, world.store.relink("usr_admin", "brd_a", id, support::a_personal_account().login, {})));
  CHECK_FALSE(run(world.loop, world.store.remove("usr_admin", "brd_a", id)));
  CHECK_FALSE(run(world.loop,
                  world.store.logged_in(id, claim, support::a_personal_account().login, {}, connectors::Rotation::on)));
  CHECK_FALSE(run(world.loop, world.store.refused(id, claim, AccountState::expired, "revoked")));

  CHECK(world.after_restart(id)->state == AccountState::removed);
  base::sql::Statement left{"SELECT count(*) FROM sealed_secret"};
  CHECK(run(world.loop, world.database->read(left)).at(0).integer(0) == 0);
}

TEST_CASE("an org's refusal blocks the account of that generation, unless somebody is getting it a new token") {
  StoreWorld world;
  const std::string id = world.create();
  const auto block = [&](std::int64_t generation) {
    return run(world.loop, world.store.blocked(id, generation, "the API is off"));
  };
  const std::int64_t generation = world.store.find(id)->generation;
  connectors::RefreshClaim claim = *world.claim(id).claim;
  CHECK_FALSE(block(generation));
  run(world.loop, world.store.not_refreshed(id, claim));
  CHECK_FALSE(block(generation + 1));
  CHECK(world.store.find(id)->state == AccountState::ok);

  CHECK(block(generation));
  CHECK_FALSE(block(generation));
  CHECK(world.after_restart(id)->state == AccountState::blocked_by_org);
  CHECK(world.after_restart(id)->state_reason == "the API is off");
}

TEST_CASE("a lost account is told once, and usable again after new login data or another try") {
  StoreWorld world;
  std::string id = world.create();
  connectors::Standing standing = world.claim(id);
  REQUIRE(standing.claim);
  CHECK(world.store.find(id)->state == AccountState::refreshing);
  CHECK(run(world.loop, world.store.refused(id, *standing.claim, AccountState::blocked_by_org, "ip restricted")));
  CHECK_FALSE(run(world.loop, world.store.refused(id, *standing.claim, AccountState::expired, "revoked")));
  CHECK(world.store.find(id)->state == AccountState::blocked_by_org);
  CHECK(world.store.find(id)->state_reason == "ip restricted");
  CHECK(world.times_lost() == 1);
  CHECK_FALSE(world.claim(id).claim);

  CHECK(run(world.loop, world.store.try_again("usr_admin", "brd_a", id)));
  CHECK(world.store.find(id)->state == AccountState::ok);
  CHECK(world.expire(id));
  CHECK(world.times_lost() == 2);
  CHECK(run(world.loop, world.store.relink("usr_admin", "brd_a", id, support::a_server_account().login, {})));
  CHECK(world.store.find(id)->state == AccountState::ok);
  CHECK(world.store.find(id)->state_reason == "");
}

TEST_CASE("one brand cannot see or touch the accounts of another") {
  StoreWorld world;
  std::string id = world.create();
  world.create(support::a_server_account(), "brd_b");

  CHECK_FALSE(world.store.look_up("brd_b", id));
  CHECK_FALSE(run(world.loop, world.store.share("usr_admin", "brd_b", id, "brand")));
  CHECK_FALSE(run(world.loop, world.store.remove("usr_admin", "brd_b", id)));
  CHECK_FALSE(run(world.loop, world.store.open_login("brd_b", id)));
  CHECK(world.store.list("brd_a").size() == 1);
  CHECK(world.store.list("brd_b").size() == 1);
  CHECK(world.store.find(id));
}

TEST_CASE("what is told of an account holds no secret, and neither do the tables") {
  StoreWorld world;
  std::string id = world.create();

  CHECK(world.store.find(id)->login.client_secret.empty());
  CHECK(world.store.list("brd_a").at(0).login.refresh_token.empty());
  CHECK(world.secrets(id).client_secret.reveal() == "the secret");
  base::sql::Statement all{"SELECT sealed FROM sealed_secret"};
  base::sql::Rows rows = run(world.loop, world.database->read(all));
  CHECK(rows.size() == 2);
  for (const base::sql::Row& row : rows) CHECK(row.text(0).substr(0, 2) == "1.");
}

TEST_CASE("100 logins that end at once leave a user five personal accounts, in five places") {
  StoreWorld world;
  int kept = 0, refused = 0;
  auto link_one = [&]() -> base::awaitable<void> {
    base::Result<connectors::SlotReservation> place = co_await world.store.reserve_slot("brd_a", "usr_ana");
    if (!place) {
      CHECK(place.error().code == connectors::account_limit_reached);
      ++refused;
      co_return;
    }
    connectors::SlotReservation reservation = *place;
    connectors::LinkedAccount account = support::a_personal_account();
    base::Result<std::string> id = co_await world.store.link("usr_ana", std::move(reservation), std::move(account));
    if (id) ++kept;
  };
  for (int i = 0; i < 100; ++i) boost::asio::co_spawn(world.loop, link_one(), boost::asio::detached);
  world.loop.run();

  CHECK(kept == 5);
  CHECK(refused == 95);
  std::set<int> slots;
  for (const LinkedAccount& account : world.store.list("brd_a")) slots.insert(account.slot);
  CHECK(slots == std::set<int>{1, 2, 3, 4, 5});
  CHECK(run(world.loop, world.store.reserve_slot("brd_a", "usr_ben")));
}

TEST_CASE("a place is free again after a release, a removal, or when nobody came back for it") {
  StoreWorld world;
  auto reserve = [&] { return run(world.loop, world.store.reserve_slot("brd_a", "usr_ana")); };
  std::vector<connectors::SlotReservation> places;
  for (int i = 0; i < 5; ++i) places.push_back(*reserve());
  CHECK_FALSE(reserve());

  run(world.loop, world.store.release(places[1]));
  CHECK(reserve()->slot == 2);
  std::string id = *run(world.loop, world.store.link("usr_ana", places[2], support::a_personal_account()));
  run(world.loop, world.store.release(places[2]));  // too late: it is used
  CHECK_FALSE(reserve());
  run(world.loop, world.store.remove("usr_ana", "brd_a", id));
  CHECK(reserve()->slot == 3);

  world.clock.advance(connectors::slot_reservation_life);
  base::Result<std::string> late =
      run(world.loop, world.store.link("usr_ana", places[0], support::a_personal_account()));
  REQUIRE_FALSE(late);
  CHECK(late.error().code == connectors::account_slot_lost);
  for (int i = 0; i < 5; ++i) CHECK(reserve());
}

TEST_CASE("a sealed secret that was moved or put back holds its account and harms no other") {
  for (const char* tampering :
       {"UPDATE sealed_secret SET sealed = (SELECT s.sealed FROM sealed_secret s WHERE s.field = sealed_secret.field "
        "AND s.account <> sealed_secret.account) WHERE field = 'refresh_token'",
        "UPDATE sealed_secret SET sealed = (SELECT s.sealed FROM sealed_secret s WHERE s.field = 'client_secret' "
        "AND s.account = sealed_secret.account) WHERE field = 'refresh_token'",
        "UPDATE linked_account SET generation = 7", "UPDATE sealed_secret SET sealed = 'nonsense'"}) {
    INFO(tampering);
    StoreWorld world;
    std::string id = world.create();
    world.create();
    base::sql::Batch batch{{tampering}};
    run(world.loop, world.database->apply(std::move(batch)));

    connectors::Standing standing = world.claim(id);

    CHECK_FALSE(standing.claim);
    CHECK(standing.account.state == AccountState::expired);
    CHECK(world.store.find(id)->state_reason.find("cannot be opened") != std::string::npos);
    CHECK(world.times_lost() == 1);
    CHECK(run(world.loop, world.store.relink("usr_ana", "brd_a", id, support::a_personal_account().login, {})));
    CHECK(world.claim(id).claim);
  }
}
