// The public JSON Schema test suite (Debian's json-schema-test-suite), held against our part of draft-07.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "base/json_schema.hpp"

namespace base {
namespace {

const std::filesystem::path suite = "/usr/share/json-schema-test-suite/tests/draft7";

// Files about keywords that we refuse: not one of their schemas may get through.
const std::set<std::string> refused_files{
    "additionalItems", "allOf", "anyOf", "contains", "definitions",       "dependencies", "if-then-else",
    "multipleOf",      "not",   "oneOf", "pattern",  "patternProperties", "refRemote",
};

// Schemas in the other files that use something we refuse.
const std::set<std::string> refused_groups{
    "additionalProperties: additionalProperties being false does not allow other properties",  // patternProperties
    "additionalProperties: non-ASCII pattern with additionalProperties",
    "items: an array of schemas for items",
    "items: items with boolean schemas",
    "properties: properties, patternProperties, additionalProperties interaction",
    "ref: relative pointer ref to object",  // references to anything but #/definitions/…
    "ref: relative pointer ref to array",
    "ref: escaped pointer ref",
    "ref: ref overrides any sibling keywords",  // a rule without effect
    "ref: remote ref, containing refs itself",
    "ref: Recursive references between schemas",
};

struct SuiteTally {
  std::set<std::string> refused;
  int cases = 0;
};

void run_group(const std::string& name, const nlohmann::json& group, SuiteTally& tally) {
  std::optional<JsonSchema> schema;
  try {
    schema.emplace(group["schema"].dump());
  } catch (const std::invalid_argument&) {
    tally.refused.insert(name);
    return;
  }
  for (const nlohmann::json& test : group["tests"]) {
    INFO(name << ": " << test["description"] << " " << test["data"]);
    CHECK(schema->check(test["data"]).empty() == test["valid"].get<bool>());
    ++tally.cases;
  }
}

}  // namespace

TEST_CASE("the public test suite of draft-07 passes for the keywords that are allowed") {
  if (!std::filesystem::is_directory(suite)) FAIL("the suite is not installed: ./dev setup installs it");
  SuiteTally tally;
  std::set<std::string> expected = refused_groups;
  for (const auto& entry : std::filesystem::directory_iterator(suite)) {
    if (entry.path().extension() != ".json") continue;  // optional/ is about formats and numbers beyond a double
    const std::string file = entry.path().stem().string();
    std::ifstream stream(entry.path());
    for (const nlohmann::json& group : nlohmann::json::parse(stream)) {
      const std::string name = file + ": " + group["description"].get<std::string>();
      if (refused_files.contains(file)) expected.insert(name);
      run_group(name, group, tally);
    }
  }
  for (const std::string& name : tally.refused) {
    if (!expected.contains(name)) FAIL_CHECK("refused, though it should be allowed: " << name);
  }
  for (const std::string& name : expected) {
    if (!tally.refused.contains(name)) FAIL_CHECK("allowed, though it should be refused: " << name);
  }
  CHECK(tally.cases > 200);
}

}  // namespace base
