// A record of nobody, as an org takes it.
#pragma once

#include <cstddef>

#include "base/json_text.hpp"
#include "connectors/salesforce/object_schema.hpp"

namespace app {

// All that the object requires of a new record, and nothing more; another `number` gives other texts.
base::JsonText new_record_of(const connectors::salesforce::ObjectSchema& schema, std::size_t number);

}  // namespace app
