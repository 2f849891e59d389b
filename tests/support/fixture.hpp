// Recorded answers and sample documents below tests/fixtures/.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/support/source_path.hpp"

namespace support {

// The bytes of tests/fixtures/<name>; throws when there is no such file.
inline std::string fixture(const std::string& name) {
  std::ifstream file(test::source_path("tests/fixtures/") + name, std::ios::binary);
  if (!file) throw std::runtime_error("no fixture " + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace support
