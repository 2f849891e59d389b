// Workflow files with planted faults, against what must be said about each, and where.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <tuple>

#include <nlohmann/json.hpp>

#include "engine/definition.hpp"
#include "tasks/catalog.hpp"
#include "tests/support/source_path.hpp"

namespace {

const std::filesystem::path broken_workflows = test::source_path("tests/fixtures/broken_workflows");

using PlantedFault = std::tuple<int, int, std::string, std::string>;  // line, column, pointer, code

nlohmann::json expected_findings() {
  std::ifstream file(broken_workflows / "expected_findings.json");
  return nlohmann::json::parse(file);
}

std::vector<PlantedFault> planted_faults(const nlohmann::json& expected) {
  std::vector<PlantedFault> faults;
  for (const nlohmann::json& fault : expected) {
    faults.emplace_back(fault.at("line"), fault.at("column"), fault.at("pointer"), fault.at("code"));
  }
  std::sort(faults.begin(), faults.end());
  return faults;
}

std::vector<PlantedFault> named_faults(const base::Findings& findings) {
  std::vector<PlantedFault> faults;
  for (const base::Finding& fault : findings) {
    UNSCOPED_INFO(base::to_line(fault));
    faults.emplace_back(fault.line, fault.column, fault.pointer, fault.code);
  }
  std::sort(faults.begin(), faults.end());
  return faults;
}

engine::DefinitionCheck check_text_of_person(const std::string& text) {
  return engine::check_definition(base::JsonDocument::read(text, "workflow.json"), tasks::make_catalog({}));
}

}  // namespace

TEST_CASE("every planted fault of the broken workflows is named at its place, and nothing else is") {
  const nlohmann::json expected = expected_findings();
  CHECK(expected.size() >= 40);
  const engine::Catalog catalog = tasks::make_catalog({});
  for (const auto& [name, faults] : expected.items()) {
    const auto document = base::JsonDocument::read_file((broken_workflows / name).string());
    const base::Findings findings = engine::check_definition(document, catalog).findings;
    INFO(name);
    CHECK(named_faults(findings) == planted_faults(faults));
    for (const base::Finding& fault : findings) {
      CHECK_FALSE(fault.message.empty());
      CHECK(fault.file == (broken_workflows / name).string());
    }
  }
}

TEST_CASE("every broken workflow has its row in the table") {
  const nlohmann::json expected = expected_findings();
  for (const auto& file : std::filesystem::directory_iterator(broken_workflows)) {
    const std::string name = file.path().filename().string();
    INFO(name);
    CHECK((name == "expected_findings.json" || expected.contains(name)));
  }
}

TEST_CASE("a million brackets are one finding") {
  for (const std::string opening : {"[", "{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 1'000'000; ++i) text += opening;
    const auto check = check_text_of_person(text);
    REQUIRE(check.findings.size() == 1);
    CHECK(check.findings.front().code == "json_too_large");
    CHECK(check.findings.front().line == 1);
  }
}

TEST_CASE("a document over the size limit is not looked into") {
  const auto check = check_text_of_person(std::string(100'000'000, ' '));
  REQUIRE(check.findings.size() == 1);
  CHECK(check.findings.front().code == "json_too_large");
}
