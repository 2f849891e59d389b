// One connection of the server, and what all of them share. Internal to the server.
#pragma once

#include <algorithm>
#include <array>
#include <ctime>
#include <list>
#include <optional>
#include <type_traits>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "base/http/answer_head.hpp"
#include "base/http/request_head.hpp"
#include "base/http/request_parser.hpp"
#include "base/http/server.hpp"

namespace base::http::serving {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::size_t read_bytes = 8192;
constexpr std::size_t body_read_bytes_max = 64u << 10;
constexpr Duration goodbye_timeout{2'000};
constexpr std::size_t goodbye_bytes_max = 1u << 20;

// A connection as the server sees it: something with a deadline.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual void cancel() = 0;
  virtual void close() = 0;

  Steady::time_point deadline = Steady::time_point::max();
  bool between_requests = false;
};

// What the connections share; lives as long as the last of them.
struct Shared : std::enable_shared_from_this<Shared> {
  Shared(asio::io_context& loop, const Router& routes, Log& where, ServerOptions wanted)
      : router(routes), log(&where), options(std::move(wanted)), acceptor(loop), sweeper(loop), room(loop) {
    Duration shortest = std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
    sweep_every = std::clamp(shortest / 4, Duration{5}, Duration{500});
  }

  // One timer looks after all deadlines; setting one costs a look at the clock.
  void sweep_later() {
    if (std::exchange(sweeping, true)) return;
    sweeper.expires_after(sweep_every);
    sweeper.async_wait([weak = weak_from_this()](error_code error) {
      auto self = weak.lock();
      if (!self || error) return;
      self->sweeping = false;
      auto now = Steady::now();
      for (Connection* connection : self->connections) {
        if (connection->deadline <= now) connection->cancel();
      }
      if (!self->connections.empty()) self->sweep_later();
    });
  }

  const std::string& date() {
    std::time_t now = std::time(nullptr);
    if (now != date_second) {
      std::tm utc{};
      gmtime_r(&now, &utc);
      std::array<char, 40> text{};
      date_text.assign(text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc));
      date_second = now;
    }
    return date_text;
  }

  const Router& router;
  Log* log;  // null once the server is gone
  ServerOptions options;
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor;
  std::list<Connection*> connections;
  bool stopping = false;
  asio::steady_timer sweeper;
  Duration sweep_every{};
  bool sweeping = false;
  asio::steady_timer room;  // cancelled when a connection ends
  std::time_t date_second = -1;
  std::string date_text;
};

struct Refusal {
  int status = 400;
  std::string_view code = "bad_request";
  std::string_view title = "The request is malformed";
};
inline constexpr Refusal head_too_large{431, "header_too_large", "The request's header is too large"};
inline constexpr Refusal body_too_large{413, "body_too_large", "The request's body is too large"};
inline constexpr Refusal too_slow{408, "request_timeout", "The request did not arrive in time"};
inline constexpr Refusal unknown_expectation{417, "expectation_failed", "Only 100-continue can be expected"};

// A line feed without its carriage return: waiting for the rest of such a head would be in vain.
inline bool has_lone_line_feed(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

// Stream: a tcp::socket, or TLS on top of one.
template <class Stream>
class StreamConnection final : public Connection {
 public:
  template <class... Args>
  StreamConnection(std::shared_ptr<Shared> shared, tcp::socket socket, Args&... tls)
      : shared_(std::move(shared)), stream_(std::move(socket), tls...) {
    error_code error;
    if (auto peer = stream_.lowest_layer().remote_endpoint(error); !error) remote_ = peer.address().to_string();
    stream_.lowest_layer().set_option(tcp::no_delay(true), error);
    shared_->connections.push_back(this);
    listed_ = std::prev(shared_->connections.end());
    shared_->sweep_later();
  }
  ~StreamConnection() override {
    shared_->connections.erase(listed_);
    shared_->room.cancel();
  }
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  void cancel() override {
    error_code ignored;
    stream_.lowest_layer().cancel(ignored);
  }
  void close() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  static awaitable<void> serve(std::unique_ptr<StreamConnection> connection) {
    // Not `while (co_await …)`: GCC 12 miscompiles a co_await in a loop's condition (it crashes at -O0).
    bool open = co_await connection->shake_hands();
    while (open) open = co_await connection->serve_one();
  }

 private:
  enum class Arrival { complete, refused, gone };

  awaitable<bool> shake_hands() {
    if constexpr (!std::is_same_v<Stream, tcp::socket>) {
      error_code error;
      within(shared_->options.header_timeout);
      co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return false;
    }
    co_return true;
  }

  // Whether the connection stays open for another request.
  awaitable<bool> serve_one() {
    ServerRequest request;
    RequestParser parser(request, shared_->options);
    Arrival arrival = co_await receive(request, parser);
    if (arrival == Arrival::gone) co_return false;

    bool refused = arrival == Arrival::refused;
    bool head_only = request.method == "HEAD";
    deadline = Steady::time_point::max();
    Response response;
    if (refused) {
      response = problem_response(refusal_.status, refusal_.code, refusal_.title);
    } else {
      response = co_await answer(request);
    }

    // Bytes that came before our answer are either a second request, which no honest client sends so early, or a
    // smuggled one.
    auto connection_header = find_header(response.headers, "connection");
    bool keep_alive = !refused && !shared_->stopping && parser.http_1_1() && parser.keep_alive() &&
                      buffer_.size() == 0 && !(connection_header && equal_ignoring_case(*connection_header, "close"));
    if (response.status == 0) co_return false;
    for (const auto& [name, value] : shared_->options.headers) {
      if (!find_header(response.headers, name)) response.headers.emplace_back(name, value);
    }
    bool written = co_await write(response, keep_alive, head_only);
    if (written && !keep_alive) co_await say_goodbye();
    co_return written&& keep_alive;
  }

  awaitable<Arrival> receive(ServerRequest& request, RequestParser& parser) {
    Arrival arrival = co_await receive_head();
    if (arrival != Arrival::complete) co_return arrival;
    // The whole head is there: this parses all of it, and what has come of the body.
    if (!parse(parser)) co_return Arrival::refused;
    if (!parser.is_done()) {
      arrival = co_await receive_body(request, parser);
      if (arrival != Arrival::complete) co_return arrival;
    }
    if (!read_target(request)) co_return refuse(Refusal{});
    request.remote = remote_;
    co_return Arrival::complete;
  }

  awaitable<Arrival> receive_head() {
    bool first_request = !std::exchange(served_before_, true);
    bool begun = first_request;
    between_requests = true;
    within(begun ? shared_->options.header_timeout : shared_->options.idle_timeout);
    std::size_t searched = 0;
    for (;;) {
      std::string_view seen = received();
      while (seen.starts_with("\r\n")) {  // some clients end a body with a line of its own
        buffer_.consume(2);
        seen = received();
        searched = 0;
      }
      std::size_t end = seen.find("\r\n\r\n", searched < 3 ? 0 : searched - 3);
      std::size_t head_bytes = end == std::string_view::npos ? seen.size() : end + 4;
      if (head_bytes > shared_->options.header_bytes_max) co_return refuse(head_too_large);
      if (end != std::string_view::npos) co_return check_head(seen.substr(0, head_bytes));
      if (has_lone_line_feed(seen, searched)) co_return refuse(Refusal{});
      searched = seen.size();
      if (!seen.empty()) {
        between_requests = false;
        if (!std::exchange(begun, true)) within(shared_->options.header_timeout);
      }
      if (!co_await read_some(read_bytes)) co_return searched > 0 && late() ? refuse(too_slow) : Arrival::gone;
    }
  }

  Arrival check_head(std::string_view head) {
    between_requests = false;
    std::string_view flaw = head_flaw(head);
    if (flaw.empty()) return Arrival::complete;
    if (shared_->log != nullptr) shared_->log->debug("request refused", {{"reason", flaw}, {"remote", remote_}});
    return refuse(Refusal{});
  }

  awaitable<Arrival> receive_body(const ServerRequest& request, RequestParser& parser) {
    within(shared_->options.body_timeout);
    if (auto expectation = find_header(request.headers, "expect")) {
      if (!equal_ignoring_case(*expectation, "100-continue")) co_return refuse(unknown_expectation);
      if (request.body.empty() && !co_await invite_body()) co_return Arrival::gone;
    }
    while (!parser.is_done()) {
      if (!co_await read_some(std::clamp(request.body.size(), read_bytes, body_read_bytes_max))) {
        co_return late() ? refuse(too_slow) : Arrival::gone;
      }
      if (!parse(parser)) co_return Arrival::refused;
    }
    co_return Arrival::complete;
  }

  awaitable<bool> invite_body() {
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  bool parse(RequestParser& parser) {
    error_code error;
    buffer_.consume(parser.put(buffer_.data(), error));
    if (!error) return true;
    if (error == beast::http::error::need_more) {
      // A chunk's line or trailers without end.
      if (buffer_.size() <= shared_->options.header_bytes_max) return true;
      refuse(head_too_large);
    } else {
      refuse(error == beast::http::error::body_limit ? body_too_large : Refusal{});
    }
    return false;
  }

  // The boundary that no exception of a handler crosses.
  awaitable<Response> answer(ServerRequest& request) {
    std::string reason;
    try {
      Response response = co_await shared_->router.find(request)(request);
      if (response.status == 0 || fit_to_be_sent(response)) co_return response;
      reason = "the answer has an impossible status or a line break in a header";
    } catch (const std::exception& error) {
      reason = error.what();
    }
    if (shared_->log != nullptr) {
      shared_->log->error("request broke", {{"method", request.method}, {"route", request.route}, {"reason", reason}});
    }
    co_return problem_response(500, "internal_error", "The server made a mistake; it is in its log");
  }

  awaitable<bool> write(const Response& response, bool keep_alive, bool head_only) {
    compose_head(head_, response, shared_->date(), keep_alive);
    bool body_goes = !head_only && !has_no_body(response.status);
    std::array<asio::const_buffer, 2> both{asio::buffer(head_),
                                           body_goes ? asio::buffer(response.body) : asio::const_buffer{}};
    error_code error;
    within(shared_->options.body_timeout);
    co_await asio::async_write(stream_, both, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  // Closing with unread bytes would reset the connection, and the answer might be lost with it.
  awaitable<void> say_goodbye() {
    error_code error;
    within(goodbye_timeout);
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      stream_.shutdown(tcp::socket::shutdown_send, error);
      std::size_t drained = 0;
      while (drained < goodbye_bytes_max) {
        bool more = co_await read_some(read_bytes);
        if (!more) break;
        drained += buffer_.size();
        buffer_.consume(buffer_.size());
      }
    } else {
      co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  // False: the peer has gone, or the deadline has passed.
  awaitable<bool> read_some(std::size_t bytes) {
    if (shared_->stopping && between_requests) co_return false;
    error_code error;
    std::size_t count =
        co_await stream_.async_read_some(buffer_.prepare(bytes), asio::redirect_error(asio::use_awaitable, error));
    buffer_.commit(count);
    co_return !error && count > 0;
  }

  Arrival refuse(Refusal refusal) {
    refusal_ = refusal;
    return Arrival::refused;
  }

  void within(Duration duration) { deadline = Steady::now() + duration; }
  bool late() const { return deadline <= Steady::now(); }
  std::string_view received() const { return {static_cast<const char*>(buffer_.data().data()), buffer_.size()}; }

  std::shared_ptr<Shared> shared_;
  Stream stream_;
  std::list<Connection*>::iterator listed_;
  std::string remote_;
  beast::flat_buffer buffer_;
  std::string head_;  // of the answer; its memory is used again
  Refusal refusal_;
  bool served_before_ = false;
};

}  // namespace base::http::serving
