// The org's active assignment rules: each gives the new records of an object to a user.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local_org/org.hpp"

namespace local_org {

// Gives a record that was just made its owner by a rule, e.g. "Case=maria@example.com"; Account, Case and Lead have
// such rules. `header` is the call's Sforce-Auto-Assign: FALSE leaves the record with whoever made it; TRUE, a rule's
// id and none at all let the object's rule decide. Without a rule for the object, or a user of that name, nothing
// happens.
void assign(const std::vector<std::string>& rules, const Object& object, const std::string& id, Org& org,
            std::string_view header);

}  // namespace local_org
