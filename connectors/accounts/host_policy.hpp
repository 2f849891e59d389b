// To which hosts secrets may go: Salesforce's own by https, and those that the operator has allowed besides.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace connectors {

// The address is no place for secrets; the message says what is wrong with it and, where we know, what would be right.
inline constexpr base::ErrorCode host_not_allowed{"host_not_allowed", base::Kind::permanent};

class HostPolicy {
 public:
  // HOST or HOST:PORT as the operator writes it; without a port 443. The error is host_not_allowed for what is neither.
  base::Status allow(std::string_view host);
  // The host of an address that the operator wrote in a file of his own. What cannot be read allows nothing.
  void allow_host_of(std::string_view url);

  // Whether login data may be sent to `url`: a login host, a token endpoint, an instance URL. Asked wherever one comes
  // from a user or from an answer. Allowed hosts are held to the same, but for names, ports, and plain http on this
  // machine.
  base::Status check(std::string_view url) const;

  // For the HTTP client: whether a connection for `origin` (scheme://host:port) may go to this address. A name that
  // leads into a private network is refused unless the operator has allowed the host.
  bool may_connect(std::string_view origin, const std::string& address) const;

 private:
  bool is_allowed(const std::string& host, std::uint16_t port) const { return allowed_.contains({host, port}); }

  std::set<std::pair<std::string, std::uint16_t>> allowed_;
};

// scheme://host of a checked address, with the port where it is not the scheme's own; no slash behind it.
std::string origin_of_url(std::string_view url);

// Whether an IPv4 or IPv6 address belongs to the public internet; addresses that wrap another one are judged by it.
bool is_public_address(const std::string& address);

}  // namespace connectors
