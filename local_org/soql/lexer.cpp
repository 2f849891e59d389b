// SOQL's words: names, literals and signs, each with its place.
#include "local_org/soql/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "local_org/field_value.hpp"
#include "local_org/soql/errors.hpp"

namespace local_org::soql {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool starts_number(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || starts_number(c); }
bool continues_literal(char c) { return continues_name(c) || c == ':' || c == '.' || c == '-' || c == '+'; }

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::optional<unsigned> hex_number(std::string_view digits) {
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return fault == std::errc() && end == digits.data() + digits.size() ? std::optional(number) : std::nullopt;
}

class TextReader {
 public:
  TextReader(const Token& token, std::string_view query) : token_(token), query_(query), rest_(token.text) {}

  bool done() const { return rest_.empty(); }
  bool at_escape() const { return rest_.front() == '\\'; }
  char next() const { return rest_.size() > 1 ? rest_[1] : '\0'; }
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // Consumes one escape and appends what it stands for.
  void take_escape(std::string& out) {
    static constexpr std::string_view letters = "nrtbf\"'\\";
    static constexpr std::string_view meanings = "\n\r\t\b\f\"'\\";
    const char lower = next() >= 'A' && next() <= 'Z' ? static_cast<char>(next() | 0x20) : next();
    if (lower == 'u') return append_utf8(out, take_code_point());
    const std::size_t index = letters.find(lower);
    if (index == std::string_view::npos) throw illegal();
    out += meanings[index];
    rest_.remove_prefix(2);
  }

 private:
  // Beyond the first plane a character is written as two escapes.
  unsigned take_code_point() {
    const unsigned high = take_code_unit();
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high > 0xDBFF || rest_.empty() || !at_escape()) throw illegal();
    const unsigned low = take_code_unit();
    if (low < 0xDC00 || low > 0xDFFF) throw illegal();
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  }

  unsigned take_code_unit() {
    const std::optional<unsigned> unit = rest_.size() >= 6 ? hex_number(rest_.substr(2, 4)) : std::nullopt;
    if (!unit || (next() | 0x20) != 'u') throw illegal();
    rest_.remove_prefix(6);
    return *unit;
  }

  ApiError illegal() const {
    return query_error("MALFORMED_QUERY", query_, token_.offset,
                       fmt::format("Invalid string literal '{}'. Illegal character sequence '\\{}' in string literal.",
                                   token_.text, next()));
  }

  const Token& token_;
  std::string_view query_;
  std::string_view rest_;
};

Token read_string(std::string_view query, std::size_t start) {
  std::size_t end = start + 1;
  while (end < query.size() && query[end] != '\'') end += query[end] == '\\' ? 2 : 1;
  if (end >= query.size()) {
    throw query_error("MALFORMED_QUERY", query, start, "line 1:0 mismatched character '<EOF>' expecting '''");
  }
  return {TokenKind::string, std::string(query.substr(start + 1, end - start - 1)), start};
}

Token read_bare_literal(std::string_view query, std::size_t start) {
  std::size_t end = start + 1;
  while (end < query.size() && continues_literal(query[end])) ++end;
  std::string text(query.substr(start, end - start));
  if (is_date(text)) return {TokenKind::date, std::move(text), start};
  if (parse_datetime(text)) return {TokenKind::datetime, std::move(text), start};
  const bool numeric = std::all_of(text.begin(), text.end(), [](char c) {
    return starts_number(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  });
  if (!numeric) throw query_error("MALFORMED_QUERY", query, start, fmt::format("unexpected token: '{}'", text));
  return {TokenKind::number, std::move(text), start};
}

Token read_sign(std::string_view query, std::size_t start) {
  for (const std::string_view sign : {"!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", ":"}) {
    if (query.substr(start).starts_with(sign)) return {TokenKind::sign, std::string(sign), start};
  }
  throw query_error("MALFORMED_QUERY", query, start, fmt::format("unexpected token: '{}'", query[start]));
}

std::size_t length_in_query(const Token& token) {
  return token.text.size() + (token.kind == TokenKind::string ? 2 : 0);
}

}  // namespace

std::vector<Token> read_tokens(std::string_view query) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < query.size()) {
    const char c = query[at];
    if (is_blank(c)) {
      ++at;
      continue;
    }
    if (starts_name(c)) {
      std::size_t end = at + 1;
      while (end < query.size() && continues_name(query[end])) ++end;
      tokens.push_back({TokenKind::name, std::string(query.substr(at, end - at)), at});
    } else if (starts_number(c) || ((c == '-' || c == '+') && at + 1 < query.size() && starts_number(query[at + 1]))) {
      tokens.push_back(read_bare_literal(query, at));
    } else if (c == '\'') {
      tokens.push_back(read_string(query, at));
    } else {
      tokens.push_back(read_sign(query, at));
    }
    at += length_in_query(tokens.back());
  }
  tokens.push_back({TokenKind::end, "<EOF>", query.size()});
  return tokens;
}

std::string unescape_text(const Token& string, std::string_view query) {
  std::string text;
  TextReader reader(string, query);
  while (!reader.done()) {
    if (reader.at_escape()) {
      reader.take_escape(text);
    } else {
      text += reader.take();
    }
  }
  return text;
}

std::string unescape_pattern(const Token& string, std::string_view query) {
  std::string pattern;
  TextReader reader(string, query);
  while (!reader.done()) {
    if (!reader.at_escape()) {
      pattern += reader.take();
    } else if (reader.next() == '%' || reader.next() == '_') {
      pattern += reader.take();
      pattern += reader.take();
    } else {
      std::string meant;
      reader.take_escape(meant);
      if (meant == "\\") pattern += '\\';
      pattern += meant;
    }
  }
  return pattern;
}

}  // namespace local_org::soql
