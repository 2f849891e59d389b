// Turns a SOQL query into one SQL statement and the shape of its rows.
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.hpp"
#include "base/sql/database.hpp"
#include "local_org/schema.hpp"
#include "local_org/soql/query.hpp"

namespace local_org::soql {

struct RowItem;

// Which columns of the SQL row make which part of the record.
struct RowShape {
  const Object* object = nullptr;
  std::size_t id_column = 0;
  std::vector<RowItem> items;
};

struct RowItem {
  const Field* field = nullptr;        // null for a parent
  std::vector<std::size_t> columns{};  // one; of an address those of its parts
  std::string relationship{};          // of a parent, as the schema spells it
  std::vector<RowShape> parent{};      // one, or none for a field
};

struct CompiledQuery {
  std::string sql;
  std::vector<base::sql::Value> parameters;
  RowShape shape;
  bool counts = false;  // the statement gives one row with one number
};

// Throws INVALID_TYPE, INVALID_FIELD and the like for names and values that do not fit the schema.
CompiledQuery compile(const Query& query, const Schema& schema, bool deleted_too);

// The record as query answers show it: attributes first, then what was selected. `rest_path`: "/services/data/v66.0".
void write_record(base::JsonWriter& json, const RowShape& shape, const base::sql::Row& row, std::string_view rest_path);

}  // namespace local_org::soql
