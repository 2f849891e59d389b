// The schema's steps, in order, each in a transaction of its own.
#include "base/sql/migrate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/sql/sqlite_connection.hpp"

namespace base::sql {

namespace {

// What the file has already, as this program must know it: a file of a newer or another program is left alone.
std::int64_t newest_applied(SqliteConnection& connection, std::span<const Migration> migrations) {
  std::int64_t newest = 0;
  for (const Row& row : connection.query({"SELECT number, name FROM schema_migration ORDER BY number"})) {
    newest = row.integer(0);
    auto known =
        std::find_if(migrations.begin(), migrations.end(), [&](const Migration& m) { return m.number == newest; });
    if (known == migrations.end()) {
      throw DatabaseError(fmt::format(
          "the database is at step {} ('{}'), which this program does not know: it was made by a newer version", newest,
          row.text(1)));
    }
    if (known->name != row.text(1)) {
      throw DatabaseError(
          fmt::format("step {} of the database is '{}', of this program '{}': it belongs to another program", newest,
                      row.text(1), known->name));
    }
  }
  return newest;
}

void apply_migration(SqliteConnection& connection, const Migration& migration) {
  connection.run_script(migration.sqlite);
  // The database's own time: the column is for people, nothing is decided by it.
  connection.execute({R"(
    INSERT INTO schema_migration (number, name, applied_at)
    VALUES ($1, $2, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)))",
                      {std::int64_t{migration.number}, std::string(migration.name)}});
}

}  // namespace

void migrate(SqliteConnection& connection, std::span<const Migration> migrations) {
  connection.run_script(R"(
    CREATE TABLE IF NOT EXISTS schema_migration (
      number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL))");
  std::int64_t newest = newest_applied(connection, migrations);
  for (const Migration& migration : migrations) {
    if (migration.number <= newest) continue;
    in_transaction(connection, [&](SqliteConnection& step) { apply_migration(step, migration); });
    newest = migration.number;
  }
}

}  // namespace base::sql
