// The address of an org as people write it down, cut into what its rules look at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace connectors {

struct EndpointUrl {
  std::string scheme;  // lower case
  std::string host;    // lower case, without brackets and port
  std::string path;    // with its slash, or empty
};

// nullopt when there is no scheme or no host, or a user name in front of the host.
std::optional<EndpointUrl> parse_endpoint_url(std::string_view url);

// The host, an IPv6 address without its brackets.
std::string_view host_without_brackets(std::string_view host);

bool is_loopback(std::string_view host);

// Where the API of an org is whose Lightning or Setup pages are at `host`; "" for every other host.
std::string api_host_of_pages(std::string_view host);

// What is wrong with `url` as a place of secrets, and what would be right, in a sentence; "" when nothing is: https
// unless the host is this machine, and never the host of the Lightning pages, which serves no API.
std::string what_is_wrong_with_endpoint(std::string_view url);

}  // namespace connectors
