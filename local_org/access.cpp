// What one user may do: the sum of the rights of its profile and of its permission sets.
#include "local_org/access.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

namespace local_org {
namespace {

constexpr std::string_view everybody = "*";
constexpr std::string_view nobody = "";

// Objects that no object permission governs, with the system permissions that they take instead.
struct OpenObject {
  std::string_view name;
  std::array<std::string_view, 3> to_read{};  // any of them
  std::string_view to_write = nobody;
};

constexpr OpenObject open_objects[] = {
    {"FeedItem", {everybody}, everybody},
    {"Organization", {everybody}, "PermissionsCustomizeApplication"},
    {"Profile", {everybody}, "PermissionsManageProfilesPermissionsets"},
    {"RecordType", {everybody}, "PermissionsCustomizeApplication"},
    {"User", {everybody}, "PermissionsManageUsers"},
    // The setup's objects, as the object reference says of each.
    {"AuthSession", {"PermissionsManageUsers"}},
    {"ConnectedApplication", {everybody}},
    {"ExternalClientApplication", {"PermissionsCustomizeApplication"}},
    {"ExtlClntAppOauthPlcyCnfg", {"PermissionsCustomizeApplication"}},
    {"FieldPermissions", {"PermissionsViewSetup"}},
    {"LoginHistory", {everybody}},
    {"OauthToken", {everybody}},
    {"ObjectPermissions", {"PermissionsViewSetup"}},
    {"PermissionSet",
     {"PermissionsViewSetup", "PermissionsAssignPermissionSets", "PermissionsManageProfilesPermissionsets"}},
    {"PermissionSetAssignment", {"PermissionsViewSetup", "PermissionsAssignPermissionSets", "PermissionsManageUsers"}},
    {"SetupEntityAccess", {"PermissionsViewSetup"}},
    {"UserPermissionAccess", {everybody}},
};

const OpenObject* open_object(std::string_view name) {
  const auto* const found = std::find_if(std::begin(open_objects), std::end(open_objects),
                                         [&](const OpenObject& open) { return open.name == name; });
  return found == std::end(open_objects) ? nullptr : found;
}

// One permission governs an address or a geolocation and all of its parts.
const std::string& governing_field(const Object& object, const Field& field) {
  const Field* compound = field.compound.empty() ? nullptr : object.find(field.compound);
  return compound && !compound->stored() ? compound->name : field.name;
}

void add_rights(ObjectRights& sum, const ObjectRights& more) {
  for (const ObjectRight& right : object_rights()) sum.*(right.member) = sum.*(right.member) || more.*(right.member);
}

}  // namespace

Access::Access(std::string user_id, const Grants& grants, const Schema& schema)
    : user_id_(std::move(user_id)), login_ranges_(grants.login_ranges), schema_(&schema) {
  for (const Rights* rights : grants.rights) system_.insert(rights->system.begin(), rights->system.end());
  for (const Object& object : schema.objects()) objects_.push_back(sum_for(object, grants.rights));
}

Access Access::unrestricted(std::string user_id, const Schema& schema) {
  const Rights all = all_rights();
  return Access(std::move(user_id), {{&all}}, schema);
}

bool Access::lets(std::string_view permission) const { return permission == everybody || has(permission); }

bool Access::may_come_from(std::string_view address) const {
  const std::optional<base::IpAddress> parsed = base::parse_ip_address(address);
  return login_ranges_.empty() || (parsed && base::contains(login_ranges_, *parsed));
}

const Object* Access::find_object(std::string_view name) const {
  const Object* object = schema_->find(name);
  return object && may_read(*object) ? object : nullptr;
}

const Field* Access::find_field(const Object& object, std::string_view name) const {
  const Field* field = object.find(name);
  return field && may_read(object, *field) ? field : nullptr;
}

const Field* Access::find_relationship(const Object& object, std::string_view name) const {
  const Field* lookup = object.find_relationship(name);
  return lookup && may_read(object, *lookup) ? lookup : nullptr;
}

Access::ToObject Access::sum_for(const Object& object, const std::vector<const Rights*>& all) const {
  ToObject sum;
  sum.rights = object_rights_of(object, all);
  for (const Field& field : object.fields) sum.fields.push_back(field_rights_of(object, field, all));
  for (const Rights* rights : all) {
    RecordTypeRights types = rights->record_types_of(object.name);
    if (rights == all.front()) sum.record_types.standard = std::move(types.standard);
    std::move(types.available.begin(), types.available.end(), std::back_inserter(sum.record_types.available));
  }
  return sum;
}

ObjectRights Access::object_rights_of(const Object& object, const std::vector<const Rights*>& all) const {
  if (const OpenObject* open = open_object(object.name)) {
    const bool reads = std::any_of(open->to_read.begin(), open->to_read.end(),
                                   [&](std::string_view permission) { return lets(permission); });
    const bool writes = reads && lets(open->to_write);
    return {reads, writes, writes, writes, reads, writes};
  }
  if (has("PermissionsModifyAllData")) return all_object_rights;
  ObjectRights sum;
  for (const Rights* rights : all) add_rights(sum, rights->object(object.name));
  if (has("PermissionsViewAllData")) sum.read = sum.view_all = true;
  return sum;
}

FieldRights Access::field_rights_of(const Object& object, const Field& field,
                                    const std::vector<const Rights*>& all) const {
  // Of a connected app everybody sees that it is there, and only who may change it sees its policies.
  if (object.name == "ConnectedApplication" && !has("PermissionsCustomizeApplication"))
    return field.name.starts_with("Options") || field.name.starts_with("RefreshToken") ? FieldRights{}
                                                                                       : all_field_rights;
  if (!field.permissionable || open_object(object.name)) return all_field_rights;
  const std::string& name = governing_field(object, field);
  FieldRights sum;
  for (const Rights* rights : all) {
    const FieldRights more = rights->field(object.name, name);
    sum = {sum.read || more.read, sum.edit || more.edit};
  }
  return sum;
}

const Access::ToObject& Access::of(const Object& object) const {
  return objects_[static_cast<std::size_t>(&object - schema_->objects().data())];
}

std::string_view Access::own_records_by(const Object& object) const {
  if (object.name == "LoginHistory" && !has("PermissionsManageUsers")) return "UserId";
  if (object.name == "OauthToken" && !has("PermissionsCustomizeApplication")) return "UserId";
  return "";
}

bool is_governed_by_object_permissions(std::string_view object) { return open_object(object) == nullptr; }

}  // namespace local_org
