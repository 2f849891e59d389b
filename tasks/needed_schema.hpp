// What an org says of the objects that somebody needs of it, asked of the org itself.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "connectors/salesforce/org_needs.hpp"
#include "tasks/org_knowledge.hpp"
#include "tasks/org_schema.hpp"

namespace tasks {

// The objects of `needs`, and those to which their paths lead (Account.Owner.Name), as they are now. One that the org
// lacks is left out; an org that does not say, within `patience` an object, is an error. Precondition:
// knowledge.can_ask().
base::awaitable<base::Result<OrgSchema>> needed_schema(OrgKnowledge& knowledge, std::string account_id,
                                                       connectors::salesforce::OrgNeeds needs, base::Duration patience);

}  // namespace tasks
