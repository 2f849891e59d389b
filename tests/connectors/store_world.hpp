// A store of accounts on a database of its own, with all that it needs, for tests.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/sql/sqlite.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/migrations/migrations.hpp"
#include "tests/connectors/account_builder.hpp"
#include "tests/support/faulty_database.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"

namespace support {

inline const base::sql::Migration account_steps[] = {
    {1, "epoch", "CREATE TABLE epoch (brand TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL);"},
    connectors::accounts_migration(2),
    connectors::sealed_secrets_migration(5),
    connectors::file_logins_migration(9),
};

inline base::sql::Statement raise_test_epoch(const std::string& brand) {
  return {
      "INSERT INTO epoch (brand, number) VALUES ($1, 1) ON CONFLICT (brand) DO UPDATE SET number = epoch.number + 1",
      {brand}};
}

enum class DatabaseThreads { none, own };

struct StoreWorld {
  boost::asio::io_context loop;
  ManualClock clock;
  base::SeededRandom random;
  std::unique_ptr<FaultyDatabase> database;
  connectors::SecretVault vault{connectors::KeyRing::make(random), random};
  connectors::AccountStore store{*database, clock, random, vault, commit_change()};
  std::vector<std::string> told;
  std::vector<std::string> audited;  // "who what"

  // With threads of its own, whatever goes on beside comes between what the database is asked.
  explicit StoreWorld(const std::string& file = ":memory:", DatabaseThreads threads = DatabaseThreads::none,
                      std::uint64_t seed = 7)
      : random(seed), database(std::make_unique<FaultyDatabase>(open_database(file, threads), clock)) {
    store.on_change([this](const std::string& brand, const std::string& id, bool remade) {
      told.push_back(brand + (remade ? " remade " : " ") + id);
    });
  }

  std::unique_ptr<base::sql::Database> open_database(const std::string& file, DatabaseThreads threads) {
    if (threads == DatabaseThreads::none) return base::sql::open_sqlite_inline(file, account_steps);
    return base::sql::SqliteDatabase::open(loop, {.path = file}, account_steps);
  }
  connectors::CommitChange commit_change() {
    return [this](const std::string& brand, connectors::AccountChange change, base::sql::Batch batch, bool raises) {
      return commit(brand, std::move(change), std::move(batch), raises);
    };
  }
  base::awaitable<void> commit(std::string brand, connectors::AccountChange change, base::sql::Batch batch,
                               bool raises) {
    if (raises) batch.push_back(raise_test_epoch(brand));
    co_await database->apply(std::move(batch));
    audited.push_back(change.who + " " + change.what);
  }

  std::string create(connectors::LinkedAccount account = a_personal_account(), std::string brand = "brd_a") {
    return run(loop, store.link_shared("usr_admin", std::move(brand), std::move(account)));
  }
  base::sql::Rows read(std::string_view sql) {
    base::sql::Statement statement{sql};
    return run(loop, database->read(std::move(statement)));
  }
  std::int64_t number(std::string_view sql) { return read(sql).at(0).integer(0); }
  std::int64_t epoch(std::string brand = "brd_a") {
    base::sql::Statement statement{"SELECT number FROM epoch WHERE brand = $1", {std::move(brand)}};
    base::sql::Rows rows = run(loop, database->read(std::move(statement)));
    return rows.empty() ? 0 : rows.front().integer(0);
  }
  connectors::Standing claim(const std::string& id, std::int64_t newer_than = 0) {
    return run(loop, store.claim_refresh(id, newer_than));
  }
  connectors::Login secrets(const std::string& id) { return *run(loop, store.open_login("brd_a", id)); }
  // A refresh from its claim to its end.
  bool log_in(const std::string& id, connectors::Login login, std::string org, std::string user,
              std::int64_t newer_than = 1000) {
    connectors::Standing standing = claim(id, newer_than);
    return standing.claim &&
           run(loop, store.logged_in(id, *standing.claim, std::move(login), {std::move(org), std::move(user), ""},
                                     connectors::Rotation::on));
  }
  bool expire(const std::string& id, std::string reason = "revoked") {
    connectors::Standing standing = claim(id, 1000);
    return standing.claim &&
           run(loop, store.refused(id, *standing.claim, connectors::AccountState::expired, std::move(reason)));
  }
  // How often an account was lost: each time once, or its people hear of it twice.
  std::int64_t times_lost() const {
    return std::count(audited.begin(), audited.end(), "system account.expired") +
           std::count(audited.begin(), audited.end(), "system account.blocked_by_org");
  }
  connectors::Login secrets_of_restarted(const std::string& id) {
    connectors::AccountStore again(*database, clock, random, vault, commit_change());
    run(loop, again.load());
    return *run(loop, again.open_login("brd_a", id));
  }
  // The same account as a store sees it that starts on this database.
  std::optional<connectors::LinkedAccount> after_restart(const std::string& id, std::string_view brand = "brd_a") {
    connectors::AccountStore again(*database, clock, random, vault, commit_change());
    run(loop, again.load());
    return again.look_up(brand, id);
  }
};

}  // namespace support
