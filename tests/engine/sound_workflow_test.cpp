// A whole workflow as authors write it, through the check with the real task types.
#include <catch2/catch.hpp>

#include "engine/definition.hpp"
#include "engine/graph.hpp"
#include "tasks/catalog.hpp"
#include "tests/support/source_path.hpp"

TEST_CASE("a sound workflow has no findings, and its pipes make the edges that its author left out") {
  const auto document =
      base::JsonDocument::read_file(test::source_path("tests/fixtures/workflows/nps_to_contact.json"));

  const engine::DefinitionCheck check = engine::check_definition(document, tasks::make_catalog({}));

  for (const base::Finding& fault : check.findings) UNSCOPED_INFO(base::to_line(fault));
  CHECK(check.findings.empty());
  REQUIRE(check.definition);
  const auto& tasks = check.definition->tasks;
  REQUIRE(tasks.size() == 3);
  CHECK(tasks[0].id == "contact");
  CHECK(tasks[0].after.empty());
  REQUIRE(tasks[1].after.size() == 1);
  CHECK(tasks[1].after[0].implied);
  REQUIRE(tasks[2].after.size() == 2);
  CHECK_FALSE(tasks[2].after[0].implied);
  CHECK(tasks[2].after[1].from == 0);
  CHECK(engine::columns(tasks) == std::vector<std::size_t>{0, 1, 2});
}
