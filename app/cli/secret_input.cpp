#include "app/cli/secret_input.hpp"

#include <cstdlib>
#include <iostream>

#include <termios.h>
#include <unistd.h>

#include "app/cli/printing.hpp"

namespace app::cli {
namespace {

// The terminal's echo, off for as long as this lives.
class NoEcho {
 public:
  NoEcho() {
    ::tcgetattr(STDIN_FILENO, &before_);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

 private:
  termios before_{};
};

}  // namespace

base::Secret secret_input(const std::string& file, const char* variable, const std::string& question) {
  if (!file.empty()) {
    std::string text = read_text_file(file);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return base::Secret(std::move(text));
  }
  if (const char* value = std::getenv(variable); value != nullptr) return base::Secret(value);
  if (::isatty(STDIN_FILENO) == 0) return {};
  std::cerr << question << std::flush;
  std::string line;
  {
    const NoEcho quiet;
    std::getline(std::cin, line);
  }
  std::cerr << std::endl;
  return base::Secret(std::move(line));
}

}  // namespace app::cli
