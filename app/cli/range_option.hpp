// `--egress CIDR` and its like: options that take ranges of addresses.
#pragma once

#include "app/cli/verb.hpp"
#include "base/ip_range.hpp"

namespace app::cli {

// Reads each text into `into`.
Verb::Take take_ranges(base::IpRanges& into);

}  // namespace app::cli
