// Every error code has a page, and every page a code.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/source_path.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path repository = test::source_path();

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void collect(std::set<std::string>& codes, const std::string& room, const char* extension, const std::regex& form) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(repository / room)) {
    if (entry.path().extension() != extension) continue;
    const std::string text = text_of(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), form), end; at != end; ++at) codes.insert((*at)[1].str());
  }
}

// Where they are declared, and where the HTTP API refuses with one that only it has.
std::set<std::string> declared_codes() {
  const std::regex declaration(R"re(ErrorCode\s+\w+\{\s*"([a-z0-9_]+)")re");
  std::set<std::string> codes;
  // Of findings and notes: a text that is called as it reads.
  const std::regex finding(R"re(std::string_view\s+([a-z_]+)\s*=\s*"\1")re");
  for (const char* room : {"base", "engine", "connectors", "tasks", "local_org", "app"}) {
    collect(codes, room, ".hpp", declaration);
    collect(codes, room, ".hpp", finding);
  }
  collect(codes, "app", ".cpp", declaration);
  collect(codes, "app/api", ".cpp", std::regex(R"re(problem\([0-9]+,\s*"([a-z_]+)")re"));
  // What the HTTP server says before any route is asked.
  const std::regex refusal(R"re((?:[0-9]{3},|code =)\s*"([a-z_]+)")re");
  collect(codes, "base/http", ".cpp", refusal);
  collect(codes, "base/http", ".hpp", refusal);
  return codes;
}

}  // namespace

TEST_CASE("every error code has a page that says what happened and what to do") {
  for (const std::string& code : declared_codes()) {
    const fs::path page = repository / "docs" / "errors" / (code + ".md");
    INFO(page.string());
    REQUIRE(fs::exists(page));
    const std::string text = text_of(page);
    CHECK(text.starts_with("# " + code));
    CHECK(text.find("## What happened") != std::string::npos);
    CHECK(text.find("## What to do") != std::string::npos);
  }
}
