#include "base/ip_range.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace base {

namespace {

constexpr std::size_t mapped_prefix_bits = 96;

bool is_ip_v4(const IpAddress& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](std::uint8_t byte) { return byte == 0; }) &&
         address[10] == 0xff && address[11] == 0xff;
}

// The address with all bits behind the first `prefix` set to `bit`.
IpAddress filled_behind(IpAddress address, std::size_t prefix, bool bit) {
  for (std::size_t at = prefix; at < address.size() * 8; ++at) {
    const auto mask = static_cast<std::uint8_t>(0x80u >> (at % 8));
    std::uint8_t& byte = address[at / 8];
    byte = static_cast<std::uint8_t>(bit ? byte | mask : byte & ~mask);
  }
  return address;
}

// The address behind this one; nullopt behind the very last.
std::optional<IpAddress> next_address(IpAddress address) {
  for (auto byte = address.rbegin(); byte != address.rend(); ++byte) {
    if (++*byte != 0) return address;
  }
  return std::nullopt;
}

// How many of the leading bits the two share.
std::size_t shared_bits(const IpAddress& a, const IpAddress& b) {
  std::size_t bits = 0;
  while (bits < a.size() * 8 && ((a[bits / 8] ^ b[bits / 8]) & (0x80u >> (bits % 8))) == 0) ++bits;
  return bits;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  IpAddress address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xff;
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

std::optional<IpRange> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> address = parse_ip_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return IpRange{*address, *address};
  const std::string_view digits = text.substr(slash + 1);
  std::size_t prefix = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  if (prefix > (is_v4 ? 32u : 128u)) return std::nullopt;
  if (is_v4) prefix += mapped_prefix_bits;
  if (filled_behind(*address, prefix, false) != *address) return std::nullopt;
  return IpRange{*address, filled_behind(*address, prefix, true)};
}

std::optional<IpRange> parse_ip_range(std::string_view first, std::string_view last) {
  const std::optional<IpAddress> from = parse_ip_address(first);
  const std::optional<IpAddress> to = parse_ip_address(last);
  if (!from || !to || *to < *from) return std::nullopt;
  return IpRange{*from, *to};
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_ip_v4(address))
    inet_ntop(AF_INET, address.data() + 12, text.data(), text.size());
  else
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

std::string to_string(const IpRange& range) {
  if (range.first == range.last) return to_string(range.first);
  const std::size_t prefix = shared_bits(range.first, range.last);
  const bool is_prefix =
      filled_behind(range.first, prefix, false) == range.first && filled_behind(range.last, prefix, true) == range.last;
  if (!is_prefix) return to_string(range.first) + "-" + to_string(range.last);
  const bool is_v4 = is_ip_v4(range.first) && is_ip_v4(range.last);
  return to_string(range.first) + "/" + std::to_string(is_v4 ? prefix - mapped_prefix_bits : prefix);
}

bool contains(const IpRanges& ranges, const IpAddress& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const IpRange& range) { return range.contains(address); });
}

bool covers(const IpRanges& ranges, const IpRange& wanted) {
  IpRanges sorted = ranges;
  std::sort(sorted.begin(), sorted.end(), [](const IpRange& a, const IpRange& b) { return a.first < b.first; });
  IpAddress open = wanted.first;  // the first address that nothing has covered yet
  for (const IpRange& range : sorted) {
    if (!range.contains(open)) continue;
    if (range.last >= wanted.last) return true;
    open = *next_address(range.last);  // there is one: the range ends before `wanted` does
  }
  return false;
}

}  // namespace base
