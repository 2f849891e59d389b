// docs/seed-rules.md: every rule has its line and its tests, and every test that is named after a rule stands in it.
#include <catch2/catch.hpp>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/source_path.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root = test::source_path();
constexpr int rules = 36;

std::string whole_file(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The literals that stand at `at`, one behind the other, as the compiler joins them.
std::string joined_literals(const std::string& source, std::size_t at) {
  std::string name;
  for (;; ++at) {
    while (at < source.size() && std::isspace(static_cast<unsigned char>(source[at]))) ++at;
    if (at >= source.size() || source[at] != '"') return name;
    for (++at; at < source.size() && source[at] != '"'; ++at) {
      if (source[at] == '\\') ++at;
      name += source[at];
    }
  }
}

// "S3, S7: …" is about the rules 3 and 7.
std::set<int> rules_named_by(const std::string& test) {
  std::set<int> named;
  std::istringstream words(test.substr(0, test.find(':')));
  for (std::string word; std::getline(words, word, ',');) {
    const std::size_t begin = word.find_first_not_of(' ');
    const bool is_rule = begin != std::string::npos && word[begin] == 'S' && word.size() > begin + 1 &&
                         word.find_first_not_of("0123456789", begin + 1) == std::string::npos;
    if (!is_rule) return {};
    named.insert(std::stoi(word.substr(begin + 1)));
  }
  return named;
}

std::set<std::string> tests_of_sources() {
  std::set<std::string> tests;
  const std::string call = "TEST_CASE(";
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / "tests")) {
    if (entry.path().extension() != ".cpp" || entry.path().filename() == "seed_rules_test.cpp") continue;
    const std::string source = whole_file(entry.path());
    for (std::size_t at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
      const std::string name = joined_literals(source, at + call.size());
      if (!rules_named_by(name).empty()) tests.insert(name);
    }
  }
  return tests;
}

// Of each line of the table the tests that it names in backticks.
std::multimap<int, std::set<std::string>> lines_of_document() {
  std::multimap<int, std::set<std::string>> lines;
  std::istringstream document(whole_file(root / "docs" / "seed-rules.md"));
  for (std::string line; std::getline(document, line);) {
    if (!line.starts_with("| S")) continue;
    std::set<std::string> tests;
    for (std::size_t at = line.find('`'); at != std::string::npos; at = line.find('`', at + 1)) {
      const std::size_t end = line.find('`', at + 1);
      const std::string quoted = line.substr(at + 1, end - at - 1);
      if (!rules_named_by(quoted).empty()) tests.insert(quoted);
      at = end;
    }
    lines.emplace(std::stoi(line.substr(3)), std::move(tests));
  }
  return lines;
}

}  // namespace

TEST_CASE(
    "every rule of the seed page has one line in docs/seed-rules.md, with tests that are there and are about it") {
  const std::set<std::string> known = tests_of_sources();
  const auto lines = lines_of_document();
  for (int rule = 1; rule <= rules; ++rule) {
    INFO("S" << rule);
    REQUIRE(lines.count(rule) == 1);
    const std::set<std::string>& tests = lines.find(rule)->second;
    CHECK_FALSE(tests.empty());
    for (const std::string& test : tests) {
      INFO(test);
      CHECK(known.contains(test));
      CHECK(rules_named_by(test).contains(rule));
    }
  }
  CHECK(lines.size() == rules);
}

TEST_CASE("every test that is named after rules of the seed page stands in their lines of docs/seed-rules.md") {
  const std::set<std::string> tests = tests_of_sources();
  const auto lines = lines_of_document();
  CHECK(tests.size() >= rules);
  for (const std::string& test : tests) {
    for (const int rule : rules_named_by(test)) {
      INFO("S" << rule << " lacks `" << test << "`");
      const auto line = lines.find(rule);
      REQUIRE(line != lines.end());
      CHECK(line->second.contains(test));
    }
  }
}
