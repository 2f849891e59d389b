#include "local_org/completed_describe.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "local_org/packaged_field.hpp"
#include "local_org/schema.hpp"

namespace local_org {
namespace {

using PartTree = nlohmann::ordered_json;

// People's records; all others of the embedded ones are the org's own.
constexpr std::array objects_of_people{"Account", "Case", "Contact", "Lead", "Survey_Response__c"};
constexpr const char* model_of_custom_objects = "Survey_Response__c";
// Without these no record is told from another; every org has them.
constexpr std::array fields_of_all{
    "Id", "CreatedDate", "CreatedById", "IsDeleted", "LastModifiedDate", "LastModifiedById", "SystemModstamp"};

const Schema& embedded_schema() {
  static const Schema schema = standard_schema();
  return schema;
}

PartTree* find_by_name(PartTree& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const PartTree& field) {
    return same_name(field.at("name").get_ref<const std::string&>(), name);
  });
  return found == fields.end() ? nullptr : &*found;
}

void overlay(PartTree& whole, const PartTree& part) {
  for (const auto& [key, value] : part.items()) whole[key] = value;
}

PartTree completed_field(const PartTree& part, PartTree& known_fields) {
  PartTree field = plain_field_describe();
  if (const PartTree* known = find_by_name(known_fields, part.at("name").get<std::string>())) overlay(field, *known);
  overlay(field, part);
  if (!is_field_type(field.at("type").get<std::string>())) {
    field["type"] = "string";
    field["createable"] = field["updateable"] = false;
    field["nillable"] = true;
  }
  return field;
}

PartTree completed_type(const PartTree& part) {
  PartTree type{{"active", true},         {"available", true}, {"defaultRecordTypeMapping", false},
                {"developerName", ""},    {"master", false},   {"name", ""},
                {"recordTypeId", nullptr}};
  overlay(type, part);
  return type;
}

}  // namespace

std::string completed_describe(std::string_view part_text) {
  try {
    const PartTree part = PartTree::parse(part_text);
    const std::string name = part.at("name").get<std::string>();
    const Object* known_object = embedded_schema().find(name);
    const Object* model = known_object ? known_object : embedded_schema().find(model_of_custom_objects);
    PartTree whole = PartTree::parse(model->describe);
    PartTree known_fields = std::move(whole.at("fields"));
    // Other objects point at the model, and not at this one.
    if (!known_object) whole["childRelationships"] = PartTree::array();
    PartTree fields = PartTree::array(), types = PartTree::array();
    for (const PartTree& field : part.at("fields")) fields.push_back(completed_field(field, known_fields));
    for (const char* needed : fields_of_all) {
      const PartTree* known = find_by_name(known_fields, needed);
      if (known && !find_by_name(fields, needed)) fields.push_back(*known);
    }
    if (part.contains("recordTypeInfos"))
      for (const PartTree& type : part.at("recordTypeInfos")) types.push_back(completed_type(type));
    overlay(whole, part);
    if (!part.contains("labelPlural")) whole["labelPlural"] = whole.at("label");
    whole["fields"] = std::move(fields);
    whole["recordTypeInfos"] = std::move(types);
    return whole.dump();
  } catch (const nlohmann::json::exception& fault) {
    throw std::invalid_argument(std::string("tells of no object: ") + fault.what());
  }
}

bool is_filled_by_org(std::string_view object) {
  const bool is_of_people = std::any_of(objects_of_people.begin(), objects_of_people.end(),
                                        [&](const char* name) { return same_name(name, object); });
  return !is_of_people && embedded_schema().find(object) != nullptr;
}

}  // namespace local_org
