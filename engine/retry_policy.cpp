#include "engine/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace engine {

base::Duration delay_after(const RetryPolicy& policy, int attempt, base::Random& random) {
  const double cap = static_cast<double>(policy.delay_max.count());
  const double grown =
      static_cast<double>(policy.first_delay.count()) * std::pow(policy.factor, std::max(attempt, 1) - 1);
  // In doubles to the end: the power overflows any integer long before the 24 hours are over.
  const double longest = std::max(0.0, std::min(grown, cap));
  return base::Duration{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(longest) + 1))};
}

}  // namespace engine
