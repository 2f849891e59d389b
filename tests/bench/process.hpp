// The program under measurement as a child process, and what the kernel says of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bench {

struct Usage {
  double cpu_seconds = 0;
  std::int64_t bytes_written = 0;  // handed to the block layer
  std::int64_t resident_kib = 0;
};

// Starts at construction, ends with SIGTERM at destruction. The child's first line on stdout is read.
class Program {
 public:
  explicit Program(const std::vector<std::string>& command);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  const std::string& first_line() const { return first_line_; }
  Usage usage() const;

 private:
  pid_t pid_ = 0;
  std::string first_line_;
};

double seconds_now();

}  // namespace bench
