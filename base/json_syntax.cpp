#include "base/json_syntax.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace base {
namespace {

constexpr std::string_view not_utf8 = "this is not UTF-8; the document must be saved as UTF-8";

std::size_t skip_json_space(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) || c == '_' || c == '-' || c == '+' || c == '.' || c == '$' || byte >= 0x80;
}

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word_character(text[end])) ++end;
  const std::string_view word = text.substr(at, end - at);
  return word.substr(0, utf8_fault(word));
}

bool mentions(std::string_view text, std::string_view phrase) { return text.find(phrase) != text.npos; }

// A text has begun at `start`, and the lexer gave up at the byte before `read`.
JsonSyntax::Fault broken_text(const JsonSyntax& syntax, std::size_t start, std::string_view lexer_message) {
  const std::size_t stopped = std::max(syntax.read, start + 1) - 1;
  if (mentions(lexer_message, "missing closing quote")) return {start, "this text is not closed: a '\"' is missing"};
  if (mentions(lexer_message, "UTF-8")) {
    return {start + std::min(utf8_fault(syntax.text.substr(start)), syntax.text.size() - start), std::string(not_utf8)};
  }
  if (mentions(lexer_message, "(LF)") || mentions(lexer_message, "(CR)")) {
    return {stopped, "the text before this is not closed: a '\"' is missing, or a line break that is written \\n"};
  }
  if (mentions(lexer_message, "control character")) {
    return {stopped, fmt::format("a control character in a text is written \\u{:04x}",
                                 static_cast<unsigned char>(syntax.text[stopped]))};
  }
  if (mentions(lexer_message, "surrogate")) {
    return {stopped, "this \\u escape is half of a pair: the other half is missing"};
  }
  if (mentions(lexer_message, "hex digits")) return {stopped, "four hexadecimal digits must follow \\u"};
  return {stopped, "this cannot follow a backslash; a backslash itself is written \\\\"};
}

// Something other than a value stands at `at`, where a value should.
JsonSyntax::Fault no_value(const JsonSyntax& syntax, std::size_t at, std::string_view expected) {
  const std::string_view word = word_at(syntax.text, at);
  const char first = syntax.text[at];
  if (first == '\'') return {at, "a text stands in double quotes"};
  if (word == "NaN" || word == "Infinity" || word == "-Infinity") {
    return {at, fmt::format("{} is not a number that JSON knows", word)};
  }
  if (first == '-' || (first >= '0' && first <= '9')) return {at, "a digit is missing in this number"};
  if (word.empty()) return {at, std::string(expected)};
  return {at, fmt::format("'{}' is not a JSON value; a text stands in double quotes", shortened(word))};
}

}  // namespace

JsonSyntax::Fault JsonSyntax::explain(std::string_view lexer_message) const {
  const bool separator_due = last == value && within != document;
  const char separator = last == key ? ':' : ',';
  std::size_t at = skip_json_space(text, done);
  const bool separated = (separator_due || last == key) && at < text.size() && text[at] == separator;
  if (separated) at = skip_json_space(text, at + 1);
  const bool ended = at == text.size();
  const char found = ended ? '\0' : text[at];

  if (!ended && utf8_length(text.substr(at)) == 0) return {at, std::string(not_utf8)};
  if (found == '/' || found == '#') return {at, "JSON has no comments"};

  if (last == nothing && ended) return {at, "the document is empty"};
  if (last == value && within == document) return {at, "there is something after the end of the document"};
  if (separator_due && !separated) {
    const bool leading_zero = at == done && done > 0 && text[done - 1] == '0' && found >= '0' && found <= '9';
    if (leading_zero) return {done - 1, "a number does not begin with 0"};
    return {done, fmt::format("a ',' or '{}' is missing after this value", within == object ? '}' : ']')};
  }
  if (last == key && !separated) return {done, "a ':' is missing after this key"};

  const bool key_due = within == object && last != key;
  if (found == '"') return broken_text(*this, at, lexer_message);
  if (separator_due && (found == '}' || found == ']')) {
    return {at, fmt::format("there is a ',' too many before this '{}'", found)};
  }
  if (key_due) {
    return {at, last == object_start ? "a key in double quotes, or a '}', is missing here"
                                     : "a key in double quotes is missing after this ','"};
  }
  const std::string_view expected = last == key           ? "a value is missing after this ':'"
                                    : last == array_start ? "a value, or a ']', is missing here"
                                    : separator_due       ? "a value is missing after this ','"
                                                          : "a value is missing here";
  return ended ? Fault{at, std::string(expected)} : no_value(*this, at, expected);
}

std::string duplicate_key_sentence(std::string_view key) {
  return fmt::format("the key '{}' stands twice in this object", shortened(key));
}

}  // namespace base
