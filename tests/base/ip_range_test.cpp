#include "base/ip_range.hpp"

#include <catch2/catch.hpp>

using base::IpRange;
using base::IpRanges;
using base::parse_cidr;
using base::parse_ip_address;

TEST_CASE("a range in CIDR holds its first and its last address, and no neighbour") {
  struct Case {
    const char* cidr;
    const char* before;
    const char* first;
    const char* last;
    const char* behind;
  };
  const Case cases[] = {
      {"162.247.216.0/22", "162.247.215.255", "162.247.216.0", "162.247.219.255", "162.247.220.0"},
      {"64.69.212.0/24", "64.69.211.255", "64.69.212.0", "64.69.212.255", "64.69.213.0"},
      {"10.1.2.3", "10.1.2.2", "10.1.2.3", "10.1.2.3", "10.1.2.4"},
      {"2001:db8::/32", "2001:db7:ffff::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
  };
  for (const Case& one : cases) {
    INFO(one.cidr);
    const std::optional<IpRange> range = parse_cidr(one.cidr);
    REQUIRE(range);
    CHECK_FALSE(range->contains(*parse_ip_address(one.before)));
    CHECK(range->contains(*parse_ip_address(one.first)));
    CHECK(range->contains(*parse_ip_address(one.last)));
    CHECK_FALSE(range->contains(*parse_ip_address(one.behind)));
    CHECK(to_string(*range) == one.cidr);
  }
}

TEST_CASE("the whole of IPv4 is a range of IPv4 alone") {
  const IpRange all = *parse_cidr("0.0.0.0/0");

  CHECK(all.contains(*parse_ip_address("255.255.255.255")));
  CHECK(all.contains(*parse_ip_address("::ffff:1.2.3.4")));
  CHECK_FALSE(all.contains(*parse_ip_address("2001:db8::1")));
  CHECK(to_string(all) == "0.0.0.0/0");
}

TEST_CASE("what is no range is refused") {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.1/8", "10.0.0", "host",
                           "2001:db8::/129", "10.0.0.0/ 8", "10.0.0.0 /8"}) {
    INFO(text);
    CHECK_FALSE(parse_cidr(text));
  }
  CHECK_FALSE(base::parse_ip_range("10.0.0.2", "10.0.0.1"));
  CHECK_FALSE(base::parse_ip_range("10.0.0.2", "all"));
}

TEST_CASE("a range is covered by ranges that together leave no address out") {
  struct Case {
    IpRanges ranges;
    bool covered;
  };
  auto cidr = [](const char* text) { return *parse_cidr(text); };
  auto range = [](const char* first, const char* last) { return *base::parse_ip_range(first, last); };
  const Case cases[] = {
      {{}, false},
      {{cidr("10.0.0.0/8")}, true},
      {{cidr("10.0.1.0/24")}, true},
      {{range("10.0.1.0", "10.0.1.254")}, false},
      {{range("10.0.1.1", "10.0.1.255")}, false},
      {{cidr("10.0.1.128/25"), cidr("10.0.1.0/25")}, true},
      {{cidr("10.0.1.0/25"), range("10.0.1.129", "10.0.1.255")}, false},
      {{range("10.0.0.0", "10.0.1.200"), range("10.0.1.7", "10.0.1.9"), range("10.0.1.100", "10.0.2.0")}, true},
      {{cidr("::/0")}, true},
  };
  for (const Case& one : cases) CHECK(base::covers(one.ranges, cidr("10.0.1.0/24")) == one.covered);
  CHECK(base::covers({*parse_cidr("::/0")}, *parse_cidr("::/0")));
}

TEST_CASE("a range that is no prefix is told by its ends") {
  CHECK(to_string(*base::parse_ip_range("10.0.0.7", "10.0.0.9")) == "10.0.0.7-10.0.0.9");
}
