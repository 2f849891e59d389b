// Whether an org would take what is to be written, as far as its own descriptions say: asked before anything runs.
#pragma once

#include <string>
#include <vector>

#include "base/async.hpp"
#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/doctor.hpp"
#include "connectors/salesforce/doctor_facts.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace connectors::salesforce {

// How the org describes the needed objects to the linked user. Read-only, one request an object; what the org does not
// answer for now stays unknown, and nothing more is asked then.
base::awaitable<OrgFacts> describe_needed(Client& client, std::string account_id, OrgNeeds needs);

// What would be refused, whatever the response: a record type or a written field that is not the user's. Pure.
std::vector<Check> misfits(const OrgNeeds& needs, const OrgFacts& facts);

}  // namespace connectors::salesforce
