// Mapping tests as a person writes them: cases, each with a response, records that are there before, and what must come
// of it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/findings.hpp"
#include "base/json_document.hpp"
#include "base/json_text.hpp"
#include "engine/definition.hpp"

namespace app {

// A record that is there before the run.
struct SeedRecord {
  std::string alias;
  std::string object;
  std::size_t index = 0;  // among those of its object, as references count them
  base::JsonText fields;
  std::string pointer{};
};

// What the run must have made or changed of one object.
struct ExpectedRecords {
  std::string alias;
  std::string object;
  std::vector<base::JsonText> records{};
  std::vector<std::string> fields{};  // that any of them names
  std::string pointer{};
};

struct MappingCase {
  std::string name;
  std::string pointer{};
  std::string response;                                           // the document itself
  std::vector<SeedRecord> org{};                                  // each after those it refers to
  std::vector<std::pair<std::string, base::JsonText>> outputs{};  // by task id
  std::vector<ExpectedRecords> expect{};
  std::map<std::string, std::string> refused{};  // task id -> code
  std::optional<int> calls_at_most{};
};

struct MappingTest {
  base::JsonDocument document;
  std::string workflow;  // the file's path
  std::vector<MappingCase> cases{};
};

struct MappingTestCheck {
  std::optional<MappingTest> test{};  // present when no finding is an error
  base::Findings findings{};          // located
};

// Reads and checks the file and the responses that it names; the workflow's file is not opened.
MappingTestCheck read_mapping_test(const std::string& path);

// Accounts and tasks that the workflow does not have.
base::Findings unknown_names(const MappingTest& test, const engine::WorkflowDefinition& definition);

}  // namespace app
