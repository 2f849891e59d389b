#include "connectors/accounts/endpoint_url.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace connectors {

namespace {

struct PagesHost {
  std::string_view suffix;
  std::string_view api_suffix;
};

// Hosts that people copy from their browser, and the API's beside them.
constexpr PagesHost pages_hosts[] = {
    {".lightning.force.com", ".my.salesforce.com"},
    {".my.salesforce-setup.com", ".my.salesforce.com"},
    {".lightning.crmforce.mil", ".my.salesforce.mil"},
    {".lightning.sfcrmapps.cn", ".my.sfcrmproducts.cn"},
};

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::optional<EndpointUrl> parse_endpoint_url(std::string_view url) {
  std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return std::nullopt;
  EndpointUrl parsed;
  parsed.scheme = in_lower_case(url.substr(0, scheme_end));
  std::string_view rest = url.substr(scheme_end + 3);
  std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  parsed.path = rest.substr(authority_end);
  std::string_view authority = rest.substr(0, authority_end);
  bool has_odd_character =
      std::any_of(authority.begin(), authority.end(), [](char c) { return c <= ' ' || c == '@' || c == '\\'; });
  if (has_odd_character) return std::nullopt;
  if (authority.starts_with('[')) {
    std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parsed.host = in_lower_case(authority.substr(1, end - 1));
  } else {
    parsed.host = in_lower_case(authority.substr(0, authority.find(':')));
  }
  if (parsed.host.empty()) return std::nullopt;
  return parsed;
}

std::string_view host_without_brackets(std::string_view host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

std::string api_host_of_pages(std::string_view host) {
  for (const PagesHost& pages : pages_hosts) {
    if (host.size() > pages.suffix.size() && host.ends_with(pages.suffix))
      return fmt::format("{}{}", host.substr(0, host.size() - pages.suffix.size()), pages.api_suffix);
  }
  return "";
}

bool is_loopback(std::string_view host) {
  // Only a literal address in 127.0.0.0/8: a name like 127.example.com may be anywhere.
  bool is_numeric = std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return host == "localhost" || host == "::1" || (is_numeric && host.starts_with("127."));
}

std::string what_is_wrong_with_endpoint(std::string_view url) {
  std::optional<EndpointUrl> parsed = parse_endpoint_url(url);
  if (!parsed || (parsed->scheme != "https" && parsed->scheme != "http")) {
    return fmt::format("'{}' is no address like https://yourdomain.my.salesforce.com", url);
  }
  if (std::string api_host = api_host_of_pages(parsed->host); !api_host.empty()) {
    return fmt::format("{} serves pages, not the API; the API of this org is at {}", parsed->host, api_host);
  }
  if (parsed->scheme != "https" && !is_loopback(parsed->host)) {
    return fmt::format("secrets go to {} over plain http; it must be https", parsed->host);
  }
  return "";
}

}  // namespace connectors
