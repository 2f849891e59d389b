// Which handler a path finds, and with which parameters.
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "base/http/server.hpp"
#include "tests/support/loop.hpp"

using base::http::Response;
using base::http::Router;
using base::http::ServerRequest;

namespace {

base::awaitable<Response> answer_route(ServerRequest& request) {
  co_return Response{200, {}, std::string(request.route)};
}

Router a_router() {
  Router router;
  for (const char* pattern :
       {"/files/*", "/", "/runs/{id}", "/runs/latest", "/runs/{id}/log", "/runs/{id}/{part}", "/runs"}) {
    router.add("GET", pattern, answer_route);
  }
  router.add("POST", "/runs", answer_route);
  return router;
}

ServerRequest a_request(std::string method, std::string target) {
  ServerRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  return request;
}

Response answer(const Router& router, ServerRequest& request) {
  boost::asio::io_context loop;
  return support::run(loop, router.find(request)(request));
}

}  // namespace

TEST_CASE("the most literal route wins, whatever the order they were added in") {
  struct Case {
    std::string target, route;
  };
  auto each = GENERATE(values<Case>({
      {"/", "/"},
      {"/runs", "/runs"},
      {"/runs?state=held", "/runs"},
      {"//runs///7", "/runs/{id}"},
      {"/runs/latest", "/runs/latest"},
      {"/runs/l%61test", "/runs/latest"},
      {"/runs/later", "/runs/{id}"},
      {"/runs/7/log", "/runs/{id}/log"},
      {"/runs/7/tasks", "/runs/{id}/{part}"},
      {"/files/a/b", "/files/*"},
      {"/files/", "/files/*"},
  }));
  CAPTURE(each.target);
  ServerRequest request = a_request("GET", each.target);

  CHECK(answer(a_router(), request).body == each.route);
}

TEST_CASE("parameters are decoded, and an encoded slash stays inside its segment") {
  ServerRequest request = a_request("GET", "/runs/a%2Fb%20c/x+y");

  a_router().find(request);

  CHECK(request.param("id") == "a/b c");
  CHECK(request.param("part") == "x+y");
  CHECK(request.param("absent") == "");
}

TEST_CASE("the rest of a path is one parameter") {
  ServerRequest request = a_request("GET", "/files/a/b%20c");

  a_router().find(request);

  CHECK(request.param("*") == "a/b c");
}

TEST_CASE("a slash at a pattern's end is part of it") {
  const std::string target = GENERATE(as<std::string>{}, "/docs", "/docs/", "/docs/x");
  CAPTURE(target);
  Router router;
  for (const char* pattern : {"/docs/{page}", "/docs", "/docs/"}) router.add("GET", pattern, answer_route);
  ServerRequest request = a_request("GET", target);

  CHECK(answer(router, request).body == (target == "/docs/x" ? "/docs/{page}" : target));
}

TEST_CASE("a path that no route has is 404") {
  auto target = GENERATE(as<std::string>{}, "/nothing", "/runs/", "/runs/7/log/more", "/files", "/Runs");
  CAPTURE(target);
  ServerRequest request = a_request("GET", target);

  CHECK(answer(a_router(), request).status == 404);
}

TEST_CASE("a method that a path does not take is 405 and says which it takes") {
  ServerRequest request = a_request("DELETE", "/runs");

  Response response = answer(a_router(), request);

  CHECK(response.status == 405);
  CHECK(base::http::find_header(response.headers, "Allow") == "GET, HEAD, POST");
}

TEST_CASE("HEAD finds what GET finds") {
  ServerRequest request = a_request("HEAD", "/runs/7");

  CHECK(answer(a_router(), request).body == "/runs/{id}");
}

TEST_CASE("whatever no route takes goes to the last resort") {
  Router router = a_router();
  router.otherwise([](ServerRequest&) -> base::awaitable<Response> { co_return Response{418, {}, ""}; });
  ServerRequest unknown = a_request("GET", "/nothing"), wrong_method = a_request("DELETE", "/runs");

  CHECK(answer(router, unknown).status == 418);
  CHECK(answer(router, wrong_method).status == 418);
}

TEST_CASE("a rest in the middle of a pattern is a mistake") {
  Router router;
  CHECK_THROWS_AS(router.add("GET", "/a/*/b", answer_route), std::logic_error);
}
