// Arithmetic over pipes: `$e{…}`.
#include "engine/arithmetic.hpp"

#include <catch2/catch.hpp>

#include "engine/pipe.hpp"
#include "tests/engine/fake_values.hpp"

using engine_test::FakeValues;

namespace {

const FakeValues numbers{{"${q://QID1/Score}", base::number(7)},
                         {"${gr://SC_0/Score}", base::number(std::string("0.256"))},
                         {"${e://Field/Text}", "12.5"},
                         {"${e://Field/Word}", "many"},
                         {"${e://Field/Nothing}", base::Blank{true}},
                         {"${e://Field/Zero}", base::number(0)}};

base::Result<base::Value> computed(const std::string& text) {
  const base::Result<engine::PipedText> piped = engine::parse_piped_text(text);
  if (!piped) return piped.error();
  return engine::resolve(*piped, numbers);
}

}  // namespace

TEST_CASE("an expression computes as it is read in school") {
  struct Case {
    const char* text;
    const char* result;
  };
  const Case cases[] = {
      {"$e{1 + 2 * 3}", "7"},
      {"$e{ (1 + 2) * 3 }", "9"},
      {"$e{2 ^ 3 ^ 2}", "512"},
      {"$e{-2 ^ 2}", "-4"},
      {"$e{2 ^ -1}", "0.5"},
      {"$e{10 / 4 - 1}", "1.5"},
      {"$e{8 - 2 - 1}", "5"},
      {"$e{--3}", "3"},
      {"$e{0 * -1}", "0"},
      {"$e{.5 + 0.25}", "0.75"},
      {"$e{round(2.5)}", "3"},
      {"$e{round(${gr://SC_0/Score} * 100)}", "26"},
      {"$e{round(${gr://SC_0/Score}) * 100}", "0"},
      {"$e{ ( 1 + q://QID1/Score ) ^ 2 }", "64"},
      {"$e{q://QID1/Score*2}", "14"},
      {"$e{${q://QID1/Score} / 2}", "3.5"},
      {"$e{${e://Field/Text} + 1}", "13.5"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const base::Result<base::Value> value = computed(one.text);
    REQUIRE(value);
    CHECK(std::holds_alternative<base::Number>(value->data));
    CHECK(base::to_text(*value) == one.result);
  }
  CHECK(*computed("Score: $e{${q://QID1/Score} * 10} %") == base::Value("Score: 70 %"));
}

TEST_CASE("what is blank makes the whole expression blank") {
  CHECK(*computed("$e{1 + ${e://Field/Nothing}}") == base::Value(base::Blank{true}));
  CHECK(*computed("a$e{1 + ${e://Field/Nothing}}b") == base::Value("ab"));
}

TEST_CASE("what is no number is an error that says which") {
  struct Case {
    const char* text;
    const char* words;
  };
  const Case cases[] = {
      {"$e{1 + ${e://Field/Word}}", "${e://Field/Word} is 'many', which is no number"},
      {"$e{1 / ${e://Field/Zero}}", "has no number as its result"},
      {"$e{(0 - 1) ^ 0.5}", "has no number as its result"},
  };
  for (const Case& one : cases) {
    const base::Result<base::Value> value = computed(one.text);
    REQUIRE_FALSE(value);
    CHECK(value.error().code == engine::arithmetic_impossible);
    CHECK_THAT(value.error().message, Catch::Contains(one.words));
  }
}

TEST_CASE("a broken expression is broken piped text") {
  for (const char* text : {"$e{1 +}", "$e{}", "$e{(1}", "$e{1 2}", "$e{round 2}", "$e{abc}", "$e{1",
                           "$e{${q://QID1/Score}", "$e{${nothing} + 1}", "$e{1 % 2}", "$e{q://}"}) {
    INFO(text);
    const base::Result<engine::PipedText> piped = engine::parse_piped_text(text);
    REQUIRE_FALSE(piped);
    CHECK(piped.error().code == engine::piped_text_broken);
  }
  CHECK_FALSE(engine::parse_piped_text("$e{" + std::string(5000, '(') + "1" + std::string(5000, ')') + "}"));
  CHECK_FALSE(engine::parse_piped_text("$e{" + std::string(5000, '-') + "1}"));
}

TEST_CASE("an expression is written as its author did, and shows its pipes") {
  for (const std::string text : {"$e{ 1 + ${task://contact/Age} }", "a $$e{ b $e{1} c"}) {
    const base::Result<engine::PipedText> piped = engine::parse_piped_text(text);
    REQUIRE(piped);
    CHECK(engine::to_string(*piped) == text);
  }
  const engine::PipedText piped = *engine::parse_piped_text("${m://Email} $e{${task://contact/Age} + e://Field/X}");
  CHECK(piped.pipes() == std::vector<engine::Pipe>{{"m", "Email"}, {"task", "contact/Age"}, {"e", "Field/X"}});
  CHECK(engine::parse_piped_text("$$e{x}")->is_literal());
}
