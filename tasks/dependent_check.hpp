// Dependent picklists of a mapping: which of their values can come together with which of the field they depend on.
#pragma once

#include "connectors/salesforce/object_schema.hpp"
#include "tasks/brought_value.hpp"
#include "tasks/response_mapping.hpp"
#include "tasks/schema_names.hpp"

namespace tasks {

// Every value that the document itself holds or the survey lets people choose, and that the org does not offer beside
// the controlling value it may come with. Nothing about a field whose controlling field is not written with it. An
// error where the document's own values do not go together, a warning where some answers do not.
void check_dependent_picklists(SchemaNames& names, const connectors::salesforce::ObjectSchema& object,
                               const ResponseMapping& written, const BroughtValues& brought);

}  // namespace tasks
