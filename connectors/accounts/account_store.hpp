// Linked accounts and their shares on a server: kept in the database, looked up in memory, their secrets sealed.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_text.hpp"
#include "base/random.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "connectors/accounts/account_sessions.hpp"
#include "connectors/accounts/kept_accounts.hpp"
#include "connectors/accounts/secret_vault.hpp"

namespace connectors {

// The tables linked_account and account_share, as step `number` of the program's migrations; the step "sealed secrets"
// adds to them.
base::sql::Migration accounts_migration(int number);

// What has changed, for the brand's audit log: ids and hashes in the details, never secrets.
struct AccountChange {
  std::string who;      // usr_…, "operator" or "system"
  std::string what;     // e.g. "account.shared"
  std::string subject;  // the account's id
  base::JsonText details{};
};

// {"name": "value", …}
base::JsonText change_details(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

// Commits a change together with its audit entry and, where the gate must see it, the raising of the brand's auth
// epoch: one transaction, durable when it resumes.
using CommitChange = std::function<base::awaitable<void>(const std::string& brand, AccountChange change,
                                                         base::sql::Batch batch, bool raises_epoch)>;

// One of a user's five places for personal accounts, held while the login is completed.
struct SlotReservation {
  std::string brand;
  std::string user;
  int slot = 0;
  std::string id;
};
inline constexpr int personal_accounts_max = 5;
inline constexpr base::Duration slot_reservation_life{600'000};

// All changes of accounts go through one store, so that its copy in memory holds what the database holds. `who` is the
// person who makes a change, for the audit log. What it tells of accounts is without secrets.
class AccountStore final : public Accounts {
 public:
  AccountStore(base::sql::Database& database, base::Clock& clock, base::Random& random, SecretVault& vault,
               CommitChange commit_change);

  // Reads all that is stored. Once, before anything else.
  base::awaitable<void> load();
  // Called after every commit that raised an epoch, with the brand and the account's id. `remade`: its login data is
  // another now, so sessions at hand must be forgotten.
  void on_change(std::function<void(const std::string& brand, const std::string& account_id, bool remade)> observer);

  // Personal accounts: a slot is reserved before the login's code is exchanged. The error is account_limit_reached. A
  // reservation that is neither used nor released runs out by itself.
  base::awaitable<base::Result<SlotReservation>> reserve_slot(std::string brand, std::string user);
  base::awaitable<void> release(SlotReservation reservation);
  // Keeps the account, with the secrets in its login, as the user's own in the reserved slot. Gives its id; an error,
  // and nothing kept, when the reservation has run out.
  base::awaitable<base::Result<std::string>> link(std::string who, SlotReservation reservation, LinkedAccount account);
  // Keeps a shared account (origin extensions), shared with nobody but those in `account.shares`.
  base::awaitable<std::string> link_shared(std::string who, std::string brand, LinkedAccount account);

  // The following are false where the brand has no such account (any more).
  // New login data, state ok; id, name, owner, slot, shares and bindings stay. What `identity` leaves empty stays too.
  base::awaitable<bool> relink(std::string who, std::string brand, std::string account_id, Login login,
                               OrgIdentity identity);
  // The login data that is there may be tried again: state ok.
  base::awaitable<bool> try_again(std::string who, std::string brand, std::string account_id);
  base::awaitable<bool> rename(std::string who, std::string brand, std::string account_id, std::string name);
  // `with` is the id of a user or group, or "brand".
  base::awaitable<bool> share(std::string who, std::string brand, std::string account_id, std::string with);
  // Kept as revoked, so that "was shared" can be told from "never was"; false too when it was not shared.
  base::awaitable<bool> unshare(std::string who, std::string brand, std::string account_id, std::string with);
  // The row stays, without its secrets; its slot is free.
  base::awaitable<bool> remove(std::string who, std::string brand, std::string account_id);

  // Every account of the brand, in the order of linking, removed ones too.
  std::vector<LinkedAccount> list(std::string_view brand) const;
  // Also a removed one; nullopt when the brand never had it.
  std::optional<LinkedAccount> look_up(std::string_view brand, std::string_view account_id) const;
  // The login with its secrets, to revoke a token that is replaced or removed. An error when they cannot be opened.
  base::awaitable<base::Result<Login>> open_login(std::string brand, std::string account_id);

  std::optional<LinkedAccount> find(std::string_view account_id) const override;
  base::awaitable<Standing> claim_refresh(std::string account_id, std::int64_t newer_than) override;
  base::awaitable<std::optional<std::int64_t>> logged_in(std::string account_id, RefreshClaim claim, Login login,
                                                         OrgIdentity identity, Rotation rotation) override;
  base::awaitable<bool> refused(std::string account_id, RefreshClaim claim, AccountState state,
                                std::string reason) override;
  base::awaitable<bool> blocked(std::string account_id, std::int64_t generation, std::string reason) override;
  base::awaitable<void> not_refreshed(std::string account_id, RefreshClaim claim) override;

 private:
  base::awaitable<std::string> insert(std::string who, std::string brand, LinkedAccount account,
                                      base::sql::Batch batch);
  // The account becomes expired or blocked_by_org, if `attempt` is the claim that stands ("" for none).
  base::awaitable<bool> lose(std::string account_id, std::string attempt, AccountState state, std::string reason);
  void tell(const std::string& brand, const std::string& account_id, bool remade);

  base::sql::Database& database_;
  base::Clock& clock_;
  base::Random& random_;
  SecretVault& vault_;
  CommitChange commit_change_;
  std::function<void(const std::string&, const std::string&, bool)> observer_;
  KeptAccounts kept_;
};

}  // namespace connectors
