#include "app/new_token.hpp"

#include "base/crypto.hpp"
#include "base/id.hpp"

namespace app {

NewToken new_token(base::Random& random) {
  NewToken token{.text = "slt_" + base::to_base32(random.bytes(20)), .hash = {}, .id = base::random_id("tok_", random)};
  token.hash = token_hash(token.text);
  return token;
}

// Tokens are random, so one round of a fast hash is enough; it is paid at every request.
std::string token_hash(std::string_view text) { return base::to_hex(base::sha256(text)); }

}  // namespace app
