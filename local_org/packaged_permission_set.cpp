#include "local_org/packaged_permission_set.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local_org/metadata_file.hpp"
#include "local_org/rights.hpp"

namespace local_org {
namespace {

using base::XmlElement;

bool says_yes(const XmlElement& element, std::string_view name) { return child_text(element, name) == "true"; }

// What stands for each right of an object.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> object_elements{{
    {"read", "allowRead"},
    {"create", "allowCreate"},
    {"edit", "allowEdit"},
    {"delete", "allowDelete"},
    {"view_all", "viewAllRecords"},
    {"modify_all", "modifyAllRecords"},
}};

class PermissionSetReader {
 public:
  PermissionSetReader(MetadataFile& file, const Schema& schema) : file_(file), schema_(schema) {}

  nlohmann::json read(const std::string& name) {
    const std::string label = file_.text("label");
    document_ = {{"name", name},
                 {"label", label.empty() ? name : label},
                 {"system", nlohmann::json::object()},
                 {"objects", nlohmann::json::object()},
                 {"fields", nlohmann::json::object()},
                 {"record_types", nlohmann::json::object()}};
    file_.ignore({"description", "hasActivationRequired", "license"});
    for (const XmlElement* one : file_.all("objectPermissions")) grant_object(*one);
    for (const XmlElement* one : file_.all("fieldPermissions")) grant_field(*one);
    for (const XmlElement* one : file_.all("recordTypeVisibilities")) grant_record_type(*one);
    for (const XmlElement* one : file_.all("userPermissions")) grant_system(*one);
    file_.tell_the_rest();
    return std::move(document_);
  }

 private:
  // Salesforce brings nothing along in a deployment: what a right needs has to be granted, too.
  void grant_object(const XmlElement& element) {
    const std::string name = child_text(element, "object");
    const Object* object = schema_.find(name);
    if (!object) return file_.error(fmt::format("<objectPermissions> names '{}', which is no object", name));
    nlohmann::json& rights = document_["objects"][object->name];
    for (const auto& [right, tag] : object_elements) rights[std::string(right)] = says_yes(element, tag);
    for (const ObjectRight& right : object_rights()) {
      if (rights.at(std::string(right.name)) == false) continue;
      for (const ObjectRight& other : object_rights()) {
        const bool needed = std::find(right.needs.begin(), right.needs.end(), other.member) != right.needs.end();
        if (needed && rights.at(std::string(other.name)) == false)
          file_.error(fmt::format("Permission {} {} depends on permission(s): {} {}", right.name, object->name,
                                  other.name, object->name));
      }
    }
  }

  void grant_field(const XmlElement& element) {
    const std::string full = child_text(element, "field");
    const std::size_t dot = std::min(full.find('.'), full.size());
    const Object* object = schema_.find(full.substr(0, dot));
    const Field* field = object && dot < full.size() ? object->find(full.substr(dot + 1)) : nullptr;
    if (!field) return file_.error(fmt::format("<fieldPermissions> names '{}', which is no field", full));
    if (!field->permissionable) return file_.error(fmt::format("You cannot deploy to a required field: {}", full));
    const Field* whole = field->compound.empty() ? nullptr : object->find(field->compound);
    if (whole && !whole->stored())
      return file_.error(fmt::format("<fieldPermissions> names '{}', a part of {}", full, whole->name),
                         fmt::format("one permission is for the whole: {}.{}", object->name, whole->name));
    document_["fields"][fmt::format("{}.{}", object->name, field->name)] = {{"read", says_yes(element, "readable")},
                                                                            {"edit", says_yes(element, "editable")}};
  }

  void grant_record_type(const XmlElement& element) {
    const std::string full = child_text(element, "recordType");
    if (!says_yes(element, "visible")) return;
    const std::size_t dot = std::min(full.find('.'), full.size());
    const Object* object = schema_.find(full.substr(0, dot));
    const std::string name = dot < full.size() ? full.substr(dot + 1) : "";
    const bool is_one = object && std::any_of(object->record_types.begin(), object->record_types.end(),
                                              [&](const RecordType& type) { return type.developer_name == name; });
    if (!is_one) return file_.error(fmt::format("<recordTypeVisibilities> names '{}', which is no record type", full));
    document_["record_types"][object->name]["available"].push_back(name);
  }

  // Metadata names permissions without the word that columns begin with.
  void grant_system(const XmlElement& element) {
    const std::string name = "Permissions" + child_text(element, "name");
    if (!says_yes(element, "enabled")) return;
    if (std::find(system_permissions.begin(), system_permissions.end(), name) == system_permissions.end())
      return file_.warning(
          fmt::format("<userPermissions> grants '{}', which makes no difference here", child_text(element, "name")));
    document_["system"][name] = true;
  }

  MetadataFile& file_;
  const Schema& schema_;
  nlohmann::json document_;
};

}  // namespace

std::optional<std::string> read_packaged_permission_set(const std::string& path, const Schema& schema,
                                                        base::Findings& findings) {
  std::optional<MetadataFile> file = read_metadata_file(path, "PermissionSet", findings);
  if (!file) return std::nullopt;
  const std::string name = std::filesystem::path(path).filename().string();
  return PermissionSetReader(*file, schema).read(name.substr(0, name.find('.'))).dump();
}

}  // namespace local_org
