// A server within the process is asked as one on the network would be, and everybody else over the network.
#include "base/http/in_process.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "tests/support/loop.hpp"
#include "tests/support/scripted_http.hpp"

using base::http::Request;
using base::http::Response;
using base::http::ServerRequest;

namespace {

struct TwoWays {
  boost::asio::io_context loop;
  base::http::InProcessServers servers;
  support::ScriptedHttp* network = nullptr;
  std::unique_ptr<base::http::Client> client;
  ServerRequest arrived;
  Response answer{200, {{"content-type", "text/plain"}}, "from within"};

  TwoWays() {
    auto scripted = std::make_unique<support::ScriptedHttp>();
    network = scripted.get();
    network->then(200, "from outside");
    client = base::http::make_in_process_client(servers, std::move(scripted));
    servers.add("http://127.0.0.1:1", [this](ServerRequest& request) -> base::awaitable<Response> {
      arrived = request;
      co_return answer;
    });
  }
  base::Result<Response> send(Request request) { return support::run(loop, client->send(std::move(request))); }
};

Request a_post(const std::string& url) {
  Request request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "text/plain"}};
  request.body = "hello";
  return request;
}

}  // namespace

TEST_CASE("a server of this process gets the request as it would come over the wire") {
  TwoWays ways;

  const base::Result<Response> answer = ways.send(a_post("http://127.0.0.1:1/a//b%20c?d=e%2Ff&g="));

  REQUIRE(answer);
  CHECK(answer->body == "from within");
  CHECK(ways.arrived.method == "POST");
  CHECK(ways.arrived.target == "/a//b%20c?d=e%2Ff&g=");
  CHECK(ways.arrived.path == "/a/b c");
  CHECK(ways.arrived.query == base::http::Form{{"d", "e/f"}, {"g", ""}});
  CHECK(base::http::find_header(ways.arrived.headers, "host") == "127.0.0.1:1");
  CHECK(base::http::find_header(ways.arrived.headers, "content-type") == "text/plain");
  CHECK(ways.arrived.body == "hello");
  CHECK(ways.network->requests().empty());
}

TEST_CASE("another origin, and a server that is gone, are asked over the network") {
  TwoWays ways;
  CHECK(ways.send(a_post("http://127.0.0.1:11/a"))->body == "from outside");
  ways.servers.remove("http://127.0.0.1:1");
  ways.network->then(200, "from outside, too");
  CHECK(ways.send(a_post("http://127.0.0.1:1/a"))->body == "from outside, too");
}

TEST_CASE("what keeps a request from being sent keeps it from a server of this process, too") {
  TwoWays ways;
  Request request = a_post("http://127.0.0.1:1/a");
  request.before_sending = []() -> base::awaitable<base::Status> {
    co_return base::Error{base::http::http_not_sent, "not now"};
  };

  const base::Result<Response> answer = ways.send(std::move(request));

  REQUIRE_FALSE(answer);
  CHECK(answer.error().message == "not now");
  CHECK(ways.arrived.method.empty());
}

TEST_CASE("no answer, and one that is too large, are the errors that the network's client gives") {
  TwoWays ways;
  ways.answer.status = 0;
  CHECK(ways.send(a_post("http://127.0.0.1:1/a")).error().code == base::http::http_unclear);

  ways.answer = {200, {}, std::string(100, 'x')};
  Request request = a_post("http://127.0.0.1:1/a");
  request.response_bytes_max = 99;
  CHECK(ways.send(std::move(request)).error().code == base::http::http_answer_too_large);
}
