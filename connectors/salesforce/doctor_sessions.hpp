// From where sessions may be opened and used: what the facts say about login ranges and session locking. Pure.
#pragma once

#include "connectors/salesforce/doctor.hpp"
#include "connectors/salesforce/doctor_facts.hpp"

namespace connectors::salesforce {

// Asked only once Salesforce has let the user in.
Check judge_login_ip(const Patient& patient, const OrgFacts& facts);
Check judge_every_request(const Patient& patient, const OrgFacts& facts);
Check judge_session_locking(const Patient& patient, const OrgFacts& facts);

}  // namespace connectors::salesforce
