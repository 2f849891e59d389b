// The machine's clock, with timers on an Asio loop.
#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "base/time.hpp"

namespace base {

// All timers share one Asio timer. now() may be called from any thread, the rest from the loop's. A step of the
// machine's clock is noticed within a minute.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(boost::asio::io_context& loop);
  ~SystemClock() override;
  SystemClock(const SystemClock&) = delete;
  SystemClock& operator=(const SystemClock&) = delete;

  TimePoint now() const override;
  TimerId call_at(TimePoint at, std::function<void()> callback) override;
  void cancel(TimerId timer) override;

 private:
  struct Timers;
  std::shared_ptr<Timers> timers_;
};

}  // namespace base
