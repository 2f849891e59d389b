// The org's records in SQLite: one table per object, made from its describe.
#include "local_org/record_store.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace local_org {
namespace {

namespace sql = base::sql;

// Queries differ without end; only so many are kept prepared.
constexpr std::size_t kept_texts_max = 1000;

std::string_view column_type(const Field& field) {
  switch (field.type) {
    case FieldType::boolean:
    case FieldType::integer:
    case FieldType::datetime: return "INTEGER";
    case FieldType::number: return "REAL";
    default: break;
  }
  // Texts compare without regard to case, except where a unique field asks for it; ids always mind it.
  return field.is_text() && !field.case_sensitive ? "TEXT COLLATE NOCASE" : "TEXT";
}

std::string column_definition(const Field& field) {
  return fmt::format("{} {}{}", quoted_name(field.name), column_type(field),
                     field.type == FieldType::id ? " NOT NULL UNIQUE" : "");
}

std::string columns_of(const Object& object) {
  std::string columns;
  for (const Field& field : object.fields) {
    if (field.stored()) columns.append(columns.empty() ? "" : ", ").append(quoted_name(field.name));
  }
  return columns;
}

std::string insert_text(const Object& object) {
  std::string places = "$1";
  int place = 1;
  for (const Field& field : object.fields) {
    if (field.stored()) places += fmt::format(", ${}", ++place);
  }
  return fmt::format("INSERT INTO {} ({}, {}) VALUES ({})", quoted_name(object.name), number_column, columns_of(object),
                     places);
}

std::string update_text(const Object& object) {
  std::string assignments;
  int place = 0;
  for (const Field& field : object.fields) {
    if (!field.stored()) continue;
    assignments += fmt::format("{}{} = ${}", place == 0 ? "" : ", ", quoted_name(field.name), place + 1);
    ++place;
  }
  return fmt::format("UPDATE {} SET {} WHERE \"Id\" = ${}", quoted_name(object.name), assignments, place + 1);
}

std::vector<sql::Value> stored_values(const Object& object, const Record& record) {
  std::vector<sql::Value> values;
  for (std::size_t i = 0; i < object.fields.size(); ++i) {
    if (object.fields[i].stored()) values.push_back(record[i]);
  }
  return values;
}

}  // namespace

const std::string& record_id(const Object& object, const Record& record) {
  return std::get<std::string>(record[object.index_of(*object.find("Id"))]);
}

std::string quoted_name(std::string_view name) { return fmt::format("\"{}\"", name); }

RecordStore::RecordStore(const std::string& path, const Schema& schema) : connection_(path) {
  // A local org may lose its last records in a power cut; it never loses its shape.
  connection_.run_script("PRAGMA synchronous = NORMAL");
  connection_.run_script("CREATE TABLE IF NOT EXISTS \"_setting\" (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
  for (const Object& object : schema.objects()) {
    create_table(object);
    add_missing_columns(object);
    create_indexes(object);
    const sql::Rows rows =
        execute(fmt::format("SELECT coalesce(max({}), 0) FROM {}", number_column, quoted_name(object.name)), {}).rows;
    numbers_[&object] = rows.front().integer(0);
    writes_[&object] = 0;
  }
}

void RecordStore::create_table(const Object& object) {
  std::string columns = std::string(number_column) + " INTEGER PRIMARY KEY";
  for (const Field& field : object.fields) {
    if (field.stored()) columns += ", " + column_definition(field);
  }
  connection_.run_script(fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", quoted_name(object.name), columns));
}

void RecordStore::add_missing_columns(const Object& object) {
  const sql::Rows known = connection_.execute_once("SELECT name FROM pragma_table_info($1)", {object.name}).rows;
  for (const Field& field : object.fields) {
    const bool is_known =
        std::any_of(known.begin(), known.end(), [&](const sql::Row& row) { return row.text(0) == field.name; });
    if (is_known || !field.stored()) continue;
    connection_.run_script(
        fmt::format("ALTER TABLE {} ADD COLUMN {}", quoted_name(object.name), column_definition(field)));
    if (field.type != FieldType::boolean) continue;
    connection_.run_script(fmt::format("UPDATE {} SET {} = {}", quoted_name(object.name), quoted_name(field.name),
                                       field.default_checked ? 1 : 0));
  }
}

// What rules and clients look up: external ids, and lookups, which a deleted parent clears. Every record has an owner
// and an author, so an index by user would cost more than it serves.
void RecordStore::create_indexes(const Object& object) {
  for (const Field& field : object.fields) {
    const bool points_at_records = field.is_lookup() && std::find(field.references.begin(), field.references.end(),
                                                                  "User") == field.references.end();
    if (!field.unique && !field.id_lookup && !points_at_records) continue;
    if (field.type == FieldType::id) continue;
    connection_.run_script(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {} ({})",
                                       quoted_name(object.name + "." + field.name), quoted_name(object.name),
                                       quoted_name(field.name)));
  }
}

void RecordStore::insert(const Object& object, const Record& record) {
  std::vector<sql::Value> values = stored_values(object, record);
  values.insert(values.begin(), next_number(object));
  execute(insert_text(object), std::move(values));
  ++numbers_.at(&object);
  ++writes_.at(&object);
}

void RecordStore::update(const Object& object, const Record& record) {
  std::vector<sql::Value> values = stored_values(object, record);
  values.emplace_back(record_id(object, record));
  execute(update_text(object), std::move(values));
  ++writes_.at(&object);
}

void RecordStore::clear(const Object& object) {
  execute(fmt::format("DELETE FROM {}", quoted_name(object.name)), {});
  numbers_.at(&object) = 0;
}

std::optional<Record> RecordStore::find(const Object& object, std::string_view id) {
  sql::Rows rows =
      execute(fmt::format("SELECT {} FROM {} WHERE \"Id\" = $1", columns_of(object), quoted_name(object.name)),
              {std::string(id)})
          .rows;
  if (rows.empty()) return std::nullopt;
  Record record(object.fields.size());
  auto value = rows.front().values.begin();
  for (std::size_t i = 0; i < object.fields.size(); ++i) {
    if (object.fields[i].stored()) record[i] = std::move(*value++);
  }
  return record;
}

std::vector<std::string> RecordStore::find_ids(const Object& object, const Field& field,
                                               const base::sql::Value& value) {
  const std::string living = object.soft_deletes ? " AND \"IsDeleted\" = 0" : "";
  const sql::Rows rows = execute(fmt::format("SELECT \"Id\" FROM {} WHERE {} = $1{} ORDER BY {}",
                                             quoted_name(object.name), quoted_name(field.name), living, number_column),
                                 {value})
                             .rows;
  std::vector<std::string> ids;
  for (const sql::Row& row : rows) ids.push_back(row.text(0));
  return ids;
}

std::vector<std::string> RecordStore::all_ids(const Object& object) {
  const sql::Rows rows =
      execute(fmt::format("SELECT \"Id\" FROM {} ORDER BY {}", quoted_name(object.name), number_column), {}).rows;
  std::vector<std::string> ids;
  for (const sql::Row& row : rows) ids.push_back(row.text(0));
  return ids;
}

base::sql::Rows RecordStore::select(const std::string& text, std::vector<base::sql::Value> parameters) {
  if (texts_.size() >= kept_texts_max && !texts_.contains(text)) {
    return connection_.execute_once(text, std::move(parameters)).rows;
  }
  return execute(text, std::move(parameters)).rows;
}

std::optional<std::string> RecordStore::setting(std::string_view name) {
  const sql::Rows rows =
      connection_.execute({"SELECT value FROM \"_setting\" WHERE name = $1", {std::string(name)}}).rows;
  return rows.empty() ? std::nullopt : std::optional(rows.front().text(0));
}

void RecordStore::set_setting(std::string_view name, std::string_view value) {
  connection_.execute(
      {"INSERT INTO \"_setting\" (name, value) VALUES ($1, $2)"
       " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
       {std::string(name), std::string(value)}});
}

base::sql::Outcome RecordStore::execute(const std::string& text, std::vector<base::sql::Value> parameters) {
  return connection_.execute({*texts_.insert(text).first, std::move(parameters)});
}

RecordStore::Transaction::Transaction(RecordStore& store) : store_(store), numbers_(store.numbers_) {
  store_.connection_.execute({"BEGIN IMMEDIATE"});
}

RecordStore::Transaction::~Transaction() {
  if (!open_) return;
  store_.numbers_ = std::move(numbers_);
  try {
    store_.connection_.execute({"ROLLBACK"});
  } catch (const sql::DatabaseError&) {
    // SQLite has rolled back by itself when the statement before failed badly enough.
  }
}

void RecordStore::Transaction::commit() {
  store_.connection_.execute({"COMMIT"});
  open_ = false;
}

}  // namespace local_org
