// When a failed attempt is made again: attempts, delays with full jitter, and a span after which it is given up.
#pragma once

#include "base/random.hpp"
#include "base/time.hpp"

namespace engine {

struct RetryPolicy {
  int attempts = 0;  // 0: no limit but `within`
  base::Duration first_delay{1'000};
  double factor = 2.0;
  base::Duration delay_max{10 * 60'000};
  base::Duration within{24 * 3'600'000};  // the survey platform retries for 24 h; its users expect no less

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

// The pause after `attempt` (1 is the first) failed: anything between zero and the delay of that attempt (full jitter).
base::Duration delay_after(const RetryPolicy& policy, int attempt, base::Random& random);

}  // namespace engine
