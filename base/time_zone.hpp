// Time zones by the names of the IANA database, as `Europe/Madrid`.
#pragma once

#include <string_view>

#include "base/time.hpp"

namespace base {

inline constexpr ErrorCode time_zone_unknown{"time_zone_unknown", Kind::permanent};

bool is_time_zone(std::string_view zone);

// What clocks of the zone show is `at` plus this.
Result<Duration> utc_offset(std::string_view zone, TimePoint at);

// The point at which clocks of the zone show `local`. A reading that occurs twice is its first; one that is skipped is
// the moment of the skip.
Result<TimePoint> from_local(std::string_view zone, TimePoint local);

}  // namespace base
