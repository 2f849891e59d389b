// The house's one direction, read from the include lines: base <- engine, connectors <- tasks <- app, base <- local_org
// <- app.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/support/source_path.hpp"

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> may_include{
    {"base", {"base"}},
    {"schemas", {"schemas"}},
    {"engine", {"engine", "base", "schemas"}},
    {"connectors", {"connectors", "base", "schemas"}},
    {"tasks", {"tasks", "engine", "connectors", "base", "schemas"}},
    {"local_org", {"local_org", "base"}},
    {"app", {"app", "tasks", "local_org", "engine", "connectors", "base", "schemas"}},
};

const fs::path house_root = test::source_path();

// calls visit(file below the root, what it includes in quotes or angle brackets)
template <class Visit>
void for_each_include(const std::string& room, Visit visit) {
  const std::regex include_line(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(house_root / room)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".hpp") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (std::regex_search(line, found, include_line))
        visit(fs::relative(entry.path(), house_root).string(), found[1].str());
    }
  }
}

std::string room_of(const std::string& include) { return include.substr(0, include.find('/')); }

}  // namespace

TEST_CASE("no include runs upward") {
  for (const auto& [room, allowed] : may_include) {
    for_each_include(room, [&, allowed = allowed](const std::string& file, const std::string& include) {
      if (!may_include.contains(room_of(include))) return;
      INFO(file << " includes " << include);
      CHECK(allowed.contains(room_of(include)));
    });
  }
}

TEST_CASE("each library of others is included by the room that stands for it alone") {
  const std::vector<std::pair<std::string, std::set<std::string>>> owners{
      {"curl/", {"base/http/curl_transfer.hpp", "base/http/curl_loop.cpp", "connectors/mail/smtp_client.cpp"}},
      {"sqlite3.h", {"base/sql/sqlite_connection.cpp"}},
      {"CLI/", {"app/cli/command_line.cpp"}},
      {"openssl/evp.h", {"base/crypto.cpp"}},
      {"date/tz.h", {"base/time_zone.cpp"}},
      {"csv.h", {"connectors/survey/csv_rows.cpp"}},
      {"spdlog/", {"base/log.cpp"}},
  };
  for (const auto& [room, allowed] : may_include) {
    for_each_include(room, [&](const std::string& file, const std::string& include) {
      for (const auto& [library, files] : owners) {
        if (!include.starts_with(library)) continue;
        INFO(file << " includes " << include);
        CHECK(files.contains(file));
      }
    });
  }
}

TEST_CASE("headers do not show nlohmann's whole library") {
  for (const auto& [room, allowed] : may_include) {
    for_each_include(room, [](const std::string& file, const std::string& include) {
      if (!file.ends_with(".hpp") || !include.starts_with("nlohmann/")) return;
      INFO(file);
      CHECK(include == "nlohmann/json_fwd.hpp");
    });
  }
}
