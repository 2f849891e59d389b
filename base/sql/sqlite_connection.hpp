// One synchronous SQLite connection with kept prepared statements. The only user of sqlite3.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/sql/database.hpp"

namespace base::sql {

// SQLite's own answer, kept so that the writer can tell a broken disk from a broken statement.
class SqliteError final : public DatabaseError {
 public:
  SqliteError(int code, const std::string& message) : DatabaseError(message), code_(code) {}

  // Reading, writing or syncing the file failed.
  bool io_failed() const;

 private:
  int code_;  // extended result code
};

class SqliteConnection final : public Connection {
 public:
  enum class Mode { read_write, read_only };

  // ":memory:" is a database of its own; a file is in WAL mode with synchronous=FULL. Throws DatabaseError.
  explicit SqliteConnection(const std::string& path, Mode mode = Mode::read_write);
  SqliteConnection(SqliteConnection&&) noexcept;
  ~SqliteConnection() override;

  // Keeps the prepared statement by the text's address. $1 … $n must be exactly the given parameters.
  Outcome execute(const Statement& statement) override;
  // The same, but refuses a statement that would write.
  Rows query(const Statement& statement);
  // For texts made at run time: prepared, run, forgotten.
  Outcome execute_once(const std::string& text, std::vector<Value> parameters = {});
  // Several statements without parameters or results, e.g. DDL.
  void run_script(std::string_view script);

  // False too when SQLite itself has rolled back, as it does on a full disk.
  bool in_transaction() const;

  // From now on no commit stops to checkpoint: the caller calls checkpoint() when log_pages() has grown too large.
  void take_over_checkpoints();
  // Pages that the newest commit left in the write-ahead log; counted since take_over_checkpoints().
  int log_pages() const;
  // Copies what no reader holds back into the main file, without waiting for anyone.
  void checkpoint();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs `work` between BEGIN IMMEDIATE and COMMIT; an exception out of it rolls back and goes on.
void in_transaction(SqliteConnection& connection, const std::function<void(SqliteConnection&)>& work);

}  // namespace base::sql
