#include "tasks/task_schema.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "schemas/embedded.hpp"

namespace tasks {

namespace {

using nlohmann::ordered_json;

// A `$ref` names a file by its way from the one that it stands in, which is what editors understand too.
void paste_parts(ordered_json& schema, std::string folder) {
  if (schema.is_object() && schema.contains("$ref")) {
    const std::string path = folder + schema["$ref"].get<std::string>();
    ordered_json part = ordered_json::parse(schemas::text_of(path));
    part.erase("$schema");
    schema = std::move(part);
    folder = path.substr(0, path.rfind('/') + 1);
  }
  if (schema.is_structured())
    for (ordered_json& inner : schema) paste_parts(inner, folder);
}

}  // namespace

std::string task_schema(std::string_view type) {
  ordered_json schema = ordered_json::parse(schemas::text_of("tasks/" + std::string(type) + ".schema.json"));
  paste_parts(schema, "tasks/");
  return schema.dump();
}

}  // namespace tasks
