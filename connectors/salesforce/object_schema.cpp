#include "connectors/salesforce/object_schema.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/api_name.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::array<std::pair<std::string_view, FieldKind>, 23> field_kinds{{
    {"string", FieldKind::text},
    {"combobox", FieldKind::text},
    {"encryptedstring", FieldKind::text},
    {"textarea", FieldKind::textarea},
    {"email", FieldKind::email},
    {"phone", FieldKind::phone},
    {"url", FieldKind::url},
    {"picklist", FieldKind::picklist},
    {"multipicklist", FieldKind::multipicklist},
    {"boolean", FieldKind::boolean},
    {"int", FieldKind::integer},
    {"long", FieldKind::integer},
    {"double", FieldKind::number},
    {"currency", FieldKind::number},
    {"percent", FieldKind::number},
    {"date", FieldKind::date},
    {"datetime", FieldKind::datetime},
    {"time", FieldKind::time},
    {"reference", FieldKind::reference},
    {"id", FieldKind::id},
    {"address", FieldKind::compound},
    {"location", FieldKind::compound},
    {"complexvalue", FieldKind::other},
}};

FieldKind kind_of_type(std::string_view type) {
  const auto* found =
      std::find_if(field_kinds.begin(), field_kinds.end(), [&](const auto& known) { return known.first == type; });
  return found == field_kinds.end() ? FieldKind::other : found->second;
}

std::string text_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_at(const nlohmann::json& object, const char* name, bool otherwise = false) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

int number_at(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

const nlohmann::json& list_at(const nlohmann::json& object, const char* name) {
  static const nlohmann::json none = nlohmann::json::array();
  const auto found = object.find(name);
  return found != object.end() && found->is_array() ? *found : none;
}

// Base64 of a row of bits, the first of which is the highest of the first byte: bit n stands for the controlling value
// with that number.
std::vector<bool> bits_of(std::string_view base64) {
  std::vector<bool> bits;
  const std::optional<std::string> bytes = base::from_base64(base64);
  if (!bytes) return bits;
  for (const char c : *bytes)
    for (int bit = 7; bit >= 0; --bit) bits.push_back(((static_cast<unsigned char>(c) >> bit) & 1) != 0);
  return bits;
}

FieldSchema field_of(const nlohmann::json& tree) {
  FieldSchema field;
  field.name = text_at(tree, "name");
  field.label = text_at(tree, "label");
  field.type = text_at(tree, "type");
  field.kind = kind_of_type(field.type);
  field.length = static_cast<std::size_t>(std::max(0, number_at(tree, "length")));
  field.precision = number_at(tree, "precision");
  field.scale = number_at(tree, "scale");
  field.digits = number_at(tree, "digits");
  field.nillable = flag_at(tree, "nillable", true);
  field.defaulted = flag_at(tree, "defaultedOnCreate");
  field.filterable = flag_at(tree, "filterable", true);
  field.permissionable = flag_at(tree, "permissionable", true);
  field.external_id = flag_at(tree, "externalId");
  field.id_lookup = flag_at(tree, "idLookup");
  field.unique = flag_at(tree, "unique");
  field.case_sensitive = flag_at(tree, "caseSensitive");
  field.createable = flag_at(tree, "createable", true);
  field.updateable = flag_at(tree, "updateable", true);
  field.restricted = flag_at(tree, "restrictedPicklist");
  field.controller = text_at(tree, "controllerName");
  field.relationship = text_at(tree, "relationshipName");
  field.part_of = text_at(tree, "compoundFieldName");
  if (field.kind == FieldKind::boolean) field.default_value = flag_at(tree, "defaultValue") ? "true" : "false";
  for (const nlohmann::json& choice : list_at(tree, "picklistValues")) {
    if (!choice.is_object() || !flag_at(choice, "active", true)) continue;
    if (flag_at(choice, "defaultValue")) field.default_value = text_at(choice, "value");
    field.choices.push_back({text_at(choice, "value"), text_at(choice, "label"), bits_of(text_at(choice, "validFor"))});
  }
  for (const nlohmann::json& object : list_at(tree, "referenceTo"))
    if (object.is_string()) field.refers_to.push_back(object.get<std::string>());
  return field;
}

// With those that are not active: the bits of a dependent picklist count all.
std::vector<std::string> all_values_of(const nlohmann::json& field) {
  if (text_at(field, "type") == "boolean") return {"false", "true"};
  std::vector<std::string> values;
  for (const nlohmann::json& choice : list_at(field, "picklistValues"))
    if (choice.is_object()) values.push_back(text_at(choice, "value"));
  return values;
}

std::vector<std::string> controlling_values_of(const nlohmann::json& fields, const std::string& controller) {
  for (const nlohmann::json& field : fields)
    if (field.is_object() && folded_api_name(text_at(field, "name")) == folded_api_name(controller))
      return all_values_of(field);
  return {};
}

RecordTypeSchema record_type_from(const nlohmann::json& tree) {
  return {.id = text_at(tree, "recordTypeId"),
          .developer_name = text_at(tree, "developerName"),
          .name = text_at(tree, "name"),
          .available = flag_at(tree, "available") && flag_at(tree, "active", true),
          .is_master = flag_at(tree, "master")};
}

}  // namespace

const FieldSchema* ObjectSchema::find(std::string_view field) const {
  const auto found = by_name.find(folded_api_name(field));
  return found == by_name.end() ? nullptr : &fields[found->second];
}

const FieldSchema* ObjectSchema::find_relationship(std::string_view relationship) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldSchema& field) {
    return !field.relationship.empty() && folded_api_name(field.relationship) == folded_api_name(relationship);
  });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> ObjectSchema::field_names() const {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const FieldSchema& field : fields) names.push_back(field.name);
  return names;
}

base::Result<ObjectSchema> read_object_schema(std::string_view describe, std::string_view object) {
  base::Result<nlohmann::json> document = base::parse_json(describe);
  if (!document) return std::move(document).error();
  const auto fields = document->is_object() ? document->find("fields") : document->end();
  if (fields == document->end() || !fields->is_array())
    return base::Error{org_describe_unreadable, fmt::format("the org's description of {} lists no fields", object)};
  ObjectSchema schema{.name = text_at(*document, "name"),
                      .key_prefix = text_at(*document, "keyPrefix"),
                      .createable = flag_at(*document, "createable", true),
                      .updateable = flag_at(*document, "updateable", true),
                      .deletable = flag_at(*document, "deletable", true),
                      .queryable = flag_at(*document, "queryable", true)};
  for (const nlohmann::json& tree : *fields) {
    if (!tree.is_object() || text_at(tree, "name").empty()) continue;
    FieldSchema field = field_of(tree);
    if (!field.controller.empty()) field.controlling_values = controlling_values_of(*fields, field.controller);
    schema.by_name.emplace(folded_api_name(field.name), schema.fields.size());
    schema.fields.push_back(std::move(field));
  }
  // A person's name is a string that is made of others. An account's is written as a whole, also where some accounts
  // are persons and it has parts.
  for (FieldSchema& field : schema.fields) {
    const bool has_parts = std::any_of(schema.fields.begin(), schema.fields.end(),
                                       [&](const FieldSchema& other) { return other.part_of == field.name; });
    if (has_parts && !field.createable && !field.updateable) field.kind = FieldKind::compound;
  }
  for (const nlohmann::json& type : list_at(*document, "recordTypeInfos"))
    if (type.is_object()) schema.record_types.push_back(record_type_from(type));
  return schema;
}

}  // namespace connectors::salesforce
