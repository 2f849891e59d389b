#include "tasks/planned_index.hpp"

namespace tasks {

bool PlannedIndex::fits(const connectors::salesforce::FieldSchema& field) const {
  return field.kind == field_.kind && field.scale == field_.scale;
}

void PlannedIndex::put(const std::string& id, const base::Value& value) {
  std::string& key = key_of_[id];
  std::string now = value.is_blank() ? std::string() : search_key(value, field_);
  if (key == now) return;
  if (!key.empty()) std::erase(ids_by_key_[key], id);
  if (!now.empty()) ids_by_key_[now].push_back(id);
  key = std::move(now);
}

const std::vector<std::string>& PlannedIndex::ids(const base::Value& sought) const {
  static const std::vector<std::string> none;
  if (sought.is_blank()) return none;
  const auto found = ids_by_key_.find(search_key(sought, field_));
  return found == ids_by_key_.end() ? none : found->second;
}

}  // namespace tasks
