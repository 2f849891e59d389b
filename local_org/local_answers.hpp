// Answers of the paths below /_local.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http/server.hpp"

namespace local_org {

base::http::Response local_done();
base::http::Response local_refusal(int status, std::string_view message);
// Every fault of a body, one a line.
base::http::Response local_faults(const std::vector<std::string>& faults);

}  // namespace local_org
