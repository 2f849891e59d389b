#include "connectors/survey/platform_addresses.hpp"

#include <catch2/catch.hpp>

TEST_CASE("S21: the survey platform's four ranges end where they are published to end") {
  struct Range {
    const char* before;
    const char* first;
    const char* last;
    const char* behind;
  };
  const Range ranges[] = {
      {"162.247.215.255", "162.247.216.0", "162.247.219.255", "162.247.220.0"},
      {"139.60.151.255", "139.60.152.0", "139.60.155.255", "139.60.156.0"},
      {"64.69.211.255", "64.69.212.0", "64.69.212.255", "64.69.213.0"},
      {"98.97.247.255", "98.97.248.0", "98.97.255.255", "98.98.0.0"},
  };
  auto is_theirs = [](const char* address) {
    return base::contains(connectors::survey::platform_addresses(), *base::parse_ip_address(address));
  };
  for (const Range& range : ranges) {
    INFO(range.first);
    CHECK_FALSE(is_theirs(range.before));
    CHECK(is_theirs(range.first));
    CHECK(is_theirs(range.last));
    CHECK_FALSE(is_theirs(range.behind));
  }
  CHECK(connectors::survey::platform_addresses().size() == 4);
}
