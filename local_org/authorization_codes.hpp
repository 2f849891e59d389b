// Authorization codes: given out once a user has allowed the app, good for one exchange within ten minutes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/time.hpp"

namespace local_org {

struct Approval {
  std::string user_id{};
  std::string username{};
  std::string client_id{};
  std::string redirect_uri{};
  std::string scope{};           // as it was asked for; "" for all that the app has
  std::string code_challenge{};  // S256; "" when none was sent
  base::TimePoint at{};
};

class AuthorizationCodes {
 public:
  explicit AuthorizationCodes(base::Random& random) : random_(random) {}

  std::string give(Approval approval);
  // What the code stands for, also when it came late; it is spent by being asked for.
  std::optional<Approval> take(std::string_view code);

 private:
  base::Random& random_;
  std::map<std::string, Approval, std::less<>> approvals_;
};

inline constexpr base::Duration authorization_code_life{600'000};

// Whether `verifier` is what an S256 challenge was made of (RFC 7636).
bool proves(std::string_view verifier, std::string_view challenge);

}  // namespace local_org
