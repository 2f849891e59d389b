// This test program started once more, to run one hidden test case that is meant to die.
#pragma once

#include <map>
#include <string>

#include <sys/types.h>

namespace test {

class ChildProcess {
 public:
  // `test_case` is the name of a hidden case ([.]); `environment` is added to our own.
  ChildProcess(const std::string& test_case, const std::map<std::string, std::string>& environment);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  // The next line of what it writes to stdout and stderr, "" at the end.
  std::string read_line();
  std::string read_rest();

  void kill();
  // The signal that ended it, 0 when it ended by itself.
  int wait_for_signal();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace test
