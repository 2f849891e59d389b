// What a mapping names besides plain fields: parents by their external ids, and record types by their names.
#pragma once

#include "connectors/salesforce/object_schema.hpp"
#include "tasks/brought_value.hpp"
#include "tasks/response_mapping.hpp"
#include "tasks/schema_names.hpp"
#include "tasks/schema_use.hpp"

namespace tasks {

// A lookup that is not the object's, that leads elsewhere, that cannot be written, or a parent that cannot be named by
// that field; and every value that its key would not take. Precondition: `field.parent`.
void check_parent(SchemaNames& names, const SchemaUse& use, const connectors::salesforce::ObjectSchema& object,
                  const MappedField& field, const BroughtValues& brought);

// Whatever record type the document itself names in `type`: which one a pipe brings is known when it does.
void check_record_type(SchemaNames& names, const connectors::salesforce::ObjectSchema& object, const MappedField& type);

// A new record needs `field`, and some answers leave it out of the record.
void note_may_be_blank(SchemaNames& names, const connectors::salesforce::FieldSchema& field, std::string_view at);

}  // namespace tasks
