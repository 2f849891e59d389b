#include "local_org/packaged_object.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local_org/record_id.hpp"
#include "local_org/record_types.hpp"

namespace local_org {
namespace {

using ObjectTree = nlohmann::ordered_json;

constexpr std::string_view model_object = "Survey_Response__c";
constexpr std::string_view model_of_record_types = "Case";
constexpr std::string_view id_letters = "0123456789abcdefghijklmnopqrstuvwxyz";

// FNV-1a. What is made from a name is the same whatever else the package holds, and so over restarts.
std::uint64_t number_of(std::string_view name) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

std::string letters_of(std::uint64_t number, std::size_t count) {
  std::string text;
  for (; text.size() < count; number /= id_letters.size()) text += id_letters[number % id_letters.size()];
  return text;
}

// Ids of custom objects begin with a letter of their own.
std::string free_key_prefix(const std::string& name, const Schema& schema,
                            const std::map<std::string, ObjectTree>& beside) {
  for (std::uint64_t number = number_of(name);; ++number) {
    std::string prefix = "a" + letters_of(number, 2);
    const bool is_taken = schema.find_by_prefix(prefix) != nullptr ||
                          std::any_of(beside.begin(), beside.end(),
                                      [&](const auto& other) { return other.second.at("keyPrefix") == prefix; });
    if (!is_taken) return prefix;
  }
}

std::string with_name(std::string text, const std::string& name) {
  for (std::size_t at = text.find(model_object); at != std::string::npos;
       at = text.find(model_object, at + name.size()))
    text.replace(at, model_object.size(), name);
  return text;
}

// The object that every local org has brings what all custom ones have in common.
ObjectTree bare_custom_object(const std::string& name, const Schema& schema) {
  ObjectTree object = ObjectTree::parse(with_name(schema.find(model_object)->describe, name));
  ObjectTree common = ObjectTree::array();
  for (ObjectTree& field : object.at("fields"))
    if (field.at("custom") == false) common.push_back(std::move(field));
  object["fields"] = std::move(common);
  ObjectTree types = ObjectTree::array();
  for (ObjectTree& type : object.at("recordTypeInfos"))
    if (type.at("master") == true) types.push_back(std::move(type));
  object["recordTypeInfos"] = std::move(types);
  return object;
}

// Salesforce describes `RecordTypeId` of objects that have record types alone.
void add_record_type_field(ObjectTree& object, const Schema& schema) {
  const auto is_it = [](const ObjectTree& field) { return field.at("name") == record_type_field; };
  ObjectTree& fields = object.at("fields");
  if (std::any_of(fields.begin(), fields.end(), is_it)) return;
  const ObjectTree model = ObjectTree::parse(schema.find(model_of_record_types)->describe);
  const ObjectTree& fields_of_model = model.at("fields");
  fields.push_back(*std::find_if(fields_of_model.begin(), fields_of_model.end(), is_it));
}

void set_name_field(MetadataFile& file, ObjectTree& object) {
  const std::vector<const base::XmlElement*> said = file.all("nameField");
  if (said.size() != 1) return file.error("a custom object has one <nameField>");
  const std::string type = child_text(*said.front(), "type");
  if (type != "Text" && type != "AutoNumber")
    return file.error(fmt::format("<nameField> is of the type Text or AutoNumber, and not '{}'", type));
  const bool is_text = type == "Text";
  for (ObjectTree& field : object.at("fields")) {
    if (field.at("name") != "Name") continue;
    field["label"] = child_text(*said.front(), "label");
    field["autoNumber"] = !is_text;
    field["createable"] = field["updateable"] = is_text;
    // A record without a name is called by its id.
    field["nillable"] = is_text;
    field["defaultedOnCreate"] = true;
  }
}

}  // namespace

std::optional<ObjectTree> read_packaged_object(MetadataFile& file, const std::string& name, const Schema& schema,
                                               const std::map<std::string, ObjectTree>& beside) {
  file.ignore({"actionOverrides", "allowInChatterGroups", "compactLayoutAssignment", "deploymentStatus", "description",
               "enableActivities", "enableBulkApi", "enableFeeds", "enableHistory", "enableLicensing", "enableReports",
               "enableSearch", "enableSharing", "enableStreamingApi", "externalSharingModel", "sharingModel",
               "searchLayouts", "visibility"});
  if (!name.ends_with("__c")) {
    file.ignore({"label", "pluralLabel", "nameField"});
    file.tell_the_rest();
    return ObjectTree::parse(schema.find(name)->describe);
  }
  const std::string label = file.text("label");
  const std::string plural = file.text("pluralLabel");
  if (label.empty()) file.error("<label> is missing");
  ObjectTree object = bare_custom_object(name, schema);
  const Object* known = schema.find(name);
  object["label"] = label;
  object["labelPlural"] = plural.empty() ? label : plural;
  object["keyPrefix"] = known ? known->key_prefix : free_key_prefix(name, schema, beside);
  set_name_field(file, object);
  file.tell_the_rest();
  return object;
}

void add_packaged_record_type(MetadataFile& file, ObjectTree& object, const Schema& schema) {
  const std::string name = file.text("fullName");
  const std::string label = file.text("label");
  const bool is_active = file.flag("active", true);
  file.ignore({"description", "compactLayoutAssignment", "businessProcess"});
  if (!file.all("picklistValues").empty())
    file.warning("<picklistValues> is not held to: a record of this type takes every value of the field");
  file.tell_the_rest();
  if (name.empty()) return file.error("<fullName> is missing");
  add_record_type_field(object, schema);
  const std::string object_name = object.at("name");
  const std::string id15 = "012" + letters_of(number_of(object_name + "." + name), 12);
  const std::string id = id15 + record_id_suffix(id15);
  ObjectTree type{
      {"active", is_active},
      {"available", is_active},
      {"defaultRecordTypeMapping", false},
      {"developerName", name},
      {"master", false},
      {"name", label.empty() ? name : label},
      {"recordTypeId", id},
      {"urls",
       {{"layout", fmt::format("/services/data/v{{version}}/sobjects/{}/describe/layouts/{}", object_name, id)}}}};
  ObjectTree& types = object.at("recordTypeInfos");
  const auto known = std::find_if(types.begin(), types.end(),
                                  [&](const ObjectTree& other) { return other.at("developerName") == name; });
  if (known == types.end()) {
    types.insert(types.begin(), std::move(type));
  } else {
    type["recordTypeId"] = known->at("recordTypeId");
    *known = std::move(type);
  }
}

}  // namespace local_org
