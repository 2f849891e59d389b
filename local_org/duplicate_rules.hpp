// The org's duplicate rules: each says by which field a record of an object is taken for one that is there already.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local_org/record_store.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// Throws DUPLICATES_DETECTED when the stored record has the same value as another one in the field of a rule, e.g.
// "Contact.Email". `header` is the call's Sforce-Duplicate-Rule-Header: rules alert, so that one with allowSave=true
// saves the record all the same.
void check_duplicates(const std::vector<std::string>& rules, const Object& object, const std::string& id,
                      RecordStore& store, std::string_view header);

}  // namespace local_org
