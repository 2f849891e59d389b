// `sluice test`: the mapping tests of a folder, on local orgs or on linked sandboxes.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "app/cli/account_option.hpp"
#include "app/cli/org_use.hpp"
#include "app/cli/printing.hpp"
#include "app/cli/refusal.hpp"
#include "app/cli/test_report.hpp"
#include "app/cli/verbs.hpp"
#include "app/errors.hpp"
#include "app/loop_run.hpp"
#include "app/mapping_test_runner.hpp"
#include "app/mapping_test_update.hpp"
#include "base/core_dumps.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"

namespace app::cli {
namespace {

namespace fs = std::filesystem;

struct TestArguments {
  std::string directory;
  std::vector<AccountFile> accounts{};
  std::vector<SavedOrg> orgs{};
  std::string journal = ".sluice/test-journal.ndjson";
  std::string api_version = "60.0";
  std::string junit{};  // file, or "-"
  bool update = false;
  bool clean = false;
  bool json = false;
};

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

// All files' results, told as they come or in one document at the end.
class TestTelling {
 public:
  explicit TestTelling(const TestArguments& arguments) : arguments_(arguments), paint_(wants_colour()) {
    document_.begin_object();
    document_.key("files");
    document_.begin_array();
  }

  void add(const PlayedFile& played) {
    tally_.add(played.result);
    write_played(document_, played);
    add_junit_cases(played, cases_);
    if (shows_table()) print_played(played, paint_);
  }

  int finish() {
    document_.end_array();
    document_.field("passed", tally_.passed);
    document_.field("failed", tally_.failed);
    document_.end_object();
    if (arguments_.json) std::cout << document_.text() << std::endl;
    if (!arguments_.junit.empty()) {
      const std::string report = junit_report("sluice test " + arguments_.directory, cases_);
      if (arguments_.junit == "-")
        std::cout << report << std::flush;
      else
        write_text_file(arguments_.junit, report);
    }
    if (shows_table())
      std::cout << paint_(tally_.exit() == Exit::fine ? Ink::green : Ink::red,
                          fmt::format("{} passed, {} failed", tally_.passed, tally_.failed))
                << std::endl;
    return tally_.exit();
  }

 private:
  bool shows_table() const { return !arguments_.json && arguments_.junit != "-"; }

  const TestArguments& arguments_;
  Paint paint_;
  MappingTestTally tally_{};
  base::JsonWriter document_{};
  std::vector<JunitCase> cases_{};
};

// What the journal names in other orgs than these.
std::vector<std::string> orgs_elsewhere(const TestJournal& journal, const LinkedTestOrgs& linked) {
  std::vector<std::string> elsewhere;
  for (const RecordMaking& making : journal.unfinished())
    if (!linked.is_here(making)) elsewhere.push_back(making.org_id);
  std::sort(elsewhere.begin(), elsewhere.end());
  elsewhere.erase(std::unique(elsewhere.begin(), elsewhere.end()), elsewhere.end());
  return elsewhere;
}

int exit_of(const base::ErrorCode& code) {
  if (code == mapping_test_on_production) return Exit::not_allowed;
  return code.kind == base::Kind::transient || code.kind == base::Kind::throttled ? Exit::try_again : Exit::failed;
}

// One run of the verb on linked orgs.
class LinkedTests {
 public:
  LinkedTests(const TestArguments& arguments, const LocalSchemas& schemas, boost::asio::io_context& loop,
              base::Log& log, TestJournal& journal)
      : arguments_(arguments), journal_(journal), runner_(loop, log, arguments.api_version), local_(loop, log) {
    runner_.set_schemas(schemas);
    local_.set_schemas(schemas);
  }

  base::awaitable<int> clean() {
    if (journal_.unfinished().empty()) {
      tell_cleaned(0);
      co_return Exit::fine;
    }
    if (!co_await open()) co_return Exit::bad_input;
    const TestSweep sweep = co_await sweep_or_refuse();
    const std::vector<std::string> elsewhere = orgs_elsewhere(journal_, runner_.linked());
    if (!elsewhere.empty()) {
      throw Refusal(Exit::failed, std::string(mapping_test_records_left.name),
                    fmt::format("{} removed; the journal {} names records in other orgs: {}",
                                sweep.removed == 1 ? "1 record" : fmt::format("{} records", sweep.removed),
                                arguments_.journal, fmt::join(elsewhere, ", ")));
    }
    tell_cleaned(sweep.removed);
    co_return Exit::fine;
  }

  base::awaitable<int> play(std::vector<std::string> files) {
    if (!co_await open()) co_return Exit::bad_input;
    if (!journal_.unfinished().empty()) {
      const TestSweep sweep = co_await sweep_or_refuse();
      std::cerr << fmt::format("sluice: {} record{} of an earlier run removed\n", sweep.removed,
                               sweep.removed == 1 ? "" : "s");
    }
    for (const std::string& org : orgs_elsewhere(journal_, runner_.linked()))
      std::cerr << fmt::format("sluice: the journal {} still names records in the org {}\n", arguments_.journal, org);
    co_await local_.open();
    TestTelling telling(arguments_);
    for (const std::string& file : files) {
      PlayedFile played;
      played.local = co_await local_.run(file);
      played.result = co_await runner_.run(file);
      telling.add(played);
    }
    co_return telling.finish();
  }

 private:
  // False, and the faults are printed: an account's file is none.
  base::awaitable<bool> open() {
    std::vector<AccountFile> accounts = arguments_.accounts;
    const base::Result<base::Findings> findings = co_await runner_.open(std::move(accounts), journal_);
    if (!findings) throw Refusal(static_cast<Exit>(exit_of(findings.error().code)), findings.error());
    const bool is_open = !base::has_errors(*findings);
    print_findings(*findings, arguments_.json && !is_open);
    co_return is_open;
  }

  base::awaitable<TestSweep> sweep_or_refuse() {
    TestSweep sweep = co_await runner_.linked().sweep();
    if (!sweep.left.empty())
      throw Refusal(Exit::failed, std::string(mapping_test_records_left.name),
                    fmt::format("records of an earlier run are still there: {}", fmt::join(sweep.left, "; ")));
    co_return sweep;
  }

  void tell_cleaned(int removed) const {
    if (arguments_.json)
      std::cout << fmt::format("{{\"removed\":{}}}", removed) << std::endl;
    else
      std::cout << fmt::format("{} record{} removed; the journal is empty\n", removed, removed == 1 ? "" : "s")
                << std::flush;
  }

  const TestArguments& arguments_;
  TestJournal& journal_;
  MappingTestRunner runner_;
  MappingTestRunner local_;
};

// Whether anything was rewritten.
bool update_expectations(PlayedFile& played) {
  const MappingTestCheck check = read_mapping_test(played.result.file);
  if (!check.test) return false;
  const std::string before = read_text_file(played.result.file);
  UpdatedExpectations updated = with_what_happened(before, *check.test, played.result);
  played.updated = std::move(updated.told);
  if (updated.text == before) return false;
  write_text_file(played.result.file, updated.text);
  return true;
}

base::awaitable<int> play_locally(boost::asio::io_context& loop, base::Log& log, const TestArguments& arguments,
                                  LocalSchemas schemas, std::vector<std::string> files) {
  MappingTestRunner runner(loop, log);
  runner.set_schemas(std::move(schemas));
  co_await runner.open();
  TestTelling telling(arguments);
  for (const std::string& file : files) {
    PlayedFile played;
    played.result = co_await runner.run(file);
    if (arguments.update && update_expectations(played)) played.result = co_await runner.run(file);
    telling.add(played);
  }
  co_return telling.finish();
}

// Empty when one of the files cannot be read: what is wrong with it is told when it is played.
std::vector<std::string> aliases_of_tests(const std::vector<std::string>& tests) {
  std::vector<std::string> aliases;
  const engine::Catalog catalog = tasks::make_catalog({});
  for (const std::string& file : tests) {
    const MappingTestCheck check = read_mapping_test(file);
    if (!check.test) return {};
    const engine::DefinitionCheck workflow =
        engine::check_definition(base::JsonDocument::read_file(check.test->workflow), catalog);
    if (!workflow.definition) return {};
    for (const engine::TaskDefinition& task : workflow.definition->tasks)
      if (!task.account.empty()) aliases.push_back(task.account);
  }
  return aliases;
}

// With a mistyped alias all would be played on local orgs, and seem to pass elsewhere.
void refuse_unused_aliases(const TestArguments& arguments, const std::vector<std::string>& tests) {
  const std::vector<std::string> aliases = aliases_of_tests(tests);
  if (aliases.empty()) return;
  const std::set<std::string> names(aliases.begin(), aliases.end());
  std::vector<std::string> given;
  for (const AccountFile& account : arguments.accounts) given.push_back(account.alias);
  for (const SavedOrg& org : arguments.orgs)
    if (!org.alias.empty()) given.push_back(org.alias);
  for (const std::string& alias : given) {
    if (names.contains(alias)) continue;
    const std::string meant = base::nearest(alias, aliases);
    const std::string right =
        meant.empty() ? fmt::format("they name {}", fmt::join(names, ", ")) : fmt::format("did you mean '{}'?", meant);
    throw Refusal(Exit::bad_input, std::string(workflow_without_account.name),
                  fmt::format("no task of these workflows names the account '{}' · {}", alias, right));
  }
}

int test_on_linked(const TestArguments& arguments, const LocalSchemas& schemas, std::vector<std::string> files) {
  base::Result<TestJournal> journal = TestJournal::open(arguments.journal);
  if (!journal) throw Refusal(Exit::bad_configuration, journal.error());
  base::forbid_core_dumps();
  boost::asio::io_context loop(1);
  base::StderrLog log(base::LogLevel::error);
  LinkedTests tests(arguments, schemas, loop, log, *journal);
  return run_on(loop, arguments.clean ? tests.clean() : tests.play(std::move(files)));
}

int test_folder(const TestArguments& arguments) {
  if (arguments.json && arguments.junit == "-") {
    std::cerr << "sluice: --json and --junit - would both write to stdout: give one of them a file, --junit FILE\n";
    return Exit::usage;
  }
  if (arguments.clean && arguments.accounts.empty()) {
    std::cerr << "sluice: --clean needs the account of the org: --account ALIAS=FILE\n";
    return Exit::usage;
  }
  if (arguments.update && !arguments.accounts.empty()) {
    std::cerr << "sluice: --update goes by local orgs, which are the same for everybody: without --account\n";
    return Exit::usage;
  }
  std::vector<std::string> files = mapping_tests_in(arguments.directory);
  return run_or_refuse(arguments.json, [&]() -> int {
    if (files.empty() && !arguments.clean)
      throw Refusal(Exit::bad_input, std::string(mapping_test_missing.name),
                    fmt::format("there is no mapping test (*.test.json) in '{}'", arguments.directory));
    if (!arguments.clean) refuse_unused_aliases(arguments, files);
    std::optional<LocalSchemas> schemas = read_local_schemas(arguments.orgs, arguments.json);
    if (!schemas) return Exit::bad_input;
    if (!arguments.accounts.empty()) return test_on_linked(arguments, *schemas, std::move(files));
    boost::asio::io_context loop(1);
    base::StderrLog log(base::LogLevel::error);
    return run_on(loop, play_locally(loop, log, arguments, *std::move(schemas), std::move(files)));
  });
}

}  // namespace

void add_test(VerbGroup& program) {
  auto verb =
      program.verb("test", "run the mapping tests of a folder, on a local org or on a linked sandbox", test_folder);
  verb.argument("DIR", verb->directory, "a folder; its *.test.json are run, also those below it");
  verb.flag("--update", verb->update, "rewrite expect and refused of cases that fail to what has happened");
  verb.repeatable("--org", saved_org_taker(verb->orgs),
                  "DIR or ALIAS=DIR: an org's schema as `sluice org snapshot` saved it, which the local org then has "
                  "(repeatable)");
  take_accounts(verb, verb->accounts);
  verb.flag("--clean", verb->clean, "with --account: only remove what a killed run has left in the sandbox");
  verb.option("--journal", verb->journal, "with --account: file that says what is about to be made in the sandbox");
  verb.option("--api-version", verb->api_version, "with --account: Salesforce API version");
  verb.option("--junit", verb->junit, "write a JUnit report to this file, or to stdout: -");
  take_json(verb, verb->json);
}

}  // namespace app::cli
