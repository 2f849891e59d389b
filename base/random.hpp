// Randomness as a collaborator, so that a test can decide what chance brings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace base {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::string bytes(std::size_t count) = 0;
  // Uniform in [0, bound); 0 when bound is 0.
  virtual std::uint64_t below(std::uint64_t bound) = 0;
};

// The operating system's generator: fit for tokens and leases.
class SystemRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;
  std::uint64_t below(std::uint64_t bound) override;
};

// The same sequence for the same seed; for tests and simulation only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::string bytes(std::size_t count) override;
  std::uint64_t below(std::uint64_t bound) override;

 private:
  std::uint64_t state_;
};

}  // namespace base
