#include "tasks/shown_value.hpp"

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace tasks {

std::string shown_value(const base::Value& value) {
  std::string text = base::to_text(value);
  // A byte that ends texts elsewhere would end the sentence, too.
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return fmt::format("'{}'", base::shortened(text));
}

std::string class_of_value(const base::Value& value) {
  if (const auto* list = std::get_if<base::List>(&value.data)) return fmt::format("a list of {}", list->size());
  if (std::holds_alternative<std::string>(value.data)) return "a text";
  if (std::holds_alternative<base::Number>(value.data)) return "a number";
  return std::holds_alternative<bool>(value.data) ? "true or false" : "nothing";
}

}  // namespace tasks
