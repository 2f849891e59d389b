// The callbacks a Clock still has to make, ordered by time, then by the order they were asked for.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"

namespace base {

// Cancelling forgets the callback at once; the entry in the heap goes when it comes up or when such entries prevail.
class TimerQueue {
 public:
  Clock::TimerId add(TimePoint at, std::function<void()> callback);
  void cancel(Clock::TimerId timer);

  // When the earliest callback is due.
  std::optional<TimePoint> next();
  // Takes the earliest callback that is due at `now`; empty when there is none.
  std::function<void()> take_due(TimePoint now);

 private:
  struct Entry {
    TimePoint at;
    Clock::TimerId timer;
    friend bool operator>(const Entry& a, const Entry& b) { return a.at != b.at ? a.at > b.at : a.timer > b.timer; }
  };

  void drop_cancelled_top();

  Clock::TimerId last_timer_ = 0;
  std::vector<Entry> heap_;
  std::unordered_map<Clock::TimerId, std::function<void()>> callbacks_;
};

}  // namespace base
