// Codes that a login hands to the app: good once, for ten minutes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace local_org {

// What a code stands for, and what must come with it.
struct Authorization {
  std::string user_id;
  std::string client_id;
  std::string redirect_uri;
  std::string scope;
  std::string code_challenge{};  // S256; "" when the login came without
  base::TimePoint expires_at{};
};

class AuthorizationCodes {
 public:
  void add(std::string code, Authorization authorization);
  // Whatever comes of it, the code is used up. Nothing for one that is unknown, used or late.
  std::optional<Authorization> take(std::string_view code, base::TimePoint now);

 private:
  std::map<std::string, Authorization, std::less<>> codes_;
};

}  // namespace local_org
