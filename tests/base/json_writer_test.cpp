#include "base/json_writer.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>

#include "base/json_reader.hpp"
#include "tests/base/recording_sink.hpp"

namespace base {
namespace {

std::string written(std::string_view text) {
  JsonWriter json;
  json.string(text);
  return json.take();
}

std::string written(double value) {
  JsonWriter json;
  json.number(value);
  return json.take();
}

}  // namespace

TEST_CASE("the writer sets the commas") {
  JsonWriter json;
  json.begin_object();
  json.field("a", 1);
  json.key("list");
  json.begin_array();
  json.begin_array();
  json.end_array();
  json.begin_object();
  json.end_object();
  json.null();
  json.boolean(true);
  json.raw("[2]");
  json.end_array();
  json.field("b", "x");
  json.field("c", std::uint64_t{18446744073709551615u});
  json.field("d", std::numeric_limits<std::int64_t>::min());
  json.field("e", JsonText{"{}"});
  json.field("f", false);
  json.field("g", 0.5);
  json.end_object();
  CHECK(json.take() == R"({"a":1,"list":[[],{},null,true,[2]],"b":"x","c":18446744073709551615,)"
                       R"("d":-9223372036854775808,"e":{},"f":false,"g":0.5})");
}

TEST_CASE("texts are escaped as little as JSON asks for") {
  const struct {
    std::string text, json;
  } cases[] = {
      {"", R"("")"},
      {"a\"b\\c/d", R"("a\"b\\c/d")"},
      {"\b\t\n\f\r", R"("\b\t\n\f\r")"},
      {std::string("\0\x1f\x7f", 3), "\"\\u0000\\u001f\x7f\""},
      {"Grüße 😀", "\"Grüße 😀\""},
  };
  for (const auto& [text, json] : cases) CHECK(written(text) == json);
}

TEST_CASE("bytes that are no UTF-8 are replaced one by one") {
  CHECK(written("a\xFF!") == "\"a\uFFFD!\"");
  CHECK(written("\xC3") == "\"\uFFFD\"");
  CHECK(written("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
  CHECK(written("\xE2\x82\xAC\xE2\x82") == "\"\u20AC\uFFFD\uFFFD\"");
}

TEST_CASE("every text reads back as it was written") {
  std::string text;
  for (char c = 0; c < 0x7f; ++c) text += c;
  text += "äöü€😀";
  RecordingSink sink;
  REQUIRE(read_json(written(text), sink));
  CHECK(sink.heard == "'" + text + "'");
}

TEST_CASE("numbers are written short, and as people write them") {
  const struct {
    double value;
    std::string json;
  } cases[] = {
      {0, "0"},
      {1, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {1'000'000, "1000000"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {1e-6, "0.000001"},
      {1e-7, "1e-07"},
      {5e-324, "5e-324"},
      {9007199254740992.0, "9007199254740992"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
  };
  for (const auto& [value, json] : cases) {
    CHECK(written(value) == json);
    RecordingSink sink;
    REQUIRE(read_json(json, sink));
    CHECK(sink.last_number == value);
  }
}

}  // namespace base
