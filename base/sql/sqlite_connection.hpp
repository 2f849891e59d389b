// One synchronous SQLite connection with kept prepared statements. The only user of sqlite3.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/sql/database.hpp"

namespace base::sql {

class SqliteConnection final : public Connection {
 public:
  enum class Mode { read_write, read_only };

  // ":memory:" is a database of its own. Throws DatabaseError.
  explicit SqliteConnection(const std::string& path, Mode mode = Mode::read_write);
  SqliteConnection(SqliteConnection&&) noexcept;
  ~SqliteConnection() override;

  // Keeps the prepared statement by the text's address.
  Outcome execute(const Statement& statement) override;
  // For texts made at run time: prepared, run, forgotten.
  Outcome execute_once(const std::string& text, std::vector<Value> parameters = {});
  // Several statements without parameters or results, e.g. DDL.
  void run_script(std::string_view script);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace base::sql
