// The built program, run as a person would run it.
#pragma once

#include <string>
#include <vector>

namespace test {

struct Ended {
  int code = -1;            // 128 + signal when one ended it
  std::string output{};     // stdout
  std::string complaint{};  // stderr
};

// Where it stands.
std::string program_path();

Ended run_program(const std::vector<std::string>& arguments);

void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);

}  // namespace test
