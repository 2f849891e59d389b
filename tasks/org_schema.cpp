#include "tasks/org_schema.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tasks/api_name.hpp"

namespace tasks {

namespace {

constexpr std::size_t key_prefix_length = 3;

}  // namespace

void OrgSchema::add(SharedObject object) { read_[object->name] = std::move(object); }

SharedObject OrgSchema::find(std::string_view object) const {
  const auto has_the_name = [&](const auto& known) { return same_name(known.first, object); };
  if (const auto known = std::find_if(read_.begin(), read_.end(), has_the_name); known != read_.end())
    return known->second;
  const auto saved = std::find_if(snapshot_.objects.begin(), snapshot_.objects.end(), has_the_name);
  if (saved == snapshot_.objects.end()) return nullptr;
  base::Result<connectors::salesforce::ObjectSchema> schema =
      connectors::salesforce::read_object_schema(saved->second, saved->first);
  if (!schema) return nullptr;
  SharedObject& read = read_[saved->first];
  read = std::make_shared<const connectors::salesforce::ObjectSchema>(*std::move(schema));
  return read;
}

std::string OrgSchema::object_of_id(std::string_view id) const {
  const std::string_view prefix = id.substr(0, key_prefix_length);
  for (const auto& [name, object] : read_)
    if (object->key_prefix == prefix) return name;
  // Each description that may be the one, and no other, is read: a snapshot may hold a thousand.
  const std::string quoted = fmt::format("\"{}\"", prefix);
  for (const auto& [name, description] : snapshot_.objects) {
    if (description.find(quoted) == std::string::npos) continue;
    if (const SharedObject object = find(name); object && object->key_prefix == prefix) return name;
  }
  return "";
}

std::vector<std::string> OrgSchema::object_names() const {
  std::set<std::string> names;
  for (const auto& [name, description] : snapshot_.objects) names.insert(name);
  for (const auto& [name, object] : read_) names.insert(name);
  return {names.begin(), names.end()};
}

}  // namespace tasks
