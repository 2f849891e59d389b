// The options of a mapped field, one table each: what is written for which answer into which field.
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/tasks/every_type.hpp"

namespace {

using base::Blank;
using base::List;
using base::Value;
using task_bench::a_known_mapping;

struct OptionCase {
  std::string field;
  std::string options;  // beside "value"
  Value answer;
  std::string expected;  // JSON, "nothing", or the code of an error
};

std::string written_into(const std::string& field, const std::string& options, const Value& answer) {
  const std::string comma = options.empty() ? "" : ",";
  const tasks::ResponseMapping mapping =
      a_known_mapping(R"({")" + field + R"(":{"value":"${a://b}")" + comma + options + "}}");
  const base::Result<tasks::WrittenValue> value =
      tasks::value_of(mapping.fields.front(), task_bench::Values{{"a://b", answer}});
  if (!value) return std::string(value.error().code.name);
  return *value ? base::to_json(**value) : "nothing";
}

void check_options(const std::vector<OptionCase>& cases) {
  for (const OptionCase& one : cases) {
    INFO(one.field << " {" << one.options << "} <- " << base::to_json(one.answer));
    CHECK(written_into(one.field, one.options, one.answer) == one.expected);
  }
}

std::string message_of(const std::string& field, const Value& answer) {
  const tasks::ResponseMapping mapping = a_known_mapping(R"({")" + field + R"(":"${a://b}"})");
  const base::Result<tasks::MappedRecord> record = tasks::apply(mapping, task_bench::Values{{"a://b", answer}});
  return record ? record->fields.text : record.error().message;
}

std::string told_record(const base::Result<tasks::MappedRecord>& record) {
  return record ? record->fields.text : std::string(record.error().code.name) + ": " + record.error().message;
}

const Value unasked = Blank{.shown = false};
const Value unanswered = Blank{.shown = true};

}  // namespace

TEST_CASE("if_blank and if_not_shown tell a question that was left out from one that nobody saw") {
  check_options({
      {"Text__c", R"("if_blank":"skip")", unanswered, "nothing"},
      {"Text__c", R"("if_blank":"clear")", unanswered, "null"},
      {"Text__c", R"("if_blank":"clear")", unasked, "null"},
      {"Text__c", R"("if_blank":"fail")", unanswered, "mapping_value_missing"},
      {"Text__c", R"("if_blank":"default","default":"none")", unanswered, R"("none")"},
      {"Text__c", R"("if_blank":"clear","if_not_shown":"skip")", unanswered, "null"},
      {"Text__c", R"("if_blank":"clear","if_not_shown":"skip")", unasked, "nothing"},
      {"Text__c", R"("if_not_shown":"fail")", unasked, "mapping_value_missing"},
      {"Text__c", R"("if_not_shown":"fail")", unanswered, "nothing"},
      {"Text__c", R"("if_not_shown":"default","default":"not asked")", unasked, R"("not asked")"},
      {"Text__c", R"("if_not_shown":"default","default":"not asked")", unanswered, "nothing"},
      {"Text__c", R"("if_not_shown":"clear")", unasked, "null"},
      // An empty text and an empty list were answers.
      {"Text__c", R"("if_blank":"clear","if_not_shown":"skip")", "", "null"},
      {"Multi__c", R"("if_blank":"clear","if_not_shown":"skip")", List{}, "null"},
      // So was what a map makes a blank of.
      {"Text__c", R"("map":{"Refused":null,"*":"x"},"if_blank":"clear","if_not_shown":"fail")", "Refused", "null"},
      // The default is converted, too.
      {"Score__c", R"("if_blank":"default","default":"7")", unanswered, "7"},
      {"Score__c", R"("if_blank":"default","default":"seven")", unanswered, "mapping_value_not_a_number"},
      {"Pick__c", R"("if_blank":"default","default":"promoter")", unanswered, R"("promoter")"},
      {"Pick__c", R"("if_blank":"default","default":"nobody")", unanswered, "mapping_value_not_in_picklist"},
      // A checkbox is never null.
      {"Check__c", R"("if_blank":"clear")", unanswered, "false"},
      {"Date__c", R"("if_blank":"clear")", unanswered, "null"},
      {"Contact__c", R"("if_blank":"clear")", "", "null"},
      {"OwnerId", R"("if_blank":"clear")", unanswered, "mapping_value_missing"},
  });
}

TEST_CASE("what a map gives is made what the field takes") {
  check_options({
      {"Score__c", R"("map":{"Good":3,"Bad":"1"})", "Good", "3"},
      {"Score__c", R"("map":{"Good":3,"Bad":"1"})", "Bad", "1"},
      {"Score__c", R"("map":{"Good":3,"Bad":"1"})", "So-so", "mapping_value_not_in_map"},
      {"Check__c", R"("map":{"Agreed":true,"*":false})", "Agreed", "true"},
      {"Check__c", R"("map":{"Agreed":true,"*":false})", "Not at all", "false"},
      {"Check__c", R"("map":{"2":"yes","*":"no"})", base::number(2), "true"},
      {"Pick__c", R"("map":{"9":"promoter","10":"promoter","*":"passive"})", base::number(10), R"("promoter")"},
      {"Pick__c", R"("map":{"*":"Nobody"})", "x", "mapping_value_not_in_picklist"},
      {"Multi__c", R"("map":{"1":"Price","4":"Other","*":null})", List{"4", "1", "2"}, R"("Price;Other")"},
      {"Text__c", R"("map":{"1":10})", base::number(1), R"("10")"},
      {"Date__c", R"("map":{"soon":"2026-02-01"})", "soon", R"("2026-02-01")"},
  });
}

TEST_CASE("a text that is too long is refused, cut, or cut with a sign of it") {
  check_options({
      {"Short__c", "", "0123456789", R"("0123456789")"},
      {"Short__c", "", "0123456789a", "mapping_value_too_long"},
      {"Short__c", R"("on_too_long":"fail")", "0123456789a", "mapping_value_too_long"},
      {"Short__c", R"("on_too_long":"truncate")", "0123456789a", R"("0123456789")"},
      {"Short__c", R"("on_too_long":"ellipsis")", "0123456789a", R"("012345678…")"},
      {"Short__c", R"("on_too_long":"ellipsis")", "0123456789", R"("0123456789")"},
      {"Short__c", R"("on_too_long":"ellipsis","max_length":1)", "ab", R"("…")"},
      {"Short__c", R"("on_too_long":"truncate","max_length":3)", "0123456789a", R"("012")"},
      {"Short__c", R"("on_too_long":"truncate","max_length":300)", "0123456789a", R"("0123456789")"},
      {"Short__c", R"("max_length":3)", "abcd", "mapping_value_too_long"},
      // Salesforce counts UTF-16: a letter beyond U+FFFF is two, and is never cut in half.
      {"Short__c", R"("on_too_long":"truncate")", "123456789😀", R"("123456789")"},
      {"Short__c", R"("on_too_long":"ellipsis")", "12345678😀😀", R"("12345678…")"},
      {"Short__c", R"("on_too_long":"truncate")", "ééééééééééé", R"("éééééééééé")"},
      {"Phone__c", R"("on_too_long":"truncate","max_length":4)", "+34 600", R"("+34 ")"},
      // What is cut is another choice, another address, another record.
      {"Open__c", R"("on_too_long":"truncate")", Value(std::string(300, 'x')), "mapping_value_too_long"},
      {"Email__c", R"("on_too_long":"truncate")", Value(std::string(60, 'x') + "@" + std::string(60, 'y') + ".example"),
       "mapping_value_too_long"},
      {"Contact__c", R"("on_too_long":"truncate")", "0035e00000AbCdEAAVx", "mapping_value_not_an_id"},
      {"Area__c", "", Value(std::string(32768, 'x')), "\"" + std::string(32768, 'x') + "\""},
      {"Area__c", "", Value(std::string(32769, 'x')), "mapping_value_too_long"},
  });
}

TEST_CASE("a number keeps to the field's places and digits") {
  check_options({
      {"Score__c", "", "7", "7"},
      {"Score__c", "", "7.50", "7.5"},
      {"Score__c", "", base::number("1e2"), "100"},
      {"Score__c", "", "+7", "7"},
      {"Score__c", "", " 7 ", "7"},
      {"Score__c", "", "7,5", "mapping_value_not_a_number"},
      {"Score__c", "", "seven", "mapping_value_not_a_number"},
      {"Score__c", "", Value(true), "mapping_value_not_a_number"},
      {"Score__c", "", List{"7"}, "7"},
      {"Score__c", "", List{"7", "8"}, "mapping_value_not_a_number"},
      {"Score__c", "", "8.125", "8.13"},
      {"Score__c", "", "-8.125", "-8.13"},
      {"Score__c", "", "2.675", "2.68"},  // which as a binary fraction lies below the half
      {"Score__c", "", "0.004", "0"},
      {"Score__c", "", "9.999", "10"},
      {"Score__c", "", "999.99", "999.99"},
      {"Score__c", "", "999.995", "mapping_value_out_of_range"},
      {"Score__c", "", "1000", "mapping_value_out_of_range"},
      {"Score__c", "", "-1000", "mapping_value_out_of_range"},
      {"Score__c", R"("on_too_precise":"truncate")", "8.129", "8.12"},
      {"Score__c", R"("on_too_precise":"truncate")", "-8.129", "-8.12"},
      {"Score__c", R"("on_too_precise":"truncate")", "999.999", "999.99"},
      {"Score__c", R"("on_too_precise":"fail")", "8.125", "mapping_value_too_precise"},
      {"Score__c", R"("on_too_precise":"fail")", "8.120", "8.12"},
      {"Int__c", "", "2.5", "3"},
      {"Int__c", "", "-2.5", "-3"},
      {"Int__c", "", base::number("10.0"), "10"},
      {"Int__c", R"("on_too_precise":"fail")", "2.5", "mapping_value_too_precise"},
      {"Int__c", R"("on_too_precise":"fail")", "2.0", "2"},
      {"Int__c", R"("on_too_precise":"truncate")", "2.9", "2"},
      {"Int__c", "", "99999999", "99999999"},
      {"Int__c", "", "100000000", "mapping_value_out_of_range"},
      {"Money__c", "", "12345678901234.56", "12345678901234.56"},
      {"Money__c", "", "123456789012345", "mapping_value_out_of_range"},
      {"Percent__c", "", "33.3333", "33.33"},
      {"Whole__c", "", "", "nothing"},
      {"Place__Latitude__s", "", "40.4165", "40.4165"},
      {"Place__Latitude__s", "", "-90", "-90"},
      {"Place__Latitude__s", "", "90.1", "mapping_value_out_of_range"},
      {"Place__Longitude__s", "", "-179.99", "-179.99"},
      {"Place__Longitude__s", "", "180.5", "mapping_value_out_of_range"},
  });
}

TEST_CASE("a date is read as it is written, in any form that the mapping names") {
  check_options({
      {"Date__c", "", "2026-01-31", R"("2026-01-31")"},
      {"Date__c", "", "2026-01-31T23:30:00-05:00", R"("2026-01-31")"},
      {"Date__c", "", "2026-02-30", "mapping_value_not_a_date"},
      {"Date__c", "", "31.01.2026", "mapping_value_not_a_date"},
      {"Date__c", "", base::number(20260131), "mapping_value_not_a_date"},
      {"Date__c", "", "1700-01-01", R"("1700-01-01")"},
      {"Date__c", "", "1699-12-31", "mapping_value_not_a_date"},
      {"Date__c", "", "4000-12-31", R"("4000-12-31")"},
      {"Date__c", "", "4001-01-01", "mapping_value_not_a_date"},
      {"Date__c", R"("format":"d.m.Y")", "31.01.2026", R"("2026-01-31")"},
      {"Date__c", R"("format":"d.m.Y")", "1.2.2026", R"("2026-02-01")"},
      {"Date__c", R"("format":"m/d/Y")", "01/31/2026", R"("2026-01-31")"},
      {"Date__c", R"("format":"m/d/Y")", "31/01/2026", "mapping_value_not_a_date"},
      {"Date__c", R"("format":"d.m.Y")", "2026-01-31", "mapping_value_not_a_date"},
      {"Date__c", R"("format":["d.m.Y","Y-m-d"])", "2026-01-31", R"("2026-01-31")"},
      {"Date__c", R"("format":"j F Y")", "31 January 2026", R"("2026-01-31")"},
      {"Date__c", R"("format":"M jS, Y")", "Feb 1st, 2026", R"("2026-02-01")"},
      {"Date__c", R"("format":"D d.m.y")", "Sat 31.01.26", R"("2026-01-31")"},
      {"Date__c", R"("format":"Ymd")", base::number(20260131), R"("2026-01-31")"},
      {"Date__c", R"("format":"U")", base::number(1769904000), R"("2026-02-01")"},
      {"Date__c", R"("format":"\\T\\a\\g d.m.Y")", "Tag 31.01.2026", R"("2026-01-31")"},
      {"Date__c", "", List{"2026-01-31"}, R"("2026-01-31")"},
  });
}

TEST_CASE("a point in time is told in UTC, whatever zone it was written or meant in") {
  check_options({
      {"Moment__c", "", "2019-06-26 13:28:11", R"("2019-06-26T13:28:11.000Z")"},
      {"Moment__c", "", "2026-01-31T23:30:00-05:00", R"("2026-02-01T04:30:00.000Z")"},
      {"Moment__c", "", "2026-01-31T23:30:00-0500", R"("2026-02-01T04:30:00.000Z")"},
      {"Moment__c", "", "2026-05-01T07:25:37.1146Z", R"("2026-05-01T07:25:37.114Z")"},
      {"Moment__c", "", "2026-01-31", R"("2026-01-31T00:00:00.000Z")"},
      {"Moment__c", "", "2026-05-01T07:25:37", "mapping_value_not_a_date"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-05-01T07:25:37", R"("2026-05-01T05:25:37.000Z")"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-01-01T07:25:37", R"("2026-01-01T06:25:37.000Z")"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-05-01T07:25:37Z", R"("2026-05-01T07:25:37.000Z")"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2019-06-26 13:28:11", R"("2019-06-26T11:28:11.000Z")"},
      {"Moment__c", R"("timezone":"America/New_York")", "2026-01-31", R"("2026-01-31T05:00:00.000Z")"},
      {"Moment__c", R"("format":"d.m.Y H:i","timezone":"Asia/Tokyo")", "31.01.2026 08:05",
       R"("2026-01-30T23:05:00.000Z")"},
      {"Moment__c", R"("format":"m/d/Y g:i a","timezone":"UTC")", "01/31/2026 1:05 pm",
       R"("2026-01-31T13:05:00.000Z")"},
      {"Moment__c", R"("format":"m/d/Y g:i A","timezone":"UTC")", "01/31/2026 12:05 AM",
       R"("2026-01-31T00:05:00.000Z")"},
      {"Moment__c", R"("format":"m/d/Y g:i a","timezone":"UTC")", "01/31/2026 13:05 pm", "mapping_value_not_a_date"},
      // Clocks that are put back show 02:30 twice, and those that are put forward never.
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-10-25T02:30:00", "mapping_value_not_a_date"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-03-29T02:30:00", "mapping_value_not_a_date"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-10-25T02:30:00+02:00", R"("2026-10-25T00:30:00.000Z")"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-10-25T02:30:00+01:00", R"("2026-10-25T01:30:00.000Z")"},
      {"Moment__c", R"("timezone":"Europe/Madrid")", "2026-10-25T03:00:00", R"("2026-10-25T02:00:00.000Z")"},
      {"Moment__c", R"("timezone":"Africa/Cairo")", "2024-04-26", R"("2024-04-25T22:00:00.000Z")"},
      // Whose day is it?
      {"Date__c", R"("timezone":"Europe/Madrid")", "2026-01-31T23:30:00Z", R"("2026-02-01")"},
      {"Date__c", R"("timezone":"America/New_York")", "2026-02-01T04:30:00Z", R"("2026-01-31")"},
      {"Date__c", R"("timezone":"America/New_York")", "2026-02-01", R"("2026-02-01")"},
      {"Time__c", "", "17:05", R"("17:05:00.000Z")"},
      {"Time__c", "", "9:00", R"("09:00:00.000Z")"},
      {"Time__c", "", "17:05:09.25", R"("17:05:09.250Z")"},
      {"Time__c", "", "2026-05-01T07:25:37Z", R"("07:25:37.000Z")"},
      {"Time__c", R"("timezone":"Europe/Madrid")", "2026-05-01T07:25:37Z", R"("09:25:37.000Z")"},
      {"Time__c", R"("format":"g:i a")", "5:05 pm", R"("17:05:00.000Z")"},
      {"Time__c", "", "25:00", "mapping_value_not_a_time"},
      {"Time__c", "", "12:60", "mapping_value_not_a_time"},
      {"Time__c", "", "2026-05-01", "mapping_value_not_a_time"},
      {"Time__c", "", "noon", "mapping_value_not_a_time"},
  });
}

TEST_CASE("as says what a value is understood as before the field takes it") {
  check_options({
      {"Text__c", R"("as":"number")", " 1.50 ", R"("1.5")"},
      {"Text__c", R"("as":"boolean")", "yes", R"("true")"},
      {"Text__c", R"("as":"date")", "2026-01-31T23:30:00Z", R"("2026-01-31")"},
      {"Text__c", R"("as":"date","format":"d.m.Y")", "31.01.2026", R"("2026-01-31")"},
      {"Text__c", R"("as":"time")", "17:05", R"("17:05:00.000Z")"},
      {"Text__c", R"("as":"number")", "x", "mapping_value_not_a_number"},
      {"Date__c", R"("as":"datetime","timezone":"Europe/Madrid")", "2026-02-01T00:30:00", R"("2026-02-01")"},
      {"Score__c", R"("as":"text")", base::number(7), "7"},
      {"Check__c", R"("as":"number")", "1.0", "true"},
  });
}

TEST_CASE("choices are found by value and by label, and written as the org has them") {
  check_options({
      {"Pick__c", "", "promoter", R"("promoter")"},
      {"Pick__c", "", "Promoter", R"("promoter")"},
      {"Pick__c", "", " PROMOTER ", R"("promoter")"},
      {"Pick__c", "", "Range, all of it", R"("Range")"},
      {"Pick__c", "", base::number(10), R"("10")"},
      {"Pick__c", "", base::number(3), R"("3")"},
      {"Pick__c", "", "Closed", "mapping_value_not_in_picklist"},  // no longer in use
      {"Pick__c", "", "Promotor", "mapping_value_not_in_picklist"},
      {"Pick__c", "", List{"Price"}, R"("Price")"},
      {"Pick__c", "", List{"Price", "Staff"}, "mapping_value_several"},
      {"Open__c", "", "Anything", R"("Anything")"},
      {"Open__c", "", "madrid", R"("Madrid")"},
      {"Multi__c", "", List{"Staff", "Price", "Staff"}, R"("Price;Staff")"},
      {"Multi__c", "", "Staff;Price", R"("Price;Staff")"},
      {"Multi__c", "", "Staff; Price;", R"("Price;Staff")"},
      {"Multi__c", "", "Range, all of it", R"("Range")"},
      {"Multi__c", "", "Staff,Price", "mapping_value_not_in_picklist"},
      {"Multi__c", "", List{"Price", Blank{}}, R"("Price")"},
      {"Multi__c", "", List{"Price", "Nonsense"}, "mapping_value_not_in_picklist"},
      {"Text__c", R"("separator":", ")", List{"Price", "Staff"}, R"("Price, Staff")"},
      {"Area__c", R"("separator":"\n")", List{"Price", "Staff"}, R"("Price\nStaff")"},
      {"Multi__c", R"("separator":", ")", List{"Price", "Staff"}, R"("Price;Staff")"},
  });
}

TEST_CASE("fields that hold one address or one id take nothing else") {
  check_options({
      {"Email__c", "", " ana@example.com ", R"("ana@example.com")"},
      {"Email__c", "", "ana.o'hara+x@mail.example.com", R"("ana.o'hara+x@mail.example.com")"},
      {"Email__c", "", "ana@example", "mapping_value_not_an_email"},
      {"Email__c", "", "ana@@example.com", "mapping_value_not_an_email"},
      {"Email__c", "", "ana example@example.com", "mapping_value_not_an_email"},
      {"Email__c", "", "none", "mapping_value_not_an_email"},
      {"Contact__c", "", "0035e00000AbCdE", R"("0035e00000AbCdE")"},
      {"Contact__c", "", " 0035e00000AbCdEAAV", R"("0035e00000AbCdEAAV")"},
      {"Contact__c", "", "0035E00000ABCDEAAV", "mapping_value_not_an_id"},
      {"Contact__c", "", "C-1001", "mapping_value_not_an_id"},
      {"Contact__c", "", List{"0035e00000AbCdE", "0035e00000AbCdF"}, "mapping_value_several"},
      {"Phone__c", "", base::number("34600123456"), R"("34600123456")"},
      {"Url__c", "", "example.com/a?b", R"("example.com/a?b")"},
      {"Check__c", "", "YES", "true"},
      {"Check__c", "", base::number(0), "false"},
      {"Check__c", "", "maybe", "mapping_value_not_a_boolean"},
      {"Check__c", "", List{"1"}, "true"},
      {"Check__c", "", List{"1", "0"}, "mapping_value_not_a_boolean"},
  });
}

TEST_CASE("a character that Salesforce does not keep is named with its place") {
  check_options({
      {"Text__c", "", Value(std::string("a\0b", 3)), "mapping_value_unwritable"},
      {"Text__c", "", Value(std::string("a\x1b[0m")), "mapping_value_unwritable"},
      {"Text__c", "", Value(std::string("a\xEF\xBF\xBF")), "mapping_value_unwritable"},
      {"Text__c", "", Value(std::string("a\xFF")), "mapping_value_unwritable"},
      {"Text__c", "", "tab\tline\nreturn\r", R"("tab\tline\nreturn\r")"},
      {"Phone__c", "", Value(std::string("1\0", 2)), "mapping_value_unwritable"},
      {"Open__c", "", Value(std::string("1\0", 2)), "mapping_value_unwritable"},
      {"Text__c", "", "أهلاً 😀 שלום", R"("أهلاً 😀 שלום")"},
  });
  CHECK(message_of("Text__c", Value(std::string("é\0b", 4))) ==
        "Text__c (string): character 2 is U+0000, which Salesforce does not keep: take it out where the value comes "
        "from");
}

TEST_CASE("an error names the field, its type, the value and what would be right") {
  CHECK(message_of("Score__c", "ten") ==
        "Score__c (double): 'ten' is not a number: it is a text, and 7 or -2.5 would be one");
  CHECK(message_of("Score__c", base::number(12345)) ==
        "Score__c (double): '12345' is too large: the field has 3 digits before the point");
  CHECK(message_of("Town__c", "Madridd") ==
        "Town__c (picklist): 'Madridd' is none of the choices that the org has: 'Madrid', 'Lisbon', 'Kyoto', "
        "'Elsewhere' · did you mean 'Madrid'?");
  CHECK(message_of("Date__c", List{"a", "b"}) ==
        "Date__c (date): 'a, b', a list of 2, is no date: 2026-01-31, 2026-01-31T13:28:11Z or 2026-01-31 13:28:11 "
        "would be one");
  CHECK(message_of("Contact__c", "C-1001").find("\"Account__r\": {\"Key__c\": …}") != std::string::npos);
}

TEST_CASE("all that is wrong with a record is told at once") {
  const tasks::ResponseMapping mapping =
      a_known_mapping(R"({"Score__c":"${a://b}","Text__c":"${a://b}","Date__c":"${a://b}"})");
  CHECK(told_record(tasks::apply(mapping, task_bench::Values{{"a://b", "ten"}})) ==
        "mapping_value_not_a_date: Date__c (date): 'ten', a text, is no date: 2026-01-31, 2026-01-31T13:28:11Z or "
        "2026-01-31 13:28:11 would be one; Score__c (double): 'ten' is not a number: it is a text, and 7 or -2.5 would "
        "be one");
}

TEST_CASE("a dependent picklist takes what its controlling field offers") {
  const tasks::ResponseMapping mapping = a_known_mapping(R"({"Town__c":"${a://town}","Country__c":"${a://country}"})");
  const auto record = [&](const char* country, const char* town) {
    return told_record(tasks::apply(mapping, task_bench::Values{{"a://country", country}, {"a://town", town}}));
  };
  CHECK(record("Spain", "Madrid") == R"({"Country__c":"Spain","Town__c":"Madrid"})");
  CHECK(record("Japan", "elsewhere") == R"({"Country__c":"Japan","Town__c":"Elsewhere"})");
  CHECK(record("Spain", "Lisbon") ==
        "mapping_value_not_in_picklist: Town__c: the org does not offer 'Lisbon' where Country__c is 'Spain'");
  CHECK(record("", "Lisbon") == R"({"Town__c":"Lisbon"})");
}

TEST_CASE("fields that the org lacks, or that nobody can write, are named before any value is looked up") {
  const auto refusal = [](const std::string& fields, tasks::Writing writing) {
    tasks::ResponseMapping mapping = task_bench::a_mapping(fields);
    const base::Status known = mapping.know(task_bench::every_type(), writing);
    return known ? std::string() : std::string(known.error().code.name) + ": " + known.error().message;
  };
  using tasks::Writing;
  CHECK(refusal(R"({"Scor__c":1})", Writing::creates) ==
        "mapping_field_unknown: Every_Type__c has no field 'Scor__c' that the account's user may see · did you mean "
        "'Score__c'?");
  CHECK(refusal(R"({"Sum__c":1})", Writing::creates) ==
        "mapping_field_read_only: Sum__c cannot be set in a new record: the org computes it, or the account's user has "
        "no right to it");
  CHECK(refusal(R"({"Home__c":"x"})", Writing::updates) ==
        "mapping_field_read_only: Home__c is made of its parts and is written by them: Home__Street__s, Home__City__s, "
        "Home__PostalCode__s");
  CHECK(refusal(R"({"A__c":1,"Text__c":1,"Id":"x"})", Writing::either).find("A__c") != std::string::npos);
  CHECK(refusal(R"({"A__c":1,"Text__c":1,"Id":"x"})", Writing::either).find("Id cannot be changed") !=
        std::string::npos);
  CHECK(refusal(R"({"text__C":1})", Writing::creates).empty());
}
