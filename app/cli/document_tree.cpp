#include "app/cli/document_tree.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/terminal_text.hpp"

namespace app::cli {
namespace {

std::string on_one_line(const Tree& json) {
  if (!json.is_structured()) return json.dump(-1, ' ', false, Tree::error_handler_t::replace);
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items())
    parts.push_back((json.is_object() ? Tree(key).dump() + ": " : "") + on_one_line(value));
  return fmt::format("{}{}{}", json.is_object() ? "{" : "[", fmt::join(parts, ", "), json.is_object() ? "}" : "]");
}

void add_json_lines(const Tree& json, const std::string& head, std::string_view tail, std::size_t indent,
                    std::size_t columns, std::vector<std::string>& lines) {
  const std::string whole = std::string(indent, ' ') + head + on_one_line(json) + std::string(tail);
  if (!json.is_structured() || json.empty() || columns_of(whole) <= columns) return lines.push_back(whole);
  lines.push_back(std::string(indent, ' ') + head + (json.is_object() ? "{" : "["));
  std::size_t left = json.size();
  for (const auto& [key, value] : json.items()) {
    add_json_lines(value, json.is_object() ? Tree(key).dump() + ": " : "", --left == 0 ? "" : ",", indent + 2, columns,
                   lines);
  }
  lines.push_back(std::string(indent, ' ') + (json.is_object() ? "}" : "]") + std::string(tail));
}

}  // namespace

Tree tree_of(const base::JsonText& document) {
  Tree tree = Tree::parse(document.text, nullptr, false);
  return tree.is_object() ? tree : Tree::object();
}

std::string text_in(const Tree& tree, const char* name) {
  const auto found = tree.find(name);
  if (found == tree.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

const Tree& member(const Tree& tree, const char* name) {
  static const Tree nothing;
  const auto found = tree.find(name);
  return found == tree.end() ? nothing : *found;
}

bool is_set(const Tree& tree, const char* name) {
  const Tree& value = member(tree, name);
  return value.is_boolean() && value.get<bool>();
}

std::vector<std::string> texts_of(const Tree& list) {
  std::vector<std::string> texts;
  for (const Tree& item : list) texts.push_back(item.is_string() ? item.get<std::string>() : item.dump());
  return texts;
}

std::vector<std::string> json_lines(const Tree& json, std::size_t columns) {
  std::vector<std::string> lines;
  add_json_lines(json, "", "", 0, columns, lines);
  return lines;
}

}  // namespace app::cli
