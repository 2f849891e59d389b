// `sluice new`: a folder with a workflow, a response, a mapping test that passes, and the schemas that editors complete
// by.
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "app/cli/printing.hpp"
#include "app/cli/verbs.hpp"
#include "app/editor_schema.hpp"
#include "app/embedded_samples.hpp"
#include "app/errors.hpp"
#include "base/json_writer.hpp"
#include "schemas/embedded.hpp"

namespace app::cli {
namespace {

struct NewArguments {
  std::string name;  // of the folder
};

namespace fs = std::filesystem;

constexpr std::string_view starter = "starter/";

// The starter's own name gives way to the folder's.
std::string with_name(std::string_view text, const std::string& name, std::string_view before, std::string_view after) {
  std::string changed(text);
  const std::string old = std::string(before) + "Starter" + std::string(after);
  const std::size_t at = changed.find(old);
  if (at != std::string::npos) changed.replace(at + before.size(), std::string_view("Starter").size(), name);
  return changed;
}

std::string inside_json_string(const std::string& text) {
  std::string quoted;
  base::append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

std::string starter_text(std::string_view file, std::string_view text, const std::string& name) {
  if (file == "workflow.json") return with_name(text, inside_json_string(name), "\"name\": \"", "\"");
  return file == "README.md" ? with_name(text, name, "# ", "\n") : std::string(text);
}

void write_starter(const fs::path& folder, const std::string& name) {
  for (const auto& [path, text] : samples::embedded_files()) {
    if (!path.starts_with(starter)) continue;
    const std::string_view file = path.substr(starter.size());
    write_text_file(folder / file, starter_text(file, text, name));
  }
  write_text_file(folder / "workflow.schema.json", editor_schema());
  for (const std::string_view schema : {"mapping_test.schema.json", "account.schema.json"})
    write_text_file(folder / schema, schemas::text_of(schema));
}

int make_new_folder(const NewArguments& arguments) {
  const fs::path folder = fs::path(arguments.name);
  if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder))) {
    print_error({folder_not_empty, fmt::format("'{}' is there already and not empty", arguments.name)}, false);
    return Exit::usage;
  }
  fs::create_directories(folder);
  const fs::path last = fs::absolute(folder).lexically_normal();
  write_starter(folder, (last.has_filename() ? last.filename() : last.parent_path().filename()).string());
  std::cout << fmt::format("Made {}:\n", arguments.name)
            << "  workflow.json          what happens when a response arrives\n"
               "  response.json          a response to try it with\n"
               "  tests.test.json        what that response must do to the org\n"
               "  account.example.json   how to log in to an org of yours\n"
               "  README.md              where to go from here\n"
               "  *.schema.json          for your editor\n\n"
            << fmt::format("Next: sluice test {}\n", arguments.name) << std::flush;
  return Exit::fine;
}

}  // namespace

void add_new(VerbGroup& program) {
  auto verb = program.verb("new", "a folder with workflow, response and a passing test to start from", make_new_folder);
  verb.argument("NAME", verb->name, "the folder to make");
}

}  // namespace app::cli
