// What the setup objects say of who may do what: profiles, permission sets, and what they grant to whom.
#include "local_org/setup_permission_records.hpp"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "local_org/app_approval.hpp"
#include "local_org/permissions.hpp"

namespace local_org {
namespace {

using base::sql::Value;

using Values = std::vector<std::pair<std::string_view, Value>>;

void add_system_permissions(Values& values, const Rights& rights) {
  for (const std::string_view permission : system_permissions)
    values.emplace_back(permission, flag(rights.has(permission)));
}

// A key made of several parts.
std::string key_of(std::string_view set_id, std::string_view what) { return fmt::format("{} {}", set_id, what); }

// Calls `visit(set, object)` for each object whose permissions a set may grant.
template <class Visit>
void visit_governed_objects(const SetupFacts& facts, Visit visit) {
  for (const PermissionSet& set : facts.permissions.permission_sets()) {
    for (const Object& object : facts.schema.objects()) {
      if (is_governed_by_object_permissions(object.name)) visit(set, object);
    }
  }
}

}  // namespace

std::vector<SetupRecord> profile_records(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  for (const Profile& profile : facts.permissions.profiles()) {
    SetupRecord record{profile.id, stamps(facts), profile.id};
    record.values.emplace_back("Name", profile.name);
    record.values.emplace_back("UserType", "Standard");
    add_system_permissions(record.values, facts.permissions.permission_set(profile.permission_set_id)->rights);
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<SetupRecord> permission_set_records(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  for (const PermissionSet& set : facts.permissions.permission_sets()) {
    const bool is_of_profile = !set.profile_id.empty();
    SetupRecord record{set.id, stamps(facts), set.id};
    record.values.insert(record.values.end(), {{"Name", set.name},
                                               {"Label", set.label},
                                               {"IsOwnedByProfile", flag(is_of_profile)},
                                               {"IsCustom", flag(true)},
                                               {"Type", is_of_profile ? "Profile" : "Regular"}});
    if (is_of_profile) record.values.emplace_back("ProfileId", set.profile_id);
    add_system_permissions(record.values, set.rights);
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<SetupRecord> permission_set_assignments(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  for (const Assignment& assignment : facts.permissions.assignments()) {
    records.push_back({key_of(assignment.permission_set_id, assignment.user_id),
                       {{"PermissionSetId", assignment.permission_set_id},
                        {"AssigneeId", assignment.user_id},
                        {"SystemModstamp", facts.made_at},
                        {"IsActive", flag(true)}}});
  }
  return records;
}

std::vector<SetupRecord> object_permissions(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  visit_governed_objects(facts, [&](const PermissionSet& set, const Object& object) {
    const ObjectRights rights = set.rights.object(object.name);
    if (!rights.read) return;
    SetupRecord record{key_of(set.id, object.name), stamps(facts)};
    record.values.insert(record.values.end(), {{"ParentId", set.id},
                                               {"SobjectType", object.name},
                                               {"PermissionsRead", flag(rights.read)},
                                               {"PermissionsCreate", flag(rights.create)},
                                               {"PermissionsEdit", flag(rights.edit)},
                                               {"PermissionsDelete", flag(rights.remove)},
                                               {"PermissionsViewAllRecords", flag(rights.view_all)},
                                               {"PermissionsModifyAllRecords", flag(rights.modify_all)}});
    records.push_back(std::move(record));
  });
  return records;
}

std::vector<SetupRecord> field_permissions(const SetupFacts& facts) {
  std::vector<SetupRecord> records;
  visit_governed_objects(facts, [&](const PermissionSet& set, const Object& object) {
    for (const Field& field : object.fields) {
      const FieldRights rights = set.rights.field(object.name, field.name);
      if (!field.permissionable || !rights.read) continue;
      std::string name = fmt::format("{}.{}", object.name, field.name);
      std::string key = key_of(set.id, name);
      records.push_back({std::move(key),
                         {{"ParentId", set.id},
                          {"SobjectType", object.name},
                          {"Field", std::move(name)},
                          {"PermissionsRead", flag(rights.read)},
                          {"PermissionsEdit", flag(rights.edit)},
                          {"SystemModstamp", facts.made_at}}});
    }
  });
  return records;
}

std::vector<SetupRecord> user_permission_access(const SetupFacts& facts) {
  const Access& access = facts.permissions.access_of(facts.asker.user_id);
  SetupRecord record{facts.asker.user_id};
  for (const std::string_view permission : system_permissions)
    record.values.emplace_back(permission, flag(access.has(permission)));
  return {std::move(record)};
}

std::vector<SetupRecord> setup_entity_access(const SetupFacts& facts) {
  const std::string& kind = facts.policies.app_kind;
  const Object* app = facts.schema.find(kind);
  if (!app || !facts.policies.installed) return {};
  std::vector<SetupRecord> records;
  for (const std::string& set_id : approved_sets(facts.policies, facts.permissions)) {
    records.push_back({set_id,
                       {{"ParentId", set_id},
                        {"SetupEntityId", setup_record_id(*app, "app")},
                        {"SetupEntityType", kind},
                        {"KeyPrefix", app->key_prefix},
                        {"SystemModstamp", facts.made_at}}});
  }
  return records;
}

}  // namespace local_org
