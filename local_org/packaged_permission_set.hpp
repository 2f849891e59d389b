// A permission set of a package, held to what Salesforce holds it to when it is deployed.
#pragma once

#include <optional>
#include <string>

#include "base/findings.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// The document that /_local/permission_sets takes. `schema`: the org's with the package's objects.
std::optional<std::string> read_packaged_permission_set(const std::string& path, const Schema& schema,
                                                        base::Findings& findings);

}  // namespace local_org
