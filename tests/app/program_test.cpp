// The program as a person types it: what each verb prints and with what it exits.
#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;

struct Printed {
  int exit = -1;
  std::string out;
  std::string err;
};

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Printed sluice(const std::string& arguments) {
  const test::TemporaryDirectory folder;
  const std::string command =
      test::program_path() + " " + arguments + " >" + folder.file("out") + " 2>" + folder.file("err") + " </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(folder.file("out")), content_of(folder.file("err"))};
}

const fs::path repository_root = test::source_path();
const fs::path broken_folder = repository_root / "tests" / "fixtures" / "broken_workflows";

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("validate names every planted fault of the broken workflows at its line and column") {
  const nlohmann::json expected = nlohmann::json::parse(content_of(broken_folder / "expected_findings.json"));
  REQUIRE(expected.size() >= 40);
  for (const auto& [file, findings] : expected.items()) {
    INFO(file);
    const Printed printed = sluice("validate " + (broken_folder / file).string());
    bool has_error = false;
    for (const nlohmann::json& finding : findings) {
      const std::string place = (broken_folder / file).string() + ":" + std::to_string(finding.at("line").get<int>()) +
                                ":" + std::to_string(finding.at("column").get<int>()) + ":";
      INFO(place << " " << finding.dump() << "\n" << printed.err);
      CHECK(printed.err.find(place) != std::string::npos);
      const std::string code = finding.at("code");
      CHECK(printed.err.find("[" + code + "]") != std::string::npos);
      CHECK(printed.err.find(finding.at("pointer").get<std::string>()) != std::string::npos);
      // These two are warnings: the workflow means something, if not what its author thinks.
      has_error = has_error || (code != "on_unclear_not_used" && code != "value_without_pipe");
    }
    CHECK(printed.exit == (has_error ? 65 : 0));
  }
}

TEST_CASE("validate with --json gives the same findings as one document on stdout") {
  const Printed printed = sluice("validate --json " + (broken_folder / "../workflows/nps_to_contact.json").string());
  CHECK(printed.exit == 0);
  CHECK_FALSE(nlohmann::json::parse(printed.out, nullptr, false).is_discarded());
}

TEST_CASE("a file that is missing, a folder, or hopelessly large is bad input, not a crash") {
  const test::TemporaryDirectory folder;
  std::ofstream(folder.file("large.json")) << "{";
  fs::resize_file(folder.file("large.json"), 100u << 20);
  std::ofstream(folder.file("deep.json")) << std::string(1000000, '[');
  for (const char* name : {"missing.json", ".", "large.json", "deep.json"}) {
    INFO(name);
    const Printed printed = sluice("validate " + folder.file(name));
    CHECK(printed.exit == 65);
    CHECK(lines_in(printed.err) == 1);
  }
}

TEST_CASE("every sample is sound, and its mapping tests pass on the local org") {
  for (const fs::directory_entry& entry : fs::directory_iterator(repository_root / "samples")) {
    if (!entry.is_directory()) continue;
    INFO(entry.path());
    CHECK(sluice("validate " + (entry.path() / "workflow.json").string()).exit == 0);
    const Printed tests = sluice("test " + entry.path().string());
    INFO(tests.out << tests.err);
    CHECK(tests.exit == 0);
    CHECK(tests.out.find(" passed, 0 failed") != std::string::npos);
  }
}

TEST_CASE("a record that differs is shown field by field and fails the test") {
  const test::TemporaryDirectory folder;
  REQUIRE(sluice("new " + folder.file("survey")).exit == 0);
  nlohmann::json tests = nlohmann::json::parse(content_of(folder.file("survey/tests.test.json")));
  tests["cases"][0]["expect"]["crm"]["Survey_Response__c"][0]["Score__c"] = 1;
  std::ofstream(folder.file("survey/tests.test.json")) << tests.dump();

  const Printed printed = sluice("test " + folder.file("survey"));

  INFO(printed.out);
  CHECK(printed.exit == 1);
  CHECK(printed.out.find("Score__c") != std::string::npos);
  CHECK(printed.out.find("expected 1") != std::string::npos);
}

TEST_CASE("a new folder is sound, its test passes, and it is not written over") {
  const test::TemporaryDirectory folder;
  CHECK(sluice("new " + folder.file("survey")).exit == 0);
  CHECK(sluice("validate " + folder.file("survey/workflow.json")).exit == 0);
  CHECK(sluice("test " + folder.file("survey")).exit == 0);
  const Printed again = sluice("new " + folder.file("survey"));
  CHECK(again.exit != 0);
  CHECK(again.err.find("folder_not_empty") != std::string::npos);
}

TEST_CASE("a workflow's picture comes as Mermaid, dot and SVG") {
  const std::string workflow = (repository_root / "samples" / "nps_to_contact" / "workflow.json").string();
  CHECK(sluice("graph " + workflow).out.starts_with("flowchart"));
  CHECK(sluice("graph --format dot " + workflow).out.starts_with("digraph"));
  CHECK(sluice("graph --format svg " + workflow).out.find("<svg") != std::string::npos);
}

TEST_CASE("explain tells what to do about a code, and suggests one that was meant") {
  const Printed page = sluice("explain account_not_linked");
  CHECK(page.exit == 0);
  CHECK(page.out.find("What to do") != std::string::npos);
  const Printed slip = sluice("explain account_not_linkd");
  CHECK(slip.exit == 64);
  CHECK(slip.err.find("account_not_linked") != std::string::npos);
}

TEST_CASE("the schema of a workflow completes by task type") {
  const nlohmann::json schema = nlohmann::json::parse(sluice("schema workflow").out);
  CHECK(schema.at("$schema") == "http://json-schema.org/draft-07/schema#");
  CHECK(schema.dump().find("salesforce_upsert") != std::string::npos);
}

TEST_CASE("the demo ends well and shows the run, the records and where to look next") {
  const Printed shown = sluice("demo");
  INFO(shown.out << shown.err);
  CHECK(shown.exit == 0);
  CHECK(shown.out.find("succeeded") != std::string::npos);
  CHECK(shown.out.find("What the org holds now") != std::string::npos);
  CHECK(shown.out.find("Where to look next") != std::string::npos);
}

TEST_CASE("words that are no verb are a matter of usage") {
  CHECK(sluice("frobnicate").exit == 64);
  CHECK(sluice("run").exit == 64);
  CHECK(sluice("--help").exit == 0);
}
