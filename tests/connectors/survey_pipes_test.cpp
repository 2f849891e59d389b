// Every form of piped text on every kind of question: the typed value that a response and its survey give.
#include <catch2/catch.hpp>

#include <set>

#include "connectors/survey/piped_text.hpp"
#include "tests/connectors/survey_fixture.hpp"

using connectors::survey::look_up;
using connectors::survey::PipeContext;
using connectors::survey::Response;
using connectors::survey::Survey;
using connectors::survey::what_is_wrong_with;

namespace {

struct PipeCase {
  const char* scheme;
  const char* path;
  base::Value value;
};

const base::Value seen = base::Blank{true};
const base::Value unseen = base::Blank{false};

base::Value num(const char* text) { return base::number(std::string(text)); }

}  // namespace

TEST_CASE("with the survey's definition every pipe gives its typed value") {
  const PipeCase cases[] = {
      // one number from 0 to 10, and its group
      {"q", "QID1/SelectedChoicesRecode", num("10")},
      {"q", "QID1/ChoiceGroup/SelectedChoices", "Promoter"},
      {"q", "QID1/NetPromoterScore/Group", "Promoter"},
      {"q", "QID1/NetPromoterScore/GroupRecode", num("3")},
      {"q", "QID1_NPS_GROUP/ChoiceGroup/SelectedChoices", "Promoter"},
      {"q", "QID1_NPS_GROUP/SelectedChoicesRecode", num("3")},
      {"q", "QID1/QuestionText", "How likely are you to recommend us?"},
      {"q", "QID1/ChoiceGroup/ChoiceDescription/7", "7"},
      {"q", "QID1/SelectedChoicesVariableName", "10"},
      {"q", "QID1/ChoiceGroup/UnselectedChoices", base::List{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
      // several choices
      {"q", "QID2/SelectedChoicesRecode", base::List{"1", "-9"}},
      {"q", "QID2/ChoiceGroup/SelectedChoices", base::List{"Price", "Other (please say)"}},
      {"q", "QID2/ChoiceGroup/SelectedChoicesTextEntry", base::List{"Price", "The café"}},
      {"q", "QID2/SelectedChoicesVariableName", base::List{"price", "Other (please say)"}},
      {"q", "QID2/SelectedChoicesCount", num("2")},
      {"q", "QID2/ChoiceTextEntryValue/4", "The café"},
      {"q", "QID2/ChoiceGroup/UnselectedChoices", base::List{"Staff"}},
      {"q", "QID2/ChoiceGroup/DisplayedChoices", base::List{"Other (please say)", "Price", "Staff"}},
      {"q", "QID2/ChoiceGroup/AllChoices", base::List{"Price", "Staff", "Range, all of it", "Other (please say)"}},
      {"q", "QID2/ChoiceGroup/AllChoices?displayLogic=0",
       base::List{"Price", "Staff", "Range, all of it", "Other (please say)"}},
      {"q", "QID2/ChoiceGroup/ChoiceDescription/3", "Range, all of it"},
      {"q", "QID2/ChoiceGroup/DisplayOrder", base::List{"4", "1", "2"}},
      {"q", "QID2/QuestionText", "What mattered?"},
      {"q", "QID2/QuestionDescription", ""},
      // text
      {"q", "QID3/ChoiceTextEntryValue", "Great & fast: \"${e://Field/Segment}\""},
      {"q", "QID3/QuestionText", "Anything else?"},
      {"q", "QID26/ChoiceTextEntryValue", seen},
      // one answer a row
      {"q", "QID4/SelectedChoicesRecode/1", num("3")},
      {"q", "QID4/SelectedChoicesRecode/2", num("-1")},
      {"q", "QID4/SelectedChoicesRecode/3", seen},
      {"q", "QID4/ChoiceGroup/SelectedAnswers/1", "Satisfied"},
      {"q", "QID4/ChoiceGroup/SelectedAnswers/2", "Don't know"},
      {"q", "QID4/ChoiceGroup/SelectedAnswers/3", seen},
      {"q", "QID4/ChoiceGroup/SelectedChoices/2", "Don't know"},
      {"q", "QID4/SelectedChoicesRecode", base::List{seen, num("3"), num("-1"), num("1")}},
      {"q", "QID4/ChoiceGroup/SelectedChoices", base::List{seen, "Satisfied", "Don't know", "Very dissatisfied"}},
      {"q", "QID4/ChoiceGroup/SelectedChoicesTextEntry/4", "Parking"},
      {"q", "QID4/ChoiceTextEntryValue/4", "Parking"},
      {"q", "QID4/ChoiceGroup/ChoiceDescription/2", "Staff"},
      {"q", "QID4/AnswerGroup/ChoiceDescription/4", "Don't know"},
      {"q", "QID4/ChoiceGroup/AllChoices", base::List{"Shop", "Speed", "Staff", "Something else"}},
      {"q", "QID4/SelectedChoicesVariableName/1", "Satisfied"},
      // form
      {"q", "QID5/ChoiceTextEntryValue/1", "12 High Street"},
      {"q", "QID5/ChoiceTextEntryValue/2", "Madrid"},
      {"q", "QID5/ChoiceTextEntryValue/3", seen},
      {"q", "QID5/ChoiceGroup/ChoiceDescription/2", "City"},
      // slider
      {"q", "QID6/ChoiceNumericEntryValue/1", num("70")},
      {"q", "QID6/ChoiceNumericEntryValue/2", seen},
      // one choice
      {"q", "QID7/SelectedChoicesRecode", num("2")},
      {"q", "QID7/ChoiceGroup/SelectedChoices", "Yes, at once"},
      {"q", "QID7/SelectedChoicesCount", num("1")},
      {"q", "QID7/ChoiceGroup/UnselectedChoices", base::List{"No"}},
      {"q", "QID7/ChoiceGroup/DisplayedChoices", base::List{"No", "Yes, at once"}},
      {"q", "QID7/SelectedChoicesVariableName", "Yes, at once"},
      {"q", "QID8/SelectedChoicesRecode", seen},
      {"q", "QID8/ChoiceGroup/SelectedChoices", seen},
      {"q", "QID8/SelectedChoicesVariableName", seen},
      {"q", "QID8/SelectedChoicesCount", num("0")},
      {"q", "QID8/ChoiceGroup/UnselectedChoices", base::List{"Once", "Often"}},
      {"q", "QID9/SelectedChoicesRecode", num("80")},
      {"q", "QID9/ChoiceGroup/SelectedChoices", "Somewhere else"},
      {"q", "QID9/ChoiceGroup/SelectedChoicesTextEntry", "At a friend's"},
      {"q", "QID9/ChoiceTextEntryValue/8", "At a friend's"},
      {"q", "QID25/SelectedChoicesRecode", unseen},
      {"q", "QID25/ChoiceGroup/SelectedChoices", unseen},
      {"q", "QID25/SelectedChoicesCount", unseen},
      {"q", "QID25/ChoiceGroup/DisplayedChoices", unseen},
      {"q", "QID25/ChoiceGroup/UnselectedChoices", unseen},
      {"q", "QID25/ChoiceGroup/AllChoices", base::List{"A", "B"}},
      {"q", "QID25/QuestionText", "Only for some"},
      // several answers a row
      {"q", "QID10/SelectedChoicesRecode/1", base::List{"1", "3"}},
      {"q", "QID10/ChoiceGroup/SelectedAnswers/1", base::List{"At home", "Outside"}},
      {"q", "QID10/SelectedChoicesCount/1", num("2")},
      {"q", "QID10/SelectedChoicesCount/2", num("0")},
      {"q", "QID10/SelectedChoicesRecode/2", seen},
      {"q", "QID10/SelectedChoicesRecode", base::List{base::List{"1", "3"}, seen}},
      {"q", "QID10/ChoiceGroup/SelectedChoices", base::List{base::List{"At home", "Outside"}, seen}},
      {"q", "QID10/SelectedChoicesVariableName/1", base::List{"At home", "Outside"}},
      // constant sum
      {"q", "QID11/ChoiceNumericEntryValue/1", num("8")},
      {"q", "QID11/ChoiceNumericEntryValue/2", num("0.5")},
      {"q", "QID11/ChoiceNumericEntryValue/3", num("15.5")},
      // rank order
      {"q", "QID12/ChoiceNumericEntryValue/Rank/1", num("2")},
      {"q", "QID12/ChoiceNumericEntryValue/Rank/2", num("1")},
      {"q", "QID12/ChoiceNumericEntryValue/3", num("3")},
      {"q", "QID12/ChoiceGroup/ChoiceDescription/2", "Green"},
      {"q", "QID12/ChoiceGroup/AllChoices", base::List{"Red", "Green", "Blue"}},
      // side by side
      {"q", "QID13#1/SelectedChoicesRecode/1", num("2")},
      {"q", "QID13#1/ChoiceGroup/SelectedAnswers/2", "Bad"},
      {"q", "QID13#1/SelectedChoicesRecode", base::List{num("2"), num("1")}},
      {"q", "QID13#2/ChoiceTextEntryValue/1/1", "3"},
      {"q", "QID13#2/ChoiceTextEntryValue/2/1", seen},
      {"q", "QID13#1/QuestionText", "How good?"},
      {"q", "QID13/QuestionText", "Compare"},
      // pick, group and rank
      {"q", "QID14/SelectedChoicesRecode/0", base::List{"3", "1"}},
      {"q", "QID14/ChoiceGroup/SelectedChoices/0", base::List{"Plum, ripe", "Apple"}},
      {"q", "QID14/ChoiceGroup/SelectedChoices/1", base::List{"Fig"}},
      {"q", "QID14/SelectedChoicesCount/0", num("2")},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/0/3", num("1")},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/0/1", num("2")},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/1/4", num("1")},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/1/2", unseen},
      // drill down
      {"q", "QID15/SelectedChoicesRecode/1", num("1")},
      {"q", "QID15/ChoiceGroup/SelectedAnswers/1", "Spain"},
      {"q", "QID15/ChoiceGroup/SelectedAnswers/2", "Madrid"},
      {"q", "QID15/ChoiceGroup/SelectedChoices", base::List{"Spain", "Madrid"}},
      {"q", "QID15/AnswerGroup/ChoiceDescription/3", "Toledo"},
      // file upload
      {"q", "QID16/FileUpload/Link", "https://acme.qualtrics.com/CP/File.php?F=F_7receipt"},
      {"q", "QID16/FileUpload/Id", "F_7receipt"},
      {"q", "QID16/FileUpload/Name", "receipt.pdf"},
      {"q", "QID16/FileUpload/Size", num("48213")},
      {"q", "QID16/FileUpload/Type", "application/pdf"},
      // timing and meta
      {"q", "QID17/Timing/FirstClick", num("1.5")},
      {"q", "QID17/Timing/LastClick", num("9.25")},
      {"q", "QID17/Timing/PageSubmit", num("11.002")},
      {"q", "QID17/Timing/ClickCount", num("4")},
      {"q", "QID18/Meta/Browser", "Firefox"},
      {"q", "QID18/Meta/Version", "128.0"},
      {"q", "QID18/Meta/OperatingSystem", "Linux"},
      {"q", "QID18/Meta/Resolution", "1920x1080"},
      {"q", "QID19/QuestionText", "Thank you"},
      // loop & merge
      {"q", "1_QID20/SelectedChoicesRecode", num("1")},
      {"q", "2_QID20/ChoiceGroup/SelectedChoices", "No"},
      {"q", "2_QID20/SelectedChoicesVariableName", "No"},
      {"q", "1_QID20/ChoiceGroup/AllChoices", base::List{"Yes", "No"}},
      // carried forward
      {"q", "QID21/SelectedChoicesRecode/x1", num("2")},
      {"q", "QID21/ChoiceGroup/SelectedAnswers/x4", "Little"},
      {"q", "QID21/SelectedChoicesRecode/x3", seen},
      {"q", "QID21/SelectedChoicesRecode", base::List{num("2"), seen, seen, num("1")}},
      {"q", "QID21/ChoiceGroup/ChoiceDescription/x2", "Staff"},
      // a matrix of texts
      {"q", "QID24/ChoiceTextEntryValue/1/1", "9:00"},
      {"q", "QID24/ChoiceTextEntryValue/1/2", "17:00"},
      {"q", "QID24/ChoiceTextEntryValue/2/1", seen},
      {"q", "QID24/AnswerGroup/ChoiceDescription/2", "To"},
      // embedded data
      {"e", "Field/Segment", "Gold"},
      {"e", "Field/Spend", num("1234.5")},
      {"e", "Field/Tier", unseen},
      {"e", "Field/City", "Madrid"},
      {"e", "Field/ResponseID", "R_1check"},
      {"e", "Field/Q_Language", "EN"},
      {"e", "Field/Q_TotalDuration", num("325")},
      {"e", "Field/StartDate", "2026-05-01T07:20:11Z"},
      {"e", "Field/Q_DataPolicyViolations", unseen},
      // the response, its contact, its place
      {"rm", "Field/ResponseID", "R_1check"},
      {"rm", "Field/Status", num("0")},
      {"rm", "Field/Finished", num("1")},
      {"rm", "Field/LocationLatitude", "40.4165"},
      {"rm", "Field/RecipientEmail", "reyes@example.com"},
      {"m", "FirstName", "Ana"},
      {"m", "LastName", "Reyes"},
      {"m", "Email", "reyes@example.com"},
      {"m", "ExternalDataReference", "C-1001"},
      {"m", "Language", "EN"},
      {"loc", "IPAddress", "203.0.113.7"},
      {"loc", "Latitude", "40.4165"},
      {"loc", "City", "Madrid"},
      // scores
      {"gr", "SC_0/Score", num("42")},
      {"gr", "SC_9kSatisfied/Score", num("7.5")},
      {"gr", "SC_9kSatisfied/WeightedMean", num("2.5")},
      {"gr", "SC_9kSatisfied/WeightedStdDev", unseen},
      // loops
      {"lm", "TotalLoops", num("2")},
      {"lm", "CurrentLoopNumber?loop=2", num("2")},
      {"lm", "Field/1?loop=1", "A phone"},
      {"lm", "Field/1?loop=2", "A laptop"},
      {"lm", "Field/2?loop=2", "second"},
      // dates
      {"date", "CurrentDate/Y-m-d", "2026-05-01"},
      {"date", "CurrentDate/m%2Fd%2FY", "05/01/2026"},
      {"date", "CurrentDate/DS", "2026-5-1"},
      {"date", "CurrentTime/H:i:s", "07:25:37"},
      {"date", "CurrentDate/W o", "18 2026"},
      {"date", "OtherDate/o-W/-4%20months", "2026-01"},
      {"date", "CurrentDate/r", "Fri, 01 May 2026 07:25:37 +0000"},
      {"date", "CurrentTime/H:i:s.u p", "07:25:37.114000 Z"},
      {"date", "CurrentTime/H:i:sp?timezone=America/Denver", "01:25:37-06:00"},
      {"date", "CurrentDate/Y-m-d%5CTH:i", "2026-05-01T07:25"},
      {"date", "CurrentDate/c", "2026-05-01T07:25:37+00:00"},
      {"date", "OtherDate/Y-m-d/-1 day", "2026-04-30"},
      {"date", "OtherDate/Y-m-d/-1%20year", "2025-05-01"},
      {"date", "OtherDate/Y-m-d/+2 weeks", "2026-05-15"},
      {"date", "CurrentTime/H:i?timezone=America/Denver", "01:25"},
      // links
      {"l", "SurveyURL", "https://acme.qualtrics.com/jfe/form/SV_0check"},
      {"l", "SurveyLink?d=Take%20the%20Survey",
       "<a href=\"https://acme.qualtrics.com/jfe/form/SV_0check\">Take the Survey</a>"},
      // the document
      {"event", "responseId", "R_1check"},
      {"event", "surveyId", unseen},
      {"event", "values/QID7", num("2")},
      {"event", "labels/QID9", "Somewhere else"},
      {"event", "values/QID8", seen},
      {"event", "values/Nothing", unseen},
      // modifiers
      {"m", "Email?format=urlencode", "reyes%40example.com"},
      {"q", "QID2/ChoiceGroup/SelectedChoices?format=urlencode", "Price%2C%20Other%20%28please%20say%29"},
      {"q", "QID8/SelectedChoicesRecode?default=none", "none"},
      {"q", "QID25/ChoiceGroup/SelectedChoices?default=not%20asked", "not asked"},
      {"q", "QID7/SelectedChoicesRecode?default=none", num("2")},
      {"e", "Field/Tier?default=n/a&format=urlencode", "n%2Fa"},
      {"e", "Field/Tier?format=urlencode", unseen},
      {"lm", "Field/1?loop=2&format=urlencode", "A%20laptop"},
  };
  STATIC_REQUIRE(std::size(cases) >= 150);
  const Survey survey = support::service_check();
  const Response response = support::service_check_response();
  for (const PipeCase& one : cases) {
    INFO(one.scheme << "://" << one.path);
    CHECK(what_is_wrong_with(one.scheme, one.path, &survey) == "");
    const base::Result<base::Value> value = look_up(PipeContext{response, &survey}, one.scheme, one.path);
    REQUIRE(value);
    INFO(base::to_json(*value) << " instead of " << base::to_json(one.value));
    CHECK(*value == one.value);
  }
}

TEST_CASE("without the survey's definition a response answers what it holds itself") {
  const PipeCase cases[] = {
      {"q", "QID1/ChoiceGroup/SelectedChoices", "Promoter"},
      {"q", "QID2/ChoiceGroup/SelectedChoices", base::List{"Price", "Other (please say)"}},
      {"q", "QID4/SelectedChoicesRecode", base::List{num("3"), num("-1"), seen, num("1")}},
      {"q", "QID4/ChoiceGroup/SelectedChoices", base::List{"Satisfied", "Don't know", seen, "Very dissatisfied"}},
      {"q", "QID5/ChoiceTextEntryValue/2", "Madrid"},
      {"q", "QID7/ChoiceGroup/SelectedChoices", "Yes, at once"},
      {"q", "QID13#1/ChoiceGroup/SelectedAnswers/1", "Good"},
      {"q", "QID13#2/ChoiceTextEntryValue/1/1", "3"},
      {"q", "QID14/ChoiceGroup/SelectedChoices/0", base::List{"Plum, ripe", "Apple"}},
      {"q", "QID14/SelectedChoicesRecode/1", base::List{"4"}},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/0/1", num("2")},
      {"q", "QID15/ChoiceGroup/SelectedAnswers/2", "Madrid"},
      {"q", "QID16/FileUpload/Name", "receipt.pdf"},
      {"q", "QID17/Timing/PageSubmit", num("11.002")},
      {"q", "2_QID20/ChoiceGroup/SelectedChoices", "No"},
      {"q", "QID21/SelectedChoicesRecode", base::List{num("2"), seen, seen, num("1")}},
      {"q", "QID25/SelectedChoicesRecode", unseen},
      {"lm", "TotalLoops", num("2")},
      {"gr", "SC_0/Score", num("42")},
  };
  const Response response = support::service_check_response();
  for (const PipeCase& one : cases) {
    INFO(one.scheme << "://" << one.path);
    CHECK(what_is_wrong_with(one.scheme, one.path) == "");
    const base::Result<base::Value> value = look_up(response, one.scheme, one.path);
    REQUIRE(value);
    INFO(base::to_json(*value) << " instead of " << base::to_json(one.value));
    CHECK(*value == one.value);
  }
}

TEST_CASE("inside a pass of a loop, a question and the loop's fields are those of the pass") {
  const Survey survey = support::service_check();
  const Response response = support::service_check_response();
  for (const Survey* definition : {&survey, static_cast<const Survey*>(nullptr)}) {
    const PipeContext second{response, definition, "2"};
    CHECK(*look_up(second, "q", "QID20/ChoiceGroup/SelectedChoices") == base::Value("No"));
    CHECK(*look_up(second, "q", "1_QID20/ChoiceGroup/SelectedChoices") == base::Value("Yes"));
    CHECK(*look_up(second, "q", "QID7/SelectedChoicesRecode") == num("2"));
    CHECK(*look_up(second, "lm", "CurrentLoopNumber") == num("2"));
  }
  CHECK(*look_up(PipeContext{response, &survey, "2"}, "lm", "Field/1") == base::Value("A laptop"));
}

TEST_CASE("wordings that the response lacks come from the survey") {
  Response response;
  response.id = "R_1";
  response.values["QID2"] = base::List{"2", "-9"};
  response.values["QID2_4_TEXT"] = "The café";
  response.values["QID4_1"] = num("-1");
  response.values["QID14_0_GROUP"] = base::List{"3", "1"};
  const Survey survey = support::service_check();
  const PipeContext context{response, &survey};

  CHECK(*look_up(context, "q", "QID2/ChoiceGroup/SelectedChoices") ==
        base::Value(base::List{"Staff", "Other (please say)"}));
  CHECK(*look_up(context, "q", "QID2/ChoiceGroup/SelectedChoicesTextEntry") ==
        base::Value(base::List{"Staff", "The café"}));
  CHECK(*look_up(context, "q", "QID4/ChoiceGroup/SelectedAnswers/1") == base::Value("Don't know"));
  CHECK(*look_up(context, "q", "QID14/ChoiceGroup/SelectedChoices/0") ==
        base::Value(base::List{"Plum, ripe", "Apple"}));
}

TEST_CASE("an object, or a list of objects or lists, is no value, and the message names its kind") {
  const Response response = *connectors::survey::read_response(
      R"({"responseId":"R_1","values":{"QOBJ":{"a":1},"QNEST":[["a"],["b"]],"QID7":{"choice":1},"QID3_TEXT":[{}],)"
      R"("QID4_1":3,"QID4_2":{"choice":2},"SC_0":{"x":1},"userLanguage":{"a":1},"Plain":["a",1]}})");
  const std::string object = "the response holds an object under '";
  const std::string list = "the response holds a list of objects or lists under '";
  const struct {
    const char* scheme;
    const char* path;
    std::string wrong;
  } cases[] = {
      {"event", "values/QOBJ", object + "QOBJ'"},
      {"event", "values/QNEST", list + "QNEST'"},
      {"event", "values/QNEST?default=none", list + "QNEST'"},
      {"e", "Field/QOBJ", object + "QOBJ'"},
      {"e", "Field/Q_Language", object + "userLanguage'"},
      {"m", "Language", object + "userLanguage'"},
      {"gr", "SC_0/Score", object + "SC_0'"},
      {"q", "QID7/SelectedChoicesRecode", object + "QID7'"},
      {"q", "QID7/ChoiceGroup/SelectedChoices", object + "QID7'"},
      {"q", "QID3/ChoiceTextEntryValue", list + "QID3_TEXT'"},
      {"q", "QID4/SelectedChoicesRecode/2", object + "QID4_2'"},
      {"q", "QID4/SelectedChoicesRecode", object + "QID4_2'"},
  };
  for (const auto& one : cases) {
    INFO(one.scheme << "://" << one.path);
    const base::Result<base::Value> found = look_up(response, one.scheme, one.path);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == connectors::survey::value_is_nested);
    CHECK(found.error().message.find(std::string(one.scheme) + "://" + one.path) != std::string::npos);
    CHECK(found.error().message.find(one.wrong) != std::string::npos);
  }
  CHECK(*look_up(response, "q", "QID4/SelectedChoicesRecode/1") == num("3"));
  CHECK(*look_up(response, "event", "values/Plain") == base::Value(base::List{"a", num("1")}));
}

TEST_CASE("a number by chance is the same at every attempt, another for another response, and within its range") {
  Response response;
  std::set<std::string> seen_numbers;
  for (int i = 0; i < 200; ++i) {
    response.id = "R_" + std::to_string(i);
    const base::Value first = *look_up(response, "rand", "int/-2:2");
    CHECK(first == *look_up(response, "rand", "int/-2:2"));
    const double number = std::get<base::Number>(first.data).value;
    CHECK((number >= -2 && number <= 2));
    seen_numbers.insert(base::to_text(first));
  }
  CHECK(seen_numbers.size() == 5);
  CHECK(*look_up(response, "rand", "int/7:7") == num("7"));
}
