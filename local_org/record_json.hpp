// Records as REST answers show them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"
#include "base/sql/database.hpp"
#include "local_org/record_store.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// "attributes":{"type":…,"url":…}. `rest_path`: "/services/data/v66.0".
void write_attributes(base::JsonWriter& json, const Object& object, std::string_view id, std::string_view rest_path);

struct CompoundPart {
  const Field* field;
  const base::sql::Value* value;
};

// The value of a compound, its keys in alphabetical order. An address is there even when all of its parts are null, a
// geolocation is not.
void write_compound(base::JsonWriter& json, const Field& compound, const std::vector<CompoundPart>& parts);

// Attributes first, then `fields` in their order.
void write_full_record(base::JsonWriter& json, const Object& object, const Record& record,
                       const std::vector<const Field*>& fields, std::string_view rest_path);

}  // namespace local_org
