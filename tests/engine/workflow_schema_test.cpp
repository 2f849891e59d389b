#include "engine/workflow_schema.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_schema.hpp"
#include "schemas/embedded.hpp"
#include "tests/engine/fake_catalog.hpp"

namespace {

// Every property without the words that make the schema a manual.
void collect_silent_properties(const nlohmann::json& schema, const std::string& at, std::vector<std::string>& silent) {
  if (!schema.is_structured()) return;
  if (schema.is_object() && schema.contains("properties")) {
    for (const auto& [name, property] : schema["properties"].items()) {
      const bool shown = property.contains("examples") || property.contains("$ref");
      if (!property.contains("description") || !shown) silent.push_back(at + "/" + name);
    }
  }
  for (const auto& [key, inner] : schema.items()) {
    if (key != "examples") collect_silent_properties(inner, at + "/" + key, silent);
  }
}

}  // namespace

TEST_CASE("every property of the workflow schema is described and shown") {
  std::vector<std::string> silent;
  collect_silent_properties(nlohmann::json::parse(schemas::text_of("workflow.schema.json")), "", silent);
  CHECK(silent.empty());
}

TEST_CASE("the workflow schema holds for its own examples") {
  const nlohmann::json schema = nlohmann::json::parse(schemas::text_of("workflow.schema.json"));
  for (const auto& [name, definition] : schema["definitions"].items()) {
    nlohmann::json of_one = schema;
    for (const char* own : {"type", "required", "properties", "additionalProperties"}) of_one.erase(own);
    of_one["$ref"] = "#/definitions/" + name;
    for (const nlohmann::json& example : definition["examples"]) {
      INFO(name << ": " << example);
      CHECK(base::JsonSchema(of_one.dump()).check(example).empty());
    }
  }
}

TEST_CASE("an editor's schema chooses the settings by the task's type") {
  const nlohmann::json schema = nlohmann::json::parse(engine::workflow_schema(engine_test::fake_catalog()).text);
  const nlohmann::json& task = schema["definitions"]["task"];

  CHECK(task["properties"]["type"]["enum"] == nlohmann::json::array({"note", "post"}));
  CHECK(schema["properties"]["trigger"]["properties"]["type"]["enum"] == nlohmann::json::array({"survey_response"}));
  REQUIRE(task["allOf"].size() == 2);
  CHECK(task["allOf"][1]["if"]["properties"]["type"]["const"] == "post");
  CHECK(task["allOf"][1]["then"]["required"] == nlohmann::json::array({"with", "account"}));
  CHECK(task["allOf"][1]["then"]["properties"]["with"]["$ref"] == "#/definitions/with_post");
}

TEST_CASE("every reference of an editor's schema leads somewhere inside of it") {
  const nlohmann::json schema = nlohmann::json::parse(engine::workflow_schema(engine_test::fake_catalog()).text);
  const nlohmann::json flat = schema.flatten();
  std::size_t references = 0;
  for (const auto& [pointer, value] : flat.items()) {
    if (!pointer.ends_with("/$ref")) continue;
    const std::string target = value.get<std::string>();
    INFO(pointer << " -> " << target);
    CHECK(schema.contains(nlohmann::json::json_pointer(target.substr(1))));
    ++references;
  }
  CHECK(references >= 9);
}
