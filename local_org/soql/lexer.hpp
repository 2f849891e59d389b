// SOQL's words: names, literals and signs, each with its place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace local_org::soql {

enum class TokenKind { name, number, date, datetime, string, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // of a string: without quotes, with its escapes
  std::size_t offset = 0;
};

// The last token is the end. Throws MALFORMED_QUERY.
std::vector<Token> read_tokens(std::string_view query);

// A string's text without its escapes. Throws MALFORMED_QUERY for a backslash before anything that needs none.
std::string unescape_text(const Token& string, std::string_view query);
// A LIKE pattern for SQL with ESCAPE '\'.
std::string unescape_pattern(const Token& string, std::string_view query);

}  // namespace local_org::soql
