// UTF-8, as strictly as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

// The bytes of the character that `text` begins with; 0 where it begins with none.
std::size_t utf8_length(std::string_view text);

// How many characters (code points) valid UTF-8 holds.
std::size_t utf8_characters(std::string_view text);

// Where the first byte stands that belongs to no character; npos when all is well.
std::size_t utf8_fault(std::string_view text);

// `text` as a sentence quotes it: cut after `bytes_max` bytes, between characters, with … for the rest.
std::string shortened(std::string_view text, std::size_t bytes_max = 60);

}  // namespace base
