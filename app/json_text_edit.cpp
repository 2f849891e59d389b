#include "app/json_text_edit.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace app {
namespace {

constexpr std::size_t people_columns_max = 120;
constexpr std::size_t indent_step = 2;

// One member of an object, by bytes.
struct MemberPlace {
  std::string key{};
  std::size_t begin = 0;  // of the key's quote
  std::size_t value = 0;
  std::size_t end = 0;  // behind the value
};

struct ObjectPlace {
  std::size_t open = 0;   // the brace
  std::size_t close = 0;  // the brace
  std::vector<MemberPlace> members{};
};

// Walks over a sound document.
class JsonWalker {
 public:
  explicit JsonWalker(std::string_view text) : text_(text) {}

  std::size_t skip_space(std::size_t at) const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at);
    return next == std::string_view::npos ? text_.size() : next;
  }

  std::size_t end_of_value(std::size_t at) const {
    if (text_.at(at) == '"') return end_of_string(at);
    if (text_[at] != '{' && text_[at] != '[') return std::min(text_.find_first_of(",]} \t\r\n", at), text_.size());
    std::size_t depth = 0;
    for (std::size_t i = at; i < text_.size(); ++i) {
      if (text_[i] == '"')
        i = end_of_string(i) - 1;
      else if (text_[i] == '{' || text_[i] == '[')
        ++depth;
      else if ((text_[i] == '}' || text_[i] == ']') && --depth == 0)
        return i + 1;
    }
    throw std::logic_error("a JSON document that was read before has no end");
  }

  ObjectPlace object_at(std::size_t at) const {
    ObjectPlace object{.open = at};
    for (at = skip_space(at + 1); text_.at(at) != '}'; at = skip_space(at)) {
      if (text_[at] == ',') {
        at = skip_space(at + 1);
        continue;
      }
      MemberPlace member{.begin = at};
      const std::size_t key_end = end_of_string(at);
      member.key = nlohmann::json::parse(text_.substr(at, key_end - at)).get<std::string>();
      member.value = skip_space(text_.find(':', key_end) + 1);
      member.end = at = end_of_value(member.value);
      object.members.push_back(std::move(member));
    }
    object.close = at;
    return object;
  }

  std::size_t element_at(std::size_t at, std::size_t index) const {
    at = skip_space(at + 1);
    for (; index > 0; --index) at = skip_space(skip_space(end_of_value(at)) + 1);
    return at;
  }

  std::size_t value_of(std::string_view pointer) const {
    std::size_t at = skip_space(0);
    while (!pointer.empty()) {
      const std::size_t slash = pointer.find('/', 1);
      const std::string token = plain(pointer.substr(1, slash == std::string_view::npos ? slash : slash - 1));
      pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
      at = text_.at(at) == '[' ? element_at(at, std::stoul(token)) : member_at(at, token);
    }
    return at;
  }

 private:
  std::size_t end_of_string(std::size_t at) const {
    for (++at; text_.at(at) != '"'; ++at)
      if (text_[at] == '\\') ++at;
    return at + 1;
  }

  std::size_t member_at(std::size_t at, const std::string& key) const {
    for (const MemberPlace& member : object_at(at).members)
      if (member.key == key) return member.value;
    throw std::logic_error("a JSON document has no member " + key);
  }

  static std::string plain(std::string_view token) {
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
      if (token[i] == '~' && i + 1 < token.size())
        text += token[++i] == '1' ? '/' : '~';
      else
        text += token[i];
    }
    return text;
  }

  std::string_view text_;
};

const MemberPlace* find_member(const ObjectPlace& object, std::string_view key) {
  for (const MemberPlace& member : object.members)
    if (member.key == key) return &member;
  return nullptr;
}

std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t break_before = text.rfind('\n', at == 0 ? 0 : at - 1);
  return break_before == std::string_view::npos ? 0 : break_before + 1;
}

// Blanks at the beginning of the line.
std::size_t indent_of_line(std::string_view text, std::size_t at) {
  const std::size_t begin = line_start(text, at);
  return text.find_first_not_of(' ', begin) - begin;
}

bool is_on_own_line(std::string_view text, std::size_t at) {
  return indent_of_line(text, at) + line_start(text, at) == at;
}

using OrderedJson = nlohmann::ordered_json;

std::string one_line(const OrderedJson& value) {
  std::vector<std::string> parts;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items())
      parts.push_back(fmt::format("{}: {}", OrderedJson(key).dump(), one_line(member)));
    return parts.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(parts, ", "));
  }
  if (value.is_array()) {
    for (const OrderedJson& element : value) parts.push_back(one_line(element));
    return fmt::format("[{}]", fmt::join(parts, ", "));
  }
  return value.dump();
}

std::size_t columns_of_text(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return columns;
}

std::string as_people_write(const OrderedJson& value, std::size_t indent, std::size_t used) {
  std::string line = one_line(value);
  const bool is_flat = !value.is_structured() || value.empty();
  if (is_flat || used + columns_of_text(line) < people_columns_max) return line;
  const std::string inner = "\n" + std::string(indent + indent_step, ' ');
  std::vector<std::string> parts;
  for (const auto& [key, member] : value.items()) {
    const std::string name = value.is_object() ? OrderedJson(key).dump() + ": " : "";
    parts.push_back(inner + name +
                    as_people_write(member, indent + indent_step, indent + indent_step + columns_of_text(name)));
  }
  const char* const braces = value.is_object() ? "{}" : "[]";
  return fmt::format("{}{}\n{}{}", braces[0], fmt::join(parts, ","), std::string(indent, ' '), braces[1]);
}

}  // namespace

std::string people_json(const base::JsonText& value, std::size_t indent, std::size_t used) {
  return as_people_write(OrderedJson::parse(value.text), indent, used);
}

std::string with_json_member(std::string_view text, std::string_view pointer, std::string_view key,
                             const base::JsonText& value) {
  const JsonWalker walker(text);
  const ObjectPlace object = walker.object_at(walker.value_of(pointer));
  const std::string name = nlohmann::json(std::string(key)).dump() + ": ";
  std::string changed(text);
  if (const MemberPlace* member = find_member(object, key)) {
    const std::size_t used =
        columns_of_text(text.substr(line_start(text, member->value), member->value - line_start(text, member->value)));
    return changed.replace(member->value, member->end - member->value,
                           people_json(value, indent_of_line(text, member->begin), used));
  }
  const bool is_empty = object.members.empty();
  const std::size_t behind = is_empty ? object.open + 1 : object.members.back().end;
  const std::size_t first = is_empty ? object.open : object.members.front().begin;
  const bool is_broken = is_empty || is_on_own_line(text, first);
  const std::size_t indent = indent_of_line(text, first) + (is_empty ? indent_step : 0);
  std::string added = is_empty ? "" : ",";
  added += is_broken ? "\n" + std::string(indent, ' ') : " ";
  added += name + people_json(value, indent, indent + name.size());
  if (is_empty) added += "\n" + std::string(indent_of_line(text, first), ' ');
  return changed.insert(behind, added);
}

std::string without_json_member(std::string_view text, std::string_view pointer, std::string_view key) {
  const JsonWalker walker(text);
  const ObjectPlace object = walker.object_at(walker.value_of(pointer));
  const MemberPlace* member = find_member(object, key);
  std::string changed(text);
  if (!member) return changed;
  if (object.members.size() == 1) return changed.replace(object.open + 1, object.close - object.open - 1, "");
  if (member == &object.members.front()) return changed.erase(member->begin, (member + 1)->begin - member->begin);
  const std::size_t before = (member - 1)->end;
  return changed.erase(before, member->end - before);
}

}  // namespace app
