// One mapped field against the org's own field: every value that the document itself holds, and every choice of the
// question behind it.
#pragma once

#include <optional>
#include <string>

#include "base/findings.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "tasks/brought_value.hpp"
#include "tasks/field_value.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

// Literals, values of `map` and of `if_blank: default` that the field would not take, pipes that never bring what it
// takes, and choices of the survey that a restricted picklist lacks. `at` is the field's pointer in the document.
base::Findings check_values(const FieldValue& value, const connectors::salesforce::FieldSchema& field,
                            const std::string& at, const BroughtValues& brought);

// Salesforce makes no record without it, and fills it with nothing by itself.
bool is_required(const connectors::salesforce::FieldSchema& field);
// The same of fields that a record holds itself: of a compound, its parts are what is written (LastName, not Name).
bool is_required_in_record(const connectors::salesforce::FieldSchema& field);
// A record can be named by it: an external id, or what Salesforce itself indexes so.
bool is_record_key(const connectors::salesforce::FieldSchema& field);
// Some response may leave the field out.
bool may_be_blank(const FieldValue& value);

}  // namespace tasks
