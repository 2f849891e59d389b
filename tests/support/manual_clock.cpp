#include "tests/support/manual_clock.hpp"

#include <algorithm>

namespace support {

base::Clock::TimerId ManualClock::call_at(base::TimePoint at, std::function<void()> callback) {
  return timers_.add(at, std::move(callback));
}

void ManualClock::set(base::TimePoint to) {
  while (std::optional<base::TimePoint> due = timers_.next()) {
    if (*due > to) break;
    now_ = std::max(now_, *due);
    timers_.take_due(now_)();
  }
  now_ = to;
}

}  // namespace support
