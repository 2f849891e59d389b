// The loops of a loop & merge as a list, with and without the survey's definition.
#include "connectors/survey/loop_list.hpp"

#include <catch2/catch.hpp>

#include "connectors/survey/answer_list.hpp"
#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/survey_document.hpp"

namespace {

using connectors::survey::AnswerList;
using connectors::survey::ListItem;
using connectors::survey::Survey;

// Two loops: over the choices of QID2, which asks QID3, QID4 and times its page; and two fixed ones, which ask QID6.
Survey a_looped_survey() {
  constexpr std::string_view definition = R"({"SurveyID":"SV_1","SurveyName":"Visits","Questions":{
    "QID2":{"QuestionID":"QID2","QuestionText":"Where?","QuestionType":"MC","Selector":"MAVR",
            "Choices":{"1":{"Display":"Harbour"},"2":{"Display":"<b>North</b>"},"10":{"Display":"Old Town"}}},
    "QID3":{"QuestionID":"QID3","QuestionText":"How?","QuestionType":"MC","Selector":"SAVR",
            "Choices":{"1":{"Display":"Bad"},"2":{"Display":"Good"}}},
    "QID4":{"QuestionID":"QID4","QuestionText":"Why?","QuestionType":"TE","Selector":"ML"},
    "QID5":{"QuestionID":"QID5","QuestionText":"Timing","QuestionType":"Timing","Selector":"PageTimer"},
    "QID6":{"QuestionID":"QID6","QuestionText":"Rate","QuestionType":"TE","Selector":"SL"},
    "QID7":{"QuestionID":"QID7","QuestionText":"Done?","QuestionType":"TE","Selector":"SL"}},
   "Blocks":{
    "BL_main":{"Type":"Default","ID":"BL_main","BlockElements":[{"Type":"Question","QuestionID":"QID2"},
               {"Type":"Question","QuestionID":"QID7"}]},
    "BL_branch":{"Type":"Standard","Description":"Branches","ID":"BL_branch","BlockElements":[
               {"Type":"Question","QuestionID":"QID3"},{"Type":"Question","QuestionID":"QID4"},
               {"Type":"Question","QuestionID":"QID5"}],
               "Options":{"Looping":"Question","LoopingOptions":{"QID":"QID2","Static":{}}}},
    "BL_fixed":{"Type":"Standard","Description":"Products","ID":"BL_fixed",
               "BlockElements":[{"Type":"Question","QuestionID":"QID6"}],
               "Options":{"Looping":"Static","LoopingOptions":{"Static":{
                 "1":{"1":"Kettle","2":"K-1"},"2":{"1":"Toaster","2":"T-2"},"10":{"1":"Oven","2":"O-10"}}}}}},
   "SurveyFlow":{"Flow":[{"Type":"Block","ID":"BL_main"},{"Type":"Block","ID":"BL_branch"},
                         {"Type":"Block","ID":"BL_fixed"}]}})";
  const auto reading =
      connectors::survey::read_survey(base::JsonDocument::read(std::string(definition), "survey.json"));
  REQUIRE(reading.survey);
  return *reading.survey;
}

// Of the branches, 1 and 10 were answered, and 2 was shown and only timed; of the products, 2 was rated.
connectors::survey::Response a_looped_response() {
  return *connectors::survey::read_response(R"({"responseId":"R_1","values":{
    "QID2":["1","2","10"],"QID7":"yes",
    "10_QID3":1,"10_QID5_PAGE_SUBMIT":4.5,"1_QID3":2,"1_QID4_TEXT":"Kind","2_QID5_PAGE_SUBMIT":1.5,"2_QID3_DO":["2","1"],
    "2_QID6_TEXT":"five"},
    "labels":{"1_QID3":"Good","10_QID3":"Bad"},
    "displayedFields":["QID2","QID7","1_QID3","1_QID4_TEXT","2_QID3","2_QID4_TEXT","10_QID3","10_QID4_TEXT","2_QID6_TEXT"]})");
}

AnswerList loops_of(const std::string& source, const Survey* survey) {
  const connectors::survey::Response response = a_looped_response();
  auto list = connectors::survey::find_list({response, survey}, "lm", "Loops/" + source);
  REQUIRE(list);
  REQUIRE(*list);
  return **list;
}

// "1 2(blank) 10"
std::string told(const AnswerList& list) {
  std::string all;
  for (const ListItem& item : list) all += (all.empty() ? "" : " ") + item.id + (item.is_blank ? "(blank)" : "");
  return all;
}

std::string text_in_loop(const std::string& source, const std::string& number, const std::string& path,
                         const Survey* survey) {
  const connectors::survey::Response response = a_looped_response();
  const auto found = connectors::survey::find_in_item({response, survey}, "lm", "Loops/" + source, number, path);
  REQUIRE(found);
  return *found ? base::to_text(**found) : std::string(found->error().code.name) + ": " + found->error().message;
}

}  // namespace

TEST_CASE("a list of loops has each of them by its number, and one without an answer is blank") {
  const Survey survey = a_looped_survey();
  struct Case {
    std::string source;
    const Survey* survey;
    std::string loops;
  };
  const std::vector<Case> cases{
      {"QID3", &survey, "1 2(blank) 10"},
      {"QID4", &survey, "1 2(blank) 10"},
      {"BL_branch", &survey, "1 2(blank) 10"},
      {"Branches", &survey, "1 2(blank) 10"},
      {"QID6", &survey, "1(blank) 2 10(blank)"},
      {"Products", &survey, "1(blank) 2 10(blank)"},
      // What belongs to which loop is not known: a loop is there where the question was shown.
      {"QID3", nullptr, "1 2 10"},
      {"QID6", nullptr, "2"},
      {"QID99", nullptr, ""},
  };
  for (const Case& one : cases) {
    INFO(one.source << (one.survey ? " with" : " without") << " a definition");
    CHECK(told(loops_of(one.source, one.survey)) == one.loops);
  }
}

TEST_CASE("an item of a list of loops knows what the loop is about") {
  const Survey survey = a_looped_survey();
  const AnswerList branches = loops_of("QID3", &survey);
  const auto member = [](const ListItem& item, std::string_view name) -> std::string {
    for (const auto& [known, value] : item.members) {
      if (known == name) return base::to_text(value);
    }
    return "there is none";
  };
  REQUIRE(branches.size() == 3);
  CHECK(member(branches[1], "text") == "North");
  CHECK(member(branches[2], "Field/1") == "Old Town");
  const AnswerList products = loops_of("BL_fixed", &survey);
  CHECK(member(products[2], "text") == "Oven");
  CHECK(member(products[2], "Field/2") == "O-10");
  CHECK(member(loops_of("QID3", nullptr)[0], "text") == "");
}

TEST_CASE("every question of a loop is found in its item, in every form and without the loop's number") {
  const Survey survey = a_looped_survey();
  struct Case {
    std::string source, number, path, value;
  };
  const std::vector<Case> cases{
      {"QID3", "1", "QID3/SelectedChoicesRecode", "2"},
      {"QID3", "10", "QID3/ChoiceGroup/SelectedChoices", "Bad"},
      {"BL_branch", "1", "QID4/ChoiceTextEntryValue", "Kind"},
      {"BL_branch", "10", "QID4/ChoiceTextEntryValue", ""},
      {"BL_branch", "10", "QID4/ChoiceTextEntryValue?default=nothing%20said", "nothing said"},
      {"BL_branch", "10", "QID5/Timing/PageSubmit", "4.5"},
      {"QID6", "2", "QID6/ChoiceTextEntryValue", "five"},
  };
  for (const Case& one : cases) {
    INFO(one.number << " " << one.path);
    CHECK(text_in_loop(one.source, one.number, one.path, &survey) == one.value);
    CHECK(text_in_loop(one.source == "BL_branch" ? "QID3" : one.source, one.number, one.path, nullptr) == one.value);
  }
  CHECK(text_in_loop("QID6", "2", "Field/2?format=urlencode", &survey) == "T-2");
  CHECK(text_in_loop("QID3", "1", "QID3/QuestionText", &survey) == "How?");
}

TEST_CASE("a list of loops that the survey does not have is named, with the nearest that it has") {
  const Survey survey = a_looped_survey();
  struct Case {
    std::string path;
    const Survey* survey;
    std::string wrong;
  };
  const std::vector<Case> cases{
      {"Loops/QID3", &survey, ""},
      {"Loops/Branches", &survey, ""},
      {"Loops/QID3", nullptr, ""},
      {"Loops/QID7", &survey, "QID7 is not asked in a loop · did you mean 'lm://Loops/QID3'?"},
      {"Loops/BL_brunch", &survey,
       "the survey has no loop 'BL_brunch': neither a question of that id nor a block · did you mean "
       "'lm://Loops/BL_branch'?"},
      {"Loops/Product", &survey,
       "the survey has no loop 'Product': neither a question of that id nor a block · did you mean "
       "'lm://Loops/Products'?"},
      {"Loops", &survey,
       "'Loops' does not say which: name a question that the loop asks, or its block · did you mean "
       "'lm://Loops/QID3'?"},
      {"Loops/2_QID3", nullptr, "'2_QID3' is one loop, and the list is of all · did you mean 'lm://Loops/QID3'?"},
      {"Loops/QID3?loop=2", nullptr, "'Loops/QID3' is of all loops, not of one · did you mean 'lm://Loops/QID3'?"},
      {"Loops/BL_branch", nullptr,
       "'BL_branch' is no question, and blocks stand in the survey's definition: put survey.qsf beside the workflow, "
       "or name a question that the loop asks"},
  };
  for (const Case& one : cases) {
    INFO(one.path);
    CHECK(connectors::survey::what_is_wrong_with("lm", one.path, one.survey) == one.wrong);
  }
}

TEST_CASE("what a loop does not ask is wrong in its items, and what is right is told as an item's pipe") {
  const Survey survey = a_looped_survey();
  const auto wrong = [](const std::string& source, const std::string& path, const Survey* known) {
    return connectors::survey::what_is_wrong_in_item("lm", "Loops/" + source, path, known).value_or("no list");
  };
  CHECK(wrong("QID3", "QID4/ChoiceTextEntryValue", &survey).empty());
  CHECK(wrong("QID3", "QID4/ChoiceTextEntryValue?format=urlencode", &survey).empty());
  CHECK(wrong("QID3", "Field/1", &survey).empty());
  CHECK(wrong("QID3", "QID99/SelectedChoicesRecode", nullptr).empty());
  CHECK(wrong("QID6", "QID3/SelectedChoicesRecode", &survey) ==
        "the loop asks no QID3, only QID6 · did you mean 'item://QID6/SelectedChoicesRecode'?");
  CHECK(wrong("QID3", "QID7/ChoiceTextEntryValue", &survey) ==
        "the loop asks no QID7, only QID3, QID4 and QID5 · did you mean 'item://QID3/ChoiceTextEntryValue'?");
  CHECK(wrong("QID3", "QID3/SelectedChoicesRecod", &survey) ==
        "'SelectedChoicesRecod' is no form of a question's answer · did you mean 'item://QID3/SelectedChoicesRecode'?");
  CHECK(wrong("QID6", "QID6/SelectedChoicesRecode", &survey) ==
        "QID6 is of the kind 'text', whose answers have no 'SelectedChoicesRecode' · did you mean "
        "'item://QID6/ChoiceTextEntryValue'?");
  CHECK(wrong("QID6", "Field/3", &survey) == "the loop has no field 3");
  CHECK(wrong("QID3", "Field/1", nullptr).find("put survey.qsf beside the workflow") != std::string::npos);
  CHECK(
      wrong("QID3", "Recode", &survey) ==
      "an item of a loop has no 'Recode', but id, text, number, Field/1 and so on, and the answers to its questions · "
      "did you mean 'item://QID3/SelectedChoicesRecode'?");
  CHECK(connectors::survey::what_is_wrong_in_item("q", "QID5/Rows", "recode") == std::nullopt);
}

TEST_CASE("the loops as a value are what those with an answer are about") {
  const Survey survey = a_looped_survey();
  const connectors::survey::Response response = a_looped_response();
  const auto value = [&](const std::string& path, const Survey* known) {
    const auto found = connectors::survey::look_up({response, known}, "lm", path);
    return found ? base::to_text(*found) : found.error().message;
  };
  CHECK(value("Loops/QID3", &survey) == "Harbour, Old Town");
  CHECK(value("Loops/QID3?default=none", &survey) == "Harbour, Old Town");
  CHECK(value("Loops/QID6", nullptr) == "2");
  CHECK(value("TotalLoops", &survey) == "3");
}
