#include "local_org/assignment_rules.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace local_org {
namespace {

constexpr std::array<std::string_view, 3> assigned_objects{"Account", "Case", "Lead"};

// The name of the user who gets new records of the object; empty where no rule speaks of it.
std::string_view assignee(const std::vector<std::string>& rules, const Object& object) {
  for (const std::string_view rule : rules) {
    const std::size_t equals = rule.find('=');
    if (equals != std::string_view::npos && same_name(rule.substr(0, equals), object.name))
      return rule.substr(equals + 1);
  }
  return {};
}

}  // namespace

void assign(const std::vector<std::string>& rules, const Object& object, const std::string& id, Org& org,
            std::string_view header) {
  const bool is_assigned =
      std::find(assigned_objects.begin(), assigned_objects.end(), object.name) != assigned_objects.end();
  if (!is_assigned || same_name(header, "FALSE")) return;
  const std::string_view name = assignee(rules, object);
  if (name.empty()) return;
  RecordStore& store = org.store();
  const Object& users = *org.schema().find("User");
  const std::vector<std::string> owners = store.find_ids(users, *users.find("Username"), std::string(name));
  std::optional<Record> record = store.find(object, id);
  if (owners.empty() || !record) return;
  (*record)[object.index_of(*object.find("OwnerId"))] = owners.front();
  store.update(object, *record);
}

}  // namespace local_org
