// The crash point that the environment has armed, if any.
#include "base/crash_point.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string>

namespace base {

namespace {

struct ArmedCrash {
  std::string name;
  std::atomic<int> passings_left = 1;

  ArmedCrash() {
    const char* wanted = std::getenv("SLUICE_CRASH_AT");
    if (!wanted) return;
    std::string_view text = wanted;
    name = text.substr(0, text.find(':'));
    if (name.size() == text.size()) return;
    std::string_view count = text.substr(name.size() + 1);
    int passings = 1;
    std::from_chars(count.data(), count.data() + count.size(), passings);
    passings_left = passings;
  }
};

}  // namespace

void crash_point(std::string_view name) {
  static ArmedCrash armed;
  if (armed.name.empty() || armed.name != name || --armed.passings_left > 0) return;
  // SIGKILL and not exit(): no destructor may tidy up what a power cut would not.
  kill(getpid(), SIGKILL);
  _exit(137);
}

}  // namespace base
