// What our client is willing to send, and to whom.
#pragma once

#include <string>
#include <string_view>

#include "base/http/client.hpp"
#include "base/result.hpp"

namespace base::http {

// The server a request goes to: `scheme://host:port`, port always named.
struct Origin {
  std::string text;
  std::string_view host() const { return std::string_view(text).substr(text.find("://") + 3); }
};

// http_request_invalid for a request that must not or cannot be sent; the message names no secret part of it.
Result<Origin> check_request(const Request& request);

}  // namespace base::http
