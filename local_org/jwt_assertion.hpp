// The signed assertion of the JWT bearer flow.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace local_org {

struct JwtAssertion {
  std::string issuer;    // the client id
  std::string username;  // the subject
  std::string audience;
};

// Checks form, signature and expiry; throws OAuthRefusal. `certificate` is PEM, a certificate or a public key. An `exp`
// may be a text, and lie as far ahead as it likes: real clients send both.
JwtAssertion read_jwt_assertion(std::string_view assertion, std::string_view certificate, base::TimePoint now);

}  // namespace local_org
