#include "connectors/salesforce/org_package.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/xml.hpp"

namespace connectors::salesforce {

namespace {

// Lines of one metadata file. Elements stand in the order in which Salesforce itself retrieves them, so that a file
// that was deployed and retrieved shows no difference.
class MetadataFile {
 public:
  explicit MetadataFile(std::string_view root) : root_(root) {
    text_ = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n", root);
  }

  void element(std::string_view name, std::string_view value) {
    text_ += fmt::format("{0}<{1}>{2}</{1}>\n", indent(), name, base::xml_escaped(value));
  }
  void element(std::string_view name, const char* value) { element(name, std::string_view(value)); }
  void element(std::string_view name, bool value) { element(name, std::string_view(value ? "true" : "false")); }
  void element(std::string_view name, int value) { element(name, std::string_view(fmt::format("{}", value))); }
  void described(std::string_view description) {
    if (!description.empty()) element("description", description);
  }

  void begin(std::string_view name) {
    text_ += fmt::format("{}<{}>\n", indent(), name);
    open_.emplace_back(name);
  }
  void end() {
    const std::string name = open_.back();
    open_.pop_back();
    text_ += fmt::format("{}</{}>\n", indent(), name);
  }

  std::string take() { return std::move(text_) + fmt::format("</{}>\n", root_); }

 private:
  std::string indent() const { return std::string(4 * (open_.size() + 1), ' '); }

  std::string root_;
  std::string text_;
  std::vector<std::string> open_;
};

std::string object_file(const NewObject& object) {
  MetadataFile file("CustomObject");
  file.element("deploymentStatus", "Deployed");
  file.element("label", object.label);
  file.begin("nameField");
  if (!object.takes_name) file.element("displayFormat", "{00000000}");
  file.element("label", object.label + (object.takes_name ? " Name" : " Number"));
  file.element("type", object.takes_name ? "Text" : "AutoNumber");
  file.end();
  file.element("pluralLabel", object.label + "s");
  // Salesforce's own default. Who sees which records is the org's decision; the permission set says who may write any.
  file.element("sharingModel", "ReadWrite");
  return file.take();
}

void write_values(MetadataFile& file, const NewField& field) {
  file.begin("valueSet");
  // A restricted one would refuse what others write, and what a later version of the mapping says.
  file.element("restricted", false);
  file.begin("valueSetDefinition");
  file.element("sorted", false);
  for (const std::string& value : field.values) {
    file.begin("value");
    file.element("fullName", value);
    file.element("default", false);
    file.element("label", value);
    file.end();
  }
  file.end();
  file.end();
}

std::string field_file(const NewField& field) {
  const bool is_lookup = field.type == "Lookup";
  const bool is_number = field.precision > 0;
  MetadataFile file("CustomField");
  file.element("fullName", field.name);
  if (field.is_key) file.element("caseSensitive", true);
  if (field.type == "Checkbox") file.element("defaultValue", false);
  if (is_lookup) file.element("deleteConstraint", "SetNull");
  file.described(field.description);
  if (field.type != "Checkbox") file.element("externalId", field.is_key);
  file.element("label", field.label);
  if (field.length > 0) file.element("length", field.length);
  if (is_number) file.element("precision", field.precision);
  if (is_lookup) {
    file.element("referenceTo", field.refers_to);
    file.element("relationshipName", field.relationship);
  }
  if (field.type != "Checkbox" && field.type != "LongTextArea") file.element("required", false);
  if (is_number) file.element("scale", field.scale);
  file.element("type", field.type);
  if (field.is_key) file.element("unique", true);
  if (!field.values.empty()) write_values(file, field);
  if (field.type == "LongTextArea") file.element("visibleLines", 5);
  return file.take();
}

std::string record_type_file(const NewRecordType& type) {
  MetadataFile file("RecordType");
  file.element("fullName", type.name);
  file.element("active", true);
  file.element("label", type.label);
  return file.take();
}

void write_object_grant(MetadataFile& file, const ObjectGrant& grant) {
  file.begin("objectPermissions");
  file.element("allowCreate", grant.create);
  file.element("allowDelete", grant.remove);
  file.element("allowEdit", grant.edit);
  file.element("allowRead", true);
  file.element("modifyAllRecords", false);
  file.element("object", grant.object);
  file.element("viewAllRecords", false);
  file.end();
}

std::string permission_set_file(const PackagedPermissionSet& set) {
  MetadataFile file("PermissionSet");
  file.described(set.description);
  for (const FieldGrant& grant : set.fields) {
    file.begin("fieldPermissions");
    file.element("editable", grant.edit);
    file.element("field", grant.field);
    file.element("readable", true);
    file.end();
  }
  file.element("hasActivationRequired", false);
  file.element("label", set.label);
  for (const ObjectGrant& grant : set.objects) write_object_grant(file, grant);
  for (const std::string& type : set.record_types) {
    file.begin("recordTypeVisibilities");
    file.element("recordType", type);
    file.element("visible", true);
    file.end();
  }
  // Whoever writes through the API needs it, and no other system permission.
  file.begin("userPermissions");
  file.element("enabled", true);
  file.element("name", "ApiEnabled");
  file.end();
  return file.take();
}

}  // namespace

std::map<std::string, std::string> files_of(const OrgPackage& package) {
  std::map<std::string, std::string> files;
  for (const NewObject& object : package.objects) {
    const std::string folder = "main/default/objects/" + object.name;
    if (object.is_new) files[fmt::format("{}/{}.object-meta.xml", folder, object.name)] = object_file(object);
    for (const NewField& field : object.fields)
      files[fmt::format("{}/fields/{}.field-meta.xml", folder, field.name)] = field_file(field);
    for (const NewRecordType& type : object.record_types)
      files[fmt::format("{}/recordTypes/{}.recordType-meta.xml", folder, type.name)] = record_type_file(type);
  }
  const PackagedPermissionSet& set = package.permission_set;
  files[fmt::format("main/default/permissionsets/{}.permissionset-meta.xml", set.name)] = permission_set_file(set);
  return files;
}

std::string project_file(std::string_view source_folder) {
  const nlohmann::ordered_json project{
      {"packageDirectories", {{{"path", source_folder}, {"default", true}}}},
      {"namespace", ""},
      {"sourceApiVersion", package_api_version},
  };
  return project.dump(2) + "\n";
}

}  // namespace connectors::salesforce
