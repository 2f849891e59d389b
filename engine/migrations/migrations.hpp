// The engine's tables, step by step. A step is never edited after release.
#pragma once

#include <span>

#include "base/sql/database.hpp"

namespace engine {

// In the order of their numbers.
std::span<const base::sql::Migration> migrations();

// One file each.
base::sql::Migration first_migration(int number);
base::sql::Migration people_migration(int number);
base::sql::Migration authoring_migration(int number);
base::sql::Migration audit_migration(int number);
base::sql::Migration notices_migration(int number);
base::sql::Migration items_migration(int number);
base::sql::Migration causes_migration(int number);

}  // namespace engine
