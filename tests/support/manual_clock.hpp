// A clock that stands still until a test moves it.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "base/timer_queue.hpp"

namespace support {

// Starts at noon on 2026-01-05 (UTC). Coroutines woken by it go on when their loop runs. It holds those that
// wait, so a test declares it after the loop.
class ManualClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return now_; }
  TimerId call_at(base::TimePoint at, std::function<void()> callback) override;
  void cancel(TimerId timer) override { timers_.cancel(timer); }

  // Makes the callbacks that fall due, in order, each at its own time.
  void advance(base::Duration by) { set(now_ + by); }
  // Later: as advance(). Earlier: the clock was set back, nothing is due.
  void set(base::TimePoint to);

  std::optional<base::TimePoint> next_timer() { return timers_.next(); }

 private:
  base::TimePoint now_ = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{12};
  base::TimerQueue timers_;
};

}  // namespace support
