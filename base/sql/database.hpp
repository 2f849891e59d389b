// One database behind two verbs: apply() a fixed list of statements in one commit, or transact() with a function.
// SQL is written once in the subset that SQLite and PostgreSQL share: $1 parameters, ON CONFLICT, RETURNING, ids as
// text, times as BIGINT milliseconds, JSON as TEXT.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/async.hpp"

namespace base::sql {

struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};

using Value = std::variant<Null, std::int64_t, double, std::string>;

class Row {
 public:
  std::vector<Value> values;

  bool is_null(std::size_t column) const { return std::holds_alternative<Null>(values.at(column)); }
  std::int64_t integer(std::size_t column) const { return std::get<std::int64_t>(values.at(column)); }
  const std::string& text(std::size_t column) const { return std::get<std::string>(values.at(column)); }
  std::string text_or(std::size_t column, std::string other) const { return is_null(column) ? other : text(column); }
  std::int64_t integer_or(std::size_t column, std::int64_t other) const {
    return is_null(column) ? other : integer(column);
  }
};

using Rows = std::vector<Row>;

// The text must live as long as the program (a literal): prepared statements are kept by its address.
struct Statement {
  std::string_view text;
  std::vector<Value> parameters{};  // $1 is parameters[0]
};

struct Outcome {
  std::int64_t changes = 0;  // rows inserted, updated or deleted
  Rows rows{};               // of RETURNING or SELECT
};

using Batch = std::vector<Statement>;

// The disk, the file or the server gave up; only an operator can help. A constraint that was broken is one too: the SQL
// says ON CONFLICT where a conflict is expected.
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a function inside transact() works with, on the database's own thread.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Outcome execute(const Statement& statement) = 0;
};

class Database {
 public:
  virtual ~Database() = default;

  // All or nothing, durable (fsync) when it resumes; one outcome per statement. Throws DatabaseError; a failing
  // batch does not take its neighbours in the same group commit with it.
  virtual awaitable<std::vector<Outcome>> apply(Batch batch) = 0;

  // The same for a function, which may read what it wrote. An exception out of it rolls back and is rethrown to the
  // caller. Pass the lambda by reference or as a named variable (GCC 12 destroys captured temporaries twice).
  virtual awaitable<void> transact(std::function<void(Connection&)> work) = 0;

  // Reads from a consistent snapshot that holds at least all that was applied before.
  virtual awaitable<Rows> read(Statement statement) = 0;

  // Dialect words: " FOR SHARE" on PostgreSQL, "" on SQLite, and the like.
  virtual std::string_view for_share() const = 0;
};

// A numbered step of the schema. Never edited after release.
struct Migration {
  int number;
  std::string_view name;
  std::string_view sqlite;  // DDL, statements separated by ;
};

}  // namespace base::sql
