// What a request's body asks to set, with names and types checked.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/sql/database.hpp"
#include "local_org/access.hpp"
#include "local_org/record_body.hpp"
#include "local_org/record_store.hpp"
#include "local_org/schema.hpp"

namespace local_org {

using Change = std::pair<const Field*, base::sql::Value>;

// In the body's order. A parent named by its external id ({"Account": {"Ext__c": "x"}}) is looked up and becomes the
// lookup's value. Throws INVALID_FIELD for names that the object does not have or who asks may not read,
// JSON_PARSER_ERROR for values of the wrong type.
std::vector<Change> read_changes(const RecordBody& body, const Object& object, const Access& access,
                                 RecordStore& store);

}  // namespace local_org
