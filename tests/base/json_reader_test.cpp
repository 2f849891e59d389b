#include "base/json_reader.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/base/recording_sink.hpp"

namespace base {
namespace {

std::string heard_from(std::string_view text) {
  RecordingSink sink;
  const Status status = read_json(text, sink);
  return status ? sink.heard : "refused: " + status.error().message;
}

std::string refusal_of(std::string_view text, const JsonLimits& limits = {}) {
  RecordingSink sink;
  const Status status = read_json(text, sink, limits);
  return status ? "" : status.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

const std::string sample = R"({"id": "R_1", "n": -1.50e+2, "list": [true, null, "\u00e4\n"], "o": {"Grüße": 0}})";

}  // namespace

TEST_CASE("a document is told event by event") {
  const struct {
    std::string text, heard;
  } cases[] = {
      {"null", "null"},
      {" true ", "true"},
      {"\"\"", "''"},
      {"\xEF\xBB\xBF{}", "{ }"},
      {"[]", "[ ]"},
      {R"({"a":{"b":[1,"x"]},"c":false})", "{ a: { b: [ 1 'x' ] } c: false }"},
      {R"(["\ud83d\ude00", "\u00fc\/\t"])", "[ '\U0001F600' '\u00fc/\t' ]"},
      {R"({"":"", "\"k\"":1})", "{ : '' \"k\": 1 }"},
  };
  for (const auto& [text, heard] : cases) CHECK(heard_from(text) == heard);
}

TEST_CASE("a number keeps the text it was written in") {
  for (const std::string number :
       {"0", "-0", "1.10", "-1.50e+2", "1E5", "1e-400", "9007199254740993", "1152921504606846976",
        "18446744073709551616", "123456789012345678901234567890.10"}) {
    CHECK(heard_from(number) == number);
    CHECK(heard_from("[" + number + "]") == "[ " + number + " ]");
    CHECK(heard_from("[" + number + " , " + number + "\n]") == "[ " + number + " " + number + " ]");
    CHECK(heard_from("{\"a\":" + number + "}") == "{ a: " + number + " }");
  }
}

TEST_CASE("a number's value is told beside its text") {
  RecordingSink sink;
  REQUIRE(read_json("-1.50e+2", sink));
  CHECK(sink.last_number == -150);
}

TEST_CASE("what is broken is refused with its place and what is missing") {
  const struct {
    std::string text, message;
  } cases[] = {
      {"", "line 1, column 1: the document is empty"},
      {" \n ", "line 2, column 2: the document is empty"},
      {R"({"a": 1)", "line 1, column 8: a ',' or '}' is missing after this value"},
      {"{\n  \"a\": 1\n  \"b\": 2\n}", "line 2, column 9: a ',' or '}' is missing after this value"},
      {"[1 2]", "line 1, column 3: a ',' or ']' is missing after this value"},
      {"[\"a\", \"b\"}", "line 1, column 10: a ',' or ']' is missing after this value"},
      {R"({"a" 1})", "line 1, column 5: a ':' is missing after this key"},
      {R"({"a":})", "line 1, column 6: a value is missing after this ':'"},
      {R"({"a":)", "line 1, column 6: a value is missing after this ':'"},
      {R"({"a":1,})", "line 1, column 8: there is a ',' too many before this '}'"},
      {"[1,]", "line 1, column 4: there is a ',' too many before this ']'"},
      {"[1,,2]", "line 1, column 4: a value is missing after this ','"},
      {"[", "line 1, column 2: a value, or a ']', is missing here"},
      {"{", "line 1, column 2: a key in double quotes, or a '}', is missing here"},
      {"{a: 1}", "line 1, column 2: a key in double quotes, or a '}', is missing here"},
      {"{\"a\": 1, b: 2}", "line 1, column 10: a key in double quotes is missing after this ','"},
      {"{\"a\": 'x'}", "line 1, column 7: a text stands in double quotes"},
      {"{\"a\": yes}", "line 1, column 7: 'yes' is not a JSON value; a text stands in double quotes"},
      {"[tru]", "line 1, column 2: 'tru' is not a JSON value; a text stands in double quotes"},
      {"{\"a\": \"x}", "line 1, column 7: this text is not closed: a '\"' is missing"},
      {"{\"a\": \"x,\n\"b\": 1}",
       "line 1, column 10: the text before this is not closed: a '\"' is missing, or a line break that is written \\n"},
      {"[\"\t\"]", "line 1, column 3: a control character in a text is written \\u0009"},
      {R"(["\x"])", "line 1, column 4: this cannot follow a backslash; a backslash itself is written \\\\"},
      {R"(["\u12G4"])", "line 1, column 7: four hexadecimal digits must follow \\u"},
      {"{} {}", "line 1, column 4: there is something after the end of the document"},
      {"1x", "line 1, column 2: there is something after the end of the document"},
      {"// note\n{}", "line 1, column 1: JSON has no comments"},
      {"{\"a\": 1 // note\n}", "line 1, column 9: JSON has no comments"},
      {"]", "line 1, column 1: a value is missing here"},
  };
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK(refusal_of(text) == message);
  }
}

TEST_CASE("numbers that JSON does not know are refused") {
  const struct {
    std::string text, message;
  } cases[] = {
      {"[NaN]", "NaN is not a number that JSON knows"},
      {"[Infinity]", "Infinity is not a number that JSON knows"},
      {"[-Infinity]", "-Infinity is not a number that JSON knows"},
      {"[1e999]", "this number is too large: no double can hold it"},
      {"[-1e999]", "this number is too large: no double can hold it"},
      {"[01]", "a number does not begin with 0"},
      {"[-]", "a digit is missing in this number"},
      {"[1.]", "a digit is missing in this number"},
      {"[1e+]", "a digit is missing in this number"},
      {"[.5]", "'.5' is not a JSON value; a text stands in double quotes"},
      {"[+1]", "'+1' is not a JSON value; a text stands in double quotes"},
      {"[0x10]", "a ',' or ']' is missing after this value"},
  };
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK_THAT(refusal_of(text), Catch::StartsWith("line 1, column ") && Catch::EndsWith(": " + message));
  }
}

TEST_CASE("what is not UTF-8 is refused where it stands") {
  const std::string overlong[] = {"\xC0\xAF", "\xE0\x80\x80", "\xF0\x82\x82\xAC"};
  const std::string outside_unicode[] = {"\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"};
  const std::string incomplete[] = {"\xC3", "\xE2\x82", "\x80"};
  for (const auto& kind : {overlong, outside_unicode, incomplete}) {
    for (int i = 0; i < 3; ++i) {
      CHECK_THAT(refusal_of("{\n\"name\": \"ab" + kind[i] + "\"}"),
                 Catch::StartsWith("line 2, column 12: this is not UTF-8"));
      CHECK_THAT(refusal_of("{" + kind[i] + "}"), Catch::StartsWith("line 1, column 2: this is not UTF-8"));
    }
  }
}

TEST_CASE("half a surrogate pair is refused") {
  for (const char* text : {R"(["\ud800"])", R"(["\udc00"])", R"(["\ud800\u0041"])", R"(["\ud83d x"])"}) {
    INFO(text);
    CHECK_THAT(refusal_of(text), Catch::Contains("the other half is missing"));
  }
}

TEST_CASE("a NUL byte ends nothing") {
  CHECK_THAT(refusal_of(std::string("{}\0{}", 5)), Catch::StartsWith("line 1, column 3: a NUL byte"));
}

TEST_CASE("a key that stands twice in one object is refused") {
  CHECK(refusal_of("{\"a\": 1,\n \"b\": 2, \"a\": 3}") == "line 2, column 10: the key 'a' stands twice in this object");
  CHECK(refusal_of(R"({"a": 1, "\u0061": 2})") == "line 1, column 10: the key 'a' stands twice in this object");
  CHECK(refusal_of(R"([{"x": {"a": 1, "c": [], "a": 2}}])") ==
        "line 1, column 26: the key 'a' stands twice in this object");
  CHECK(refusal_of(R"({"a": {"a": [{"a": 1}, {"a": 1}]}, "b": {"a": 1}})") == "");
}

TEST_CASE("very many keys are judged without comparing each with each") {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  CHECK(refusal_of(text + "\"last\":1}") == "");
  CHECK_THAT(refusal_of(text + "\"k7\":1}"), Catch::EndsWith("the key 'k7' stands twice in this object"));
}

TEST_CASE("a document cut anywhere is refused, and told why") {
  REQUIRE(refusal_of(sample) == "");
  for (std::size_t length = 0; length < sample.size(); ++length) {
    INFO(sample.substr(0, length));
    CHECK_THAT(refusal_of(sample.substr(0, length)), Catch::StartsWith("line 1, column "));
  }
}

TEST_CASE("a document with any one byte damaged does no harm") {
  for (std::size_t at = 0; at < sample.size(); ++at) {
    for (const char byte : {'\0', '"', '\\', '{', ']', ',', '0', '\x80', '\xFF', '\n'}) {
      std::string damaged = sample;
      damaged[at] = byte;
      RecordingSink sink;
      JsonPlace place;
      const Status status = read_json(damaged, sink, {}, &place);
      if (status) continue;
      INFO(damaged);
      CHECK(place.line >= 1);
      CHECK(place.column >= 1);
      CHECK(place.offset <= damaged.size());
    }
  }
}

TEST_CASE("values nest 64 deep and no deeper") {
  CHECK(refusal_of(nested(64)) == "");
  CHECK(refusal_of(nested(65)) == "line 1, column 65: values are nested more than 64 levels deep");
  CHECK(refusal_of(std::string(1'000'000, '[')) == "line 1, column 65: values are nested more than 64 levels deep");
  CHECK(refusal_of(R"({"a":{"b":1}})", {.depth = 1}) == "line 1, column 6: values are nested more than 1 levels deep");
}

TEST_CASE("what is over a limit is refused as too large") {
  RecordingSink sink;
  const JsonLimits limits{.bytes = 100, .string_bytes = 5};
  const std::string long_number = "[1." + std::string(63, '0') + "]";
  for (const std::string& text :
       {std::string(101, ' '), std::string("[\"123456\"]"), std::string("{\"123456\":1}"), long_number}) {
    const Status status = read_json(text, sink, limits);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == json_too_large);
  }
  CHECK(refusal_of("[\"12345\"]", limits) == "");
  CHECK(refusal_of("[1." + std::string(62, '0') + "]") == "");
}

TEST_CASE("a document over the limit is not even looked at") {
  CHECK_THAT(refusal_of(std::string(100'000'000, '[')),
             Catch::Contains("has 100000000 bytes, and at most 8388608 are read"));
}

TEST_CASE("a sink that has heard enough stops the reading without an error") {
  class FirstKey final : public PlacedJsonSink {
   public:
    std::string name;
    std::size_t offset = 0;
    void starts_at(std::size_t at) override { offset = at; }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number(std::string_view, double) override { return true; }
    bool string(std::string&&) override { return true; }
    bool key(std::string&& key_name) override { return name = std::move(key_name), false; }
    bool start_object() override { return true; }
    bool end_object() override { return true; }
    bool start_array() override { return true; }
    bool end_array() override { return true; }
  } sink;

  const std::optional<JsonFault> fault = read_placed_json("[1, \"x\", { \"first\": oops", sink);

  CHECK_FALSE(fault);
  CHECK(sink.name == "first");
  CHECK(sink.offset == 11);
}

TEST_CASE("an offset has a line and a column in bytes") {
  const std::string_view text = "ä\n\nxyz";
  const struct {
    std::size_t offset;
    int line, column;
  } cases[] = {{0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {4, 3, 1}, {6, 3, 3}, {99, 3, 4}};
  for (const auto& [offset, line, column] : cases) {
    CHECK(place_of(text, offset).line == line);
    CHECK(place_of(text, offset).column == column);
  }
}

TEST_CASE("an answer becomes a tree") {
  const Result<nlohmann::json> tree =
      parse_json(R"({"a":[1,-2,2.5,18446744073709551615],"b":{"c":null,"d":true},"e":"x"})");
  REQUIRE(tree);
  CHECK(*tree == nlohmann::json::object({{"a", {1, -2, 2.5, 18446744073709551615u}},
                                         {"b", nlohmann::json::object({{"c", nullptr}, {"d", true}})},
                                         {"e", "x"}}));
  CHECK((*tree)["a"][0].is_number_integer());
}

TEST_CASE("a broken answer is an error, not an exception") {
  const Result<nlohmann::json> tree = parse_json("<html>");
  REQUIRE_FALSE(tree);
  CHECK(tree.error().code == json_invalid);
}

}  // namespace base
