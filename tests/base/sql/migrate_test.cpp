// Schema steps.
#include <catch2/catch.hpp>

#include "base/sql/migrate.hpp"
#include "base/sql/sqlite_connection.hpp"

using base::sql::DatabaseError;
using base::sql::migrate;
using base::sql::Migration;
using base::sql::SqliteConnection;

namespace {

constexpr Migration people_step{
    1, "people", "CREATE TABLE person (id INTEGER PRIMARY KEY); CREATE TABLE brand (id INTEGER PRIMARY KEY);"};
constexpr Migration names_step{2, "names", "ALTER TABLE person ADD COLUMN name TEXT;"};
constexpr Migration broken_step{3, "broken", "CREATE TABLE extra (id INTEGER); CREATE TABLE person (id INTEGER);"};

std::int64_t applied_steps(SqliteConnection& connection) {
  return connection.query({"SELECT count(*) FROM schema_migration"}).at(0).integer(0);
}

}  // namespace

TEST_CASE("migrating runs each step once") {
  SqliteConnection connection(":memory:");
  migrate(connection, std::vector{people_step});

  migrate(connection, std::vector{people_step, names_step});
  migrate(connection, std::vector{people_step, names_step});

  CHECK(applied_steps(connection) == 2);
  CHECK(connection.query({"SELECT id, name FROM person"}).empty());
}

TEST_CASE("a step notes its name and time") {
  SqliteConnection connection(":memory:");

  migrate(connection, std::vector{people_step});

  auto row = connection.query({"SELECT number, name, applied_at FROM schema_migration"}).at(0);
  CHECK(row.integer(0) == 1);
  CHECK(row.text(1) == "people");
  CHECK(row.integer(2) > 1'700'000'000'000);  // milliseconds of this century
}

TEST_CASE("a file of a newer program is refused and left alone") {
  SqliteConnection connection(":memory:");
  migrate(connection, std::vector{people_step, names_step});

  CHECK_THROWS_WITH(migrate(connection, std::vector{people_step}), Catch::Contains("newer"));
  CHECK(applied_steps(connection) == 2);
}

TEST_CASE("a file of another program is refused") {
  SqliteConnection connection(":memory:");
  migrate(connection, std::vector{people_step});

  CHECK_THROWS_WITH(migrate(connection, std::vector{Migration{1, "objects", "SELECT 1"}}), Catch::Contains("people"));
}

TEST_CASE("a step that fails leaves nothing behind, and the steps before it stay") {
  SqliteConnection connection(":memory:");

  CHECK_THROWS_AS(migrate(connection, std::vector{people_step, names_step, broken_step}), DatabaseError);

  CHECK(applied_steps(connection) == 2);
  CHECK_THROWS_AS(connection.query({"SELECT id FROM extra"}), DatabaseError);
}
