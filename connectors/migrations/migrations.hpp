// The tables of linked accounts, step by step. A step is never edited after release.
#pragma once

#include <span>

#include "base/sql/database.hpp"

namespace connectors {

// In the order of their numbers.
std::span<const base::sql::Migration> migrations();

// One file each; the first stands with the account store.
base::sql::Migration sealed_secrets_migration(int number);
base::sql::Migration linking_migration(int number);
base::sql::Migration file_logins_migration(int number);
base::sql::Migration schema_memory_migration(int number);

}  // namespace connectors
