#include "tasks/task_schema.hpp"

#include <span>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

namespace schemas {
std::span<const std::pair<std::string_view, std::string_view>> embedded_files();
}

namespace tasks {

namespace {

using nlohmann::ordered_json;

ordered_json embedded_schema(const std::string& name) {
  for (const auto& [known, text] : schemas::embedded_files())
    if (known == name) return ordered_json::parse(text);
  throw std::logic_error("schemas/" + name + " is missing");
}

// A `$ref` names a file beside the schema, which is what editors understand too.
void paste_parts(ordered_json& schema) {
  if (schema.is_object() && schema.contains("$ref")) {
    ordered_json part = embedded_schema("tasks/" + schema["$ref"].get<std::string>());
    part.erase("$schema");
    schema = std::move(part);
  }
  if (schema.is_structured())
    for (ordered_json& inner : schema) paste_parts(inner);
}

}  // namespace

std::string task_schema(std::string_view type) {
  ordered_json schema = embedded_schema("tasks/" + std::string(type) + ".schema.json");
  paste_parts(schema);
  return schema.dump();
}

}  // namespace tasks
