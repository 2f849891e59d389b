// A mapped field: what is written for which value.
#include "tasks/field_value.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "tasks/response_mapping.hpp"
#include "tasks/with.hpp"
#include "tests/tasks/task_bench.hpp"

namespace {

using base::Blank;
using base::List;
using base::Value;

tasks::FieldValue a_field(const std::string& json) {
  engine::TaskDefinition definition = task_bench::a_task("any", R"({"fields":{"F__c":)" + json + "}}");
  tasks::With with(definition);
  return with.mapping("fields").fields.front().value;
}

// What is written for `answer`, which the pipe ${a://b} brings: JSON, "nothing", or the code of an error.
std::string written(const std::string& field_json, const Value& answer) {
  task_bench::Values values{{"a://b", answer}};
  base::Result<tasks::WrittenValue> value = tasks::value_of(a_field(field_json), values);
  if (!value) return std::string(value.error().code.name);
  return *value ? base::to_json(**value) : "nothing";
}

std::string with_options(const std::string& options) { return R"({"value":"${a://b}",)" + options + "}"; }

struct Case {
  std::string field;
  Value answer;
  std::string expected;
};

void check_cases(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(one.field << " <- " << base::to_json(one.answer));
    CHECK(written(one.field, one.answer) == one.expected);
  }
}

}  // namespace

TEST_CASE("a value without options is written as it comes") {
  check_cases({
      {R"("${a://b}")", "Ana", R"("Ana")"},
      {R"("${a://b}")", base::number("1.10"), "1.10"},
      {R"("${a://b}")", Value(true), "true"},
      {R"("${a://b}")", List{"1", "4"}, R"("1;4")"},
      {R"("Score ${a://b}!")", base::number(10), R"("Score 10!")"},
      {R"("plain")", Blank{}, R"("plain")"},
      {R"("$${a://b}")", "Ana", R"("${a://b}")"},
      {"12.50", Blank{}, "12.5"},
      {"true", Blank{}, "true"},
      {"null", Blank{}, "null"},
  });
}

TEST_CASE("a number is a number whatever it is written as, and nothing else is") {
  const std::string number = with_options(R"("as":"number")");
  check_cases({
      {number, "10", "10"},
      {number, " -2.5 ", "-2.5"},
      {number, base::number("1.10"), "1.10"},
      {number, "ten", "mapping_value_not_a_number"},
      {number, "1,234", "mapping_value_not_a_number"},
      {number, "nan", "mapping_value_not_a_number"},
      {number, "1e999", "mapping_value_not_a_number"},
      {number, "+-1", "mapping_value_not_a_number"},
      {number, "5 stars", "mapping_value_not_a_number"},
      {number, Value(true), "mapping_value_not_a_number"},
      {number, List{"1", "2"}, "mapping_value_not_a_number"},
      {number, List{"7"}, "7"},
  });
}

TEST_CASE("yes and no have few spellings") {
  const std::string boolean = with_options(R"("as":"boolean")");
  check_cases({
      {boolean, Value(true), "true"},
      {boolean, "Yes", "true"},
      {boolean, base::number(1), "true"},
      {boolean, "FALSE", "false"},
      {boolean, base::number(0), "false"},
      {boolean, base::number(2), "mapping_value_not_a_boolean"},
      {boolean, "perhaps", "mapping_value_not_a_boolean"},
  });
}

TEST_CASE("dates keep their day, and times are told in UTC") {
  const std::string date = with_options(R"("as":"date")");
  const std::string datetime = with_options(R"("as":"datetime")");
  check_cases({
      {date, "2026-01-31", R"("2026-01-31")"},
      {date, "2026-01-31T23:30:00-05:00", R"("2026-01-31")"},
      {date, "2019-06-26 13:28:11", R"("2019-06-26")"},
      {date, "2026-02-30", "mapping_value_not_a_date"},
      {date, "31.01.2026", "mapping_value_not_a_date"},
      {date, base::number(20260131), "mapping_value_not_a_date"},
      {datetime, "2019-06-26 13:28:11", R"("2019-06-26T13:28:11.000Z")"},
      {datetime, "2026-01-31T23:30:00-05:00", R"("2026-02-01T04:30:00.000Z")"},
      {datetime, "2026-05-01T07:25:37.114Z", R"("2026-05-01T07:25:37.114Z")"},
      {datetime, "2026-05-01T07:25:37", "mapping_value_not_a_date"},
      {datetime, "yesterday", "mapping_value_not_a_date"},
  });
}

TEST_CASE("a text stays the text that was typed") {
  const std::string text = with_options(R"("as":"text")");
  check_cases({
      {text, base::number("1.10"), R"("1.10")"},
      {text, Value(false), R"("false")"},
      {text, List{"Price", "Staff"}, R"("Price;Staff")"},
  });
}

TEST_CASE("a map is asked by label, by recode and for each of several choices") {
  const std::string closed = with_options(R"("map":{"Promoter":"A","10":1,"true":"yes"})");
  const std::string open = with_options(R"("map":{"Promoter":"A","Refused":null,"*":"B"})");
  check_cases({
      {closed, "Promoter", R"("A")"},
      {closed, base::number(10), "1"},
      {closed, base::number("10.0"), "1"},
      {closed, "10", "1"},
      {closed, Value(true), R"("yes")"},
      {closed, "Passive", "mapping_value_not_in_map"},
      {closed, Blank{}, "nothing"},
      {open, "Passive", R"("B")"},
      {open, "Refused", "nothing"},
      {open, List{"Promoter", "Refused", "Passive"}, R"("A;B")"},
      {open, List{"Refused"}, "nothing"},
  });
}

TEST_CASE("a blank erases nothing unless the author says so") {
  check_cases({
      {R"("${a://b}")", Blank{}, "nothing"},
      {R"("${a://b}")", "", "nothing"},
      {with_options(R"("if_blank":"skip")"), List{}, "nothing"},
      {with_options(R"("if_blank":"clear")"), Blank{}, "null"},
      {with_options(R"("if_blank":"clear")"), "here", R"("here")"},
      {with_options(R"("if_blank":"default","default":"none")"), Blank{}, R"("none")"},
      {with_options(R"("if_blank":"default","default":7,"as":"number")"), Blank{}, "7"},
      {with_options(R"("if_blank":"default","default":"${c://d}")"), Blank{}, "mapping_value_missing"},
      {with_options(R"("if_blank":"fail")"), Blank{}, "mapping_value_missing"},
  });
}

TEST_CASE("a missing value says whether the question was shown") {
  const tasks::FieldValue field = a_field(with_options(R"("if_blank":"fail")"));
  task_bench::Values shown{{"a://b", Blank{.shown = true}}};
  task_bench::Values never_shown{};

  CHECK(tasks::value_of(field, shown).error().message == "the question was shown and left unanswered");
  CHECK(tasks::value_of(field, never_shown).error().message == "there is no value");
}

TEST_CASE("a text that is too long is refused or cut, never in the middle of a character") {
  check_cases({
      {with_options(R"("max_length":4)"), "four", R"("four")"},
      {with_options(R"("max_length":4)"), "fives", "mapping_value_too_long"},
      {with_options(R"("max_length":4,"on_too_long":"truncate")"), "fives", R"("five")"},
      {with_options(R"("max_length":4,"on_too_long":"truncate")"), "cafés", R"("café")"},
      {with_options(R"("max_length":4,"on_too_long":"truncate")"), "äöüß", R"("äöüß")"},
      {with_options(R"("max_length":3,"on_too_long":"truncate")"), "a😀😀", R"("a😀")"},
      {with_options(R"("max_length":2,"on_too_long":"truncate")"), "a😀", R"("a")"},
      {with_options(R"("max_length":2,"on_too_long":"truncate")"), base::number(12345), "12345"},
      {with_options(R"("on_too_long":"truncate")"), "no length is known", R"("no length is known")"},
  });
}

TEST_CASE("a mapping writes its record directly and names the field that is wrong") {
  engine::TaskDefinition definition = task_bench::a_task(
      "any", R"({"fields":{"A__c":"${a://b}","B__c":{"value":"${c://d}","as":"number"},"C__c":"say \"hi\""}})");
  tasks::With with(definition);
  const tasks::ResponseMapping mapping = with.mapping("fields");

  base::Result<tasks::MappedRecord> record = tasks::apply(mapping, task_bench::Values{{"c://d", "8"}});
  base::Result<tasks::MappedRecord> refused = tasks::apply(mapping, task_bench::Values{{"c://d", "eight"}});

  REQUIRE(record);
  CHECK(record->fields.text == R"({"B__c":8,"C__c":"say \"hi\""})");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "B__c: 'eight' is not a number: it is a text, and 7 or -2.5 would be one");
}

TEST_CASE("an org's own length cuts a text, and refuses it where the mapping does not cut") {
  engine::TaskDefinition definition = task_bench::a_task(
      "any", R"({"fields":{"Cut__c":{"value":"${a://b}","on_too_long":"truncate"},"Whole__c":"${a://b}"}})");
  tasks::With with(definition);
  tasks::ResponseMapping mapping = with.mapping("fields");
  auto schema =
      std::make_shared<const connectors::salesforce::ObjectSchema>(*connectors::salesforce::read_object_schema(
          R"({"name":"It__c","fields":[{"name":"Cut__c","type":"string","length":3},)"
          R"({"name":"Whole__c","type":"string","length":6}]})",
          "It__c"));

  REQUIRE(mapping.know(schema, tasks::Writing::creates));

  CHECK(tasks::apply(mapping, task_bench::Values{{"a://b", "abcdef"}})->fields.text ==
        R"({"Cut__c":"abc","Whole__c":"abcdef"})");
  CHECK(tasks::apply(mapping, task_bench::Values{{"a://b", "abcdef"}})->notes ==
        std::vector<engine::Note>{{.code = "text_cut", .field = "Cut__c", .message = "cut from 6 to 3 characters"}});
  CHECK(tasks::apply(mapping, task_bench::Values{{"a://b", "abcdefg"}}).error().message ==
        "Whole__c (string): 'abcdefg' is longer than the 6 characters allowed");
}
