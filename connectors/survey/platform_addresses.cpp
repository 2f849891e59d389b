#include "connectors/survey/platform_addresses.hpp"

namespace connectors::survey {

// As the platform publishes them, for firewalls and for login IP ranges of Salesforce.
const base::IpRanges& platform_addresses() {
  static const base::IpRanges ranges{*base::parse_cidr("162.247.216.0/22"), *base::parse_cidr("139.60.152.0/22"),
                                     *base::parse_cidr("64.69.212.0/24"), *base::parse_cidr("98.97.248.0/21")};
  return ranges;
}

}  // namespace connectors::survey
