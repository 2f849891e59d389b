#include "local_org/profile_metadata.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace local_org {
namespace {

void write_object_permissions(base::JsonWriter& json, const Rights& rights, const Schema& schema) {
  json.key("objectPermissions");
  json.begin_array();
  for (const Object& object : schema.objects()) {
    const ObjectRights granted = rights.object(object.name);
    if (!is_governed_by_object_permissions(object.name) || !granted.read) continue;
    json.begin_object();
    json.field("allowCreate", granted.create);
    json.field("allowDelete", granted.remove);
    json.field("allowEdit", granted.edit);
    json.field("allowRead", granted.read);
    json.field("modifyAllRecords", granted.modify_all);
    json.field("object", object.name);
    json.field("viewAllRecords", granted.view_all);
    json.end_object();
  }
  json.end_array();
}

void write_field_permissions(base::JsonWriter& json, const Rights& rights, const Schema& schema) {
  json.key("fieldPermissions");
  json.begin_array();
  for (const Object& object : schema.objects()) {
    if (!is_governed_by_object_permissions(object.name)) continue;
    for (const Field& field : object.fields) {
      if (!field.permissionable) continue;
      const FieldRights granted = rights.field(object.name, field.name);
      json.begin_object();
      json.field("editable", granted.edit);
      json.field("field", fmt::format("{}.{}", object.name, field.name));
      json.field("readable", granted.read);
      json.end_object();
    }
  }
  json.end_array();
}

void write_login_ranges(base::JsonWriter& json, const Profile& profile) {
  json.key("loginIpRanges");
  json.begin_array();
  for (const LoginRange& range : profile.login_ranges) {
    json.begin_object();
    json.field("description", range.description);
    json.field("endAddress", range.end);
    json.field("startAddress", range.start);
    json.end_object();
  }
  json.end_array();
}

// Metadata names permissions without the word that columns begin with.
void write_user_permissions(base::JsonWriter& json, const Rights& rights) {
  constexpr std::string_view column_start = "Permissions";
  json.key("userPermissions");
  json.begin_array();
  for (const std::string& permission : rights.system) {
    json.begin_object();
    json.field("enabled", true);
    json.field("name", permission.substr(column_start.size()));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string profile_metadata(const Profile& profile, const Rights& rights, const Schema& schema) {
  base::JsonWriter json;
  json.begin_object();
  json.field("custom", profile.name != first_profile_name);
  write_field_permissions(json, rights, schema);
  write_login_ranges(json, profile);
  write_object_permissions(json, rights, schema);
  json.field("userLicense", "Salesforce");
  write_user_permissions(json, rights);
  json.end_object();
  return json.take();
}

}  // namespace local_org
