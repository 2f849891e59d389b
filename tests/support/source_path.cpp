#include "tests/support/source_path.hpp"

namespace test {

std::string source_path(std::string_view path) {
  std::string whole = SLUICE_SOURCE_DIR;
  if (!path.empty()) whole += "/" + std::string(path);
  return whole;
}

}  // namespace test
