// An HTTP/1.1 client. One promise above all: a request is never sent twice without its caller knowing.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/async.hpp"
#include "base/http/message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace base::http {

// Not a byte of the request reached the server: name look-up, connect or TLS failed, or before_sending refused.
inline constexpr ErrorCode http_not_sent{"http_not_sent", Kind::transient};
// The request may have been carried out: time-out, broken connection, an answer that could not be read.
inline constexpr ErrorCode http_unclear{"http_unclear", Kind::uncertain};
// A request that cannot be sent as it stands and never will: no http or https address, a line break in a header.
inline constexpr ErrorCode http_request_invalid{"http_request_invalid", Kind::permanent};
// Every address that the host's name has now is one that this client may not connect to. Nothing was sent.
inline constexpr ErrorCode http_address_refused{"http_address_refused", Kind::permanent};
// The answer exceeds the cap; for a write the effect is there or not, nobody knows.
inline constexpr ErrorCode http_answer_too_large{"http_answer_too_large", Kind::uncertain};

struct Request {
  std::string method = "GET";
  std::string url;
  Headers headers{};
  std::string body{};
  Duration timeout{30'000};  // from leaving the queue to the last byte of the answer
  std::size_t response_bytes_max = 16u << 20;
  // Connections idle for longer are not used for this request; 0: no limit of its own.
  Duration idle_max{0};
  // Awaited after the last wait in our queue and immediately before the request is handed to the wire. An error means
  // that nothing is sent and becomes the result. May be empty.
  std::function<awaitable<Status>()> before_sending{};
};

class Client {
 public:
  virtual ~Client() = default;
  // Cancelling the coroutine drops the request from our queue or closes its connection.
  // A status of 4xx or 5xx is an answer, not an error. Redirects are not followed; gzip and deflate are undone.
  virtual awaitable<Result<Response>> send(Request request) = 0;
};

// Whether a connection for `origin` (scheme://host:port) may be opened to `address`, an IPv4 or IPv6 address as text.
using MayConnect = std::function<bool(std::string_view origin, const std::string& address)>;

struct ClientOptions {
  std::size_t in_flight_per_host = 128;  // more than that lowers the throughput (measured)
  std::string ca_file{};                 // PEM; empty: the system's
  std::string proxy{};                   // empty: none, whatever the environment says
  // HOST:PORT:ADDRESS:PORT each: connections for the former go to the latter, as if names led there. The host's
  // certificate is asked for all the same, and so is may_connect.
  std::vector<std::string> connect_to{};
  // Asked for each connection when it is opened, about the very address it goes to: a name may have another address
  // now than when somebody looked it up before. Empty: every address. Not asked where a proxy connects for us.
  MayConnect may_connect{};
};

// libcurl's multi interface on the loop. All calls from the loop's thread; destroyed before loop and clock. What is
// under way then ends with http_not_sent or http_unclear.
std::unique_ptr<Client> make_client(boost::asio::io_context& loop, Clock& clock, ClientOptions options = {});

}  // namespace base::http
