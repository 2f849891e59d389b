// One member of a document changed, and no other byte.
#include <catch2/catch.hpp>

#include "app/json_text_edit.hpp"

using app::people_json;
using app::with_json_member;
using app::without_json_member;

namespace {

// As a person has it: own spacing, escapes in keys and texts, members in an order of their own.
constexpr const char* written_by_hand = R"({
  "cases": [
    { "name": "braces } ] and \" in a text", "response": "a.json" },
    {
      "name":   "second",
      "expect": {"crm":{"Contact":[]}},
      "a/b~c": { "x": 1 }
    }
  ]
}
)";

std::string with_replaced(std::string text, const std::string& old, const std::string& by) {
  return text.replace(text.find(old), old.size(), by);
}

}  // namespace

TEST_CASE("a member's value is replaced where it stands, and nothing else is touched") {
  CHECK(with_json_member(written_by_hand, "/cases/1", "expect", {R"({"crm":{"Case":[{"Subject":"a"}]}})"}) ==
        with_replaced(written_by_hand, R"({"crm":{"Contact":[]}})", R"({ "crm": { "Case": [{ "Subject": "a" }] } })"));
  CHECK(with_json_member(written_by_hand, "/cases/1/a~1b~0c", "x", {"2"}) ==
        with_replaced(written_by_hand, R"("x": 1)", R"("x": 2)"));
}

TEST_CASE("a member that is not there comes behind the last one, as the others stand") {
  CHECK(with_json_member(written_by_hand, "/cases/0", "refused", {R"({"t":"code"})"}) ==
        with_replaced(written_by_hand, R"("a.json" })", R"("a.json", "refused": { "t": "code" } })"));
  CHECK(with_json_member(written_by_hand, "/cases/1", "refused", {R"({"t":"code"})"}) ==
        with_replaced(written_by_hand, R"({ "x": 1 })", "{ \"x\": 1 },\n      \"refused\": { \"t\": \"code\" }"));
  CHECK(with_json_member("{}", "", "a", {"1"}) == "{\n  \"a\": 1\n}");
}

TEST_CASE("a member is taken out with its comma, wherever it stands") {
  CHECK(without_json_member(R"({"a": 1, "b": 2, "c": 3})", "", "a") == R"({"b": 2, "c": 3})");
  CHECK(without_json_member(R"({"a": 1, "b": 2, "c": 3})", "", "b") == R"({"a": 1, "c": 3})");
  CHECK(without_json_member(R"({"a": 1, "b": 2, "c": 3})", "", "c") == R"({"a": 1, "b": 2})");
  CHECK(without_json_member(R"({ "a": 1 })", "", "a") == "{}");
  CHECK(without_json_member(written_by_hand, "/cases/1", "refused") == written_by_hand);
}

TEST_CASE("what fits stands on one line, what does not is broken, and the order stays") {
  CHECK(people_json({R"({"z":1,"a":[1,{"b":null}],"e":{},"l":[]})"}) ==
        R"({ "z": 1, "a": [1, { "b": null }], "e": {}, "l": [] })");
  const std::string long_text(100, 'x');
  CHECK(people_json({R"({"a":")" + long_text + R"(","b":[1,2]})"}, 2, 20) ==
        "{\n    \"a\": \"" + long_text + "\",\n    \"b\": [1, 2]\n  }");
}
