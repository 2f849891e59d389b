// What a profile or a permission set grants: system permissions, objects, fields, record types.
#include "local_org/rights.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace local_org {
namespace {

// The entry of the first name that has one.
template <class Entry>
Entry entry_of(const std::map<std::string, Entry, std::less<>>& entries, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (const auto found = entries.find(name); found != entries.end()) return found->second;
  }
  return {};
}

}  // namespace

bool RecordTypeRights::grants(std::string_view developer_name) const {
  return std::any_of(available.begin(), available.end(),
                     [&](const std::string& name) { return name == "*" || name == developer_name; });
}

ObjectRights Rights::object(std::string_view name) const { return entry_of(objects, {std::string(name), "*"}); }

FieldRights Rights::field(std::string_view object, std::string_view field) const {
  return entry_of(fields, {fmt::format("{}.{}", object, field), fmt::format("{}.*", object), "*"});
}

RecordTypeRights Rights::record_types_of(std::string_view object) const {
  return entry_of(record_types, {std::string(object), "*"});
}

Rights all_rights() {
  Rights rights;
  rights.system.insert(system_permissions.begin(), system_permissions.end());
  rights.objects["*"] = all_object_rights;
  rights.fields["*"] = all_field_rights;
  rights.record_types["*"] = {.available = {"*"}};
  return rights;
}

const std::vector<ObjectRight>& object_rights() {
  using R = ObjectRights;
  static const std::vector<ObjectRight> rights{
      {"read", &R::read, {}},
      {"create", &R::create, {&R::read}},
      {"edit", &R::edit, {&R::read}},
      {"delete", &R::remove, {&R::read, &R::edit}},
      {"view_all", &R::view_all, {&R::read}},
      {"modify_all", &R::modify_all, {&R::read, &R::edit, &R::remove, &R::view_all}},
  };
  return rights;
}

}  // namespace local_org
