// What the doctor found, as one JSON document: for the HTTP API, and for the verb that shows it.
#pragma once

#include <vector>

#include "base/json_text.hpp"
#include "connectors/salesforce/doctor.hpp"

namespace app {

// {"checks": [{"check", "verdict", "message", "fix", "setup_path"}], "egress": ["198.51.100.0/24"]}; a text that there
// is none of is empty.
base::JsonText doctor_document(const std::vector<connectors::salesforce::Check>& checks, const base::IpRanges& egress);

}  // namespace app
