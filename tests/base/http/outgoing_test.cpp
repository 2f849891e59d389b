// Whom a request goes to.
#include <catch2/catch.hpp>

#include "base/http/outgoing.hpp"

TEST_CASE("an address names its server, the port always included") {
  struct Case {
    std::string url, origin, host;
  };
  auto each = GENERATE(values<Case>({
      {"http://a.example", "http://a.example:80", "a.example:80"},
      {"https://a.example/path?q=:x@y", "https://a.example:443", "a.example:443"},
      {"https://a.example:8443#part", "https://a.example:8443", "a.example:8443"},
      {"http://[::1]/", "http://[::1]:80", "[::1]:80"},
      {"http://[::1]:8080/", "http://[::1]:8080", "[::1]:8080"},
  }));
  CAPTURE(each.url);
  base::http::Request request;
  request.url = each.url;

  auto origin = base::http::check_request(request);

  REQUIRE(origin);
  CHECK(origin->text == each.origin);
  CHECK(origin->host() == each.host);
}
