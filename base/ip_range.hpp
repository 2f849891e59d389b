// Ranges of IP addresses: written as CIDR or as first and last address; which addresses and ranges lie in which.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

// IPv6, or IPv4 in its mapped form (::ffff:1.2.3.4), so that the two compare in one order.
using IpAddress = std::array<std::uint8_t, 16>;

// Both ends belong to it.
struct IpRange {
  IpAddress first{};
  IpAddress last{};

  bool contains(const IpAddress& address) const { return first <= address && address <= last; }
  friend bool operator==(const IpRange&, const IpRange&) = default;
};

using IpRanges = std::vector<IpRange>;

std::optional<IpAddress> parse_ip_address(std::string_view text);
// "198.51.100.0/24", "2001:db8::/32", or one address. nullopt too when bits are set behind the prefix: such a range is
// mistyped more often than meant.
std::optional<IpRange> parse_cidr(std::string_view text);
// nullopt when an end is no address or the last comes before the first.
std::optional<IpRange> parse_ip_range(std::string_view first, std::string_view last);

// "198.51.100.0/24" where it is one prefix, else "198.51.100.7-198.51.100.9".
std::string to_string(const IpRange& range);
std::string to_string(const IpAddress& address);

bool contains(const IpRanges& ranges, const IpAddress& address);
// Every address of `wanted` lies in some of `ranges`, which may touch and overlap.
bool covers(const IpRanges& ranges, const IpRange& wanted);

}  // namespace base
