// The table of sealed secrets, of accounts and of login apps alike: whatever is kept here is part of every change of
// keys.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/sql/database.hpp"
#include "connectors/accounts/secret_vault.hpp"

namespace base::sql {
class SqliteConnection;
}

namespace connectors {

// For a batch: keeps the secret in place of one of the same brand, account and field. An empty secret is not sealed: it
// takes the old one away.
base::sql::Statement keep_secret(SecretVault& vault, const SealContext& context, const base::Secret& secret);
// For a batch: takes away all secrets of an account.
base::sql::Statement wipe_secrets(const std::string& brand, const std::string& account);

// Reads them back, by field. What cannot be opened is the error secret_unreadable; the generation that is stored beside
// a secret must be the one given.
base::sql::Statement select_secrets(const std::string& brand, const std::string& account);
base::Result<std::map<std::string, base::Secret>> open_secrets(const SecretVault& vault, const std::string& brand,
                                                               const std::string& account, std::int64_t generation,
                                                               const base::sql::Rows& rows);

// At start and before the ring is replaced: every key that has sealed something must be in the ring, with the same
// bytes. The errors are key_missing and key_wrong. Notes the keys of the ring, and gives the ids of those that are new.
base::Result<std::vector<std::string>> check_keys(base::sql::Connection& connection, const KeyRing& keys);

// Seals what an older version of the program has left as plain text in linked_account, and takes the plain texts out of
// the file and its write-ahead log. Gives how many secrets were sealed. Safe to be killed at any point.
int seal_plain_secrets(base::sql::SqliteConnection& connection, SecretVault& vault);

}  // namespace connectors
