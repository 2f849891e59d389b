// What a person sees in the browser when a login has ended and there is no page to go back to. No scripts, no secrets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http/message.hpp"

namespace app {

base::http::Response login_page(int status, std::string_view title, std::string_view text);

// Where a browser may be sent after a login: a path on this server, or an address whose origin is one of `origins`.
// Anything else, also what browsers might read differently than we do, is not.
bool may_return_to(std::string_view address, const std::vector<std::string>& origins);

}  // namespace app
