// What `sluice test` tells of the files it has played: as a table, as JSON, as JUnit.
#pragma once

#include <optional>
#include <vector>

#include "app/cli/junit.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/mapping_test_runner.hpp"
#include "base/json_writer.hpp"

namespace app::cli {

struct PlayedFile {
  MappingTestResult result;                  // that counts
  std::optional<MappingTestResult> local{};  // with linked orgs: the same cases on local orgs alone
  std::vector<std::string> updated{};        // what --update has rewritten, one sentence a case
};

void print_played(const PlayedFile& played, const Paint& paint);
void write_played(base::JsonWriter& json, const PlayedFile& played);
void add_junit_cases(const PlayedFile& played, std::vector<JunitCase>& cases);

}  // namespace app::cli
