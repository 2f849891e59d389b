// Many callers' operations in one transaction: one fsync for all, and each all or nothing by itself.
#pragma once

#include <exception>
#include <memory>
#include <vector>

#include "base/sql/sqlite_connection.hpp"

namespace base::sql {

// What one caller waits for: runs on a database thread, completes on the loop's.
class Operation {
 public:
  virtual ~Operation() = default;
  virtual void run(SqliteConnection& connection) = 0;
  // Wakes the caller with the result or with `failure`.
  virtual void complete() = 0;

  std::exception_ptr failure{};
};

using Operations = std::vector<std::unique_ptr<Operation>>;

// Commits what succeeds; whatever fails, or all when the commit itself does, has its `failure` set. Ends the process
// when the disk fails during the commit: whether it holds the transaction nobody knows then, and only a restart finds
// out.
void commit_group(SqliteConnection& connection, const Operations& group);

// Says so on stderr and aborts.
[[noreturn]] void end_for_failed_disk(const SqliteError& error);

}  // namespace base::sql
