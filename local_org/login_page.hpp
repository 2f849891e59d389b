// The pages that a person sees: log in and allow, or what went wrong.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http/message.hpp"

namespace local_org {

struct LoginPage {
  std::string org_id{};
  std::string username{};                                      // already filled in
  std::string problem{};                                       // shown above the form; may be empty
  std::vector<std::pair<std::string, std::string>> carried{};  // hidden fields: the request that is answered
};

// A form with `username`, `password` and `decision` (allow or deny).
base::http::Response login_page(const LoginPage& page);
// Where no redirect can be trusted.
base::http::Response refusal_page(std::string_view error, std::string_view description);

}  // namespace local_org
