// Dates written in the letters that the survey platform takes from PHP, and distances such as "-1 day".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace connectors::survey {

// `local` is what the zone's clocks show; `offset` how far they are before UTC. Letters without a meaning stand for
// themselves, and so does every letter behind a backslash.
std::string write_date(base::TimePoint local, base::Duration offset, std::string_view zone, std::string_view format);

// The first letter that has no meaning here and is not behind a backslash: of PHP's, those are B, I, T, X and x.
std::optional<char> unknown_date_letter(std::string_view format);

// "-1 day", "+2 weeks", "1 month": a whole number and a unit from second to year.
bool is_date_offset(std::string_view text);

// A month that lacks the day runs over into the next one, as it does on the platform: 31 January and a month is 3
// March. An offset that is none moves nothing.
base::TimePoint moved_by(base::TimePoint at, std::string_view offset);

}  // namespace connectors::survey
