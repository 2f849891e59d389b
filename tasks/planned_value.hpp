// A field's value as an org keeps it, and when two are the same: what a plan compares by. No I/O.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/value.hpp"
#include "connectors/salesforce/object_schema.hpp"

namespace tasks {

// A record's values by the folded names of its fields; a parent's stand under their path: account.name.
using RecordValues = std::map<std::string, base::Value>;
// Values to write, in their order and by the names that the document has.
using NamedValues = std::vector<std::pair<std::string, base::Value>>;

struct FieldDifference {
  std::string field;  // as the org spells it
  base::Value before{};
  base::Value after{};

  friend bool operator==(const FieldDifference&, const FieldDifference&) = default;
};

// What the org would answer once `value` was written: rounded, in UTC, choices in the org's order, ids whole, an empty
// text as nothing.
base::Value stored_value(base::Value value, const connectors::salesforce::FieldSchema& field);

// A point in time as the org answers it.
base::Value stored_moment(base::TimePoint at);

// Whether a record that holds the one would be no other if it held the other.
bool is_same_value(const base::Value& a, const base::Value& b, const connectors::salesforce::FieldSchema& field);

// Whether a search for `sought` finds a record that holds `held`. Capitals make no difference, but where the field
// says so; a blank finds nothing.
bool is_found_by(const base::Value& held, const base::Value& sought, const connectors::salesforce::FieldSchema& field);

// The same text for any two values of which a search for the one finds the other; never empty. Neither is blank.
std::string search_key(const base::Value& value, const connectors::salesforce::FieldSchema& field);

// The fields that would change, in the order they are written; a field that the schema lacks is compared as a text.
std::vector<FieldDifference> differences(const connectors::salesforce::ObjectSchema& schema, const RecordValues& before,
                                         const NamedValues& written);

// What a new record holds besides what was written: defaults, and a name that is made of its parts.
RecordValues new_record(const connectors::salesforce::ObjectSchema& schema, const NamedValues& written);
// The record after a write.
void overwrite(RecordValues& record, const connectors::salesforce::ObjectSchema& schema, const NamedValues& written);

// The members of a JSON object, those of objects in it under their path: `Account.Name`. Lists are left out.
base::Result<NamedValues> read_members(std::string_view json);
// The same of each object of a JSON array.
base::Result<std::vector<NamedValues>> read_rows(std::string_view json);

}  // namespace tasks
