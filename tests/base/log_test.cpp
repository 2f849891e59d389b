// Lines as they arrive on stderr.
#include <catch2/catch.hpp>

#include <fstream>
#include <limits>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "tests/support/temporary_directory.hpp"

using base::LogLevel;
using base::StderrLog;

namespace {

// What `work` writes to stderr, by lines.
std::vector<std::string> stderr_lines_of(const std::function<void()>& work) {
  test::TemporaryDirectory directory;
  std::string path = directory.file("stderr");
  int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  int stderr_before = dup(STDERR_FILENO);
  dup2(file, STDERR_FILENO);
  work();
  dup2(stderr_before, STDERR_FILENO);
  close(stderr_before);
  close(file);

  std::vector<std::string> lines;
  std::ifstream written(path);
  for (std::string line; std::getline(written, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("a fact is one line of JSON with typed fields") {
  auto lines = stderr_lines_of([] {
    StderrLog().info("run held", {{"run", "run_1"},
                                  {"attempt", 3},
                                  {"rate", 0.5},
                                  {"again", true},
                                  {"broken", std::numeric_limits<double>::quiet_NaN()}});
  });

  REQUIRE(lines.size() == 1);
  auto line = nlohmann::json::parse(lines[0]);
  CHECK_THAT(line.at("time").get<std::string>(), Catch::Matches(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"));
  line.erase("time");
  CHECK(line == nlohmann::json{{"level", "info"},
                               {"fact", "run held"},
                               {"run", "run_1"},
                               {"attempt", 3},
                               {"rate", 0.5},
                               {"again", true},
                               {"broken", nullptr}});
}

TEST_CASE("nothing in a field can break its line") {
  std::string nasty = "a\nb\x01\x1b[31m\"\\\x7f";
  nasty += '\0';

  auto lines = stderr_lines_of([&] { StderrLog().error("odd", {{nasty, nasty}}); });

  REQUIRE(lines.size() == 1);
  CHECK(nlohmann::json::parse(lines[0]).at(nasty) == nasty);
  for (char letter : lines[0]) CHECK(static_cast<unsigned char>(letter) >= 0x20);
}

TEST_CASE("bytes that are no UTF-8 still give valid JSON") {
  auto lines = stderr_lines_of([] { StderrLog().error("odd", {{"bytes", "\xff\xc3"}}); });

  CHECK(nlohmann::json::accept(lines.at(0)));
}

TEST_CASE("lines under the least level are dropped") {
  auto lines = stderr_lines_of([] {
    StderrLog log{LogLevel::warning};
    log.debug("no");
    log.info("no");
    log.warning("yes");
    log.error("yes");
    base::SilentLog().error("no");
  });

  REQUIRE(lines.size() == 2);
  CHECK(nlohmann::json::parse(lines[0]).at("level") == "warning");
  CHECK(nlohmann::json::parse(lines[1]).at("level") == "error");
}
