#include "connectors/accounts/host_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "connectors/accounts/endpoint_url.hpp"

namespace connectors {

namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t url_bytes_max = 2000;

// Where people log in, and the part of every My Domain host that is Salesforce's own.
constexpr std::array<std::string_view, 2> login_hosts{"login.salesforce.com", "test.salesforce.com"};
constexpr std::array<std::string_view, 3> my_domain_suffixes{".my.salesforce.com", ".my.salesforce.mil",
                                                             ".my.sfcrmproducts.cn"};

struct Place {
  bool is_https = true;
  std::string host;  // lower case; an IPv6 address in its brackets
  std::uint16_t port = 443;
};

base::Error not_allowed(std::string message) { return {host_not_allowed, std::move(message)}; }

std::string host_in_lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// HOST, HOST:PORT or [IPV6]:PORT. What other programs might read differently is refused, not repaired.
std::optional<Place> read_authority(std::string_view authority, std::uint16_t default_port) {
  std::size_t address_end = authority.starts_with('[') ? authority.find(']') : 0;
  if (address_end == std::string_view::npos) return std::nullopt;
  std::size_t colon = authority.find(':', address_end);
  Place place;
  place.port = default_port;
  if (colon != std::string_view::npos) {
    std::optional<std::uint16_t> port = port_from(authority.substr(colon + 1));
    if (!port) return std::nullopt;
    place.port = *port;
  }
  place.host = host_in_lower_case(authority.substr(0, colon));
  bool is_plain = std::ranges::all_of(place.host, [&](char c) {
    bool is_of_address = (c == '[' || c == ']' || c == ':') && address_end > 0;
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || is_of_address;
  });
  if (place.host.empty() || place.host.size() > 253 || !is_plain) return std::nullopt;
  return place;
}

base::Result<Place> read_place(std::string_view url) {
  const std::string shown(url.substr(0, 200));
  bool is_printable = std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
  std::string start = host_in_lower_case(url.substr(0, 8));
  bool is_https = start.starts_with("https://");
  if (url.size() > url_bytes_max || !is_printable || (!is_https && !start.starts_with("http://"))) {
    return not_allowed("this is no address like https://yourdomain.my.salesforce.com");
  }
  std::string_view rest = url.substr(is_https ? 8 : 7);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    return not_allowed("the address has a user name in front of its host; leave it out");
  }
  if (rest.find_first_of("?#") != std::string_view::npos) {
    return not_allowed(fmt::format("'{}' goes on behind its path; leave out what begins with ? or #", shown));
  }
  std::optional<Place> place = read_authority(authority, is_https ? 443 : 80);
  if (!place) return not_allowed(fmt::format("'{}' names no host that can be read without doubt", shown));
  place->is_https = is_https;
  return *std::move(place);
}

bool is_name_of_labels(std::string_view host) {
  while (true) {
    std::string_view label = host.substr(0, host.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (label.size() == host.size()) return true;
    host.remove_prefix(label.size() + 1);
  }
}

// As browsers see it: a last part that is a number makes the whole an IPv4 address, in whatever notation.
bool is_ip_literal(std::string_view host) {
  if (host.starts_with('[')) return true;
  std::string_view last = host.substr(host.rfind('.') + 1);
  return last.starts_with("0x") ||
         (!last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_of_salesforce(std::string_view host) {
  if (std::ranges::find(login_hosts, host) != login_hosts.end()) return true;
  return std::ranges::any_of(my_domain_suffixes, [&](std::string_view suffix) {
    return host.size() > suffix.size() && host.ends_with(suffix);
  });
}

base::Status check_name(const std::string& host) {
  if (is_ip_literal(host)) return not_allowed(fmt::format("{} is an address, not the name of a Salesforce host", host));
  if (!is_name_of_labels(host)) return not_allowed(fmt::format("'{}' is no complete host name", host));
  if (host.starts_with("xn--") || host.find(".xn--") != std::string::npos) {
    return not_allowed(fmt::format("{} stands for other letters than it shows; Salesforce has no such host", host));
  }
  if (std::string api_host = api_host_of_pages(host); !api_host.empty()) {
    return not_allowed(fmt::format("{} serves pages, not the API; use {}", host, api_host));
  }
  if (!is_of_salesforce(host)) {
    return not_allowed(
        fmt::format("{} is none of Salesforce's hosts: login.salesforce.com, test.salesforce.com or "
                    "yourdomain.my.salesforce.com; the operator may allow others with --allow-host",
                    host));
  }
  return base::Ok{};
}

bool is_public(const ip::address_v4& address) {
  // RFC 6890 and the IANA registry: this network, private, shared, loopback, link-local (where clouds keep their
  // metadata), protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
  static const std::array special{
      ip::make_network_v4("0.0.0.0/8"),      ip::make_network_v4("10.0.0.0/8"),
      ip::make_network_v4("100.64.0.0/10"),  ip::make_network_v4("127.0.0.0/8"),
      ip::make_network_v4("169.254.0.0/16"), ip::make_network_v4("172.16.0.0/12"),
      ip::make_network_v4("192.0.0.0/24"),   ip::make_network_v4("192.0.2.0/24"),
      ip::make_network_v4("192.88.99.0/24"), ip::make_network_v4("192.168.0.0/16"),
      ip::make_network_v4("198.18.0.0/15"),  ip::make_network_v4("198.51.100.0/24"),
      ip::make_network_v4("203.0.113.0/24"), ip::make_network_v4("224.0.0.0/4"),
      ip::make_network_v4("240.0.0.0/4"),
  };
  return std::ranges::none_of(special, [&](const ip::network_v4& network) {
    return (address.to_uint() & network.netmask().to_uint()) == network.network().to_uint();
  });
}

bool is_public(const ip::address_v6& address) {
  const ip::address_v6::bytes_type bytes = address.to_bytes();
  auto v4_at = [&](std::size_t at) { return ip::address_v4({bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]}); };
  if (address.is_v4_mapped()) return is_public(v4_at(12));
  static constexpr std::array<unsigned char, 12> nat64{0x00, 0x64, 0xff, 0x9b};
  if (std::equal(nat64.begin(), nat64.end(), bytes.begin())) return is_public(v4_at(12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_public(v4_at(2));  // 6to4
  bool is_global_unicast = (bytes[0] & 0xe0) == 0x20;
  bool is_of_protocols = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 0x02;  // 2001::/23, Teredo among them
  bool is_of_documents = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
  return is_global_unicast && !is_of_protocols && !is_of_documents;
}

}  // namespace

base::Status HostPolicy::allow(std::string_view host) {
  std::optional<Place> place = read_authority(host, 443);
  if (!place) return not_allowed(fmt::format("'{}' is no HOST or HOST:PORT", host));
  allowed_.emplace(place->host, place->port);
  return base::Ok{};
}

void HostPolicy::allow_host_of(std::string_view url) {
  if (base::Result<Place> place = read_place(url)) allowed_.emplace(place->host, place->port);
}

base::Status HostPolicy::check(std::string_view url) const {
  base::Result<Place> place = read_place(url);
  if (!place) return place.error();
  bool is_allowed_here = is_allowed(place->host, place->port);
  if (!place->is_https && !(is_allowed_here && is_loopback(host_without_brackets(place->host)))) {
    return not_allowed(fmt::format("secrets do not go to {} over plain http; it must be https", place->host));
  }
  if (is_allowed_here) return base::Ok{};
  if (base::Status name = check_name(place->host); !name) return name;
  if (place->port != 443) {
    return not_allowed(fmt::format("{} is asked at port 443 only, not at {}", place->host, place->port));
  }
  return base::Ok{};
}

bool HostPolicy::may_connect(std::string_view origin, const std::string& address) const {
  base::Result<Place> place = read_place(origin);
  return place && (is_allowed(place->host, place->port) || is_public_address(address));
}

std::string origin_of_url(std::string_view url) {
  base::Result<Place> place = read_place(url);
  if (!place) return "";
  bool is_own_port = place->port == (place->is_https ? 443 : 80);
  return fmt::format("{}://{}{}", place->is_https ? "https" : "http", place->host,
                     is_own_port ? "" : fmt::format(":{}", place->port));
}

bool is_public_address(const std::string& address) {
  boost::system::error_code failed;
  const ip::address parsed = ip::make_address(address, failed);
  if (failed) return false;
  return parsed.is_v4() ? is_public(parsed.to_v4()) : is_public(parsed.to_v6());
}

}  // namespace connectors
