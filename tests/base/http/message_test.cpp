// Escapes, forms and headers.
#include <catch2/catch.hpp>

#include "base/http/message.hpp"

using base::http::Form;
using base::http::parse_form;
using base::http::percent_decode;
using base::http::percent_encode;

TEST_CASE("everything but unreserved characters is escaped") {
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode("a b/c?d&e=f+g%") == "a%20b%2Fc%3Fd%26e%3Df%2Bg%25");
  CHECK(percent_encode("\xc3\xa9") == "%C3%A9");
}

TEST_CASE("escapes are undone, and a plus only in forms") {
  CHECK(percent_decode("a%20b%2fc+d") == "a b/c+d");
  CHECK(percent_decode("a+b%2B", true) == "a b+");
  CHECK(percent_decode("") == "");
}

TEST_CASE("a broken escape is not guessed at") {
  auto text = GENERATE(as<std::string>{}, "%", "%2", "%zz", "a%2", "%%20", "%-1");
  CAPTURE(text);

  CHECK_FALSE(percent_decode(text));
  CHECK_FALSE(parse_form("a=" + text));
  CHECK_FALSE(parse_form(text + "=a"));
}

TEST_CASE("forms are read in order, repeated and empty parts included") {
  CHECK(*parse_form("a=1&b=x+y%26z&a=2&c&d==") == Form{{"a", "1"}, {"b", "x y&z"}, {"a", "2"}, {"c", ""}, {"d", "="}});
  CHECK(parse_form("")->empty());
  CHECK(*parse_form("&&a=1&") == Form{{"a", "1"}});
}

TEST_CASE("a form that was written reads back the same") {
  Form form{{"q", "SELECT Id FROM Contact WHERE Name = 'A&B+C'"}, {"", "x"}, {"\xc3\xa9", "100%"}};

  CHECK(*parse_form(base::http::to_form(form)) == form);
}

TEST_CASE("headers are found in any case, the first one") {
  base::http::Headers headers{{"Content-Type", "a"}, {"content-type", "b"}};

  CHECK(base::http::find_header(headers, "CONTENT-TYPE") == "a");
  CHECK_FALSE(base::http::find_header(headers, "content"));
}

TEST_CASE("a line break or a zero byte breaks a header") {
  CHECK(base::http::breaks_header("a\rb"));
  CHECK(base::http::breaks_header("a\n"));
  CHECK(base::http::breaks_header(std::string_view("\0", 1)));
  CHECK_FALSE(base::http::breaks_header("a \t\xc3\xa9"));
}
