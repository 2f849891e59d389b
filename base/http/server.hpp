// An HTTP/1.1 server: limits on header, body and time, a router, and the one place that turns an exception into a 500.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/async.hpp"
#include "base/http/message.hpp"
#include "base/log.hpp"
#include "base/time.hpp"

namespace base::http {

struct ServerRequest {
  std::string method;
  std::string target;  // as sent
  std::string path;    // decoded, repeated slashes collapsed
  Form query{};
  Headers headers{};
  std::string body{};
  std::string remote{};      // address of the peer
  std::string_view route{};  // pattern of the route that took it; fit for logs and metrics
  std::vector<std::pair<std::string, std::string>> params{};  // of the route's pattern, decoded

  std::string_view param(std::string_view name) const;        // "" when absent
  std::string_view query_value(std::string_view name) const;  // "" when absent
};

// Answer helpers: Response{200, {{"content-type", "application/json"}}, text}
Response json_response(int status, std::string json);
// RFC 9457: `{"type":"about:blank","title":…,"status":…,"code":…}` as application/problem+json
Response problem_response(int status, std::string_view code, std::string_view title);

// An answer of status 0 is none: the connection is closed without a word, as a server that dies would do.
using Handler = std::function<awaitable<Response>(ServerRequest&)>;

// Patterns: "/runs/{id}" (one segment), "/runs/" (with that slash), "/files/*" (the rest: "*"). The most literal wins.
class Router {
 public:
  void add(std::string method, std::string pattern, Handler handler);
  // Whatever no route takes; without it 404, or 405 with Allow where the path is known, both as problem details.
  void otherwise(Handler handler);

  // Finds the handler and fills request.params and request.route. Never null. HEAD finds what GET finds. The target's
  // path is split before it is decoded, so that %2F stays inside its segment; without a target the path is taken.
  const Handler& find(ServerRequest& request) const;

  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    Handler handler;
  };
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  Handler otherwise_;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::size_t header_bytes_max = 16u << 10;
  std::size_t body_bytes_max = 8u << 20;  // over it: 413
  Duration header_timeout{10'000};
  Duration body_timeout{30'000};
  Duration idle_timeout{60'000};
  std::size_t connections_max = 4096;
  Headers headers{};  // of every answer that does not set them itself, refusals of the server's own included
  std::string tls_certificate_file{};  // PEM; set both for TLS
  std::string tls_key_file{};
};

class Server {
 public:
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  // Destroying a server closes its connections at once; handlers under way go on and their answers are dropped.

  // Takes no new connection; those under way end with the request they are at.
  virtual void stop() = 0;
};

// Listens when it returns; throws std::system_error when it cannot. `router` must outlive the server.
// All handlers run on the loop's thread. An exception out of a handler is logged and answered with 500.
std::unique_ptr<Server> listen(boost::asio::io_context& loop, const Router& router, Log& log,
                               ServerOptions options = {});

}  // namespace base::http
