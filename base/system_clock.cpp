#include "base/system_clock.hpp"

#include <algorithm>

#include <boost/asio/steady_timer.hpp>

#include "base/timer_queue.hpp"

namespace base {

namespace {

TimePoint machine_time() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

// Points in time are the machine's, waiting is monotonic; this bounds how long the two may disagree unnoticed.
constexpr Duration longest_sleep{60'000};

}  // namespace

struct SystemClock::Timers : std::enable_shared_from_this<Timers> {
  explicit Timers(boost::asio::io_context& loop) : alarm(loop) {}

  void arm() {
    std::optional<TimePoint> next = queue.next();
    if (!next || (armed_for && *armed_for <= *next)) return;
    armed_for = *next;
    alarm.expires_after(std::clamp(*next - machine_time(), Duration{0}, longest_sleep));
    alarm.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      auto self = weak.lock();
      if (self && !error) self->go_off();
    });
  }

  void go_off() {
    armed_for.reset();
    // One look at the clock: a callback that asks for "now" again has to wait for the next round.
    TimePoint now = machine_time();
    while (auto callback = queue.take_due(now)) callback();
    arm();
  }

  TimerQueue queue;
  boost::asio::steady_timer alarm;
  std::optional<TimePoint> armed_for;
};

SystemClock::SystemClock(boost::asio::io_context& loop) : timers_(std::make_shared<Timers>(loop)) {}

SystemClock::~SystemClock() = default;

TimePoint SystemClock::now() const { return machine_time(); }

Clock::TimerId SystemClock::call_at(TimePoint at, std::function<void()> callback) {
  TimerId timer = timers_->queue.add(at, std::move(callback));
  timers_->arm();
  return timer;
}

void SystemClock::cancel(TimerId timer) { timers_->queue.cancel(timer); }

}  // namespace base
