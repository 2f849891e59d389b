// Brings a database's schema to the newest number, each step in a transaction of its own.
#pragma once

#include <span>

#include "base/sql/database.hpp"

namespace base::sql {

class SqliteConnection;

// Throws DatabaseError when the file holds a number higher than the program knows.
void migrate(SqliteConnection& connection, std::span<const Migration> migrations);

}  // namespace base::sql
