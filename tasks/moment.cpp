#include "tasks/moment.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "base/time.hpp"
#include "base/time_zone.hpp"
#include "connectors/survey/date_reader.hpp"
#include "tasks/errors.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using base::Error;
using base::Result;
using connectors::survey::ReadDate;

constexpr std::array<std::string_view, 15> usual_formats{
    "Y-m-d",        "Y-m-d\\TH:i:s.vP", "Y-m-d\\TH:i:sP", "Y-m-d H:i:s",   "Y-m-d\\TH:i:s", "Y-m-d\\TH:i:s.v",
    "Y-m-d\\TH:iP", "Y-m-d\\TH:i",      "Y-m-d H:i:sP",   "Y-m-d H:i:s.v", "Y-m-d H:i",     "H:i",
    "H:i:s",        "H:i:s.v",          "H:i:s.vP"};
// The survey platform's events write it so and mean UTC.
constexpr std::string_view platform_format = "Y-m-d H:i:s";

// A moment, and whether it was written in the platform's own form.
struct FoundMoment {
  ReadDate date;
  bool is_of_platform = false;
};

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<FoundMoment> found_moment(std::string_view text, const MomentReading& reading) {
  for (const std::string& format : reading.formats)
    if (std::optional<ReadDate> read = connectors::survey::read_date(text, format)) return FoundMoment{*read};
  if (!reading.formats.empty()) return std::nullopt;
  for (const std::string_view format : usual_formats)
    if (std::optional<ReadDate> read = connectors::survey::read_date(text, format))
      return FoundMoment{*read, format == platform_format};
  return std::nullopt;
}

// Numbers may be what a format reads: 20260131, or seconds since 1970.
std::optional<FoundMoment> moment_in(const base::Value& value, const MomentReading& reading) {
  const bool may_be_one = std::holds_alternative<std::string>(value.data) ||
                          (std::holds_alternative<base::Number>(value.data) && !reading.formats.empty());
  if (!may_be_one) return std::nullopt;
  const std::string text = base::to_text(value);
  return found_moment(without_blanks(text), reading);
}

std::string right_forms(const MomentReading& reading, std::string_view otherwise) {
  return reading.formats.empty() ? std::string(otherwise)
                                 : fmt::format("one written as {}", fmt::join(reading.formats, " or "));
}

Error no_date(const base::Value& value, const MomentReading& reading) {
  return {mapping_value_not_a_date,
          fmt::format("{}, {}, is no date: {} would be one", shown_value(value), class_of_value(value),
                      right_forms(reading, "2026-01-31, 2026-01-31T13:28:11Z or 2026-01-31 13:28:11"))};
}

Error no_time(const base::Value& value, const MomentReading& reading) {
  return {mapping_value_not_a_time, fmt::format("{}, {}, is no time of day: {} would be one", shown_value(value),
                                                class_of_value(value), right_forms(reading, "13:28 or 13:28:11"))};
}

Error doubtful_time(const base::Value& value, std::string_view zone, const base::LocalReading& read) {
  if (read.times == 0)
    return {mapping_value_not_a_date,
            fmt::format("{} is no time in {}: the clocks are put forward past it", shown_value(value), zone)};
  return {mapping_value_not_a_date,
          fmt::format("{} comes twice in {}, where the clocks are put back: write it with its distance from UTC, as in "
                      "2026-01-31T13:28:11+01:00",
                      shown_value(value), zone)};
}

// Salesforce takes no other years.
bool is_in_calendar(base::TimePoint local) {
  const int year = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(local)}.year());
  return year >= 1700 && year <= 4000;
}

// What the clocks of the reading's zone show at a point in time; as it is written where no zone is asked for.
Result<base::TimePoint> local_reading(const ReadDate& date, const MomentReading& reading) {
  if (reading.zone.empty() || !date.has_time || !date.offset) return date.local;
  const base::TimePoint at = date.local - *date.offset;
  Result<base::Duration> offset = base::utc_offset(reading.zone, at);
  if (!offset) return std::move(offset).error();
  return at + *offset;
}

std::string written_date(base::TimePoint local) { return base::to_iso8601(local).substr(0, 10); }

}  // namespace

Result<std::string> date_of(const base::Value& value, const MomentReading& reading) {
  const std::optional<FoundMoment> found = moment_in(value, reading);
  if (!found || !found->date.has_date) return no_date(value, reading);
  Result<base::TimePoint> local = local_reading(found->date, reading);
  if (!local) return std::move(local).error();
  if (!is_in_calendar(*local)) return no_date(value, reading);
  return written_date(*local);
}

Result<std::string> datetime_of(const base::Value& value, const MomentReading& reading) {
  const std::optional<FoundMoment> found = moment_in(value, reading);
  if (!found || !found->date.has_date) return no_date(value, reading);
  const ReadDate& date = found->date;
  base::TimePoint at = date.local;
  if (date.offset) {
    at -= *date.offset;
  } else if (!reading.zone.empty()) {
    const Result<base::LocalReading> of_zone = base::read_local(reading.zone, date.local);
    if (!of_zone) return of_zone.error();
    // A day alone begins when its clocks do.
    if (date.has_time && of_zone->times != 1) return doubtful_time(value, reading.zone, *of_zone);
    at = of_zone->at;
  } else if (date.has_time && !found->is_of_platform) {
    return Error{mapping_value_not_a_date,
                 fmt::format("{} is a time without a zone: write it with one, as in 2026-01-31T13:28:11Z, or say with "
                             "\"timezone\" which is meant",
                             shown_value(value))};
  }
  if (!is_in_calendar(at)) return no_date(value, reading);
  return base::to_iso8601(at);
}

Result<std::string> time_of(const base::Value& value, const MomentReading& reading) {
  const std::optional<FoundMoment> found = moment_in(value, reading);
  if (!found || !found->date.has_time) return no_time(value, reading);
  // Without a date there is no saying which offset the zone has.
  Result<base::TimePoint> local = found->date.has_date ? local_reading(found->date, reading) : found->date.local;
  if (!local) return std::move(local).error();
  if (found->date.has_date && !is_in_calendar(*local)) return no_time(value, reading);
  return base::to_iso8601(*local).substr(11);
}

}  // namespace tasks
