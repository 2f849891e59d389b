#include "tests/support/program.hpp"

#include <cerrno>
#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace support {
namespace {

constexpr int patience_ms = 60'000;

std::vector<std::string> environment_with(const std::map<std::string, std::string>& more) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    if (!more.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool becomes_readable(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  int ready = 0;
  do ready = poll(&waiting, 1, patience_ms);
  while (ready < 0 && errno == EINTR);
  return ready == 1;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, const std::map<std::string, std::string>& environment) {
  arguments.insert(arguments.begin(), SLUICE_PROGRAM);
  std::vector<std::string> texts = environment_with(environment);
  std::vector<char*> argv = pointers_to(arguments);
  std::vector<char*> envp = pointers_to(texts);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  // In memory, so that it never fills and is there after the end.
  log_ = memfd_create("stderr", MFD_CLOEXEC);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    // Only what is safe after a fork among threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    dup2(log_, STDERR_FILENO);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

Program::~Program() {
  kill();
  close(output_);
  close(log_);
}

std::string Program::first_line() {
  std::string line;
  for (;;) {
    if (!becomes_readable(output_)) throw std::runtime_error("the program says nothing; its log:\n" + log());
    char letter = 0;
    if (read(output_, &letter, 1) != 1) return "";
    if (letter == '\n') return line;
    line += letter;
  }
}

std::string Program::log() const {
  std::string text;
  char piece[16 * 1024];
  for (ssize_t count = 0; (count = pread(log_, piece, sizeof piece, static_cast<off_t>(text.size()))) > 0;) {
    text.append(piece, static_cast<std::size_t>(count));
  }
  return text;
}

void Program::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  await_end();
}

void Program::pause() {
  if (pid_ >= 0) ::kill(pid_, SIGSTOP);
}

void Program::go_on() {
  if (pid_ >= 0) ::kill(pid_, SIGCONT);
}

int Program::stop() {
  if (pid_ >= 0) ::kill(pid_, SIGTERM);
  await_end();
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

int Program::fail() {
  if (pid_ >= 0) ::kill(pid_, SIGABRT);
  return signal_at_end();
}

bool Program::has_dumped_core() const { return WCOREDUMP(status_); }

int Program::signal_at_end() {
  await_end();
  return WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
}

void Program::await_end() {
  if (pid_ < 0) return;
  // By number: the C library of Debian 12 declares pidfd_open() for C alone.
  const int process = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  const bool is_over = becomes_readable(process);
  close(process);
  if (!is_over) throw std::runtime_error("the program does not end; its log:\n" + log());
  waitpid(pid_, &status_, 0);
  pid_ = -1;
}

}  // namespace support
