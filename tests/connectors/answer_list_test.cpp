// Answers as lists to do something for each item of.
#include "connectors/survey/answer_list.hpp"

#include <catch2/catch.hpp>

#include "connectors/survey/piped_text.hpp"

namespace {

using connectors::survey::AnswerList;
using connectors::survey::ListItem;
using connectors::survey::PipeContext;

// A matrix with four rows, of which the second was left out; several choices; one choice.
connectors::survey::Response a_response() {
  return *connectors::survey::read_response(R"({"responseId":"R_1","values":{
    "QID5_1":5,"QID5_3":2,"QID5_10":1,"QID7":["4","2"],"QID8":3,"Products":"[\"x\",\"y\"]"},
    "labels":{"QID5_1":"Very good","QID5_3":"<b>Poor</b>","QID5_10":"Very poor","QID7":["Mail","Phone"],"QID8":"Yes"},
    "displayedFields":["QID5_1","QID5_2","QID5_3","QID5_10","QID7","QID8"]})");
}

AnswerList list_at(const std::string& path) {
  const connectors::survey::Response response = a_response();
  auto list = connectors::survey::find_list(PipeContext{response}, "q", path);
  REQUIRE(list);
  REQUIRE(*list);
  return **list;
}

std::string member_text(const ListItem& item, const std::string& name) {
  for (const auto& [known, value] : item.members) {
    if (known == name) return base::to_text(value);
  }
  return "there is no " + name;
}

}  // namespace

TEST_CASE("the rows of a matrix are a list: by number, each with its answer, one without an answer blank") {
  const AnswerList rows = list_at("QID5/Rows");

  REQUIRE(rows.size() == 4);
  CHECK(rows[0].id == "1");
  CHECK(member_text(rows[0], "recode") == "5");
  CHECK(member_text(rows[0], "label") == "Very good");
  CHECK(rows[1].id == "2");
  CHECK(rows[1].is_blank);
  CHECK(member_text(rows[2], "label") == "Poor");
  CHECK(rows[3].id == "10");
  CHECK_FALSE(rows[3].is_blank);
}

TEST_CASE("picked choices are a list with recode and wording, also when only one could be picked") {
  for (const char* form : {"QID7/SelectedChoicesRecode", "QID7/ChoiceGroup/SelectedChoices"}) {
    const AnswerList choices = list_at(form);
    REQUIRE(choices.size() == 2);
    CHECK(choices[0].id == "4");
    CHECK(member_text(choices[0], "label") == "Mail");
    CHECK(member_text(choices[1], "recode") == "2");
  }
  CHECK(member_text(list_at("QID7/ChoiceGroup/SelectedChoices")[1], "value") == "Phone");
  CHECK(member_text(list_at("QID7/SelectedChoicesRecode")[1], "value") == "2");
  const AnswerList one = list_at("QID8/SelectedChoicesRecode");
  REQUIRE(one.size() == 1);
  CHECK(one[0].id == "3");
  CHECK(list_at("QID99/SelectedChoicesRecode").empty());
  CHECK(list_at("QID99/Rows").empty());
}

TEST_CASE("other pipes are no lists of their own, and what an item has is known beforehand") {
  const connectors::survey::Response response = a_response();
  CHECK_FALSE(connectors::survey::find_list(PipeContext{response}, "q", "QID5/SelectedChoicesRecode/1"));
  CHECK_FALSE(connectors::survey::find_list(PipeContext{response}, "e", "Field/Products"));
  CHECK(connectors::survey::list_members("q", "QID5/Rows") ==
        std::vector<std::string>{"id", "text", "recode", "label"});
  CHECK(connectors::survey::list_members("e", "Field/Products").empty());
}

TEST_CASE("the rows of a question as a value are those that were answered") {
  const auto rows = connectors::survey::look_up(a_response(), "q", "QID5/Rows");
  REQUIRE(rows);
  CHECK(base::to_text(*rows) == "1, 3, 10");
  CHECK(connectors::survey::what_is_wrong_with("q", "QID5/Rows").empty());
  CHECK_FALSE(connectors::survey::what_is_wrong_with("q", "QID5/Rows/1").empty());
}
