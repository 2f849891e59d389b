// The rows of linked accounts, their shares, slots and refreshes: every SQL text of the account store.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/sql/database.hpp"
#include "connectors/accounts/account_sessions.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/accounts/refresh_decision.hpp"
#include "connectors/accounts/secret_vault.hpp"

namespace connectors::account_rows {

base::sql::Statement select_accounts();
// One row of it: an account without shares.
KeptAccount stored_account(const base::sql::Row& row);
// (brand, account id, with whom, revoked)
base::sql::Statement select_shares();

base::sql::Statement insert_account(const std::string& brand, const LinkedAccount& account);
base::sql::Statement update_name(const std::string& brand, const std::string& id, const std::string& name);
// All of a login but its secrets, and the generation; state ok; no claim stands any more.
base::sql::Statement update_login(const std::string& brand, const LinkedAccount& account);
base::sql::Statement update_as_ok(const std::string& brand, const std::string& id);
base::sql::Statement update_as_removed(const std::string& brand, const std::string& id);
// What a refresh has brought; only while that claim stands.
base::sql::Statement update_as_logged_in(const std::string& brand, const LinkedAccount& account,
                                         const std::string& attempt);
base::sql::Statement update_as_lost(const std::string& brand, const std::string& id, const std::string& attempt,
                                    AccountState state, const std::string& reason);
base::sql::Statement upsert_share(const std::string& brand, const std::string& id, const Share& share);

// The secrets of a login, sealed for the account's generation.
void keep_secrets(base::sql::Batch& batch, SecretVault& vault, const std::string& brand, const LinkedAccount& account,
                  const Login& login);
// The login with what open_secrets() has brought.
Login with_secrets(Login login, std::map<std::string, base::Secret> secrets);
// Behind keep_secrets(): an account that was removed meanwhile has none.
base::sql::Statement wipe_secrets_of_removed(const std::string& brand, const std::string& id);

base::sql::Statement select_refresh(const std::string& brand, const std::string& id);
RefreshRow refresh_row(const base::sql::Row& row);

// Compare-and-set: the row changes only if it still holds what `row` says.
base::sql::Statement take_claim(const std::string& brand, const std::string& id, const RefreshRow& row,
                                const RefreshClaim& claim, RefreshDecision decision);
base::sql::Statement give_claim_back(const std::string& brand, const std::string& id, const std::string& attempt);

base::sql::Statement free_slots_run_out(const std::string& brand, const std::string& user, base::TimePoint now);
base::sql::Statement take_slot(const SlotReservation& reservation, base::TimePoint until);
base::sql::Statement prolong_slot(const SlotReservation& reservation, base::TimePoint now, base::TimePoint until);
base::sql::Statement fill_slot(const SlotReservation& reservation, const std::string& account_id);
base::sql::Statement free_slot(const SlotReservation& reservation);
base::sql::Statement free_slot_of(const std::string& brand, const std::string& account_id);

}  // namespace connectors::account_rows
