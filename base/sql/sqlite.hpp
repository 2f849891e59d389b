// The SQLite driver: one connection writes and checkpoints, with group commit; all others only read.
#pragma once

#include <memory>
#include <span>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/sql/database.hpp"

namespace base::sql {

struct SqliteOptions {
  std::string path;  // ":memory:" only for the inline variant
  int readers = 1;   // at least 1
  int cache_kib = 8192;
  int autocheckpoint_pages = 2000;
};

// Counters since the start, for /metrics and the benchmark.
struct SqliteStatistics {
  std::int64_t commits = 0;
  std::int64_t operations = 0;
};

// Opens or creates the file (WAL, synchronous=FULL), applies missing migrations, and starts the writer. Completions
// come back on the loop's thread. Throws DatabaseError. A failed fsync ends the process: what is on the disk is unknown
// then.
class SqliteDatabase : public Database {
 public:
  static std::unique_ptr<SqliteDatabase> open(boost::asio::io_context& loop, SqliteOptions options,
                                              std::span<const Migration> migrations);
  virtual SqliteStatistics statistics() const = 0;
};

// Without threads: every verb has run when it returns to the loop. For tests and simulation.
std::unique_ptr<Database> open_sqlite_inline(const std::string& path, std::span<const Migration> migrations);

}  // namespace base::sql
