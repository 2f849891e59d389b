// Statements over sqlite3: prepare once, bind by name, step to the end.
#include "base/sql/sqlite_connection.hpp"

#include <limits>
#include <type_traits>
#include <unordered_map>

#include <fmt/format.h>
#include <sqlite3.h>

namespace base::sql {

// Not in the anonymous namespace, because SqliteConnection::Impl, which is visible outside, is made of them.
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using ConnectionHandle = std::unique_ptr<sqlite3, CloseConnection>;

struct PreparedStatement {
  StatementHandle handle;
  std::string text;
  std::vector<int> places;  // SQLite's index of $1, $2, …: it numbers them by their first appearance
};

namespace {

// The order matters: the page size is fixed by the first write, and WAL must stand before anything is read.
// A text of unknown origin in the schema may not call functions; a damaged cell is found when it is read.
constexpr const char* every_connection = R"(
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA mmap_size = 0;
  PRAGMA foreign_keys = ON;
)";
constexpr const char* writing_connection = R"(
  PRAGMA page_size = 4096;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
)";
// Only recovery after a crash and the last connection's close ever hold the lock that a reader needs.
constexpr int busy_timeout_ms = 5'000;

[[noreturn]] void throw_sqlite_error(sqlite3* connection, std::string_view doing) {
  throw SqliteError(sqlite3_extended_errcode(connection), fmt::format("{} ({})", sqlite3_errmsg(connection), doing));
}

int int_size(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw DatabaseError("an SQL text over 2 GB");
  return static_cast<int>(text.size());
}

PreparedStatement prepare_statement(sqlite3* connection, std::string_view text, unsigned flags) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v3(connection, text.data(), int_size(text), flags, &raw, &rest) != SQLITE_OK) {
    throw_sqlite_error(connection, text);
  }
  PreparedStatement prepared{StatementHandle(raw), std::string(text), {}};
  std::string_view unread = text.substr(static_cast<std::size_t>(rest - text.data()));
  if (!raw || unread.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw DatabaseError(fmt::format("not exactly one statement ({})", text));
  }
  for (int number = 1; number <= sqlite3_bind_parameter_count(raw); ++number) {
    int place = sqlite3_bind_parameter_index(raw, fmt::format("${}", number).c_str());
    if (place == 0) throw DatabaseError(fmt::format("${} is missing among the parameters ({})", number, text));
    prepared.places.push_back(place);
  }
  return prepared;
}

// Texts are bound without a copy: `parameters` must outlive the statement's last step.
void bind_parameters(sqlite3* connection, const PreparedStatement& prepared, const std::vector<Value>& parameters) {
  if (parameters.size() != prepared.places.size()) {
    throw DatabaseError(
        fmt::format("{} parameters given, {} expected ({})", parameters.size(), prepared.places.size(), prepared.text));
  }
  sqlite3_stmt* handle = prepared.handle.get();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    int place = prepared.places[i];
    int code = std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, Null>)
            return sqlite3_bind_null(handle, place);
          else if constexpr (std::is_same_v<T, std::int64_t>)
            return sqlite3_bind_int64(handle, place, value);
          else if constexpr (std::is_same_v<T, double>)
            return sqlite3_bind_double(handle, place, value);
          else
            return sqlite3_bind_text64(handle, place, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
        },
        parameters[i]);
    if (code != SQLITE_OK) throw_sqlite_error(connection, prepared.text);
  }
}

Value read_column(sqlite3_stmt* handle, int column) {
  switch (sqlite3_column_type(handle, column)) {
    case SQLITE_NULL: return Null{};
    case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(handle, column)};
    case SQLITE_FLOAT: return sqlite3_column_double(handle, column);
    default: break;
  }
  const void* bytes = sqlite3_column_blob(handle, column);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle, column));
  return size == 0 ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

Row read_row(sqlite3_stmt* handle) {
  Row row;
  int columns = sqlite3_column_count(handle);
  row.values.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) row.values.push_back(read_column(handle, column));
  return row;
}

// A statement left unfinished would keep its transaction open.
struct ResetStatement {
  sqlite3_stmt* handle;
  ~ResetStatement() { sqlite3_reset(handle); }
};

Outcome run_statement(sqlite3* connection, const PreparedStatement& prepared, const std::vector<Value>& parameters) {
  sqlite3_stmt* handle = prepared.handle.get();
  bind_parameters(connection, prepared, parameters);
  ResetStatement reset{handle};
  Outcome outcome;
  sqlite3_int64 before = sqlite3_total_changes64(connection);
  int code = sqlite3_step(handle);
  for (; code == SQLITE_ROW; code = sqlite3_step(handle)) outcome.rows.push_back(read_row(handle));
  if (code != SQLITE_DONE) throw_sqlite_error(connection, prepared.text);
  // sqlite3_changes() alone still holds the count of the statement before when this one changed nothing.
  if (sqlite3_total_changes64(connection) != before) outcome.changes = sqlite3_changes64(connection);
  return outcome;
}

int note_log_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

bool SqliteError::io_failed() const { return (code_ & 0xff) == SQLITE_IOERR; }

struct SqliteConnection::Impl {
  ConnectionHandle handle;
  std::unordered_map<const char*, PreparedStatement> kept{};  // finalized before the handle closes
  int log_pages = 0;

  const PreparedStatement& prepared(std::string_view text) {
    auto [place, is_new] = kept.try_emplace(text.data());
    // The address may have been given to another text by a caller who did not pass a literal.
    if (!is_new && place->second.text == text) return place->second;
    try {
      place->second = prepare_statement(handle.get(), text, SQLITE_PREPARE_PERSISTENT);
    } catch (...) {
      kept.erase(place);
      throw;
    }
    return place->second;
  }
};

SqliteConnection::SqliteConnection(const std::string& path, Mode mode) : impl_(std::make_unique<Impl>()) {
  bool reads_only = mode == Mode::read_only;
  int flags = SQLITE_OPEN_NOMUTEX | (reads_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  impl_->handle.reset(raw);
  if (!raw) throw DatabaseError("out of memory");
  sqlite3_extended_result_codes(raw, 1);
  if (code != SQLITE_OK) throw_sqlite_error(raw, path);
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  run_script(every_connection);
  if (reads_only) {
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  } else {
    run_script(writing_connection);
  }
}

SqliteConnection::SqliteConnection(SqliteConnection&&) noexcept = default;
SqliteConnection::~SqliteConnection() = default;

Outcome SqliteConnection::execute(const Statement& statement) {
  return run_statement(impl_->handle.get(), impl_->prepared(statement.text), statement.parameters);
}

Rows SqliteConnection::query(const Statement& statement) {
  const PreparedStatement& prepared = impl_->prepared(statement.text);
  if (!sqlite3_stmt_readonly(prepared.handle.get())) {
    throw DatabaseError(fmt::format("a reader may not write ({})", statement.text));
  }
  return run_statement(impl_->handle.get(), prepared, statement.parameters).rows;
}

Outcome SqliteConnection::execute_once(const std::string& text, std::vector<Value> parameters) {
  return run_statement(impl_->handle.get(), prepare_statement(impl_->handle.get(), text, 0), parameters);
}

void SqliteConnection::run_script(std::string_view script) {
  sqlite3* handle = impl_->handle.get();
  if (sqlite3_exec(handle, std::string(script).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw_sqlite_error(handle, script);
  }
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(impl_->handle.get()) == 0; }

// SQLite's own checkpoints are a hook of this kind, which is hereby replaced.
void SqliteConnection::take_over_checkpoints() {
  sqlite3_wal_hook(impl_->handle.get(), note_log_pages, &impl_->log_pages);
}

int SqliteConnection::log_pages() const { return impl_->log_pages; }

void SqliteConnection::checkpoint() {
  sqlite3* handle = impl_->handle.get();
  if (sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) != SQLITE_OK) {
    throw_sqlite_error(handle, "checkpoint");
  }
}

void in_transaction(SqliteConnection& connection, const std::function<void(SqliteConnection&)>& work) {
  connection.execute({"BEGIN IMMEDIATE"});
  try {
    work(connection);
    connection.execute({"COMMIT"});
  } catch (...) {
    if (connection.in_transaction()) connection.execute({"ROLLBACK"});
    throw;
  }
}

}  // namespace base::sql
