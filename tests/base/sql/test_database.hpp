// A database under test and the loop it completes on, for every kind of database that keeps the contract.
#pragma once

#include <memory>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "base/sql/sqlite.hpp"
#include "tests/support/temporary_directory.hpp"

namespace test {

enum class DatabaseKind { sqlite, sqlite_inline };

inline constexpr base::sql::Migration note_schema[] = {
    {1, "notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE, size BIGINT);"}};

// Runs the loop until `work` has ended.
template <class T>
T run(boost::asio::io_context& loop, base::awaitable<T> work) {
  auto result = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
  loop.restart();
  loop.run();
  return result.get();
}

class TestDatabase {
 public:
  explicit TestDatabase(DatabaseKind kind) {
    std::string path = directory_.file("data.db");
    if (kind == DatabaseKind::sqlite)
      database_ = base::sql::SqliteDatabase::open(loop_, {.path = path}, note_schema);
    else
      database_ = base::sql::open_sqlite_inline(path, note_schema);
  }

  base::sql::Database& database() { return *database_; }
  boost::asio::io_context& loop() { return loop_; }

  std::vector<base::sql::Outcome> apply(base::sql::Batch batch) {
    return run(loop_, database_->apply(std::move(batch)));
  }
  void transact(std::function<void(base::sql::Connection&)> work) { run(loop_, database_->transact(std::move(work))); }
  base::sql::Rows read(base::sql::Statement statement) { return run(loop_, database_->read(std::move(statement))); }

  std::int64_t count_notes() { return read({"SELECT count(*) FROM note"}).at(0).integer(0); }

 private:
  TemporaryDirectory directory_;
  boost::asio::io_context loop_;
  std::unique_ptr<base::sql::Database> database_;
};

}  // namespace test
