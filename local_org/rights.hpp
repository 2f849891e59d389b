// What a profile or a permission set grants: system permissions, objects, fields, record types.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace local_org {

// The system permissions that this org knows, as columns of PermissionSet and UserPermissionAccess name them.
inline constexpr std::array<std::string_view, 14> system_permissions{
    "PermissionsApiEnabled",           "PermissionsApproveUninstalledConnectedApps",
    "PermissionsAssignPermissionSets", "PermissionsCustomizeApplication",
    "PermissionsManageConnectedApps",  "PermissionsManageProfilesPermissionsets",
    "PermissionsManageUsers",          "PermissionsModifyAllData",
    "PermissionsModifyMetadata",       "PermissionsUseAnyApiClient",
    "PermissionsViewAllData",          "PermissionsViewAllUsers",
    "PermissionsViewHealthCheck",      "PermissionsViewSetup",
};

struct ObjectRights {
  bool read = false;
  bool create = false;
  bool edit = false;
  bool remove = false;  // "delete" in JSON
  bool view_all = false;
  bool modify_all = false;

  friend bool operator==(const ObjectRights&, const ObjectRights&) = default;
};

struct FieldRights {
  bool read = false;
  bool edit = false;

  friend bool operator==(const FieldRights&, const FieldRights&) = default;
};

// Of one object. The master type is one of them.
struct RecordTypeRights {
  std::vector<std::string> available{};  // developer names; "*" stands for all
  std::string standard = "Master";       // what a record gets that names none; counts in a profile only

  bool grants(std::string_view developer_name) const;
};

inline constexpr ObjectRights all_object_rights{true, true, true, true, true, true};
inline constexpr FieldRights all_field_rights{true, true};

// "*" stands for every object, "Account.*" for every field of Account, "*" for every field; the entry that says most
// about a name counts, so {"*": all, "Account": none} grants all objects but one.
struct Rights {
  std::set<std::string, std::less<>> system{};
  std::map<std::string, ObjectRights, std::less<>> objects{};
  std::map<std::string, FieldRights, std::less<>> fields{};  // by "Account.Industry"
  std::map<std::string, RecordTypeRights, std::less<>> record_types{};

  // Names as the schema spells them.
  bool has(std::string_view permission) const { return system.contains(permission); }
  ObjectRights object(std::string_view name) const;
  FieldRights field(std::string_view object, std::string_view field) const;
  RecordTypeRights record_types_of(std::string_view object) const;
};

Rights all_rights();

// Each member with its name in JSON and what Salesforce asks to be granted with it.
struct ObjectRight {
  std::string_view name;
  bool ObjectRights::* member;
  std::vector<bool ObjectRights::*> needs;
};
const std::vector<ObjectRight>& object_rights();

}  // namespace local_org
