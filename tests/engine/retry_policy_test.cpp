#include "engine/retry_policy.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

// Gives the greatest number it is allowed to.
class GreatestRandom final : public base::Random {
 public:
  std::string bytes(std::size_t count) override { return std::string(count, '\xff'); }
  std::uint64_t below(std::uint64_t bound) override { return bound == 0 ? 0 : bound - 1; }
};

// Gives zero.
class LeastRandom final : public base::Random {
 public:
  std::string bytes(std::size_t count) override { return std::string(count, '\0'); }
  std::uint64_t below(std::uint64_t) override { return 0; }
};

}  // namespace

TEST_CASE("the longest pause grows by the factor up to the limit") {
  const engine::RetryPolicy policy{.first_delay = 1s, .factor = 2.0, .delay_max = 10s};
  GreatestRandom random;
  struct Case {
    int attempt;
    base::Duration longest;
  };
  for (const Case& example : {Case{1, 1s}, Case{2, 2s}, Case{3, 4s}, Case{4, 8s}, Case{5, 10s}, Case{6, 10s},
                              Case{1'000'000, 10s}, Case{0, 1s}, Case{-3, 1s}}) {
    INFO(example.attempt);
    CHECK(engine::delay_after(policy, example.attempt, random) == example.longest);
  }
}

TEST_CASE("the jitter is full: a pause may be nothing at all") {
  LeastRandom random;
  CHECK(engine::delay_after(engine::RetryPolicy{}, 9, random) == 0ms);
}

TEST_CASE("a policy without pauses makes none") {
  GreatestRandom random;
  CHECK(engine::delay_after(engine::RetryPolicy{.first_delay = 0ms}, 7, random) == 0ms);
}

TEST_CASE("retries go on for a day unless said otherwise") {
  const engine::RetryPolicy policy;
  CHECK(policy.within == 24h);
  CHECK(policy.attempts == 0);
}
