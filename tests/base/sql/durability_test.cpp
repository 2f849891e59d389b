// What is left when the process or the disk fails.
#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <set>

#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/detached.hpp>

#include "base/sql/sqlite_connection.hpp"
#include "tests/base/child_process.hpp"
#include "tests/base/sql/test_database.hpp"

using base::sql::SqliteConnection;
using base::sql::SqliteDatabase;
using test::ChildProcess;
using test::note_schema;
using test::TemporaryDirectory;

namespace {

std::atomic<int> syncs = 0;
std::atomic<bool> syncing_fails = false;

int sync_for_test(long call, int file) {
  ++syncs;
  if (syncing_fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(call, file));
}

}  // namespace

// The program's own definitions come before libc's, also for SQLite.
extern "C" int fsync(int file) { return sync_for_test(SYS_fsync, file); }
extern "C" int fdatasync(int file) { return sync_for_test(SYS_fdatasync, file); }

namespace {

// One note in two rows, so that a torn batch would show.
base::awaitable<void> insert_pair(base::sql::Database& database, std::int64_t number) {
  base::sql::Statement first{"INSERT INTO note (id, text) VALUES ($1 * 2, NULL)", {number}};
  base::sql::Statement second{"INSERT INTO note (id, text) VALUES ($1 * 2 + 1, NULL)", {number}};
  base::sql::Batch batch{std::move(first), std::move(second)};
  co_await database.apply(std::move(batch));
}

base::awaitable<void> insert_pairs_for_ever(base::sql::Database& database, std::int64_t from, std::int64_t step) {
  for (std::int64_t number = from;; number += step) {
    co_await insert_pair(database, number);
    std::printf("acknowledged %lld\n", static_cast<long long>(number));
    std::fflush(stdout);
  }
}

// Collects the acknowledged numbers of a child's output.
struct Acknowledged {
  std::set<std::int64_t> numbers{};

  bool add(const std::string& line) {
    long long number = 0;
    if (std::sscanf(line.c_str(), "acknowledged %lld\n", &number) != 1 || line.back() != '\n') return !line.empty();
    return numbers.insert(number).second;
  }
};

// As a program that only looks would find them, before anybody has opened the file for writing again.
std::set<std::int64_t> stored_pairs(const std::string& path) {
  SqliteConnection connection(path, SqliteConnection::Mode::read_only);
  std::set<std::int64_t> pairs;
  CHECK(connection.query({"SELECT id / 2 FROM note GROUP BY id / 2 HAVING count(*) <> 2"}).empty());
  for (const auto& row : connection.query({"SELECT DISTINCT id / 2 FROM note"})) pairs.insert(row.integer(0));
  CHECK(connection.query({"PRAGMA integrity_check"}).at(0).text(0) == "ok");
  return pairs;
}

}  // namespace

TEST_CASE("child inserts pairs until it dies", "[.child]") {
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = std::getenv("CHILD_DATABASE")}, note_schema);
  for (std::int64_t n = 0; n < 8; ++n) {
    boost::asio::co_spawn(loop, insert_pairs_for_ever(*database, n, 8), boost::asio::detached);
  }
  loop.run();
}

TEST_CASE("child meets a disk that cannot sync", "[.child]") {
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = std::getenv("CHILD_DATABASE")}, note_schema);
  syncing_fails = true;
  test::run(loop, insert_pair(*database, 1));
  std::puts("acknowledged 1");
}

TEST_CASE("an acknowledged batch has been synced") {
  TemporaryDirectory directory;
  boost::asio::io_context loop;
  auto database = SqliteDatabase::open(loop, {.path = directory.file("data.db")}, note_schema);

  for (std::int64_t n = 1; n <= 5; ++n) {
    int before = syncs;
    test::run(loop, insert_pair(*database, n));
    CHECK(syncs > before);
  }
}

TEST_CASE("what was acknowledged before a kill is there after it") {
  TemporaryDirectory directory;
  std::string path = directory.file("data.db");
  Acknowledged acknowledged;
  ChildProcess child("child inserts pairs until it dies", {{"CHILD_DATABASE", path}});

  while (acknowledged.numbers.size() < 300) REQUIRE(acknowledged.add(child.read_line()));
  child.kill();
  for (std::string line = child.read_line(); acknowledged.add(line); line = child.read_line()) continue;
  CHECK(child.wait_for_signal() == SIGKILL);

  std::set<std::int64_t> stored = stored_pairs(path);
  CHECK(std::includes(stored.begin(), stored.end(), acknowledged.numbers.begin(), acknowledged.numbers.end()));
}

TEST_CASE("a crash around a commit loses nothing that was acknowledged and tears nothing") {
  std::string point = GENERATE("sql.before_commit:20", "sql.after_commit:20");
  TemporaryDirectory directory;
  std::string path = directory.file("data.db");
  Acknowledged acknowledged;
  ChildProcess child("child inserts pairs until it dies", {{"CHILD_DATABASE", path}, {"SLUICE_CRASH_AT", point}});

  for (std::string line = child.read_line(); acknowledged.add(line); line = child.read_line()) continue;
  CHECK(child.wait_for_signal() == SIGKILL);

  std::set<std::int64_t> stored = stored_pairs(path);
  CHECK(acknowledged.numbers.size() >= 19);
  CHECK(std::includes(stored.begin(), stored.end(), acknowledged.numbers.begin(), acknowledged.numbers.end()));
  // The twentieth commit is what tells the two points apart.
  CHECK((stored.size() > acknowledged.numbers.size()) == (point == "sql.after_commit:20"));
}

TEST_CASE("a disk that cannot sync ends the process and nothing is acknowledged") {
  TemporaryDirectory directory;
  ChildProcess child("child meets a disk that cannot sync", {{"CHILD_DATABASE", directory.file("data.db")}});

  std::string output = child.read_rest();

  CHECK(child.wait_for_signal() == SIGABRT);
  CHECK_THAT(output, Catch::Contains("the disk failed"));
  CHECK_THAT(output, !Catch::Contains("acknowledged"));
}
