#include "connectors/survey/date_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace connectors::survey {

namespace {

constexpr std::array<std::string_view, 12> read_month_names{"january",   "february", "march",    "april",
                                                            "may",       "june",     "july",     "august",
                                                            "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> read_weekday_names{"sunday",   "monday", "tuesday", "wednesday",
                                                             "thursday", "friday", "saturday"};

// PHP's rule for years of two digits.
int whole_year(int two_digits) { return two_digits < 70 ? 2000 + two_digits : 1900 + two_digits; }

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_word(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() && std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                                                        [](char word, char c) { return word == lower_letter(c); });
}

// Takes a text apart, letter by letter of a format.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  bool read(std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      const bool is_literal = format[i] == '\\' && i + 1 < format.size();
      if (is_literal) ++i;
      if (is_literal ? !take(format[i]) : !read_letter(format[i])) return false;
    }
    return rest_.empty();
  }

  std::optional<ReadDate> date() const {
    ReadDate read{.offset = offset_};
    if (unix_seconds_) {
      read.local = base::TimePoint(std::chrono::seconds(*unix_seconds_));
      read.has_date = read.has_time = true;
      return read;
    }
    if (year_ && month_ && day_) {
      const std::chrono::year_month_day date{std::chrono::year{*year_},
                                             std::chrono::month{static_cast<unsigned>(*month_)},
                                             std::chrono::day{static_cast<unsigned>(*day_)}};
      if (!date.ok()) return std::nullopt;
      read.local = std::chrono::sys_days{date};
      read.has_date = true;
    }
    if (is_no_hour()) return std::nullopt;
    const std::optional<int> hour = hour_of_day();
    if (!hour) return read;
    read.has_time = true;
    read.local += std::chrono::hours(*hour) + std::chrono::minutes(minute_) + std::chrono::seconds(second_) + fraction_;
    return read;
  }

 private:
  bool read_letter(char letter) {
    switch (letter) {
      case 'd':
      case 'j': return number(1, 2, day_);
      case 'm':
      case 'n': return number(1, 2, month_);
      case 'F':
      case 'M': return month_name();
      case 'Y': return number(4, 4, year_);
      case 'y':
        if (!number(2, 2, year_)) return false;
        year_ = whole_year(*year_);
        return true;
      case 'D':
      case 'l': return weekday_name();
      case 'S': return ordinal_ending();
      default: return read_time_letter(letter);
    }
  }

  bool read_time_letter(char letter) {
    switch (letter) {
      case 'H':
      case 'G': return number(1, 2, hour_);
      case 'h':
      case 'g': return number(1, 2, hour_of_twelve_);
      case 'i': return number(2, 2, minute_, 59);
      case 's': return number(2, 2, second_, 59);
      case 'v': return fraction();
      case 'a':
      case 'A': return half_of_day();
      case 'P':
      case 'O': return offset();
      case 'U': return unix_seconds();
      default: return take(letter);
    }
  }

  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_digits(std::size_t at_most) {
    std::size_t count = 0;
    while (count < at_most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    const std::string_view digits = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return digits;
  }

  bool number(std::size_t at_least, std::size_t at_most, int& value, int value_max = 9999) {
    const std::string_view digits = take_digits(at_most);
    if (digits.size() < at_least) return false;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value <= value_max;
  }

  bool number(std::size_t at_least, std::size_t at_most, std::optional<int>& value) {
    int read = 0;
    if (!number(at_least, at_most, read)) return false;
    value = read;
    return true;
  }

  // Of a second, as finely as it is written; milliseconds are kept.
  bool fraction() {
    const std::string digits = std::string(take_digits(9));
    if (digits.empty()) return false;
    const std::string padded = (digits + "00").substr(0, 3);
    int millis = 0;
    std::from_chars(padded.data(), padded.data() + padded.size(), millis);
    fraction_ = base::Duration(millis);
    return true;
  }

  // In full or by three letters.
  template <std::size_t N>
  std::optional<int> name_of(const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (const std::string_view name : {names[i], names[i].substr(0, 3)}) {
        if (!starts_with_word(rest_, name)) continue;
        rest_.remove_prefix(name.size());
        return static_cast<int>(i);
      }
    }
    return std::nullopt;
  }

  bool month_name() {
    const std::optional<int> month = name_of(read_month_names);
    if (month) month_ = *month + 1;
    return month.has_value();
  }

  bool weekday_name() { return name_of(read_weekday_names).has_value(); }

  bool ordinal_ending() {
    for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
      if (!starts_with_word(rest_, ending)) continue;
      rest_.remove_prefix(ending.size());
      return true;
    }
    return false;
  }

  bool half_of_day() {
    for (const bool is_second : {false, true}) {
      if (!starts_with_word(rest_, is_second ? "pm" : "am")) continue;
      rest_.remove_prefix(2);
      is_second_half_ = is_second;
      return true;
    }
    return false;
  }

  // Z, +01:00, +0100, +01
  bool offset() {
    if (take('Z')) {
      offset_ = base::Duration{0};
      return true;
    }
    const bool is_west = rest_.starts_with('-');
    if (!is_west && !rest_.starts_with('+')) return false;
    rest_.remove_prefix(1);
    int hours = 0, minutes = 0;
    if (!number(2, 2, hours, 23)) return false;
    const bool has_colon = take(':');
    const bool has_minutes = !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    if ((has_colon || has_minutes) && !number(2, 2, minutes, 59)) return false;
    const base::Duration east = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    offset_ = is_west ? -east : east;
    return true;
  }

  bool unix_seconds() {
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), seconds);
    // Far beyond every calendar, and far from what a time point can hold.
    constexpr std::int64_t seconds_max = 100'000'000'000;
    if (fault != std::errc{} || seconds > seconds_max || seconds < -seconds_max) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    unix_seconds_ = seconds;
    offset_ = base::Duration{0};
    return true;
  }

  bool is_no_hour() const {
    return hour_.value_or(0) > 23 || hour_of_twelve_.value_or(1) < 1 || hour_of_twelve_.value_or(1) > 12;
  }

  std::optional<int> hour_of_day() const {
    if (hour_ || !hour_of_twelve_) return hour_;
    return *hour_of_twelve_ % 12 + (is_second_half_.value_or(false) ? 12 : 0);
  }

  std::string_view rest_;
  std::optional<int> year_, month_, day_, hour_, hour_of_twelve_;
  int minute_ = 0, second_ = 0;
  base::Duration fraction_{0};
  std::optional<bool> is_second_half_;
  std::optional<base::Duration> offset_;
  std::optional<std::int64_t> unix_seconds_;
};

// The letters of a format that are no literals.
std::string letters_of(std::string_view format) {
  std::string letters;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '\\')
      ++i;
    else
      letters += format[i];
  }
  return letters;
}

bool has_one_of(std::string_view letters, std::string_view wanted) {
  return letters.find_first_of(wanted) != std::string_view::npos;
}

}  // namespace

std::optional<ReadDate> read_date(std::string_view text, std::string_view format) {
  DateReader reader(text);
  return reader.read(format) ? reader.date() : std::nullopt;
}

std::string what_is_wrong_with_date_format(std::string_view format) {
  const std::string letters = letters_of(format);
  constexpr std::string_view readable = "djmnFMYyDlSHGhgisvaAPOU";
  const auto cannot_be_read = [&](char c) {
    return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && readable.find(c) == std::string_view::npos;
  };
  if (const auto at = std::find_if(letters.begin(), letters.end(), cannot_be_read); at != letters.end())
    return fmt::format("'{}' cannot be read; a letter that stands for itself is written '\\{}'", *at, *at);
  if (has_one_of(letters, "U")) return "";
  const bool has_year = has_one_of(letters, "Yy"), has_month = has_one_of(letters, "mnFM"),
             has_day = has_one_of(letters, "dj");
  const bool has_half = has_one_of(letters, "aA"), counts_to_twelve = has_one_of(letters, "hg");
  if (counts_to_twelve != has_half) return "an hour that counts to twelve (h, g) needs am or pm (a, A) beside it";
  if (has_year && has_month && has_day) return "";
  if (has_year || has_month || has_day) return "a date needs its day, its month and its year";
  if (!has_one_of(letters, "HGhg")) return "it reads neither a date nor a time";
  return "";
}

}  // namespace connectors::survey
