// Refusals as problem details (RFC 9457), with our code.
#pragma once

#include <string>
#include <string_view>

#include "base/findings.hpp"
#include "base/http/message.hpp"
#include "base/result.hpp"

namespace app::api {

base::http::Response problem(int status, std::string_view code, std::string_view detail);
base::http::Response problem(int status, const base::Error& error);
// 422 with every fault.
base::http::Response problem(const base::Findings& findings);

}  // namespace app::api
