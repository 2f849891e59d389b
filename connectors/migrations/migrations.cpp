#include "connectors/migrations/migrations.hpp"

#include <array>

#include "connectors/accounts/account_store.hpp"

namespace connectors {

// The numbers between are the engine's: all steps stand in one row.
std::span<const base::sql::Migration> migrations() {
  static const std::array steps{accounts_migration(2), sealed_secrets_migration(5), linking_migration(6),
                                file_logins_migration(9), schema_memory_migration(11)};
  return steps;
}

}  // namespace connectors
