// `sluice test`: the mapping tests of a folder, on local orgs.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "app/cli/printing.hpp"
#include "app/cli/terminal_text.hpp"
#include "app/cli/verbs.hpp"
#include "app/loop_run.hpp"
#include "app/mapping_test_runner.hpp"
#include "base/json_writer.hpp"

namespace app::cli {

struct MappingTestTally {
  int passed = 0;
  int failed = 0;
  bool broken = false;

  void add(const MappingTestResult& result) {
    for (const MappingCaseResult& one : result.cases) ++(one.passed() ? passed : failed);
    broken = broken || base::has_errors(result.findings);
  }
  int exit() const { return broken ? Exit::bad_input : failed > 0 ? Exit::failed : Exit::fine; }
};

namespace {

struct TestArguments {
  std::string directory;
  bool json = false;
};

namespace fs = std::filesystem;

bool is_mapping_test(const fs::path& path) { return path.filename().string().ends_with(".test.json"); }

// Of the folder and those below it, sorted; a file stands for itself.
std::vector<std::string> mapping_tests_in(const std::string& place) {
  if (fs::is_regular_file(place)) return {place};
  std::vector<std::string> files;
  std::error_code failed;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(place, fs::directory_options::skip_permission_denied, failed)) {
    if (entry.is_regular_file() && is_mapping_test(entry.path()))
      files.push_back(entry.path().lexically_normal().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void print_case(const MappingCaseResult& one, std::size_t name_width, const Paint& paint) {
  const Ink ink = one.passed() ? Ink::green : Ink::red;
  const std::string figures =
      fmt::format("{:>3} call{} {:>5} ms", one.calls, one.calls == 1 ? " " : "s", one.took.count());
  std::cout << "  " << paint(ink, one.passed() ? "✓" : "✗") << " " << padded(one.name, name_width) << "  "
            << paint(Ink::dim, figures) << "\n";
  for (const std::string& difference : one.differences) std::cout << "      " << paint(Ink::red, difference) << "\n";
  if (!one.passed() && !one.not_started.empty()) std::cout << "      no run was started: " << one.not_started << "\n";
}

void print_result(const MappingTestResult& result, const Paint& paint) {
  if (!result.cases.empty())
    std::cout << paint(Ink::bold, result.file) << paint(Ink::dim, " · " + result.workflow) << "\n";
  std::size_t name_width = 0;
  for (const MappingCaseResult& one : result.cases) name_width = std::max(name_width, columns_of(one.name));
  for (const MappingCaseResult& one : result.cases) print_case(one, name_width, paint);
  std::cout << std::flush;
  print_findings(result.findings, false);
}

void write_result(base::JsonWriter& json, const MappingTestResult& result) {
  json.begin_object();
  json.field("file", result.file);
  if (!result.workflow.empty()) json.field("workflow", result.workflow);
  json.field("findings", base::JsonText{base::to_json(result.findings)});
  json.key("cases");
  json.begin_array();
  for (const MappingCaseResult& one : result.cases) {
    json.begin_object();
    json.field("name", one.name);
    json.field("passed", one.passed());
    json.key("differences");
    json.begin_array();
    for (const std::string& difference : one.differences) json.string(difference);
    json.end_array();
    if (!one.not_started.empty()) json.field("not_started", one.not_started);
    json.field("calls", one.calls);
    json.field("took_ms", static_cast<std::int64_t>(one.took.count()));
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

base::awaitable<MappingTestTally> run_mapping_tests(boost::asio::io_context& loop, base::Log& log,
                                                    std::vector<std::string> files, bool json) {
  MappingTestRunner runner(loop, log);
  co_await runner.open();
  const Paint paint(wants_colour());
  MappingTestTally tally;
  base::JsonWriter document;
  document.begin_object();
  document.key("files");
  document.begin_array();
  for (const std::string& file : files) {
    const MappingTestResult result = co_await runner.run(file);
    tally.add(result);
    if (json)
      write_result(document, result);
    else
      print_result(result, paint);
  }
  document.end_array();
  document.field("passed", tally.passed);
  document.field("failed", tally.failed);
  document.end_object();
  if (json)
    std::cout << document.text() << std::endl;
  else
    std::cout << paint(tally.exit() == Exit::fine ? Ink::green : Ink::red,
                       fmt::format("{} passed, {} failed", tally.passed, tally.failed))
              << std::endl;
  co_return tally;
}

int test_folder(const TestArguments& arguments) {
  std::vector<std::string> files = mapping_tests_in(arguments.directory);
  if (files.empty()) {
    std::cerr << fmt::format("sluice: there is no mapping test (*.test.json) in '{}'\n", arguments.directory);
    return Exit::bad_input;
  }
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::error);
  return run_on(loop, run_mapping_tests(loop, log, std::move(files), arguments.json)).exit();
}

}  // namespace

void add_test(VerbGroup& program) {
  auto verb = program.verb("test", "run the mapping tests of a folder on a local org", test_folder);
  verb.argument("DIR", verb->directory, "a folder; its *.test.json are run, also those below it");
  take_json(verb, verb->json);
}

}  // namespace app::cli
