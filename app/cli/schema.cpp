// `sluice schema`: the schemas by which documents are checked, for editors and for reading.
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "app/editor_schema.hpp"
#include "app/errors.hpp"
#include "base/findings.hpp"
#include "schemas/embedded.hpp"

namespace app::cli {
namespace {

struct SchemaArguments {
  std::string name{};  // empty: the list
};

constexpr std::string_view schema_ending = ".schema.json";

// "workflow.schema.json" is called workflow, "tasks/salesforce_find.schema.json" tasks/salesforce_find; parts have no
// name.
std::vector<std::string> schema_names() {
  std::vector<std::string> names;
  for (const auto& [file, text] : schemas::embedded_files()) {
    if (file.ends_with(schema_ending)) names.emplace_back(file.substr(0, file.size() - schema_ending.size()));
  }
  return names;
}

std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

std::string what_schema_is(const std::string& name) {
  const nlohmann::json schema =
      nlohmann::json::parse(schemas::text_of(name + std::string(schema_ending)), nullptr, false);
  return schema.is_object() ? first_sentence(schema.value("description", "")) : "";
}

void list_schemas() {
  std::size_t width = 0;
  for (const std::string& name : schema_names()) width = std::max(width, name.size());
  for (const std::string& name : schema_names())
    std::cout << fmt::format("{:<{}}  {}\n", name, width, what_schema_is(name));
}

int print_schema(const SchemaArguments& arguments) {
  if (arguments.name.empty()) {
    list_schemas();
    return Exit::fine;
  }
  // What is printed is for editors; of a workflow that is the one document in which every task's `with` completes.
  if (arguments.name == "workflow") {
    std::cout << editor_schema() << std::flush;
    return Exit::fine;
  }
  for (const std::string& name : schema_names()) {
    if (name != arguments.name) continue;
    std::cout << schemas::text_of(name + std::string(schema_ending)) << std::flush;
    return Exit::fine;
  }
  const std::string meant = base::nearest(arguments.name, schema_names());
  print_error({schema_unknown, fmt::format("there is no schema '{}'{}", arguments.name,
                                           meant.empty() ? "" : fmt::format(" · did you mean '{}'?", meant))},
              false);
  return Exit::usage;
}

}  // namespace

void add_schema(VerbGroup& program) {
  auto verb = program.verb("schema", "print a JSON Schema by name; without a name, the list", print_schema);
  verb.optional_argument("NAME", verb->name, "e.g. workflow");
}

}  // namespace app::cli
