#include "base/async.hpp"

#include "base/suspend.hpp"

namespace base {

awaitable<void> wait_until(Clock& clock, TimePoint at) {
  auto start = [&](Resumption<void> resumption) {
    auto waiting = std::make_shared<Resumption<void>>(std::move(resumption));
    Clock::TimerId timer = clock.call_at(at, [waiting] { (*waiting)(); });
    waiting->on_cancel([&clock, timer, weak = std::weak_ptr(waiting)] {
      auto cancelled = weak.lock();
      clock.cancel(timer);
      if (cancelled) cancelled->abort();
    });
  };
  co_await suspend<void>(start);
}

struct Bell::Sleeper {
  Resumption<bool> resumption;
  Clock::TimerId timer = 0;
  bool awake = false;

  explicit Sleeper(Resumption<bool> waiting) : resumption(std::move(waiting)) {}

  void wake(bool rung) {
    awake = true;
    resumption(rung);
  }
};

awaitable<bool> Bell::wait_until(TimePoint at) {
  if (std::exchange(rung_, false)) co_return true;
  auto start = [&](Resumption<bool> resumption) {
    auto sleeper = std::make_shared<Sleeper>(std::move(resumption));
    sleeper->timer = clock_.call_at(at, [sleeper] { sleeper->wake(false); });
    sleeper->resumption.on_cancel([&clock = clock_, weak = std::weak_ptr(sleeper)] {
      auto cancelled = weak.lock();
      if (!cancelled) return;
      cancelled->awake = true;
      clock.cancel(cancelled->timer);
      cancelled->resumption.abort();
    });
    sleeper_ = sleeper;
  };
  co_return co_await suspend<bool>(start);
}

void Bell::ring() {
  auto sleeper = sleeper_.lock();
  if (!sleeper || sleeper->awake) {
    rung_ = true;
    return;
  }
  clock_.cancel(sleeper->timer);
  sleeper->wake(true);
}

}  // namespace base
