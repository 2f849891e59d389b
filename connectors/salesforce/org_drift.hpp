// What has changed in an org since its schema was saved, and what that means for the mappings in use. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/org_needs.hpp"
#include "connectors/salesforce/org_snapshot.hpp"

namespace connectors::salesforce {

enum class DriftWeight {
  breaking,   // whatever the answer, the org refuses what a mapping writes or asks
  narrowing,  // it refuses some answers that it took before
  harmless,   // nothing that a mapping in use could meet
};

struct SchemaDrift {
  DriftWeight weight = DriftWeight::harmless;
  std::string object;
  std::string field{};  // empty: the object itself
  std::string what;     // "is gone", "is 80 long, was 255"
};

// The heaviest first, then by object and field. `in_use`: what the workflows need of the org; a field that none of them
// names can only become harmful by being required.
std::vector<SchemaDrift> drift_between(const OrgSnapshot& before, const OrgSnapshot& now, const OrgNeeds& in_use);

std::string_view to_string(DriftWeight weight);

}  // namespace connectors::salesforce
