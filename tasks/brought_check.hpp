// What a mapped field's pipes bring, against the org's own field: what it never takes, whatever is answered.
#pragma once

#include <string>
#include <string_view>

#include "base/findings.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "tasks/brought_value.hpp"
#include "tasks/field_value.hpp"

namespace tasks {

// Of `source`, which is the field's value or what stands for a blank one. `at` is its pointer in the document. A
// literal has no finding here.
base::Findings check_brought(const FieldValue::Source& source, const Conversion& conversion,
                             const connectors::salesforce::FieldSchema& field, const std::string& at,
                             const BroughtValues& brought);

// An id that the document itself holds, in a lookup or where a record is named: "" where it may be one of the field's
// objects, else what it is instead. Precondition: it is an id.
std::string what_else_is_named_by(std::string_view id, const connectors::salesforce::FieldSchema& field,
                                  const OrgSchema& org);

// The finding of both.
base::Finding id_of_another(const connectors::salesforce::FieldSchema& field, std::string pointer,
                            const std::string& what);

}  // namespace tasks
