#include "base/json_schema.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/json_document.hpp"

namespace base {
namespace {

using Lines = std::vector<std::string>;

Lines faults(const std::string& schema, const std::string& document, const std::string& at = "") {
  Lines lines;
  for (const Finding& finding : JsonSchema(schema).check(nlohmann::json::parse(document), at)) {
    lines.push_back(to_line(finding));
  }
  return lines;
}

std::string refusal_of_schema(const std::string& schema) {
  try {
    JsonSchema{schema};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

const std::string task_schema = R"({
  "type": "object",
  "required": ["type", "fields"],
  "additionalProperties": false,
  "properties": {
    "type": { "enum": ["salesforce_upsert", "salesforce_find", "web_request"], "examples": ["salesforce_find"] },
    "fields": { "type": "object", "additionalProperties": { "$ref": "#/definitions/field" } },
    "after": { "type": "array", "items": { "type": "string" }, "minItems": 1, "uniqueItems": true },
    "retry": { "$ref": "#/definitions/retry" }
  },
  "definitions": {
    "retry": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "attempts": { "type": "integer", "minimum": 1, "maximum": 20, "examples": [8] },
        "within": { "type": "string", "examples": ["24h"] }
      }
    },
    "field": {
      "type": ["string", "number", "boolean", "object"],
      "required": ["value"],
      "properties": { "value": {}, "if_blank": { "enum": ["skip", "clear"] } },
      "additionalProperties": false
    }
  }
})";

}  // namespace

TEST_CASE("a document that keeps to its schema has no findings") {
  CHECK(faults(task_schema, R"({"type": "salesforce_upsert", "after": ["a", "b"], "retry": {"attempts": 8.0},
                                "fields": {"A": "x", "B": 1, "C": {"value": null, "if_blank": "skip"}}})") == Lines{});
}

TEST_CASE("every fault of a document is told in a sentence at its place") {
  const struct {
    std::string document;
    Lines lines;
  } cases[] = {
      {"[]", {"the document must be an object, not a list [schema_type]"}},
      {R"({"type": "web_request"})", {"'fields' is missing [schema_missing_property]"}},
      {R"({"fields": {}})", {R"('type' is missing · for example "type": "salesforce_find" [schema_missing_property])"}},
      {R"({"type": "web_request", "fileds": {}})",
       {"/fileds: unknown property 'fileds' · did you mean 'fields'? [schema_unknown_property]"}},
      {R"({"type": "web_request", "fields": {}, "colour": 1})",
       {"/colour: unknown property 'colour' [schema_unknown_property]"}},
      {R"({"type": "salesforce_upsrt", "fields": {}})",
       {"/type: 'type' must be one of: salesforce_upsert, salesforce_find, web_request · did you mean "
        "'salesforce_upsert'? [schema_enum]"}},
      {R"({"type": 7, "fields": {}})",
       {"/type: 'type' must be one of: salesforce_upsert, salesforce_find, web_request [schema_enum]"}},
      {R"({"type": "web_request", "fields": {}, "retry": {"attempts": "8", "within": 24}})",
       {"/retry/attempts: 'retry.attempts' must be a whole number, not a text · for example 8 [schema_type]",
        "/retry/within: 'retry.within' must be a text, not 24 · for example \"24h\" [schema_type]"}},
      {R"({"type": "web_request", "fields": {}, "retry": {"attempts": 1.5}})",
       {"/retry/attempts: 'retry.attempts' must be a whole number, not 1.5 · for example 8 [schema_type]"}},
      {R"({"type": "web_request", "fields": {}, "retry": {"attempts": 0}})",
       {"/retry/attempts: 'retry.attempts' must be at least 1, not 0 [schema_range]"}},
      {R"({"type": "web_request", "fields": {}, "retry": {"attempts": 21}})",
       {"/retry/attempts: 'retry.attempts' must be at most 20, not 21 [schema_range]"}},
      {R"({"type": "web_request", "fields": {}, "after": []})", {"/after: 'after' must not be empty [schema_length]"}},
      {R"({"type": "web_request", "fields": {}, "after": ["a", 1, "a"]})",
       {"/after/2: \"a\" stands in the list twice [schema_duplicate_item]",
        "/after/1: 'after[1]' must be a text, not 1 [schema_type]"}},
      {R"({"type": "web_request", "fields": {"A/B": null, "C": {"if_blank": "clera"}}})",
       {"/fields/A~1B: 'fields.A/B' must be a text, a number, true or false or an object, not null [schema_type]",
        "/fields/C/if_blank: 'fields.C.if_blank' must be one of: skip, clear · did you mean 'clear'? [schema_enum]",
        "/fields/C: 'fields.C.value' is missing [schema_missing_property]"}},
  };
  for (const auto& [document, lines] : cases) {
    INFO(document);
    CHECK(faults(task_schema, document) == lines);
  }
}

TEST_CASE("each rule has its own sentence") {
  const struct {
    std::string schema, value;
    Lines lines;
  } cases[] = {
      {R"({"const": "a"})", "\"b\"", {"the document must be \"a\", not \"b\" [schema_enum]"}},
      {R"({"exclusiveMinimum": 0})", "0", {"the document must be more than 0, not 0 [schema_range]"}},
      {R"({"exclusiveMaximum": 1.5})", "2", {"the document must be less than 1.5, not 2 [schema_range]"}},
      {R"({"minLength": 1})", "\"\"", {"the document must not be empty [schema_length]"}},
      {R"({"minLength": 3})", "\"äö\"", {"the document must have at least 3 characters, not 2 [schema_length]"}},
      {R"({"maxLength": 1})", "\"äö\"", {"the document must have at most 1 character, not 2 [schema_length]"}},
      {R"({"maxLength": 2})", "\"😀😀\"", {}},
      {R"({"maxItems": 1})", "[1,2]", {"the document must hold at most 1 item, not 2 [schema_length]"}},
      {R"({"minProperties": 1})", "{}", {"the document must not be empty [schema_length]"}},
      {R"({"maxProperties": 0})", R"({"a":1})", {"the document must hold at most 0 entries, not 1 [schema_length]"}},
      {R"({"propertyNames": {"maxLength": 2}})",
       R"({"ab":1,"abc":2})",
       {"/abc: the name 'abc' must have at most 2 characters, not 3 [schema_length]"}},
      {R"({"properties": {"old": false}})",
       R"({"old":1})",
       {"/old: 'old' must not be given [schema_unknown_property]"}},
      {R"({"type": ["null", "array"]})", "{}", {"the document must be null or a list, not an object [schema_type]"}},
  };
  for (const auto& [schema, value, lines] : cases) {
    INFO(schema);
    CHECK(faults(schema, value) == lines);
  }
}

TEST_CASE("a part of a document is checked at its pointer") {
  CHECK(faults(R"({"type": "object"})", "1", "/tasks/a~1b/with") ==
        Lines{"/tasks/a~1b/with: 'with' must be an object, not 1 [schema_type]"});
  CHECK(faults(R"({"required": ["key"]})", "{}", "/tasks/answer/with") ==
        Lines{"/tasks/answer/with: 'key' is missing [schema_missing_property]"});
  CHECK(faults(R"({"properties": {"a": {"type": "null"}}})", R"({"a": 1})", "/with") ==
        Lines{"/with/a: 'a' must be null, not 1 [schema_type]"});
}

TEST_CASE("a finding finds its line in the file") {
  const JsonDocument document =
      JsonDocument::read("{\n  \"type\": \"web_request\",\n  \"fileds\": {}\n}", "workflow.json");
  Findings findings = JsonSchema(task_schema).check(document.root());
  document.locate(findings);
  REQUIRE(findings.size() == 1);
  CHECK(to_line(findings[0]) ==
        "workflow.json:3:3: /fileds: unknown property 'fileds' · did you mean 'fields'? [schema_unknown_property]");
}

TEST_CASE("a document of nothing but faults is told about in bounds") {
  const nlohmann::json many(100'000, "x");
  CHECK(JsonSchema(R"({"items": {"type": "null"}, "uniqueItems": true})").check(many).size() == 500);
}

TEST_CASE("long texts are quoted in part") {
  const std::string line = faults(R"({"additionalProperties": false})", "{\"" + std::string(10'000, 'x') + "\": 1}")[0];
  CHECK_THAT(line, Catch::Contains("unknown property '" + std::string(60, 'x') + "…'"));
}

TEST_CASE("a schema that would not do what it says is refused") {
  const struct {
    std::string schema, message;
  } cases[] = {
      {"{", "schema: line 1, column 2"},
      {"1", "schema at '': a schema is an object"},
      {R"({"pattern": "^a"})", "schema at '': the keyword 'pattern' is not supported"},
      {R"({"properties": {"a": {"oneOf": []}}})", "schema at '/properties/a': the keyword 'oneOf' is not supported"},
      {R"({"type": "text"})", "schema at '/type': \"text\" is no type"},
      {R"({"type": []})", "schema at '/type': no type is named"},
      {R"({"type": 1})", "schema at '/type': 1 is no type"},
      {R"({"items": [{}]})", "schema at '/items': a schema is an object"},
      {R"({"minItems": -1})", "schema at '/minItems': this must be a whole number"},
      {R"({"minItems": 1.5})", "schema at '/minItems': this must be a whole number"},
      {R"({"maxLength": 1e300})", "schema at '/maxLength': this must be a whole number"},
      {R"({"minimum": "1"})", "schema at '/minimum': this must be a number"},
      {R"({"enum": []})", "schema at '/enum': this must be a list of values"},
      {R"({"required": "a"})", "schema at '/required': this must be a list of names"},
      {R"({"required": [1]})", "schema at '/required': this must be a list of names"},
      {R"({"uniqueItems": 1})", "schema at '/uniqueItems': this must be true or false"},
      {R"({"properties": []})", "schema at '/properties': this must be an object of schemas"},
      {R"({"description": 1})", "schema at '/description': this must be a text"},
      {R"({"items": {"$id": "x"}})", "schema at '/items/$id': an $id stands at the top only"},
      {R"({"items": {"definitions": {}}})", "schema at '/items/definitions': definitions stand at the top only"},
      {R"({"$ref": "other.json"})", "schema at '/$ref': there is no 'other.json' here"},
      {R"({"$ref": "#/definitions/a"})", "schema at '/$ref': there is no '#/definitions/a' here"},
      {R"({"items": {"$ref": "#", "minItems": 1}})", "schema at '/items': 'minItems' has no effect beside '$ref'"},
      {R"({"$ref": "#"})", "schema at '/$ref': this reference leads back to itself"},
      {R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}})",
       "schema at '/definitions/a/$ref': this reference leads back to itself"},
  };
  for (const auto& [schema, message] : cases) {
    INFO(schema);
    CHECK_THAT(refusal_of_schema(schema), Catch::StartsWith(message));
  }
}

}  // namespace base
