#include "base/time.hpp"

#include <charconv>
#include <limits>

#include <fmt/compile.h>
#include <fmt/format.h>

namespace base {

namespace {

// Takes what it recognises off the front of a text; every step says whether it was there.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool digits(std::size_t count, int& number) {
    if (rest_.size() < count) return false;
    number = 0;
    for (char digit : rest_.substr(0, count)) {
      if (digit < '0' || digit > '9') return false;
      number = number * 10 + (digit - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

bool take_date(TimeText& text, TimePoint& day) {
  int year = 0, month = 0, day_of_month = 0;
  if (!text.digits(4, year) || !text.take('-') || !text.digits(2, month) || !text.take('-') ||
      !text.digits(2, day_of_month)) {
    return false;
  }
  std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                   std::chrono::day{static_cast<unsigned>(day_of_month)}};
  if (!date.ok()) return false;
  day = std::chrono::sys_days{date};
  return true;
}

bool take_time_of_day(TimeText& text, Duration& since_midnight) {
  int hour = 0, minute = 0, second = 0, millisecond = 0;
  if (!text.digits(2, hour) || !text.take(':') || !text.digits(2, minute) || !text.take(':') ||
      !text.digits(2, second)) {
    return false;
  }
  if (text.take('.') && !text.digits(3, millisecond)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  since_midnight =
      std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} + Duration{millisecond};
  return true;
}

bool take_offset(TimeText& text, Duration& east_of_greenwich) {
  if (text.take('Z')) {
    east_of_greenwich = Duration{0};
    return true;
  }
  bool west = text.take('-');
  if (!west && !text.take('+')) return false;
  int hours = 0, minutes = 0;
  if (!text.digits(2, hours)) return false;
  text.take(':');
  if (!text.digits(2, minutes) || hours > 23 || minutes > 59) return false;
  east_of_greenwich = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  if (west) east_of_greenwich = -east_of_greenwich;
  return true;
}

bool read_iso8601(std::string_view written, TimePoint& at) {
  TimeText text(written);
  if (!take_date(text, at)) return false;
  if (text.at_end()) return true;
  Duration since_midnight{}, east_of_greenwich{};
  if (!text.take('T') || !take_time_of_day(text, since_midnight) || !take_offset(text, east_of_greenwich)) return false;
  at += since_midnight - east_of_greenwich;
  return text.at_end();
}

std::int64_t millis_per(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1'000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  if (unit == "d") return 86'400'000;
  return 0;
}

}  // namespace

std::string to_iso8601(TimePoint at) {
  auto day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss time{at - day};
  char text[40];
  const char* const end =
      fmt::format_to(text, FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"), static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
  return std::string(static_cast<const char*>(text), end);
}

Result<TimePoint> from_iso8601(std::string_view text) {
  TimePoint at{};
  if (read_iso8601(text, at)) return at;
  return Error{time_malformed, fmt::format("'{}' is not a time like 2026-11-24T13:05:50Z", text)};
}

Result<Duration> parse_duration(std::string_view text) {
  std::int64_t count = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  std::int64_t unit = millis_per(text.substr(static_cast<std::size_t>(end - text.data())));
  if (error == std::errc{} && count >= 0 && unit > 0 && count <= std::numeric_limits<std::int64_t>::max() / unit) {
    return Duration{count * unit};
  }
  return Error{time_malformed, fmt::format("'{}' is not a duration like 250ms, 30s, 5m, 24h or 7d", text)};
}

}  // namespace base
