// One typed value as people's data holds it: blank, yes/no, a number with its own text, a text, or a list of these.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace base {

// Nothing there. `shown` tells "was shown and left unanswered" from "never shown".
struct Blank {
  bool shown = false;
  friend bool operator==(const Blank&, const Blank&) = default;
};

// The text is kept, so that 1.10 stays 1.10 and 2^60 stays exact.
struct Number {
  std::string text;
  double value = 0;
  friend bool operator==(const Number& a, const Number& b) { return a.value == b.value; }
};

struct Value;
using List = std::vector<Value>;

struct Value {
  std::variant<Blank, bool, Number, std::string, List> data;

  Value() = default;
  Value(Blank blank) : data(blank) {}
  explicit Value(bool yes) : data(yes) {}
  Value(Number number) : data(std::move(number)) {}
  Value(std::string text) : data(std::move(text)) {}
  Value(const char* text) : data(std::string(text)) {}
  Value(List list) : data(std::move(list)) {}

  // Blank, an empty text, or a list of nothing but blanks.
  bool is_blank() const;
  friend bool operator==(const Value&, const Value&) = default;
};

Value number(double value);
Value number(std::string text);  // precondition: the text of one JSON number

// As it stands inside a sentence: "true", the number's own text, list items joined by ", ", blank as nothing.
std::string to_text(const Value& value);

// The JSON a reader would expect: null for blank, numbers with their own text.
std::string to_json(const Value& value);

}  // namespace base
