// Dying on demand.
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdio>

#include "base/crash_point.hpp"
#include "tests/base/child_process.hpp"

using test::ChildProcess;

TEST_CASE("child passes crash points", "[.child]") {
  for (int passing = 1; passing <= 4; ++passing) {
    base::crash_point("other");
    base::crash_point("here");
    std::printf("passed %d\n", passing);
    std::fflush(stdout);
  }
}

TEST_CASE("a crash point ends the process at the passing that was asked for") {
  struct Case {
    std::string armed;
    std::string last_line;
    int signal;
  };
  auto c = GENERATE(Case{"here:3", "passed 2\n", SIGKILL}, Case{"here:4", "passed 3\n", SIGKILL}, Case{"her", "", 0},
                    Case{"here:5", "", 0}, Case{"", "", 0});
  ChildProcess child("child passes crash points", {{"SLUICE_CRASH_AT", c.armed}});

  std::string output = child.read_rest();

  CHECK(child.wait_for_signal() == c.signal);
  if (c.signal)
    CHECK_THAT(output, Catch::EndsWith(c.last_line));
  else
    CHECK_THAT(output, Catch::Contains("passed 4"));
}

TEST_CASE("without a number it is the first passing") {
  ChildProcess child("child passes crash points", {{"SLUICE_CRASH_AT", "here"}});

  CHECK_THAT(child.read_rest(), !Catch::Contains("passed"));
  CHECK(child.wait_for_signal() == SIGKILL);
}
