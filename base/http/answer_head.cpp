#include "base/http/answer_head.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

namespace base::http {

bool fit_to_be_sent(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::ranges::none_of(response.headers, [](const auto& header) {
           return breaks_header(header.first) || breaks_header(header.second);
         });
}

bool has_no_body(int status) { return status == 204 || status == 304; }

void compose_head(std::string& out, const Response& response, std::string_view date, bool keep_alive) {
  boost::beast::string_view reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
  out.clear();
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\ndate: {}\r\n", response.status,
                 std::string_view(reason.data(), reason.size()), date);
  if (!has_no_body(response.status)) {
    fmt::format_to(std::back_inserter(out), "content-length: {}\r\n", response.body.size());
  }
  if (!keep_alive) out += "connection: close\r\n";
  for (const auto& [name, value] : response.headers) {
    // Where a message ends is the server's business alone.
    if (equal_ignoring_case(name, "content-length") || equal_ignoring_case(name, "transfer-encoding") ||
        equal_ignoring_case(name, "connection")) {
      continue;
    }
    out.append(name).append(": ").append(value).append("\r\n");
  }
  out += "\r\n";
}

}  // namespace base::http
