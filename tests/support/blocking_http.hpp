// One HTTP request over a connection of its own, awaited on the spot: for tests that talk to a program from outside.
#pragma once

#include <string>
#include <string_view>

#include "base/http/message.hpp"

namespace support {

struct HttpAnswer {
  int status = 0;  // 0: nobody listens there, or the connection ended before the answer was whole
  std::string body{};
  base::http::Headers headers{};

  // "" when the answer has no such header.
  std::string header(std::string_view name) const;
};

// `url` is http://host:port/path with a numeric host. Safe to call from several threads.
HttpAnswer http_call(std::string_view method, std::string_view url, std::string_view body = "",
                     const base::http::Headers& headers = {});

}  // namespace support
