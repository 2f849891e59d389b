// The app through which the account logs in: what the facts say about its policies. Pure.
#pragma once

#include <optional>
#include <string>

#include "connectors/salesforce/doctor.hpp"
#include "connectors/salesforce/doctor_facts.hpp"

namespace connectors::salesforce {

// Of an External Client App or a Connected App, whichever the org has under that name.
struct KnownPolicy {
  std::optional<AppPolicy> policy{};
  std::string why_not{};
};

KnownPolicy known_policy(const OrgFacts& facts);

// Asked only once Salesforce has let the user in.
Check judge_refresh_policy(const Patient& patient, const OrgFacts& facts);
Check judge_permitted_users(const Patient& patient, const OrgFacts& facts);
Check judge_app_installed(const Patient& patient, const OrgFacts& facts);
Check judge_scopes(const Patient& patient, const OrgFacts& facts);
Check judge_run_as_user(const Patient& patient, const OrgFacts& facts);
Check judge_my_domain(const Patient& patient, const OrgFacts& facts);

}  // namespace connectors::salesforce
