// The org's objects and fields, as its describe files tell them.
#include "local_org/schema.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local_org/describe_files.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

// Describe's key order is kept, because it is the order of the answer.
using DescribeTree = nlohmann::ordered_json;

char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

using FieldTypes = std::map<std::string, FieldType, std::less<>>;

const FieldTypes& field_types() {
  static const FieldTypes types = {
      {"id", FieldType::id},
      {"reference", FieldType::reference},
      {"string", FieldType::string},
      {"textarea", FieldType::textarea},
      {"email", FieldType::email},
      {"phone", FieldType::phone},
      {"url", FieldType::url},
      {"picklist", FieldType::picklist},
      {"combobox", FieldType::string},
      {"encryptedstring", FieldType::string},
      {"time", FieldType::time},
      {"base64", FieldType::string},
      {"anyType", FieldType::string},
      {"long", FieldType::integer},
      {"multipicklist", FieldType::multipicklist},
      {"boolean", FieldType::boolean},
      {"int", FieldType::integer},
      {"double", FieldType::number},
      {"currency", FieldType::number},
      {"percent", FieldType::number},
      {"date", FieldType::date},
      {"datetime", FieldType::datetime},
      {"address", FieldType::address},
      {"location", FieldType::location},
  };
  return types;
}

FieldType field_type(const std::string& name) {
  const auto found = field_types().find(name);
  if (found == field_types().end())
    throw std::invalid_argument(fmt::format("fields of type '{}' are not supported", name));
  return found->second;
}

// API names become names of tables and columns.
std::string api_name(const DescribeTree& tree) {
  std::string name = tree.at("name").get<std::string>();
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  if (!plain) throw std::invalid_argument(fmt::format("'{}' is no API name", name));
  return name;
}

std::string text_or_empty(const DescribeTree& tree, const char* key) {
  const auto found = tree.find(key);
  return found == tree.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

Field field_from(const DescribeTree& tree) {
  Field field;
  field.name = api_name(tree);
  field.label = tree.at("label").get<std::string>();
  field.type_name = tree.at("type").get<std::string>();
  field.type = field_type(field.type_name);
  field.length = tree.at("length").get<std::size_t>();
  field.precision = tree.at("precision").get<int>();
  field.scale = tree.at("scale").get<int>();
  field.digits = tree.at("digits").get<int>();
  field.nillable = tree.at("nillable").get<bool>();
  field.createable = tree.at("createable").get<bool>();
  field.updateable = tree.at("updateable").get<bool>();
  field.defaulted = tree.at("defaultedOnCreate").get<bool>();
  field.unique = tree.at("unique").get<bool>();
  field.case_sensitive = tree.at("caseSensitive").get<bool>();
  field.external_id = tree.at("externalId").get<bool>();
  field.id_lookup = tree.at("idLookup").get<bool>();
  field.auto_number = tree.at("autoNumber").get<bool>();
  field.filterable = tree.at("filterable").get<bool>();
  field.sortable = tree.at("sortable").get<bool>();
  field.restricted = tree.at("restrictedPicklist").get<bool>();
  field.permissionable = tree.at("permissionable").get<bool>();
  field.default_checked = tree.at("defaultValue") == true;
  for (const DescribeTree& choice : tree.at("picklistValues")) {
    if (!choice.at("active").get<bool>()) continue;
    field.choices.push_back(choice.at("value").get<std::string>());
    if (choice.at("defaultValue").get<bool>()) field.default_choice = field.choices.back();
  }
  field.references = tree.at("referenceTo").get<std::vector<std::string>>();
  field.relationship = text_or_empty(tree, "relationshipName");
  field.compound = text_or_empty(tree, "compoundFieldName");
  return field;
}

// An entry of describe global has the flags and names of a describe, and nothing that is a list.
std::string summary_of(const DescribeTree& describe) {
  DescribeTree summary = DescribeTree::object();
  for (const auto& [key, value] : describe.items()) {
    if (!value.is_array()) summary[key] = value;
  }
  return summary.dump();
}

Object object_from(const DescribeTree& describe) {
  Object object;
  object.name = api_name(describe);
  object.label = describe.at("label").get<std::string>();
  object.key_prefix = text_or_empty(describe, "keyPrefix");
  object.createable = describe.at("createable").get<bool>();
  object.updateable = describe.at("updateable").get<bool>();
  object.deletable = describe.at("deletable").get<bool>();
  for (const DescribeTree& field : describe.at("fields")) object.fields.push_back(field_from(field));
  for (const DescribeTree& child : describe.at("childRelationships")) {
    object.children.push_back({child.at("childSObject").get<std::string>(), child.at("field").get<std::string>(),
                               child.at("cascadeDelete").get<bool>()});
  }
  if (!object.key_prefix.empty() && object.key_prefix.size() != 3)
    throw std::invalid_argument("a key prefix has three characters");
  for (const DescribeTree& type : describe.at("recordTypeInfos")) {
    if (type.at("master").get<bool>()) continue;
    const std::optional<std::string> id = to_record_id(type.at("recordTypeId").get<std::string>());
    if (!id || !id->starts_with("012")) throw std::invalid_argument("a record type's id begins with 012");
    object.record_types.push_back({*id, type.at("developerName").get<std::string>(), type.at("name").get<std::string>(),
                                   type.at("active").get<bool>()});
  }
  object.soft_deletes = object.find("IsDeleted") != nullptr;
  object.describe = describe.dump();
  object.summary = summary_of(describe);
  return object;
}

}  // namespace

bool Field::is_text() const {
  switch (type) {
    case FieldType::string:
    case FieldType::textarea:
    case FieldType::email:
    case FieldType::phone:
    case FieldType::url:
    case FieldType::picklist:
    case FieldType::multipicklist: return true;
    default: return false;
  }
}

const Field* Object::find(std::string_view field_name) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return same_name(field.name, field_name); });
  return found == fields.end() ? nullptr : &*found;
}

const Field* Object::find_relationship(std::string_view relationship_name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
    return !field.relationship.empty() && same_name(field.relationship, relationship_name);
  });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<const Field*> Object::parts_of(std::string_view compound) const {
  std::vector<const Field*> parts;
  for (const Field& field : fields) {
    if (field.compound == compound) parts.push_back(&field);
  }
  return parts;
}

void Schema::add(std::string_view describe_text) {
  try {
    Object object = object_from(DescribeTree::parse(describe_text));
    const auto known = std::find_if(objects_.begin(), objects_.end(),
                                    [&](const Object& other) { return same_name(other.name, object.name); });
    if (known == objects_.end()) {
      objects_.push_back(std::move(object));
    } else {
      *known = std::move(object);
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(fmt::format("not a describe document: {}", error.what()));
  }
}

const Object* Schema::find(std::string_view name) const {
  const auto found = std::find_if(objects_.begin(), objects_.end(),
                                  [&](const Object& object) { return same_name(object.name, name); });
  return found == objects_.end() ? nullptr : &*found;
}

const Object* Schema::find_by_prefix(std::string_view id) const {
  const auto found = std::find_if(objects_.begin(), objects_.end(), [&](const Object& object) {
    return !object.key_prefix.empty() && id.starts_with(object.key_prefix);
  });
  return found == objects_.end() ? nullptr : &*found;
}

bool is_field_type(std::string_view name) { return field_types().contains(name); }

// Reading the files takes as long as a thousand records; copying what was read takes no time.
Schema standard_schema() {
  static const Schema read_once = [] {
    Schema schema;
    for (const auto& [name, text] : embedded_files()) schema.add(text);
    return schema;
  }();
  return read_once;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_ascii(x) == lower_ascii(y); });
}

}  // namespace local_org
