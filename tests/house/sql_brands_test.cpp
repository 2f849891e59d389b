// Tenancy: every SQL text of the stores names the brand, or stands in the list of those that need not, with its reason.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/source_path.hpp"

namespace {

namespace fs = std::filesystem;

struct SqlText {
  std::string file;
  std::string text;
};

// Statements stand as raw strings or as literals that begin with a verb of SQL.
std::vector<SqlText> sql_texts(const std::string& file, const std::string& source) {
  static const std::regex raw(R"re(R"(sql)?\(([\s\S]*?)\)(sql)?")re");
  static const std::regex plain(R"re("((SELECT|INSERT|UPDATE|DELETE) [^"]*)")re");
  std::vector<SqlText> texts;
  for (const std::regex* form : {&raw, &plain}) {
    const int group = form == &raw ? 2 : 1;
    for (std::sregex_iterator at(source.begin(), source.end(), *form), end; at != end; ++at) {
      const std::string text = (*at)[static_cast<std::size_t>(group)].str();
      static const std::regex verb(R"(^\s*(SELECT|INSERT|UPDATE|DELETE|WITH) )");
      if (std::regex_search(text, verb)) texts.push_back({file, text});
    }
  }
  return texts;
}

std::vector<SqlText> all_sql_texts() {
  std::vector<SqlText> texts;
  // What goes to an org is no SQL; app and tasks have none.
  for (const char* room : {"engine", "connectors/accounts", "connectors/oauth"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(test::source_path()) / room)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
      std::ifstream file(entry.path());
      std::ostringstream source;
      source << file.rdbuf();
      for (SqlText& text : sql_texts(entry.path().filename().string(), source.str())) texts.push_back(std::move(text));
    }
  }
  return texts;
}

// By file and a piece of the text that is in no other: why it is of no brand.
struct Exempt {
  const char* file;
  const char* piece;
  const char* why;
};

const std::vector<Exempt> exempt{
    {"people_store.cpp", "FROM brand ORDER BY no", "reads the brands themselves, at start"},
    {"people_store.cpp", "FROM operator_token", "the operator is of no brand"},
    {"people_changes.cpp", "INTO operator_token", "the operator is of no brand"},
    // The keys are the installation's, and so is what an older program has left in its file.
    {"secret_store.cpp", "SELECT DISTINCT key_id FROM sealed_secret", "which keys are needed, by anybody"},
    {"secret_store.cpp", "sealing_key", "keys are of no brand"},
    {"secret_store.cpp", "plain_text_left", "the file is of no brand"},
    {"key_rotator.cpp", "key_rotation", "a change of keys is of no brand"},
    {"key_rotator.cpp", "sealing_key", "keys are of no brand"},
    {"key_rotator.cpp", "GROUP BY key_id", "how much each key has sealed, of anybody"},
    {"key_rotator.cpp", "UPDATE sealed_secret SET key_id", "every secret, by its row"},
    {"identity.cpp", "FROM Organization", "asked of the org"},
    // Run numbers are of one brand each, and are never taken from a request.
    {"step_rows.cpp", "FROM run WHERE no = $1 AND lease = $2", "a fenced write: the lease names run and brand"},
    {"run_queue.cpp", "SELECT seq, facts FROM log", "by the holder of the run's lease, or in the claim itself"},
    {"run_queue.cpp", "INSERT INTO log (run, seq, facts) VALUES", "the same"},
    {"run_queue.cpp", "SELECT $1, coalesce(max(seq), 0) + 1, $2", "after the run's row was found by its brand"},
    {"run_cancellation.cpp", "SELECT $1, coalesce(max(seq), 0) + 1, $2", "the same"},
};

bool is_exempt(const SqlText& text) {
  for (const Exempt& one : exempt) {
    if (text.file == one.file && text.text.find(one.piece) != std::string::npos) return true;
  }
  return false;
}

bool names_the_brand(const std::string& text) {
  static const std::regex brand(R"(\bbrand\b)");
  return std::regex_search(text, brand);
}

}  // namespace

TEST_CASE("every SQL text of the stores names the brand") {
  const std::vector<SqlText> texts = all_sql_texts();
  REQUIRE(texts.size() > 60);  // they are found at all
  for (const SqlText& text : texts) {
    if (names_the_brand(text.text) || is_exempt(text)) continue;
    FAIL_CHECK(text.file << " reads or writes of all brands:\n" << text.text);
  }
}

TEST_CASE("what is exempt from naming the brand is still there") {
  const std::vector<SqlText> texts = all_sql_texts();
  for (const Exempt& one : exempt) {
    INFO(one.file << ": " << one.piece);
    const bool is_there = std::any_of(texts.begin(), texts.end(), [&](const SqlText& text) {
      return text.file == one.file && text.text.find(one.piece) != std::string::npos;
    });
    CHECK(is_there);
  }
}
