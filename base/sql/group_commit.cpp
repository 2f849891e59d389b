// BEGIN, a savepoint per operation, COMMIT.
#include "base/sql/group_commit.hpp"

#include <cstdlib>

#include "base/crash_point.hpp"
#include "base/log.hpp"

namespace base::sql {

namespace {

void run_in_savepoint(SqliteConnection& connection, Operation& operation) {
  connection.execute({"SAVEPOINT operation"});
  try {
    operation.run(connection);
  } catch (...) {
    operation.failure = std::current_exception();
    // A full disk makes SQLite roll back everything, the neighbours' work included.
    if (!connection.in_transaction()) throw;
    connection.execute({"ROLLBACK TO operation"});
  }
  connection.execute({"RELEASE operation"});
}

void commit_or_end(SqliteConnection& connection) {
  crash_point("sql.before_commit");
  try {
    connection.execute({"COMMIT"});
  } catch (const SqliteError& error) {
    if (error.io_failed()) end_for_failed_disk(error);
    throw;
  }
  crash_point("sql.after_commit");
}

void fail_group(SqliteConnection& connection, const Operations& group, const std::exception_ptr& failure) {
  try {
    if (connection.in_transaction()) connection.execute({"ROLLBACK"});
  } catch (const DatabaseError&) {
    // The next BEGIN says what is wrong with this connection, to its own callers.
  }
  for (const auto& operation : group) {
    if (!operation->failure) operation->failure = failure;
  }
}

}  // namespace

void commit_group(SqliteConnection& connection, const Operations& group) {
  try {
    connection.execute({"BEGIN IMMEDIATE"});
    for (const auto& operation : group) run_in_savepoint(connection, *operation);
    commit_or_end(connection);
  } catch (...) {
    fail_group(connection, group, std::current_exception());
  }
}

void end_for_failed_disk(const SqliteError& error) {
  StderrLog().error("the disk failed, the process ends", {{"reason", error.what()}});
  std::abort();
}

}  // namespace base::sql
