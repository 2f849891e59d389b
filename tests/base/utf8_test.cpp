#include "base/utf8.hpp"

#include <catch2/catch.hpp>

namespace base {

TEST_CASE("a character's length is told by its bytes") {
  const struct {
    std::string text;
    std::size_t length;
  } cases[] = {
      {"", 0},
      {"ab", 1},
      {"\x7F", 1},
      {"\xC2\x80", 2},
      {"\xDF\xBF!", 2},
      {"\xE0\xA0\x80", 3},
      {"\xED\x9F\xBF", 3},
      {"\xEE\x80\x80", 3},
      {"\xEF\xBF\xBF", 3},
      {"\xF0\x90\x80\x80", 4},
      {"\xF4\x8F\xBF\xBF", 4},
      {"\x80", 0},
      {"\xC1\xBF", 0},          // overlong
      {"\xE0\x9F\xBF", 0},      // overlong
      {"\xED\xA0\x80", 0},      // a surrogate
      {"\xF0\x8F\xBF\xBF", 0},  // overlong
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"\xF5\x80\x80\x80", 0},
      {"\xC3", 0},  // cut short
      {"\xE2\x82", 0},
      {"\xE2\x28\xA1", 0},
      {"\xF0\x9F\x98", 0},
  };
  for (const auto& [text, length] : cases) {
    CAPTURE(text);
    CHECK(utf8_length(text) == length);
  }
}

TEST_CASE("characters are counted, and the first fault is found") {
  CHECK(utf8_characters("aä€😀") == 4);
  CHECK(utf8_fault("aä€😀") == std::string_view::npos);
  CHECK(utf8_fault("aä\xE2\x82z") == 3);
}

TEST_CASE("a long text is cut between characters") {
  CHECK(shortened("short") == "short");
  CHECK(shortened("abcdef", 3) == "abc…");
  CHECK(shortened("aä€", 2) == "a…");
  CHECK(shortened("aä€", 6) == "aä€");
}

}  // namespace base
