// Public ids: a prefix that says what it is, and 128 bits in base32.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace base {

// The prefix as given, "acc_", and 26 characters; unguessable.
std::string random_id(std::string_view prefix, Random& random);

// The same id for the same parts, always: SHA-256 over the length-prefixed parts, cut to 128 bits.
std::string derived_id(std::string_view prefix, std::initializer_list<std::string_view> parts);

}  // namespace base
