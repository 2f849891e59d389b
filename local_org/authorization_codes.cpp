#include "local_org/authorization_codes.hpp"

#include <utility>

#include "base/crypto.hpp"

namespace local_org {

std::string AuthorizationCodes::give(Approval approval) {
  std::string code = "aPrx" + base::to_base64url(random_.bytes(48));
  approvals_[code] = std::move(approval);
  return code;
}

std::optional<Approval> AuthorizationCodes::take(std::string_view code) {
  const auto found = approvals_.find(code);
  if (found == approvals_.end()) return std::nullopt;
  Approval approval = std::move(found->second);
  approvals_.erase(found);
  return approval;
}

bool proves(std::string_view verifier, std::string_view challenge) {
  return base::equal_in_constant_time(base::to_base64url(base::sha256(verifier)), challenge);
}

}  // namespace local_org
