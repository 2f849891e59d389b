#include "engine/workflow_schema.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "schemas/embedded.hpp"

namespace engine {
namespace {

using nlohmann::ordered_json;

// References inside of a schema go on meaning its own definitions when it stands inside of another.
void move_references(ordered_json& schema, const std::string& into) {
  if (schema.is_object()) {
    const auto reference = schema.find("$ref");
    if (reference != schema.end() && reference->is_string() &&
        reference->get_ref<const std::string&>().starts_with('#')) {
      *reference = into + reference->get_ref<const std::string&>().substr(1);
    }
  }
  if (!schema.is_structured()) return;
  for (ordered_json& inner : schema) move_references(inner, into);
}

ordered_json embedded_schema_of(const TaskType& type, const std::string& into) {
  ordered_json schema = ordered_json::parse(type.schema());
  schema.erase("$schema");
  schema.erase("$id");
  move_references(schema, into);
  return schema;
}

ordered_json choice_of(const TaskType& type, const ordered_json& with, const std::string& definition) {
  ordered_json required = ordered_json::array();
  if (with.contains("required")) required.push_back("with");
  if (!type.extension().empty()) required.push_back("account");
  return {{"if", {{"properties", {{"type", {{"const", type.name()}}}}}, {"required", {"type"}}}},
          {"then", {{"required", required}, {"properties", {{"with", {{"$ref", definition}}}}}}}};
}

}  // namespace

base::JsonText workflow_schema(const Catalog& catalog) {
  ordered_json schema = ordered_json::parse(schemas::text_of("workflow.schema.json"));
  ordered_json& definitions = schema["definitions"];
  ordered_json choices = ordered_json::array();
  for (const std::string& name : catalog.task_names()) {
    const TaskType& type = *catalog.task(name);
    const std::string definition = "#/definitions/with_" + name;
    const ordered_json with = embedded_schema_of(type, definition);
    choices.push_back(choice_of(type, with, definition));
    definitions["with_" + name] = with;
  }
  definitions["task"]["properties"]["type"]["enum"] = catalog.task_names();
  definitions["task"]["allOf"] = std::move(choices);
  schema["properties"]["trigger"]["properties"]["type"]["enum"] = catalog.trigger_names();
  return {schema.dump(2)};
}

}  // namespace engine
