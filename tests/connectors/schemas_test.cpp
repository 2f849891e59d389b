// The schemas of what connectors read, held against the documents that they describe.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "base/json_schema.hpp"
#include "schemas/embedded.hpp"
#include "tests/support/fixture.hpp"

namespace {

base::Findings findings_of(std::string_view schema, std::string_view text) {
  base::JsonDocument document = base::JsonDocument::read(text, "document.json");
  REQUIRE(document.readable());
  return base::JsonSchema(schemas::text_of(schema)).check(document.root());
}

}  // namespace

TEST_CASE("responses as the platform gives them fit the response schema") {
  for (const char* name : {"survey/promoter.json", "survey/bare.json"}) {
    CHECK(findings_of("response.schema.json", support::fixture(name)).empty());
  }
}

TEST_CASE("the response schema names what is out of shape, at its place") {
  base::Findings findings =
      findings_of("response.schema.json",
                  R"({"result":{"values":{"QID1":{"choice":1},"QID2":[["1"]]},"displayedFields":["QID1",2]}})");

  std::vector<std::string> pointers;
  for (const base::Finding& finding : findings) pointers.push_back(finding.pointer);
  CHECK_THAT(pointers, Catch::UnorderedEquals(std::vector<std::string>{
                           "/result", "/result/values/QID1", "/result/values/QID2/0", "/result/displayedFields/1"}));
}

TEST_CASE("every property that an author may write is described and has an example") {
  for (const char* name : {"account.schema.json", "response.schema.json"}) {
    nlohmann::json schema = nlohmann::json::parse(schemas::text_of(name));
    std::vector<const nlohmann::json*> objects{&schema};
    for (const auto& [key, definition] : schema["definitions"].items()) objects.push_back(&definition);
    for (const nlohmann::json* object : objects) {
      if (!object->contains("properties")) continue;
      for (const auto& [key, property] : (*object)["properties"].items()) {
        INFO(name << ": " << key);
        CHECK(property.contains("description"));
        CHECK(property.contains("examples"));
      }
    }
  }
}
