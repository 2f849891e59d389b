// Time zones by the names of the IANA database, as `Europe/Madrid`.
#pragma once

#include <string_view>

#include "base/time.hpp"

namespace base {

inline constexpr ErrorCode time_zone_unknown{"time_zone_unknown", Kind::permanent};

bool is_time_zone(std::string_view zone);

// What clocks of the zone show is `at` plus this.
Result<Duration> utc_offset(std::string_view zone, TimePoint at);

// The point at which clocks of the zone show `local`, and how often they do: once, twice (then it is the first), or
// never (then it is the moment of the skip).
struct LocalReading {
  TimePoint at;
  int times = 1;
};
Result<LocalReading> read_local(std::string_view zone, TimePoint local);

}  // namespace base
