#include "tests/base/child_process.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {

ChildProcess::ChildProcess(const std::string& test_case, const std::map<std::string, std::string>& environment) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    execl("/proc/self/exe", "child", test_case.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill();
    wait_for_signal();
  }
  close(output_);
}

std::string ChildProcess::read_line() {
  std::string line;
  char letter = 0;
  while (read(output_, &letter, 1) == 1) {
    line += letter;
    if (letter == '\n') break;
  }
  return line;
}

std::string ChildProcess::read_rest() {
  std::string text;
  for (std::string line = read_line(); !line.empty(); line = read_line()) text += line;
  return text;
}

void ChildProcess::kill() { ::kill(pid_, SIGKILL); }

int ChildProcess::wait_for_signal() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace test
