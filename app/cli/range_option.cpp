#include "app/cli/range_option.hpp"

namespace app::cli {

Verb::Take take_ranges(base::IpRanges& into) {
  return [&into](const std::string& text) -> std::string {
    const std::optional<base::IpRange> range = base::parse_cidr(text);
    if (!range) return "'" + text + "' is no range of addresses, e.g. 198.51.100.0/24 or 198.51.100.7";
    into.push_back(*range);
    return "";
  };
}

}  // namespace app::cli
