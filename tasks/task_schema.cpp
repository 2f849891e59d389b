#include "tasks/task_schema.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "schemas/embedded.hpp"

namespace tasks {

namespace {

using nlohmann::ordered_json;

// A `$ref` names a file beside the schema, which is what editors understand too.
void paste_parts(ordered_json& schema) {
  if (schema.is_object() && schema.contains("$ref")) {
    ordered_json part = ordered_json::parse(schemas::text_of("tasks/" + schema["$ref"].get<std::string>()));
    part.erase("$schema");
    schema = std::move(part);
  }
  if (schema.is_structured())
    for (ordered_json& inner : schema) paste_parts(inner);
}

}  // namespace

std::string task_schema(std::string_view type) {
  ordered_json schema = ordered_json::parse(schemas::text_of("tasks/" + std::string(type) + ".schema.json"));
  paste_parts(schema);
  return schema.dump();
}

}  // namespace tasks
