#include "engine/condition.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/finding_codes.hpp"
#include "tests/engine/fake_values.hpp"

using engine_test::FakeValues;

namespace {

engine::Condition sound_condition(const std::string& document) {
  base::Findings findings;
  engine::Condition condition = engine::read_condition(nlohmann::json::parse(document), "/when", findings);
  CHECK_FALSE(base::has_errors(findings));
  return condition;
}

bool condition_holds(const std::string& document, const engine::ValueSource& values) {
  const base::Result<bool> answer = engine::holds(sound_condition(document), values);
  REQUIRE(answer);
  return *answer;
}

struct PlacedCode {
  std::string pointer;
  std::string code;
  friend bool operator==(const PlacedCode&, const PlacedCode&) = default;
};

std::vector<PlacedCode> faults_of_condition(const std::string& document) {
  base::Findings findings;
  engine::read_condition(nlohmann::json::parse(document), "/when", findings);
  std::vector<PlacedCode> faults;
  for (const base::Finding& finding : findings) faults.push_back({finding.pointer, finding.code});
  return faults;
}

}  // namespace

TEST_CASE("comparisons of one value") {
  struct Case {
    base::Value value;
    std::string comparison;
    bool holds;
  };
  const Case cases[] = {
      // numbers, also as texts
      {base::number("6"), R"("equals": 6)", true},
      {base::number("6"), R"("equals": 6.0)", true},
      {"6", R"("equals": 6)", true},
      {base::number("6"), R"("equals": "6.0")", true},
      {"10", R"("more_than": "9")", true},
      {"10", R"("more_than": 9)", true},
      {base::number("6"), R"("at_most": 6)", true},
      {base::number("7"), R"("at_most": 6)", false},
      {base::number("6"), R"("less_than": 6)", false},
      {base::number("-1"), R"("less_than": 0)", true},
      {base::number("9"), R"("at_least": 9)", true},
      {base::number("8.99"), R"("at_least": 9)", false},
      {"inf", R"("more_than": 5)", true},  // a text like any other: "inf" stands behind "5"
      {"9007199254740993", R"("equals": "9007199254740992")", false},
      {"9007199254740993", R"("more_than": "9007199254740992")", true},
      // texts
      {"Promoter", R"("equals": "Promoter")", true},
      {"Promoter", R"("equals": "promoter")", false},
      {"Promoter", R"("not_equals": "Detractor")", true},
      {"10 apples", R"("more_than": "9 apples")", false},
      {"2026-11-24", R"("at_least": "2026-11-01")", true},
      {base::Value(true), R"("equals": true)", true},
      {base::Value(false), R"("equals": true)", false},
      // blanks
      {base::Blank{}, R"("equals": 0)", false},
      {base::Blank{}, R"("not_equals": 0)", true},
      {base::Blank{}, R"("less_than": 5)", false},
      {base::Blank{}, R"("more_than": -5)", false},
      {base::Blank{}, R"("at_most": 5)", false},
      {base::Blank{}, R"("at_least": -5)", false},
      {base::Blank{}, R"("in": ["a", 0])", false},
      {base::Blank{}, R"("contains": "a")", false},
      {base::Blank{}, R"("matches": "^$")", false},
      {base::Blank{}, R"("is_blank": true)", true},
      {"", R"("is_blank": true)", true},
      {"x", R"("is_blank": true)", false},
      {"x", R"("is_blank": false)", true},
      {base::Blank{}, R"("is_blank": false)", false},
      // shown
      {base::Blank{.shown = true}, R"("was_shown": true)", true},
      {base::Blank{.shown = false}, R"("was_shown": true)", false},
      {base::Blank{.shown = false}, R"("was_shown": false)", true},
      {"x", R"("was_shown": true)", true},
      {"x", R"("was_shown": false)", false},
      // membership
      {"DE", R"("in": ["AT", "DE"])", true},
      {"FR", R"("in": ["AT", "DE"])", false},
      {"3", R"("in": [1, 2, 3])", true},
      {base::List{"red", "blue"}, R"("contains": "blue")", true},
      {base::List{"red", "blue"}, R"("contains": "blu")", false},
      {base::List{base::number("1"), base::number("2")}, R"("contains": 2)", true},
      {"a refund, please", R"("contains": "refund")", true},
      {"a refund, please", R"("contains": "Refund")", false},
      {base::List{"blue"}, R"("equals": "blue")", true},
      // regular expressions are searched for
      {"AB-123", R"("matches": "^[A-Z]{2}-[0-9]+$")", true},
      {"xAB-123", R"("matches": "^[A-Z]{2}-[0-9]+$")", false},
      {"please call me", R"("matches": "call")", true},
      {base::number("42"), R"("matches": "^4")", true},
  };
  for (const Case& example : cases) {
    INFO(base::to_json(example.value) << " " << example.comparison);
    const FakeValues values{{"${q://QID1/x}", example.value}};
    CHECK(condition_holds(R"({"value": "${q://QID1/x}", )" + example.comparison + "}", values) == example.holds);
  }
}

TEST_CASE("all, any and not") {
  const FakeValues values{{"${q://a/x}", base::number("1")}};
  const std::string yes = R"({"value": "${q://a/x}", "equals": 1})";
  const std::string no = R"({"value": "${q://a/x}", "equals": 2})";

  CHECK(condition_holds(R"({"all": [)" + yes + "," + yes + "]}", values));
  CHECK_FALSE(condition_holds(R"({"all": [)" + yes + "," + no + "]}", values));
  CHECK(condition_holds(R"({"any": [)" + no + "," + yes + "]}", values));
  CHECK_FALSE(condition_holds(R"({"any": [)" + no + "," + no + "]}", values));
  CHECK(condition_holds(R"({"not": )" + no + "}", values));
  CHECK_FALSE(condition_holds(R"({"not": {"any": [)" + no + ", {\"not\": " + no + "}]}}", values));
}

TEST_CASE("a pipe that means nothing is an error, unless the condition is decided before it") {
  const FakeValues values{{"${q://a/x}", base::number("1")}};
  const std::string yes = R"({"value": "${q://a/x}", "equals": 1})";
  const std::string broken = R"({"value": "${zz://b}", "equals": 1})";

  CHECK_FALSE(engine::holds(sound_condition(broken), values));
  CHECK_FALSE(engine::holds(sound_condition(R"({"not": )" + broken + "}"), values));
  CHECK_FALSE(engine::holds(sound_condition(R"({"all": [)" + yes + "," + broken + "]}"), values));
  CHECK(condition_holds(R"({"any": [)" + yes + "," + broken + "]}", values));
}

TEST_CASE("faults of a condition, each at its place") {
  namespace finding = engine::finding;
  struct Case {
    std::string document;
    std::vector<PlacedCode> faults;
  };
  const Case cases[] = {
      {R"({"value": "${m://Email}"})", {{"/when", finding::condition_unclear}}},
      {R"({})", {{"/when", finding::condition_unclear}}},
      {R"({"equals": 1})", {{"/when", finding::condition_unclear}}},
      {R"({"value": "${m://Email}", "equals": 1, "at_most": 2})", {{"/when", finding::condition_unclear}}},
      {R"({"all": [{"value": "${m://Email}", "is_blank": true}], "any": []})", {{"/when", finding::condition_unclear}}},
      {R"({"value": "${m://Email}", "not": {"value": "${m://Email}", "is_blank": true}})",
       {{"/when", finding::condition_unclear}}},
      {R"({"all": [{"value": "${m://Email}", "is_blank": true}, {"not": {}}]})",
       {{"/when/all/1/not", finding::condition_unclear}}},
      {R"({"value": "${m://Email", "equals": 1})", {{"/when/value", "piped_text_broken"}}},
      {R"({"value": "m://Email", "equals": 1})", {{"/when/value", finding::value_without_pipe}}},
      {R"({"value": "${m://Email}", "matches": "("})", {{"/when/matches", finding::regex_invalid}}},
      {R"~({"value": "${m://Email}", "matches": "(?=a)"})~", {{"/when/matches", finding::regex_invalid}}},
      {R"({"value": "${m://Email}", "equals": "${e://Field/x}"})", {{"/when/equals", finding::pipe_in_operand}}},
      {R"({"value": "${m://Email}", "in": ["a", ""]})", {{"/when/in/1", finding::compared_with_blank}}},
      {R"({"any": [{"value": "${m", "equals": ""}, {"value": "${m://Email}", "matches": "["}]})",
       {{"/when/any/0/value", "piped_text_broken"},
        {"/when/any/0/equals", finding::compared_with_blank},
        {"/when/any/1/matches", finding::regex_invalid}}},
      {R"({"value": "${m://Email}", "matches": "^\\${2}"})", {}},
  };
  for (const Case& example : cases) {
    INFO(example.document);
    CHECK(faults_of_condition(example.document) == example.faults);
  }
}

TEST_CASE("what the schema has refused is not refused again") {
  base::Findings findings{{.code = "unknown_property", .pointer = "/when/equls", .message = ""}};

  engine::read_condition(nlohmann::json::parse(R"({"value": "${m://Email}", "equls": 1})"), "/when", findings);

  CHECK(findings.size() == 1);
}

TEST_CASE("a condition is shown in one line") {
  const auto condition = sound_condition(R"({"all": [{"value": "${q://QID1/Score}", "at_most": 6},
      {"any": [{"value": "${e://Field/R}", "in": ["DE", 1]}, {"not": {"value": "${task://contact/Id}", "is_blank": true}}]}]})");

  CHECK(engine::to_text(condition) ==
        R"(${q://QID1/Score} at_most 6 and (${e://Field/R} in ["DE",1] or not (${task://contact/Id} is_blank true)))");
}

TEST_CASE("the pipes of a condition come with their comparison's place") {
  const auto condition = sound_condition(
      R"({"all": [{"value": "${q://a/x}-${q://b/x}", "equals": "1-2"}, {"not": {"value": "${task://c}", "is_blank": true}}]})");

  const auto pipes = engine::pipes_of(condition);

  REQUIRE(pipes.size() == 3);
  CHECK(pipes[0] == std::pair(engine::Pipe{"q", "a/x"}, std::string("/when/all/0")));
  CHECK(pipes[1] == std::pair(engine::Pipe{"q", "b/x"}, std::string("/when/all/0")));
  CHECK(pipes[2] == std::pair(engine::Pipe{"task", "c"}, std::string("/when/all/1/not")));
}
