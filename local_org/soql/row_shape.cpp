// Which columns of an SQL row make which part of a record.
#include "local_org/soql/row_shape.hpp"

#include "local_org/field_value.hpp"
#include "local_org/record_json.hpp"

namespace local_org::soql {

void write_record(base::JsonWriter& json, const RowShape& shape, const base::sql::Row& row,
                  std::string_view rest_path) {
  json.begin_object();
  write_attributes(json, *shape.object, row.text(shape.id_column), rest_path);
  for (const RowItem& item : shape.items) {
    if (!item.parent.empty()) {
      json.key(item.relationship);
      const RowShape& parent = item.parent.front();
      if (row.is_null(parent.id_column)) {
        json.null();
      } else {
        write_record(json, parent, row, rest_path);
      }
      continue;
    }
    json.key(item.field->name);
    if (item.field->stored()) {
      write_field_value(json, *item.field, row.values.at(item.columns.front()));
      continue;
    }
    std::vector<CompoundPart> parts;
    const std::vector<const Field*> fields = shape.object->parts_of(item.field->name);
    for (std::size_t i = 0; i < fields.size(); ++i) parts.push_back({fields[i], &row.values.at(item.columns[i])});
    write_compound(json, *item.field, parts);
  }
  json.end_object();
}

}  // namespace local_org::soql
