// The pages that a browser sees: login with consent, and the page for what went wrong before.
#pragma once

#include <string>
#include <string_view>

#include "base/http/message.hpp"

namespace local_org {

struct LoginPage {
  std::string org_name;
  std::string app_name;
  std::string scope;
  base::http::Form hidden{};  // what the form sends along
  std::string username{};     // as typed before
  std::string complaint{};    // "" at first
};

// Its form posts to /services/oauth2/authorize: `username`, `password`, and `decision`: allow or deny.
base::http::Response login_page(const LoginPage& page);
base::http::Response login_error_page(std::string_view error, std::string_view description);

}  // namespace local_org
