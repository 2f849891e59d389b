// docs/mapping.md: each task with its answers, carried out on a local org, writes the record that stands below it.
#include <fstream>
#include <map>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/source_path.hpp"
#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;

base::Value value_of_page(const json& value) {
  if (value.is_null()) return {};
  if (value.is_boolean()) return base::Value(value.get<bool>());
  if (value.is_number()) return base::number(value.dump());
  if (value.is_string()) return base::Value(value.get<std::string>());
  base::List list;
  for (const json& item : value) list.push_back(value_of_page(item));
  return base::Value(std::move(list));
}

task_bench::Values answers_of_page(const json& answers) {
  std::map<std::string, base::Value> values;
  for (const auto& [pipe, value] : answers.items()) values[pipe] = value_of_page(value);
  return task_bench::Values(std::move(values));
}

// The blocks of one example, by what stands behind ``` : "json task", "json written" …
using Example = std::map<std::string, std::string>;

bool is_complete(const std::string& kind) { return kind == "json written" || kind == "text refused"; }

void carry_out_example(const Example& example) {
  task_bench::LinkedOrg crm;
  if (example.contains("json org")) {
    const json records = json::parse(example.at("json org"));
    for (const auto& [object, fields] : records.items()) crm.org.insert(object, {fields.dump()});
  }
  const json task = json::parse(example.at("json task"));
  const json answers = json::parse(example.at("json answers"));
  const std::string end =
      crm.carry_out(task.at("type").get<std::string>(), task.at("with").dump(), answers_of_page(answers));
  INFO(end);
  if (example.contains("text refused")) {
    CHECK(end.starts_with(example.at("text refused").substr(0, example.at("text refused").find('\n'))));
    return;
  }
  CHECK(end.starts_with("done"));
  REQUIRE(!crm.last_write.empty());
  const json written = json::parse(crm.last_write).at("fields");
  const json wanted = json::parse(example.at("json written"));
  CHECK(written.dump(1) == wanted.dump(1));
}

}  // namespace

TEST_CASE("every example of docs/mapping.md writes what stands below it") {
  std::ifstream page(test::source_path() + "/docs/mapping.md");
  REQUIRE(page);
  Example example;
  std::string kind;
  int examples = 0;
  int number = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (!kind.empty() && line == "```") {
      if (is_complete(kind)) {
        INFO("the example that ends at line " << number);
        carry_out_example(example);
        example.clear();
        ++examples;
      }
      kind.clear();
    } else if (!kind.empty()) {
      example[kind] += line + "\n";
    } else if (line.starts_with("```")) {
      kind = line.substr(3);
    }
  }
  CHECK(examples >= 7);
}
