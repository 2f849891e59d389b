// What workflow files use of the org behind one account, for the verbs that look at its schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/salesforce/org_needs.hpp"

namespace app::cli {

// nullopt, and the faults are printed, when one of the files is not sound.
std::optional<connectors::salesforce::OrgNeeds> org_needs_of(const std::vector<std::string>& workflows,
                                                             const std::string& alias, bool json);

}  // namespace app::cli
