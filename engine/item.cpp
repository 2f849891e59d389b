#include "engine/item.hpp"

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "engine/run.hpp"

namespace engine {
namespace {

Item item_of_value(const base::Value& value) {
  Item item{.is_blank = value.is_blank()};
  item.members.emplace_back("value", value);
  return item;
}

Item item_of_json(const nlohmann::json& element) {
  Item item;
  if (element.is_object()) {
    item.members = read_output(element.dump());
    item.is_blank = item.members.empty();
    return item;
  }
  const nlohmann::json as_member{{"value", element}};
  item.members = read_output(as_member.dump());
  item.is_blank = item.members.empty() || item.members.front().second.is_blank();
  return item;
}

Items items_of_tree(const nlohmann::json& tree) {
  Items items;
  if (tree.is_null()) return items;
  if (!tree.is_array()) {
    items.push_back(item_of_json(tree));
    return items;
  }
  for (const nlohmann::json& element : tree) items.push_back(item_of_json(element));
  return items;
}

}  // namespace

Items items_of(const base::Value& value) {
  Items items;
  if (const auto* list = std::get_if<base::List>(&value.data)) {
    for (const base::Value& one : *list) items.push_back(item_of_value(one));
    return items;
  }
  if (value.is_blank()) return items;
  if (const auto* text = std::get_if<std::string>(&value.data); text && text->starts_with('[')) {
    const base::Result<nlohmann::json> tree = base::parse_json(*text);
    if (tree && tree->is_array()) return items_of_tree(*tree);
  }
  items.push_back(item_of_value(value));
  return items;
}

Items items_of(const base::JsonText& json) {
  const base::Result<nlohmann::json> tree = base::parse_json(json.text);
  return tree ? items_of_tree(*tree) : Items{};
}

Items items_at(const base::JsonText& object, std::string_view path) {
  if (object.empty()) return {};
  const base::Result<nlohmann::json> tree = base::parse_json(object.text);
  if (!tree) return {};
  const nlohmann::json* at = &*tree;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string name(path.substr(0, slash));
    if (!at->is_object() || !at->contains(name)) return {};
    at = &at->at(name);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  Items items = items_of_tree(*at);
  for (Item& item : items) {
    if (const base::Value* id = find_member(item.members, "Id")) item.id = base::to_text(*id);
  }
  return items;
}

const base::Value* find_member(const Members& members, std::string_view name) {
  for (const auto& [known, value] : members) {
    if (known == name) return &value;
  }
  return nullptr;
}

base::Value member_of(const Members& members, std::string_view name) {
  const base::Value* found = find_member(members, name);
  return found ? *found : base::Value{};
}

}  // namespace engine
