// The schemas people write documents by: they load, every property explains itself, and every example is right.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "base/json_schema.hpp"
#include "tests/support/source_path.hpp"

namespace base {
namespace {

std::vector<std::filesystem::path> schema_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = std::filesystem::path(test::source_path()) / "schemas";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

// A `$ref` to a file beside the schema stands for what is in there.
void paste_parts(nlohmann::json& schema, const std::filesystem::path& folder) {
  if (schema.is_object() && schema.contains("$ref") && schema["$ref"].get<std::string>().ends_with(".json")) {
    const std::filesystem::path file = folder / schema["$ref"].get<std::string>();
    const JsonDocument part = JsonDocument::read_file(file.string());
    for (const Finding& finding : part.findings()) FAIL(to_line(finding));
    schema = part.root();
    schema.erase("$schema");
    return paste_parts(schema, file.parent_path());
  }
  if (!schema.is_structured()) return;
  for (nlohmann::json& inner : schema) paste_parts(inner, folder);
}

using Visit = std::function<void(const std::string& pointer, const nlohmann::json& property)>;

void each_property(const nlohmann::json& schema, const std::string& pointer, const Visit& visit) {
  if (!schema.is_object()) return;
  for (const char* group : {"properties", "definitions"}) {
    if (!schema.contains(group)) continue;
    for (const auto& [name, inner] : schema[group].items()) {
      const std::string at = pointer + pointer_token(group) + pointer_token(name);
      if (std::string_view(group) == "properties") visit(at, inner);
      each_property(inner, at, visit);
    }
  }
  for (const char* keyword : {"items", "additionalProperties", "propertyNames"}) {
    if (schema.contains(keyword)) each_property(schema[keyword], pointer + pointer_token(keyword), visit);
  }
}

// What `keyword` says about a property, by itself or through its reference.
nlohmann::json said_of(const nlohmann::json& root, const nlohmann::json& property, const std::string& keyword) {
  if (property.contains(keyword) || !property.contains("$ref")) return property.value(keyword, nlohmann::json());
  const std::string ref = property["$ref"].get<std::string>();
  return said_of(root, root.at(nlohmann::json::json_pointer(ref.substr(1))), keyword);
}

// `property` as a schema of its own, with the definitions it may refer to.
JsonSchema alone(const nlohmann::json& root, const nlohmann::json& property) {
  nlohmann::json schema{{"properties", {{"it", property}}}};
  if (root.contains("definitions")) schema["definitions"] = root["definitions"];
  return JsonSchema(schema.dump());
}

}  // namespace

TEST_CASE("every schema loads, and every property in it has a description and right examples") {
  for (const std::filesystem::path& path : schema_files()) {
    const JsonDocument document = JsonDocument::read_file(path.string());
    for (const Finding& finding : document.findings()) FAIL_CHECK(to_line(finding));
    if (!document.readable()) continue;
    nlohmann::json root = document.root();
    if (root.value("$schema", "").find("draft-07") == std::string::npos) continue;  // a document of another kind
    paste_parts(root, path.parent_path());
    CHECK_NOTHROW(JsonSchema(root.dump()));

    each_property(root, "", [&](const std::string& pointer, const nlohmann::json& property) {
      INFO(path.filename().string() << " " << pointer);
      CHECK(said_of(root, property, "description").is_string());
      const nlohmann::json examples = said_of(root, property, "examples");
      CHECK_FALSE(examples.empty());
      nlohmann::json values = examples;
      if (property.contains("default")) values.push_back(property["default"]);
      for (const nlohmann::json& value : values) {
        const Findings findings = alone(root, property).check(nlohmann::json{{"it", value}});
        for (const Finding& finding : findings) FAIL_CHECK(to_line(finding));
      }
    });
  }
}

}  // namespace base
