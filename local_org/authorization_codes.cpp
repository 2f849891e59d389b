// Codes that a login hands to the app: good once, for ten minutes.
#include "local_org/authorization_codes.hpp"

#include <utility>

namespace local_org {

void AuthorizationCodes::add(std::string code, Authorization authorization) {
  codes_.insert_or_assign(std::move(code), std::move(authorization));
}

std::optional<Authorization> AuthorizationCodes::take(std::string_view code, base::TimePoint now) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) return std::nullopt;
  Authorization authorization = std::move(found->second);
  codes_.erase(found);
  return authorization.expires_at > now ? std::optional(std::move(authorization)) : std::nullopt;
}

}  // namespace local_org
