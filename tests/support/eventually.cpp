#include "tests/support/eventually.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace support {
namespace {

// Far beyond what anything here takes, also under a sanitizer on a busy machine.
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds between_asks{5};

}  // namespace

void eventually(const std::string& what, const std::function<bool()>& holds,
                const std::function<std::string()>& evidence) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= give_up) {
      throw std::runtime_error("waited a minute in vain: " + what + (evidence ? "\n" + evidence() : std::string()));
    }
    std::this_thread::sleep_for(between_asks);
  }
}

}  // namespace support
