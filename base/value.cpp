#include "base/value.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/json_writer.hpp"

namespace base {
namespace {

struct TextOfValue {
  std::string operator()(const Blank&) const { return {}; }
  std::string operator()(bool yes) const { return yes ? "true" : "false"; }
  std::string operator()(const Number& number) const { return number.text; }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const List& list) const {
    std::string joined;
    for (const Value& item : list) {
      if (item.is_blank()) continue;
      if (!joined.empty()) joined += ", ";
      joined += to_text(item);
    }
    return joined;
  }
};

}  // namespace

bool Value::is_blank() const {
  if (const auto* text = std::get_if<std::string>(&data)) return text->empty();
  if (const auto* list = std::get_if<List>(&data)) {
    return std::all_of(list->begin(), list->end(), [](const Value& item) { return item.is_blank(); });
  }
  return std::holds_alternative<Blank>(data);
}

Value number(double value) {
  Number number{{}, value};
  append_json_number(number.text, value);
  return Value(std::move(number));
}

Value number(std::string text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return Value(Number{std::move(text), value});
}

std::string to_text(const Value& value) { return std::visit(TextOfValue{}, value.data); }

std::string to_json(const Value& value) {
  JsonWriter json;
  json.value(value);
  return json.take();
}

}  // namespace base
