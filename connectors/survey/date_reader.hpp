// Dates as people and platforms write them, read by the letters of date_format.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace connectors::survey {

// What stood there, and no more: nothing is known of a zone that was not written.
struct ReadDate {
  base::TimePoint local{};  // what the clock showed
  bool has_date = false;
  bool has_time = false;
  std::optional<base::Duration> offset{};  // east of Greenwich
};

// nullopt when `text` is not written like that, or is no date: 30 February, 25 o'clock.
std::optional<ReadDate> read_date(std::string_view text, std::string_view format);

// Why nothing can be read by this format: it lacks a part of the date, or has a letter that only writes. "" when it is
// sound.
std::string what_is_wrong_with_date_format(std::string_view format);

}  // namespace connectors::survey
