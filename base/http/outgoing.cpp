#include "base/http/outgoing.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace base::http {

namespace {

std::optional<Origin> origin_of(const std::string& url) {
  bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) return std::nullopt;
  if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c == 0x7f; })) return std::nullopt;
  std::size_t begin = url.find("://") + 3;
  std::string_view authority = std::string_view(url).substr(begin, url.find_first_of("/?#", begin) - begin);
  // A name and password in an address would end in logs.
  if (authority.empty() || authority.find('@') != std::string_view::npos) return std::nullopt;
  std::size_t address_end = authority.rfind(']');  // of an IPv6 address, which is full of colons
  bool port_named =
      authority.find(':', address_end == std::string_view::npos ? 0 : address_end) != std::string_view::npos;
  return Origin{fmt::format("{}{}", url.substr(0, begin), authority) + (port_named ? "" : secure ? ":443" : ":80")};
}

}  // namespace

Result<Origin> check_request(const Request& request) {
  auto origin = origin_of(request.url);
  if (!origin) return Error{http_request_invalid, "the request's address is not a complete http or https address"};
  if (request.method.empty() || request.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != std::string::npos) {
    return Error{http_request_invalid, "the request's method is not a word in capitals"};
  }
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || name.find(':') != std::string::npos || breaks_header(name)) {
      return Error{http_request_invalid, "one of the request's headers has an impossible name"};
    }
    if (breaks_header(value))
      return Error{http_request_invalid, fmt::format("the header '{}' contains a line break", name)};
  }
  return std::move(*origin);
}

}  // namespace base::http
