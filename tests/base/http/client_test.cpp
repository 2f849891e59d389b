// The HTTP client against a server that misbehaves on purpose.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "base/http/client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/raw_server.hpp"

using base::Result;
using base::http::ClientOptions;
using base::http::Request;
using base::http::Response;
using support::plain_answer;
using support::RawServer;

namespace {

// One client on one loop; time stands still unless a test moves it.
struct Bench {
  boost::asio::io_context loop;
  support::ManualClock clock;
  std::unique_ptr<base::http::Client> client;

  explicit Bench(ClientOptions options = {}) : client(base::http::make_client(loop, clock, std::move(options))) {}

  Result<Response> send(Request request) { return support::run(loop, client->send(std::move(request))); }

  // Begins a request and leaves it under way.
  std::shared_ptr<std::optional<Result<Response>>> begin(Request request) {
    auto outcome = std::make_shared<std::optional<Result<Response>>>();
    boost::asio::co_spawn(loop, keep(client->send(std::move(request)), outcome), boost::asio::detached);
    return outcome;
  }

  template <class Condition>
  void run_until(Condition reached) {
    loop.restart();
    auto guard = boost::asio::make_work_guard(loop);
    auto give_up = std::chrono::steady_clock::now() + support::longest_run;
    while (!reached() && loop.run_one_until(give_up) != 0) {
    }
    REQUIRE(reached());
  }

  static base::awaitable<void> keep(base::awaitable<Result<Response>> sending,
                                    std::shared_ptr<std::optional<Result<Response>>> outcome) {
    outcome->emplace(co_await std::move(sending));
  }
};

Request a_get(const RawServer& server, std::string_view path = "/") {
  Request request;
  request.url = server.url(path);
  return request;
}

Request a_post(const RawServer& server, std::string body = "{\"effect\":1}") {
  Request request = a_get(server, "/effects");
  request.method = "POST";
  request.headers = {{"content-type", "application/json"}};
  request.body = std::move(body);
  return request;
}

std::string gzip_of_hello() {
  const unsigned char bytes[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd,
                                 0xc9, 0xc9, 0x07, 0x00, 0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00};
  return std::string(reinterpret_cast<const char*>(bytes), sizeof bytes);
}

void expect_one_effect(Bench& bench, RawServer& server) {
  REQUIRE(bench.send(a_get(server)));

  Result<Response> outcome = bench.send(a_post(server));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_unclear);
  CHECK(server.requests() == 2);  // the GET that warmed the connection, and the POST once
  CHECK(server.connections() <= 2);
}

// Answers the first request and closes on every later one without a word, after having read it.
std::optional<std::string> answer_once(const std::string&, int number) {
  if (number == 1) return plain_answer("ready");
  return std::nullopt;
}

}  // namespace

TEST_CASE("each connection's address is judged when it is opened, and a refused one sends nothing") {
  std::vector<std::string> asked;
  bool may = true;
  ClientOptions options;
  options.may_connect = [&](std::string_view origin, const std::string& address) {
    asked.push_back(std::string(origin.substr(0, origin.rfind(':'))) + " " + address);
    return may;
  };
  Bench bench(std::move(options));
  RawServer server(bench.loop, [](const std::string&, int) { return plain_answer("yes", "Connection: close\r\n"); });
  REQUIRE(bench.send(a_get(server)));

  // The name leads elsewhere now: the same look-up, another verdict.
  may = false;
  Result<Response> refused = bench.send(a_post(server));

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::http::http_address_refused);
  CHECK(asked == std::vector<std::string>{"http://127.0.0.1 127.0.0.1", "http://127.0.0.1 127.0.0.1"});
  CHECK(server.requests() == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE("a POST whose kept connection dies before the answer is not sent again") {
  Bench bench;
  RawServer server(bench.loop, answer_once);

  expect_one_effect(bench, server);
}

TEST_CASE("a POST whose kept TLS connection dies before the answer is not sent again") {
  support::TestCertificate certificate;
  ClientOptions options;
  options.ca_file = certificate.certificate_file();
  Bench bench(options);
  RawServer server(bench.loop, answer_once, &certificate);

  expect_one_effect(bench, server);
}

TEST_CASE("a GET or DELETE on a dead connection is not sent again either") {
  std::string method = GENERATE("GET", "DELETE");
  Bench bench;
  RawServer server(bench.loop, answer_once);
  REQUIRE(bench.send(a_get(server)));

  Request request = a_get(server);
  request.method = method;
  Result<Response> outcome = bench.send(std::move(request));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_unclear);
  CHECK(server.requests() == 2);
}

TEST_CASE("requests that follow each other share a connection") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return plain_answer("ok"); });

  for (int i = 0; i < 3; ++i) CHECK(bench.send(a_post(server)));

  CHECK(server.requests() == 3);
  CHECK(server.connections() == 1);
}

TEST_CASE("a request that wants no idle connection gets a fresh one") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return plain_answer("ok"); });
  REQUIRE(bench.send(a_get(server)));
  Request request = a_post(server);
  request.idle_max = std::chrono::milliseconds(1);

  CHECK(bench.send(std::move(request)));

  CHECK(server.connections() == 2);
}

TEST_CASE("method, headers and body arrive as they were given") {
  Bench bench;
  std::string seen;
  RawServer server(bench.loop, [&](const std::string& request, int) {
    seen = request;
    return plain_answer("");
  });
  Request request = a_post(server, "caf\xc3\xa9");
  request.method = "PATCH";
  request.headers = {{"content-type", "text/plain"}, {"x-empty", ""}, {"Authorization", "Bearer t"}};

  REQUIRE(bench.send(std::move(request)));

  CHECK(seen.starts_with("PATCH /effects HTTP/1.1\r\n"));
  CHECK(seen.find("\r\ncontent-type: text/plain\r\n") != std::string::npos);
  CHECK(seen.find("\r\nx-empty:\r\n") != std::string::npos);
  CHECK(seen.find("\r\nAuthorization: Bearer t\r\n") != std::string::npos);
  CHECK(seen.find("Expect") == std::string::npos);
  CHECK(seen.ends_with("\r\n\r\ncaf\xc3\xa9"));
}

TEST_CASE("an empty POST carries a length and no content type of curl's") {
  Bench bench;
  std::string seen;
  RawServer server(bench.loop, [&](const std::string& request, int) {
    seen = request;
    return plain_answer("");
  });
  Request request = a_post(server, "");
  request.headers.clear();

  REQUIRE(bench.send(std::move(request)));

  CHECK(seen.find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(seen.find("Content-Type") == std::string::npos);
}

TEST_CASE("an answer's status, headers and body come back, whatever the status") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) {
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-Reason:  none \r\n\r\ngone";
  });

  Result<Response> outcome = bench.send(a_get(server));

  REQUIRE(outcome);
  CHECK(outcome->status == 404);
  CHECK(base::http::find_header(outcome->headers, "x-reason") == "none");
  CHECK(outcome->body == "gone");
}

TEST_CASE("a redirect is an answer and is not followed") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) {
    return "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n";
  });

  Result<Response> outcome = bench.send(a_get(server));

  REQUIRE(outcome);
  CHECK(outcome->status == 302);
  CHECK(server.requests() == 1);
}

TEST_CASE("an interim answer leaves no headers behind") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) {
    return "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + plain_answer("ok");
  });

  Result<Response> outcome = bench.send(a_get(server));

  REQUIRE(outcome);
  CHECK(outcome->status == 200);
  CHECK_FALSE(base::http::find_header(outcome->headers, "link"));
}

TEST_CASE("gzip is undone and its headers with it") {
  Bench bench;
  RawServer server(bench.loop,
                   [](const std::string&, int) { return plain_answer(gzip_of_hello(), "Content-Encoding: gzip\r\n"); });

  Result<Response> outcome = bench.send(a_get(server));

  REQUIRE(outcome);
  CHECK(outcome->body == "hello");
  CHECK_FALSE(base::http::find_header(outcome->headers, "content-encoding"));
  CHECK_FALSE(base::http::find_header(outcome->headers, "content-length"));
}

TEST_CASE("an answer over the cap is refused, one at the cap is not") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return plain_answer(std::string(1000, 'x')); });
  Request fits = a_get(server), too_large = a_get(server);
  fits.response_bytes_max = 1000;
  too_large.response_bytes_max = 999;

  CHECK(bench.send(std::move(fits)));
  Result<Response> outcome = bench.send(std::move(too_large));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_answer_too_large);
}

TEST_CASE("the cap counts what an encoding unpacks to") {
  Bench bench;
  RawServer server(bench.loop,
                   [](const std::string&, int) { return plain_answer(gzip_of_hello(), "Content-Encoding: gzip\r\n"); });
  Request request = a_get(server);
  request.response_bytes_max = 4;

  Result<Response> outcome = bench.send(std::move(request));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_answer_too_large);
}

TEST_CASE("a refused connection means that nothing was sent") {
  Bench bench;
  std::string url;
  {
    RawServer gone(bench.loop, answer_once);
    url = gone.url();
  }
  Request request;
  request.url = url;

  Result<Response> outcome = bench.send(std::move(request));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_not_sent);
  std::string host = url.substr(7, url.rfind('/') - 7);
  CHECK(outcome.error().message == "could not connect to " + host + ": connection refused");
}

TEST_CASE("a certificate that nobody vouches for means that nothing was sent") {
  Bench bench;
  support::TestCertificate certificate;
  RawServer server(bench.loop, answer_once, &certificate);

  Result<Response> outcome = bench.send(a_post(server));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_not_sent);
  CHECK(server.requests() == 0);
}

TEST_CASE("silence after a request ends at its time-out and leaves the outcome unclear") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return ""; });
  auto outcome = bench.begin(a_post(server));
  bench.run_until([&] { return server.requests() == 1; });

  bench.clock.advance(std::chrono::milliseconds(29'999));
  bench.loop.poll();
  REQUIRE_FALSE(outcome->has_value());
  bench.clock.advance(std::chrono::milliseconds(1));
  bench.run_until([&] { return outcome->has_value(); });

  REQUIRE_FALSE(**outcome);
  CHECK((*outcome)->error().code == base::http::http_unclear);
  CHECK((*outcome)->error().message == "no answer within 30 s");
}

TEST_CASE("each request has a time-out of its own") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return ""; });
  Request slow = a_get(server), quick = a_get(server);
  quick.timeout = std::chrono::milliseconds(250);
  auto slow_outcome = bench.begin(std::move(slow));
  auto quick_outcome = bench.begin(std::move(quick));
  bench.run_until([&] { return server.requests() == 2; });

  bench.clock.advance(std::chrono::milliseconds(250));
  bench.run_until([&] { return quick_outcome->has_value(); });

  CHECK((*quick_outcome)->error().message == "no answer within 250 ms");
  CHECK_FALSE(slow_outcome->has_value());
  bench.clock.advance(std::chrono::seconds(30));
  bench.run_until([&] { return slow_outcome->has_value(); });
}

TEST_CASE("an answer cut short is unclear") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf";
  });

  Result<Response> outcome = bench.send(a_post(server));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_unclear);
}

TEST_CASE("a request refused before sending is not sent, and the refusal is the result") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return plain_answer("ok"); });
  Request request = a_post(server);
  request.before_sending = []() -> base::awaitable<base::Status> {
    co_return base::Error{{"called_off", base::Kind::blocked}, "somebody called it off"};
  };

  Result<Response> outcome = bench.send(std::move(request));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code.name == "called_off");
  CHECK(server.requests() == 0);
  CHECK(bench.send(a_post(server)));  // its place was given back
}

TEST_CASE(
    "no more requests than allowed are with a host at once, and the others are asked in order just before they go") {
  ClientOptions options;
  options.in_flight_per_host = 2;
  Bench bench(options);
  RawServer server(bench.loop, [](const std::string&, int number) { return number == 1 ? plain_answer("ok") : ""; });
  std::vector<int> asked;
  std::vector<std::shared_ptr<std::optional<Result<Response>>>> outcomes;
  for (int i = 0; i < 4; ++i) {
    Request request = a_get(server);
    request.before_sending = [&asked, i]() -> base::awaitable<base::Status> {
      asked.push_back(i);
      co_return base::Ok{};
    };
    outcomes.push_back(bench.begin(std::move(request)));
  }

  bench.run_until([&] { return server.requests() == 3; });

  CHECK(asked == std::vector<int>{0, 1, 2});
  bench.clock.advance(std::chrono::seconds(30));
  bench.run_until([&] { return server.requests() == 4; });
  CHECK(asked == std::vector<int>{0, 1, 2, 3});
}

TEST_CASE("destroying the client ends what is under way and what waits, each with its own certainty") {
  ClientOptions options;
  options.in_flight_per_host = 1;
  Bench bench(options);
  RawServer server(bench.loop, [](const std::string&, int) { return ""; });
  auto sent = bench.begin(a_post(server));
  auto waiting = bench.begin(a_post(server));
  bench.run_until([&] { return server.requests() == 1; });

  bench.client.reset();
  bench.run_until([&] { return sent->has_value() && waiting->has_value(); });

  CHECK((*sent)->error().code == base::http::http_unclear);
  CHECK((*waiting)->error().code == base::http::http_not_sent);
}

TEST_CASE("a cancelled request gives its place to the next") {
  ClientOptions options;
  options.in_flight_per_host = 1;
  Bench bench(options);
  RawServer server(bench.loop, [](const std::string&, int number) { return number == 1 ? "" : plain_answer("ok"); });
  boost::asio::cancellation_signal cancel;
  bool cancelled = false;
  auto outcome = std::make_shared<std::optional<Result<Response>>>();
  boost::asio::co_spawn(bench.loop, Bench::keep(bench.client->send(a_post(server)), outcome),
                        boost::asio::bind_cancellation_slot(
                            cancel.slot(), [&](std::exception_ptr failure) { cancelled = failure != nullptr; }));
  bench.run_until([&] { return server.requests() == 1; });
  auto next = bench.begin(a_get(server));
  bench.loop.poll();

  cancel.emit(boost::asio::cancellation_type::terminal);
  bench.run_until([&] { return next->has_value(); });

  CHECK(cancelled);
  CHECK(**next);
}

TEST_CASE("a request cancelled while it waits for its turn is not sent") {
  ClientOptions options;
  options.in_flight_per_host = 1;
  Bench bench(options);
  RawServer server(bench.loop, [](const std::string&, int) { return ""; });
  boost::asio::cancellation_signal cancel;
  bool cancelled = false;
  auto first = bench.begin(a_post(server));
  auto outcome = std::make_shared<std::optional<Result<Response>>>();
  boost::asio::co_spawn(bench.loop, Bench::keep(bench.client->send(a_post(server)), outcome),
                        boost::asio::bind_cancellation_slot(
                            cancel.slot(), [&](std::exception_ptr failure) { cancelled = failure != nullptr; }));
  bench.run_until([&] { return server.requests() == 1; });

  cancel.emit(boost::asio::cancellation_type::terminal);
  bench.run_until([&] { return cancelled; });
  bench.clock.advance(std::chrono::seconds(30));
  bench.run_until([&] { return first->has_value(); });

  CHECK_FALSE(outcome->has_value());
  CHECK(server.requests() == 1);
}

TEST_CASE("a request that is being asked when the client goes is not sent") {
  Bench bench;
  RawServer server(bench.loop, [](const std::string&, int) { return plain_answer("ok"); });
  Request request = a_post(server);
  bool asked = false;
  request.before_sending = [&]() -> base::awaitable<base::Status> {
    asked = true;
    co_await base::wait_until(bench.clock, bench.clock.now() + std::chrono::seconds(1));
    co_return base::Ok{};
  };
  auto outcome = bench.begin(std::move(request));
  bench.run_until([&] { return asked; });

  bench.client.reset();
  bench.clock.advance(std::chrono::seconds(1));
  bench.run_until([&] { return outcome->has_value(); });

  CHECK((*outcome)->error().code == base::http::http_not_sent);
  CHECK(server.requests() == 0);
}

TEST_CASE("what cannot be sent is refused before anything is opened") {
  struct Case {
    std::string what;
    std::function<void(Request&)> spoil;
  };
  auto bad = GENERATE(values<Case>({
      {"another scheme", [](Request& r) { r.url = "ftp://127.0.0.1/"; }},
      {"no host", [](Request& r) { r.url = "http:///path"; }},
      {"a password in the address", [](Request& r) { r.url = "http://user:secret@127.0.0.1/"; }},
      {"a space in the address", [](Request& r) { r.url += "a b"; }},
      {"a line break in a header", [](Request& r) { r.headers.emplace_back("x", "a\r\nHost: evil"); }},
      {"a colon in a header's name", [](Request& r) { r.headers.emplace_back("x: y", "z"); }},
      {"a space in the method", [](Request& r) { r.method = "GET /x"; }},
  }));
  CAPTURE(bad.what);
  Bench bench;
  RawServer server(bench.loop, answer_once);
  Request request = a_get(server);
  bad.spoil(request);

  Result<Response> outcome = bench.send(std::move(request));

  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == base::http::http_request_invalid);
  CHECK(outcome.error().message.find("secret") == std::string::npos);
  CHECK(server.connections() == 0);
}
