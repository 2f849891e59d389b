// Coroutines: the one word for what a caller has to wait for, and waiting for time or for a wake-up.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>

#include "base/time.hpp"

namespace base {

template <class T>
using awaitable = boost::asio::awaitable<T>;

// Resumes at `at` or soon after, on the caller's executor.
awaitable<void> wait_until(Clock& clock, TimePoint at);

// A bell for one sleeper: wait_until() returns true when rung (also when it was rung before), false when `at` has come.
class Bell {
 public:
  explicit Bell(Clock& clock) : clock_(clock) {}
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  awaitable<bool> wait_until(TimePoint at);
  void ring();

 private:
  struct Sleeper;

  Clock& clock_;
  bool rung_ = false;
  std::weak_ptr<Sleeper> sleeper_;  // kept alive by its timer
};

}  // namespace base
