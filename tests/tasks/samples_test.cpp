// The samples: each workflow passes every check, and each of its files is what it says.
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "base/json_schema.hpp"
#include "engine/definition.hpp"
#include "schemas/embedded.hpp"
#include "tasks/catalog.hpp"
#include "tests/support/source_path.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sample_folders() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(test::source_path("samples")))
    if (entry.is_directory()) folders.push_back(entry.path());
  return folders;
}

std::string lines_of(const base::Findings& findings) {
  std::string lines;
  for (const base::Finding& finding : findings) lines += base::to_line(finding) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("every sample's workflow passes all checks without a warning") {
  engine::Catalog catalog = tasks::make_catalog({});
  REQUIRE(sample_folders().size() >= 3);
  for (const fs::path& folder : sample_folders()) {
    base::JsonDocument document = base::JsonDocument::read_file((folder / "workflow.json").string());
    engine::DefinitionCheck check = engine::check_definition(document, catalog);
    INFO(folder << "\n" << lines_of(check.findings));
    CHECK(check.findings.empty());
    CHECK(check.definition.has_value());
  }
}

TEST_CASE("every sample has a README and a mapping test whose files are there") {
  const base::JsonSchema schema(schemas::text_of("mapping_test.schema.json"));
  engine::Catalog catalog = tasks::make_catalog({});
  for (const fs::path& folder : sample_folders()) {
    base::JsonDocument document = base::JsonDocument::read_file((folder / "tests.test.json").string());
    INFO(folder);
    REQUIRE(document.readable());
    INFO(lines_of(schema.check(document.root())));
    CHECK(schema.check(document.root()).empty());
    CHECK(fs::exists(folder / "README.md"));
    CHECK(fs::exists(folder / document.root().at("workflow").get<std::string>()));
    for (const nlohmann::json& one : document.root().at("cases")) {
      base::JsonDocument response =
          base::JsonDocument::read_file((folder / one.at("response").get<std::string>()).string());
      REQUIRE(response.readable());
      CHECK(catalog.trigger("survey_response")->read(response.root().dump()));
    }
  }
}

TEST_CASE("every task type is shown by a sample or is a plain relative of one that is") {
  engine::Catalog catalog = tasks::make_catalog({});
  std::string all;
  for (const fs::path& folder : sample_folders())
    all += base::JsonDocument::read_file((folder / "workflow.json").string()).root().dump();
  for (const std::string name :
       {"salesforce_find", "salesforce_upsert", "salesforce_create", "salesforce_chatter_post"}) {
    INFO(name);
    CHECK(all.find("\"type\":\"" + name + "\"") != std::string::npos);
  }
}
