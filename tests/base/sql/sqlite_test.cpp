// What is SQLite's own: threads, group commit, the file, and the end of the loop.
#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

#include <boost/asio/detached.hpp>

#include "base/sql/sqlite_connection.hpp"
#include "tests/base/sql/test_database.hpp"

using base::sql::DatabaseError;
using base::sql::SqliteConnection;
using base::sql::SqliteDatabase;
using test::note_schema;
using test::TemporaryDirectory;

namespace {

base::awaitable<void> insert_text(base::sql::Database& database, std::string text) {
  base::sql::Statement insert{"INSERT INTO note (text) VALUES ($1)", {std::move(text)}};
  base::sql::Batch batch{std::move(insert)};
  co_await database.apply(std::move(batch));
}

// Holds what a coroutine holds, to see that it was let go.
base::awaitable<void> insert_and_hold(base::sql::Database& database, std::string text, std::shared_ptr<int> held) {
  co_await insert_text(database, std::move(text));
  ++*held;
}

// A child may come before its parent, as long as both are there at the end.
constexpr base::sql::Migration deferred_schema[] = {{1, "families", R"(
  CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE child (parent BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED))"}};

// Counts a refusal.
void start_insert(boost::asio::io_context& loop, base::sql::Database& database, std::string_view text, int& refused) {
  base::sql::Batch batch{base::sql::Statement{text}};
  boost::asio::co_spawn(loop, database.apply(std::move(batch)),
                        [&refused](std::exception_ptr failure, const std::vector<base::sql::Outcome>&) {
                          if (failure) ++refused;
                        });
}

std::int64_t notes_in(const std::string& path) {
  SqliteConnection reader(path, SqliteConnection::Mode::read_only);
  return reader.query({"SELECT count(*) FROM note"}).at(0).integer(0);
}

}  // namespace

TEST_CASE("what one turn of the loop brings is committed together") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, note_schema);

  for (int n = 0; n < 200; ++n)
    boost::asio::co_spawn(loop, insert_text(*database, std::to_string(n)), boost::asio::detached);
  loop.run();

  CHECK(database->statistics().operations == 200);
  CHECK(database->statistics().commits == 1);
}

TEST_CASE("a commit that fails is told to all who are in it, and the next one goes on") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, deferred_schema);
  int refused = 0;

  start_insert(loop, *database, "INSERT INTO child (parent) VALUES (7)", refused);  // judged by COMMIT, not before
  start_insert(loop, *database, "INSERT INTO parent (id) VALUES (1)", refused);
  loop.run();
  CHECK(refused == 2);

  start_insert(loop, *database, "INSERT INTO parent (id) VALUES (1)", refused);
  loop.restart();
  loop.run();
  CHECK(refused == 2);
}

TEST_CASE("a full disk is told to all whose work it undid, and the next one goes on") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, deferred_schema);
  auto fill = [](base::sql::Connection& sql) { sql.execute({"PRAGMA max_page_count = 10"}); };
  test::run(loop, database->transact(fill));
  int refused = 0;

  start_insert(loop, *database, "INSERT INTO parent (id) VALUES (1)", refused);
  start_insert(loop, *database, "INSERT INTO parent (name) VALUES (hex(zeroblob(100000)))", refused);
  loop.restart();
  loop.run();
  CHECK(refused == 2);

  start_insert(loop, *database, "INSERT INTO parent (id) VALUES (1)", refused);
  loop.restart();
  loop.run();
  CHECK(refused == 2);
}

TEST_CASE("an idle writer brings the log home") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, note_schema);

  test::run(loop, insert_text(*database, std::string(100'000, 'x')));

  // Nothing but a checkpoint makes the main file grow. The deadline only ends a test that has failed.
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto size = [&] { return std::filesystem::file_size(directory.file("data.db")); };
  while (size() < 100'000 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(size() > 100'000);
}

TEST_CASE("several readers share the reads") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db"), .readers = 3}, note_schema);
  test::run(loop, insert_text(*database, "one"));
  int seen = 0;
  auto read = [&]() -> base::awaitable<void> {
    base::sql::Statement count{"SELECT count(*) FROM note"};
    base::sql::Rows rows = co_await database->read(std::move(count));
    seen += static_cast<int>(rows.at(0).integer(0));
  };

  for (int n = 0; n < 100; ++n) boost::asio::co_spawn(loop, read(), boost::asio::detached);
  loop.restart();
  loop.run();

  CHECK(seen == 100);
}

TEST_CASE("a database that is closed has done what was asked of it") {
  TemporaryDirectory directory;
  auto held = std::make_shared<int>(0);
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, note_schema);
  boost::asio::co_spawn(loop, insert_and_hold(*database, "one", held), boost::asio::detached);
  loop.poll_one();  // the operation is collected, and not yet handed over

  database.reset();

  CHECK(notes_in(directory.file("data.db")) == 1);
  loop.run();
  CHECK(*held == 1);
}

TEST_CASE("a loop may go before its database") {
  TemporaryDirectory directory;
  auto held = std::make_shared<int>(0);
  auto loop = std::make_unique<boost::asio::io_context>();
  auto database = SqliteDatabase::open(*loop, {.path = directory.file("data.db")}, note_schema);
  for (int n = 0; n < 20; ++n) {
    boost::asio::co_spawn(*loop, insert_and_hold(*database, std::to_string(n), held), boost::asio::detached);
  }
  loop->poll_one();

  loop.reset();

  CHECK(held.use_count() == 1);
  database.reset();
  CHECK(notes_in(directory.file("data.db")) == 1);
}

TEST_CASE("one caller's exception out of the loop does not take the others' wake-up") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, note_schema);
  auto held = std::make_shared<int>(0);
  boost::asio::co_spawn(loop, insert_text(*database, "one"),
                        [](std::exception_ptr) { throw std::runtime_error("leaves run()"); });
  boost::asio::co_spawn(loop, insert_and_hold(*database, "two", held), boost::asio::detached);

  CHECK_THROWS_AS(loop.run(), std::runtime_error);
  loop.run();

  CHECK(*held == 1);
}

TEST_CASE("the log stays short while the database is written") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database =
      SqliteDatabase::open(loop, {.path = directory.file("data.db"), .autocheckpoint_pages = 50}, note_schema);

  for (int n = 0; n < 60; ++n) test::run(loop, insert_text(*database, std::string(20'000, 'x') + std::to_string(n)));

  // 60 times five pages or more would be over a megabyte.
  CHECK(std::filesystem::file_size(directory.file("data.db-wal")) < 400'000);
}

TEST_CASE("a database that cannot be opened says so") {
  boost::asio::io_context loop;

  CHECK_THROWS_AS(SqliteDatabase::open(loop, {.path = "/nowhere/data.db"}, note_schema), DatabaseError);
}

TEST_CASE("a file that is no database is refused") {
  TemporaryDirectory directory;
  std::string path = directory.file("data.db");
  FILE* file = fopen(path.c_str(), "w");
  for (int n = 0; n < 500; ++n) fputs("not a database ", file);
  fclose(file);

  CHECK_THROWS_AS(SqliteConnection(path), DatabaseError);
}

TEST_CASE("a connection that reads cannot write, whatever the statement") {
  TemporaryDirectory directory;
  std::string path = directory.file("data.db");
  SqliteConnection writer(path);
  writer.run_script("CREATE TABLE t (a)");
  SqliteConnection reader(path, SqliteConnection::Mode::read_only);

  CHECK_THROWS_AS(reader.execute({"INSERT INTO t VALUES (1)"}), DatabaseError);
  CHECK_THROWS_AS(reader.run_script("DROP TABLE t"), DatabaseError);
}

TEST_CASE("a text that is not a literal is not mistaken for another at its address") {
  SqliteConnection connection(":memory:");
  std::string text = "SELECT 1";
  CHECK(connection.execute({text}).rows.at(0).integer(0) == 1);

  text.back() = '2';

  CHECK(connection.execute({text}).rows.at(0).integer(0) == 2);
  CHECK(connection.execute_once("SELECT $1 + 1", {std::int64_t{2}}).rows.at(0).integer(0) == 3);
}
