#include "base/value.hpp"

#include <catch2/catch.hpp>

namespace base {

TEST_CASE("a value is blank when it holds nothing a person would see") {
  CHECK(Value().is_blank());
  CHECK(Value(Blank{.shown = true}).is_blank());
  CHECK(Value("").is_blank());
  CHECK(Value(List{}).is_blank());
  CHECK(Value(List{Blank{}, "", List{Blank{}}}).is_blank());
  CHECK_FALSE(Value(" ").is_blank());
  CHECK_FALSE(Value(false).is_blank());
  CHECK_FALSE(number(0.0).is_blank());
  CHECK_FALSE(Value(List{"", "x"}).is_blank());
}

TEST_CASE("a value stands in a sentence and in JSON") {
  const struct {
    Value value;
    std::string text, json;
  } cases[] = {
      {Blank{}, "", "null"},
      {Value(true), "true", "true"},
      {Value(false), "false", "false"},
      {number("1.10"), "1.10", "1.10"},
      {number("1152921504606846976"), "1152921504606846976", "1152921504606846976"},
      {number(2.5), "2.5", "2.5"},
      {number(1'000'000.0), "1000000", "1000000"},
      {"say \"hi\"", "say \"hi\"", R"("say \"hi\"")"},
      {List{"a", number("2"), Value(true)}, "a, 2, true", R"(["a",2,true])"},
      {List{"a", Blank{}, "", List{"b", "c"}}, "a, b, c", R"(["a",null,"",["b","c"]])"},
      {List{}, "", "[]"},
  };
  for (const auto& [value, text, json] : cases) {
    CHECK(to_text(value) == text);
    CHECK(to_json(value) == json);
  }
}

TEST_CASE("numbers are equal by value, whatever their text") {
  CHECK(number("1.10") == number(1.1));
  CHECK_FALSE(number("1") == number("2"));
  CHECK_FALSE(number("1") == Value("1"));
}

}  // namespace base
