// Linked accounts and their shares on a server: kept in the database, looked up in memory.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "connectors/accounts/account_sessions.hpp"

namespace connectors {

// The tables linked_account and account_share, as step `number` of the program's migrations.
base::sql::Migration accounts_migration(int number);

// All changes of accounts go through one store, so that its copy in memory holds what the database holds. Every change
// that the gate must see is committed together with the raising of the brand's auth epoch.
class AccountStore final : public Accounts {
 public:
  // Stands in the same transaction as the change that makes it necessary.
  using RaiseAuthEpoch = std::function<base::sql::Statement(const std::string& brand)>;

  AccountStore(base::sql::Database& database, base::Clock& clock, base::Random& random,
               RaiseAuthEpoch raise_auth_epoch);

  // Reads all that is stored. Once, before anything else.
  base::awaitable<void> load();
  // Called after every commit that raised an epoch, with the brand and the account's id. `remade`: its login data is
  // another now, so sessions at hand must be forgotten.
  void on_change(std::function<void(const std::string& brand, const std::string& account_id, bool remade)> observer);

  // Gives the account its id and state; what else it holds is kept as it is.
  base::awaitable<std::string> create(std::string brand, LinkedAccount account);
  // `with` is a user id, or "brand". These four are false where the brand has no such account (any more).
  base::awaitable<bool> share(std::string brand, std::string account_id, std::string with);
  // Kept as revoked, so that "was shared" can be told from "never was"; false too when it was not shared.
  base::awaitable<bool> unshare(std::string brand, std::string account_id, std::string with);
  // New login data, state ok.
  base::awaitable<bool> refresh(std::string brand, std::string account_id, Login login);
  // The row stays, without its secrets.
  base::awaitable<bool> remove(std::string brand, std::string account_id);

  // Every account of the brand, in the order of linking, removed ones too.
  std::vector<LinkedAccount> list(std::string_view brand) const;
  // Also a removed one; nullopt when the brand never had it.
  std::optional<LinkedAccount> look_up(std::string_view brand, std::string_view account_id) const;

  std::optional<LinkedAccount> find(std::string_view account_id) const override;
  base::awaitable<void> logged_in(std::string account_id, Login login, std::string org_id, std::string user) override;
  base::awaitable<void> expired(std::string account_id, std::string reason) override;

 private:
  struct Kept {
    std::string brand;
    LinkedAccount account;
    // While new login data is on its way to the disk, what an old login still brings must not overwrite or expire it.
    int refreshes_under_way = 0;
  };

  struct Refreshing {
    Kept& kept;
    explicit Refreshing(Kept& account) : kept(account) { ++kept.refreshes_under_way; }
    Refreshing(const Refreshing&) = delete;
    Refreshing& operator=(const Refreshing&) = delete;
    ~Refreshing() { --kept.refreshes_under_way; }
  };

  // The account of that brand, unless it is removed.
  Kept* usable(std::string_view brand, std::string_view account_id);
  base::awaitable<void> commit(std::string brand, base::sql::Batch batch);
  void tell(const std::string& brand, const std::string& account_id, bool remade);

  base::sql::Database& database_;
  base::Clock& clock_;
  base::Random& random_;
  RaiseAuthEpoch raise_auth_epoch_;
  std::function<void(const std::string&, const std::string&, bool)> observer_;
  std::vector<std::string> order_;                  // ids, in the order of linking
  std::unordered_map<std::string, Kept> accounts_;  // by id
};

}  // namespace connectors
