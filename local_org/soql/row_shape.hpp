// Which columns of an SQL row make which part of a record.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"
#include "base/sql/database.hpp"
#include "local_org/schema.hpp"

namespace local_org::soql {

struct RowItem;

// One object's part of the record.
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

// The record as query answers show it: attributes first, then what was selected. `rest_path`: "/services/data/v66.0".
void write_record(base::JsonWriter& json, const RowShape& shape, const base::sql::Row& row, std::string_view rest_path);

}  // namespace local_org::soql
