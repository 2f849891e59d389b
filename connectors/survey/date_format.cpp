#include "connectors/survey/date_format.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace connectors::survey {

namespace {

constexpr std::array<std::string_view, 7> day_names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> month_names{"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};

std::string_view ordinal_ending(int day) {
  if (day >= 11 && day <= 13) return "th";
  switch (day % 10) {
    case 1: return "st";
    case 2: return "nd";
    case 3: return "rd";
    default: return "th";
  }
}

// One reading of a clock, letter by letter.
class WrittenDate {
 public:
  WrittenDate(base::TimePoint local, base::Duration offset, std::string_view zone)
      : days_(std::chrono::floor<std::chrono::days>(local)),
        date_(days_),
        time_(local - days_),
        local_(local),
        offset_(offset),
        zone_(zone) {}

  std::string in(std::string_view format) const {
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] == '\\' && i + 1 < format.size()) {
        out += format[++i];
      } else {
        out += letter(format[i]);
      }
    }
    return out;
  }

 private:
  std::string letter(char c) const {
    switch (c) {
      case 'd': return fmt::format("{:02}", day());
      case 'j': return std::to_string(day());
      case 'D': return std::string(day_names[week_day()].substr(0, 3));
      case 'l': return std::string(day_names[week_day()]);
      case 'N': return std::to_string(week_day() == 0 ? 7 : week_day());
      case 'w': return std::to_string(week_day());
      case 'S': return std::string(ordinal_ending(day()));
      case 'z': return std::to_string((days_ - first_day_of(year())).count());
      case 'm': return fmt::format("{:02}", month());
      case 'n': return std::to_string(month());
      case 'F': return std::string(month_names[static_cast<std::size_t>(month() - 1)]);
      case 'M': return std::string(month_names[static_cast<std::size_t>(month() - 1)].substr(0, 3));
      case 't': return std::to_string(days_in_month());
      case 'L': return date_.year().is_leap() ? "1" : "0";
      case 'W': return fmt::format("{:02}", week_of_year().second);
      case 'o': return std::to_string(week_of_year().first);
      case 'Y': return std::to_string(year());
      case 'y': return fmt::format("{:02}", year() % 100);
      default: return time_letter(c);
    }
  }

  std::string time_letter(char c) const {
    const int hour = static_cast<int>(time_.hours().count());
    const int hour_of_twelve = hour % 12 == 0 ? 12 : hour % 12;
    switch (c) {
      case 'a': return hour < 12 ? "am" : "pm";
      case 'A': return hour < 12 ? "AM" : "PM";
      case 'g': return std::to_string(hour_of_twelve);
      case 'h': return fmt::format("{:02}", hour_of_twelve);
      case 'G': return std::to_string(hour);
      case 'H': return fmt::format("{:02}", hour);
      case 'i': return fmt::format("{:02}", time_.minutes().count());
      case 's': return fmt::format("{:02}", time_.seconds().count());
      case 'v': return fmt::format("{:03}", time_.subseconds().count());
      case 'u': return fmt::format("{:03}000", time_.subseconds().count());
      case 'e': return std::string(zone_);
      case 'P': return offset_text(":");
      case 'p': return offset_.count() == 0 ? "Z" : offset_text(":");
      case 'O': return offset_text("");
      case 'Z': return std::to_string(offset_.count() / 1000);
      case 'U':
        return std::to_string(std::chrono::floor<std::chrono::seconds>(local_ - offset_).time_since_epoch().count());
      case 'c': return in("Y-m-d\\TH:i:sP");
      case 'r': return in("D, d M Y H:i:s O");
      default: return std::string(1, c);
    }
  }

  // The year and number of the week by ISO 8601: it belongs to the year in which its Thursday lies.
  std::pair<int, int> week_of_year() const {
    const int from_monday = static_cast<int>((week_day() + 6) % 7);
    const std::chrono::sys_days thursday = days_ + std::chrono::days(3 - from_monday);
    const int year = static_cast<int>(std::chrono::year_month_day{thursday}.year());
    return {year, static_cast<int>((thursday - first_day_of(year)).count()) / 7 + 1};
  }

  std::string offset_text(std::string_view between) const {
    const std::int64_t minutes = offset_.count() / 60'000;
    const std::int64_t size = minutes < 0 ? -minutes : minutes;
    return fmt::format("{}{:02}{}{:02}", minutes < 0 ? '-' : '+', size / 60, between, size % 60);
  }

  static std::chrono::sys_days first_day_of(int year) {
    return std::chrono::sys_days{std::chrono::year{year} / std::chrono::January / 1};
  }

  int days_in_month() const {
    return static_cast<int>(static_cast<unsigned>((date_.year() / date_.month() / std::chrono::last).day()));
  }

  int year() const { return static_cast<int>(date_.year()); }
  int month() const { return static_cast<int>(static_cast<unsigned>(date_.month())); }
  int day() const { return static_cast<int>(static_cast<unsigned>(date_.day())); }
  unsigned week_day() const { return std::chrono::weekday{days_}.c_encoding(); }

  std::chrono::sys_days days_;
  std::chrono::year_month_day date_;
  std::chrono::hh_mm_ss<base::Duration> time_;
  base::TimePoint local_;
  base::Duration offset_;
  std::string_view zone_;
};

struct DateOffset {
  int count = 0;
  std::string_view unit;  // singular
};

// Far enough for every survey, and near enough that no year leaves the calendar.
constexpr int offset_count_max = 100'000;

std::optional<DateOffset> date_offset_of(std::string_view text) {
  if (text.starts_with("+-")) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  DateOffset read;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), read.count);
  if (fault != std::errc{} || read.count > offset_count_max || read.count < -offset_count_max) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  while (text.starts_with(' ')) text.remove_prefix(1);
  for (std::string_view unit : {"second", "minute", "hour", "day", "week", "month", "year"}) {
    if (text != unit && !(text.starts_with(unit) && text.substr(unit.size()) == "s")) continue;
    const bool is_year_too_far = unit == "year" && (read.count > 1000 || read.count < -1000);
    read.unit = unit;
    return is_year_too_far ? std::nullopt : std::optional(read);
  }
  return std::nullopt;
}

base::TimePoint moved_by_months(base::TimePoint at, int months) {
  const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const auto first = std::chrono::year_month(date.year(), date.month()) + std::chrono::months(months);
  const std::chrono::sys_days start{first / 1};
  return start + (date.day() - std::chrono::day{1}) + (at - day);
}

}  // namespace

std::optional<char> unknown_date_letter(std::string_view format) {
  constexpr std::string_view known = "djDlNwSzWomnFMtLYyaAgGhHisvuePpOZUcr";
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == '\\') {
      ++i;
    } else if (((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && known.find(c) == std::string_view::npos) {
      return c;
    }
  }
  return std::nullopt;
}

std::string write_date(base::TimePoint local, base::Duration offset, std::string_view zone, std::string_view format) {
  return WrittenDate(local, offset, zone).in(format);
}

bool is_date_offset(std::string_view text) { return date_offset_of(text).has_value(); }

base::TimePoint moved_by(base::TimePoint at, std::string_view offset) {
  const std::optional<DateOffset> read = date_offset_of(offset);
  if (!read) return at;
  if (read->unit == "second") return at + std::chrono::seconds(read->count);
  if (read->unit == "minute") return at + std::chrono::minutes(read->count);
  if (read->unit == "hour") return at + std::chrono::hours(read->count);
  if (read->unit == "day") return at + std::chrono::days(read->count);
  if (read->unit == "week") return at + std::chrono::weeks(read->count);
  return moved_by_months(at, read->count * (read->unit == "year" ? 12 : 1));
}

}  // namespace connectors::survey
