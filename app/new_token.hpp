// A token as it is made: the text that is told once, and what is kept of it.
#pragma once

#include <string>
#include <string_view>

#include "base/random.hpp"

namespace app {

struct NewToken {
  std::string text;  // slt_…
  std::string hash;
  std::string id;  // tok_…
};

NewToken new_token(base::Random& random);

// What is stored of a token's text.
std::string token_hash(std::string_view text);

}  // namespace app
