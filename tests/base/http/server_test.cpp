// The HTTP server over real sockets, spoken to byte by byte.
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "base/http/client.hpp"
#include "base/http/server.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/test_certificate.hpp"

using base::awaitable;
using base::http::Response;
using base::http::ServerOptions;
using base::http::ServerRequest;

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Facts final : base::Log {
  std::vector<std::string> lines;
  bool enabled(base::LogLevel) const override { return true; }
  void write(base::LogLevel, std::string_view fact, Fields fields) override {
    std::string line(fact);
    for (const auto& [name, value] : fields) {
      line += " " + std::string(name) + "=";
      if (const auto* text = std::get_if<std::string_view>(&value.data)) line += *text;
    }
    lines.push_back(std::move(line));
  }
};

awaitable<Response> echo(ServerRequest& request) {
  co_return base::http::json_response(200, request.method + " " + request.path + " " + request.body);
}
awaitable<Response> fail(ServerRequest&) {
  throw std::runtime_error("the disk is gone");
  co_return Response{};
}
awaitable<Response> say_nothing(ServerRequest&) { co_return Response{}; }
awaitable<Response> answer_unsafe(ServerRequest&) { co_return Response{200, {{"x", "a\r\nSet-Cookie: b"}}, ""}; }

// A server with an echo at /echo, and a way to send it bytes.
struct Site {
  asio::io_context loop;
  support::ManualClock clock;
  base::http::Router router;
  Facts log;
  std::unique_ptr<base::http::Server> server;

  explicit Site(ServerOptions options = {}) {
    for (const char* method : {"GET", "POST"}) router.add(method, "/echo", echo);
    router.add("GET", "/fail/{secret}", fail);
    router.add("GET", "/unsafe", answer_unsafe);
    router.add("GET", "/silent", say_nothing);
    server = base::http::listen(loop, router, log, std::move(options));
  }

  // Sends the bytes in pieces of that size, then gives all that comes until the server closes.
  std::string exchange(std::string bytes, std::size_t piece = 1u << 20) {
    return support::run(loop, talk(std::move(bytes), piece));
  }

  awaitable<tcp::socket> connect() {
    tcp::socket socket(loop);
    tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), server->port());
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    co_return socket;
  }

  awaitable<std::string> talk(std::string bytes, std::size_t piece) {
    tcp::socket socket = co_await connect();
    boost::system::error_code error;
    for (std::size_t at = 0; at < bytes.size() && !error; at += piece) {
      asio::const_buffer next = asio::buffer(bytes) + at;
      co_await asio::async_write(socket, asio::buffer(next, piece), asio::redirect_error(asio::use_awaitable, error));
      co_await asio::post(loop, asio::use_awaitable);
    }
    co_return co_await read_rest(socket);
  }

  // Says everything and that nothing more will come.
  awaitable<std::string> talk_and_finish(std::string bytes) {
    tcp::socket socket = co_await connect();
    boost::system::error_code error;
    co_await asio::async_write(socket, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
    socket.shutdown(tcp::socket::shutdown_send, error);
    co_return co_await read_rest(socket);
  }

  static awaitable<std::string> read_rest(tcp::socket& socket) {
    std::string answer;
    boost::system::error_code error;
    co_await asio::async_read(socket, asio::dynamic_buffer(answer), asio::redirect_error(asio::use_awaitable, error));
    co_return answer;
  }

  static awaitable<std::string> read_some(tcp::socket& socket) {
    std::string answer(4096, '\0');
    answer.resize(co_await socket.async_read_some(asio::buffer(answer), asio::use_awaitable));
    co_return answer;
  }
};

int status_of(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}

std::string_view body_of(std::string_view answer) {
  return answer.substr(std::min(answer.find("\r\n\r\n") + 4, answer.size()));
}

std::string a_post(std::string_view header_lines, std::string_view body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + std::string(header_lines) + "\r\n" +
         std::string(body);
}

}  // namespace

TEST_CASE("a request is answered the same in one, two and n pieces") {
  Site site;
  std::string request = a_post("Content-Length: 5\r\n", "hello");
  std::size_t piece = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000});

  std::string answer = site.exchange(request, piece);

  CHECK(status_of(answer) == 200);
  CHECK(body_of(answer) == "POST /echo hello");
  CHECK(answer.find("content-length: 16\r\n") != std::string::npos);
}

TEST_CASE("a chunked body is put together, and its trailers are not taken for headers") {
  Site site;
  std::string request =
      a_post("Transfer-Encoding: chunked\r\n", "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nauthorization: z\r\n\r\n");
  std::size_t piece = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{1000});

  CHECK(body_of(site.exchange(request, piece)) == "POST /echo hello");
}

TEST_CASE("two requests go over one connection, one after the other") {
  Site site;
  auto talk = [](Site& where) -> awaitable<std::string> {
    tcp::socket socket = co_await where.connect();
    std::string seen;
    for (int i = 0; i < 2; ++i) {
      std::string request = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
      co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
      seen += co_await Site::read_some(socket);
    }
    co_return seen;
  };

  std::string seen = support::run(site.loop, talk(site));

  CHECK(seen.find("connection: close") == std::string::npos);
  CHECK(seen.find("HTTP/1.1 200 OK", 20) != std::string::npos);
}

TEST_CASE("a second request that came before the first was answered is not read") {
  Site site;
  std::string smuggled =
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1GET /fail/x HTTP/1.1\r\nHost: a\r\n\r\n";

  std::string answer = site.exchange(smuggled);

  CHECK(status_of(answer) == 200);
  CHECK(answer.find("connection: close\r\n") != std::string::npos);
  CHECK(answer.find("HTTP/1.1", 10) == std::string::npos);
}

TEST_CASE("HEAD is answered like GET, without the body") {
  Site site;

  std::string answer = site.exchange("HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  CHECK(status_of(answer) == 200);
  CHECK(answer.find("content-length: 11\r\n") != std::string::npos);
  CHECK(body_of(answer) == "");
}

TEST_CASE("malformed requests are answered with 400 as problem details, in any pieces, and the connection is closed") {
  auto request = GENERATE(
      as<std::string>{}, "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000001\r\nx\r\n0\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \nx\r\n0\r\n\r\n",
      "GET /echo%2 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /echo%00 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /echo?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n");
  std::size_t piece = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{1000});
  CAPTURE(request, piece);
  Site site;

  std::string answer = site.exchange(request, piece);

  CHECK(status_of(answer) == 400);
  CHECK(answer.find("content-type: application/problem+json\r\n") != std::string::npos);
  CHECK(answer.find("connection: close\r\n") != std::string::npos);
  CHECK(body_of(answer) ==
        R"({"type":"about:blank","title":"The request is malformed","status":400,"code":"bad_request"})");
}

TEST_CASE("a thousand damaged requests get an answer of 200 or 4xx or none, and the server goes on") {
  Site site;
  const std::string whole[] = {a_post("Content-Length: 5\r\n", "hello"),
                               a_post("Transfer-Encoding: chunked\r\n", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
                               "GET /echo?a=b%20c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"};
  std::mt19937 random(20260105);
  auto below = [&](std::size_t limit) { return random() % limit; };

  for (int i = 0; i < 1000; ++i) {
    std::string request = whole[below(3)];
    for (std::size_t damages = 1 + below(3); damages > 0; --damages) {
      std::size_t at = below(request.size());
      switch (below(3)) {
        case 0: request[at] = static_cast<char>(below(256)); break;
        case 1: request.erase(at, 1 + below(4)); break;
        default: request.insert(at, 1, "\r\n :,0;%/\t"[below(10)]); break;
      }
    }
    CAPTURE(request);
    std::string answer = support::run(site.loop, site.talk_and_finish(request));
    int status = status_of(answer);
    CHECK((answer.empty() || status == 100 || status == 200 || (status >= 400 && status < 500)));
  }

  CHECK(status_of(site.exchange(whole[0])) == 200);
}

TEST_CASE("a header over its limit is 431") {
  ServerOptions options;
  options.header_bytes_max = 200;
  Site site(options);
  std::string head = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nx: ";
  std::string fits = head + std::string(200 - head.size() - 4, 'x') + "\r\n\r\n";

  CHECK(status_of(site.exchange(fits)) == 200);
  CHECK(status_of(site.exchange(head + std::string(200, 'x') + "\r\n\r\n")) == 431);
  CHECK(status_of(site.exchange(head + std::string(10'000, 'x'))) == 431);
  CHECK(status_of(site.exchange(a_post("Transfer-Encoding: chunked\r\n", "0\r\n" + std::string(300, 'x')))) == 431);
}

TEST_CASE("a body over its limit is 413, declared or not") {
  ServerOptions options;
  options.body_bytes_max = 5;
  Site site(options);

  CHECK(status_of(site.exchange(a_post("Content-Length: 5\r\n", "hello"))) == 200);
  CHECK(status_of(site.exchange(a_post("Content-Length: 6\r\n", "hello!"))) == 413);
  CHECK(status_of(site.exchange(a_post("Content-Length: 999999\r\n", ""))) == 413);
  CHECK(status_of(site.exchange(a_post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"))) == 413);
}

TEST_CASE("a request that does not arrive in time is 408") {
  ServerOptions options;
  options.header_timeout = options.body_timeout = std::chrono::milliseconds(20);
  Site site(options);

  CHECK(status_of(site.exchange("GET /echo HTTP/1.1\r\nHos")) == 408);
  CHECK(status_of(site.exchange(a_post("Content-Length: 5\r\n", "hel"))) == 408);
}

TEST_CASE("a connection that says nothing is closed without an answer") {
  ServerOptions options;
  options.header_timeout = options.idle_timeout = std::chrono::milliseconds(20);
  Site site(options);

  CHECK(site.exchange("") == "");
}

TEST_CASE("who asks first is invited to send the body") {
  Site site;
  auto talk = [](Site& where) -> awaitable<std::string> {
    tcp::socket socket = co_await where.connect();
    std::string head = a_post("Content-Length: 5\r\nExpect: 100-continue\r\n", "");
    co_await asio::async_write(socket, asio::buffer(head), asio::use_awaitable);
    std::string seen = co_await Site::read_some(socket);
    std::string body = "hello";
    co_await asio::async_write(socket, asio::buffer(body), asio::use_awaitable);
    co_return seen + co_await Site::read_rest(socket);
  };

  std::string seen = support::run(site.loop, talk(site));

  CHECK(seen.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
  CHECK(body_of(body_of(seen)) == "POST /echo hello");
}

TEST_CASE("an exception is logged by its route and answered with 500, and the connection lives on") {
  Site site;

  std::string answer = site.exchange("GET /fail/token-123 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  CHECK(status_of(answer) == 500);
  CHECK(body_of(answer).find("disk") == std::string_view::npos);
  REQUIRE(site.log.lines.size() == 1);
  CHECK(site.log.lines[0] == "request broke method=GET route=/fail/{secret} reason=the disk is gone");
}

TEST_CASE("an answer with a line break in a header is not sent") {
  Site site;

  std::string answer = site.exchange("GET /unsafe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  CHECK(status_of(answer) == 500);
  CHECK(answer.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("at the limit of connections the next one waits until one ends") {
  ServerOptions options;
  options.connections_max = 1;
  Site site(options);
  auto talk = [](Site& where) -> awaitable<std::string> {
    tcp::socket first = co_await where.connect();
    std::string request = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    co_await asio::async_write(first, asio::buffer(request), asio::use_awaitable);
    co_await Site::read_some(first);
    tcp::socket second = co_await where.connect();
    co_await asio::async_write(second, asio::buffer(request), asio::use_awaitable);
    boost::system::error_code nothing_yet;
    for (int i = 0; i < 20; ++i) co_await asio::post(where.loop, asio::use_awaitable);
    bool waits = second.available(nothing_yet) == 0;
    first.close();
    std::string answer = co_await Site::read_some(second);
    co_return (waits ? "waited, then " : "") + answer;
  };

  CHECK(support::run(site.loop, talk(site)).starts_with("waited, then HTTP/1.1 200 OK"));
}

TEST_CASE("a stopped server closes idle connections, takes no new ones and finishes the request it is at") {
  Site site;
  auto talk = [](Site& where) -> awaitable<std::string> {
    tcp::socket idle = co_await where.connect();
    std::string request = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    co_await asio::async_write(idle, asio::buffer(request), asio::use_awaitable);
    co_await Site::read_some(idle);
    tcp::socket busy = co_await where.connect();
    std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    co_await asio::async_write(busy, asio::buffer(head), asio::use_awaitable);
    co_await Site::read_some(busy);

    where.server->stop();

    std::string from_idle = co_await Site::read_rest(idle);
    std::string body = "hi";
    co_await asio::async_write(busy, asio::buffer(body), asio::use_awaitable);
    co_return from_idle + "|" + co_await Site::read_rest(busy);
  };

  std::string seen = support::run(site.loop, talk(site));

  CHECK(seen.starts_with("|HTTP/1.1 200 OK\r\n"));
  CHECK(seen.find("connection: close\r\n") != std::string::npos);
  CHECK(seen.ends_with("POST /echo hi"));
  CHECK_THROWS_AS(site.exchange(""), boost::system::system_error);
}

TEST_CASE("our client and our server understand each other, plain and over TLS") {
  bool secure = GENERATE(false, true);
  support::TestCertificate certificate;
  ServerOptions options;
  base::http::ClientOptions client_options;
  if (secure) {
    options.tls_certificate_file = certificate.certificate_file();
    options.tls_key_file = certificate.key_file();
    client_options.ca_file = certificate.certificate_file();
  }
  Site site(options);
  auto client = base::http::make_client(site.loop, site.clock, client_options);

  for (std::size_t size : {0u, 10u, 100'000u, 3'000'000u}) {
    base::http::Request request;
    request.method = "POST";
    request.url = (secure ? "https://localhost:" : "http://localhost:") + std::to_string(site.server->port()) + "/echo";
    request.body = std::string(size, 'b');
    auto outcome = support::run(site.loop, client->send(std::move(request)));

    CAPTURE(size, secure, outcome ? "" : outcome.error().message);
    REQUIRE(outcome);
    CHECK(outcome->status == 200);
    CHECK(outcome->body == "POST /echo " + std::string(size, 'b'));
  }
}

TEST_CASE("hundreds of requests at once share a few connections and each gets its own answer") {
  Site site;
  base::http::ClientOptions options;
  options.in_flight_per_host = 16;
  auto client = base::http::make_client(site.loop, site.clock, options);
  int right = 0, done = 0;
  auto send = [&](int number) -> awaitable<void> {
    base::http::Request request;
    request.method = "POST";
    request.url = "http://127.0.0.1:" + std::to_string(site.server->port()) + "/echo";
    request.body = "number " + std::to_string(number);
    auto outcome = co_await client->send(std::move(request));
    ++done;
    if (outcome && outcome->body == "POST /echo number " + std::to_string(number)) ++right;
  };

  for (int number = 0; number < 300; ++number) asio::co_spawn(site.loop, send(number), asio::detached);
  while (done < 300 && site.loop.run_one_for(support::longest_run) != 0) {
  }

  CHECK(right == 300);
}

TEST_CASE("an address that is taken is said so") {
  Site site;
  ServerOptions options;
  options.port = site.server->port();

  CHECK_THROWS_AS(base::http::listen(site.loop, site.router, site.log, options), std::system_error);
}

TEST_CASE("an answer of status 0 closes the connection without a word") {
  Site site;
  CHECK(site.exchange("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n") == "");
}
