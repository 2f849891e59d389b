// A date, a time or both, read from an answer and written as Salesforce takes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/value.hpp"

namespace tasks {

// How dates stand in an answer.
struct MomentReading {
  // In the letters of the survey platform's dates, tried in their order; none: as ISO 8601 and the platform write them.
  std::vector<std::string> formats{};
  // The zone of what names none, and whose day or hour is meant of a point in time. Empty: of a time without a zone
  // only the platform's own form is understood, which is UTC, and a day or an hour is taken as it is written.
  std::string zone{};
};

// `2026-01-31`
base::Result<std::string> date_of(const base::Value& value, const MomentReading& reading);
// `2026-01-31T13:28:11.000Z`; a date alone is its midnight.
base::Result<std::string> datetime_of(const base::Value& value, const MomentReading& reading);
// `13:28:11.000Z`: a clock's reading, to which Salesforce gives no zone.
base::Result<std::string> time_of(const base::Value& value, const MomentReading& reading);

}  // namespace tasks
