#include "base/timer_queue.hpp"

#include <algorithm>

namespace base {

Clock::TimerId TimerQueue::add(TimePoint at, std::function<void()> callback) {
  Clock::TimerId timer = ++last_timer_;
  callbacks_.emplace(timer, std::move(callback));
  heap_.push_back({at, timer});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  return timer;
}

void TimerQueue::cancel(Clock::TimerId timer) {
  auto found = callbacks_.find(timer);
  if (found == callbacks_.end()) return;
  // Destroyed last: what a callback holds may cancel other timers while it goes.
  std::function<void()> forgotten = std::move(found->second);
  callbacks_.erase(found);
  if (heap_.size() > 2 * callbacks_.size() + 64) {
    std::erase_if(heap_, [&](const Entry& entry) { return !callbacks_.contains(entry.timer); });
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
  }
}

std::optional<TimePoint> TimerQueue::next() {
  drop_cancelled_top();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().at;
}

std::function<void()> TimerQueue::take_due(TimePoint now) {
  drop_cancelled_top();
  if (heap_.empty() || heap_.front().at > now) return {};
  auto found = callbacks_.find(heap_.front().timer);
  std::function<void()> callback = std::move(found->second);
  callbacks_.erase(found);
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
  heap_.pop_back();
  return callback;
}

void TimerQueue::drop_cancelled_top() {
  while (!heap_.empty() && !callbacks_.contains(heap_.front().timer)) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    heap_.pop_back();
  }
}

}  // namespace base
