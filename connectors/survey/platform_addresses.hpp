// The addresses from which the survey platform sends its events.
#pragma once

#include "base/ip_range.hpp"

namespace connectors::survey {

const base::IpRanges& platform_addresses();

}  // namespace connectors::survey
