// Points in time and the only way to learn of them: a Clock. Milliseconds since 1970 in UTC, everywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace base {

// A point in time or a duration that cannot be read.
inline constexpr ErrorCode time_malformed{"time_malformed", Kind::permanent};

using Duration = std::chrono::milliseconds;
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t to_millis(TimePoint at) { return at.time_since_epoch().count(); }
inline TimePoint from_millis(std::int64_t millis) { return TimePoint{Duration{millis}}; }

// `2026-11-24T13:05:50.000Z`
std::string to_iso8601(TimePoint at);

// Takes `2026-11-24T13:05:50[.mmm](Z|±hh[:]mm)`; a date alone is midnight UTC. Anything else is an error.
Result<TimePoint> from_iso8601(std::string_view text);

// "24h", "30s", "5m", "250ms", "7d"
Result<Duration> parse_duration(std::string_view text);

class Clock {
 public:
  using TimerId = std::uint64_t;

  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;

  // Calls once, on the loop's thread, at `at` or soon after; never from within call_at itself.
  virtual TimerId call_at(TimePoint at, std::function<void()> callback) = 0;
  // A callback that was cancelled, from the loop's thread, is not called any more.
  virtual void cancel(TimerId timer) = 0;
};

}  // namespace base
