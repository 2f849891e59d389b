// Pipes that ask a survey for something it does not have: what is wrong, and what would be right.
#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "connectors/survey/pipe_offers.hpp"
#include "connectors/survey/piped_text.hpp"
#include "tests/connectors/survey_fixture.hpp"

using connectors::survey::Survey;
using connectors::survey::what_is_wrong_with;

TEST_CASE("a pipe that the survey cannot answer is told what would be right") {
  struct Case {
    const char* scheme;
    const char* path;
    const char* words;
    const char* right;
  };
  const Case cases[] = {
      {"q", "QID99/SelectedChoicesRecode", "the survey has no question QID99", "q://QID9/SelectedChoicesRecode"},
      {"q", "QID23/ChoiceTextEntryValue", "QID23 lies in the survey's trash and is not asked", ""},
      {"q", "QID3/SelectedChoicesRecode", "QID3 is of the kind 'text', whose answers have no 'SelectedChoicesRecode'",
       "q://QID3/ChoiceTextEntryValue"},
      {"q", "QID7/ChoiceTextEntryValue", "QID7 is of the kind 'single choice'", "q://QID7/SelectedChoicesRecode"},
      {"q", "QID6/SelectedChoicesRecode/1", "QID6 is of the kind 'slider'", "q://QID6/ChoiceNumericEntryValue/1"},
      {"q", "QID1/ChoiceNumericEntryValue/1", "QID1 is of the kind 'nps'", "q://QID1/SelectedChoicesRecode"},
      {"q", "QID16/Timing/FirstClick", "QID16 is of the kind 'file upload'", "q://QID16/FileUpload/Link"},
      {"q", "QID4/SelectedChoicesRecode/9",
       "QID4 has no row '9', only 3 (Shop), 1 (Speed), 2 (Staff) and 4 (Something else)", ""},
      {"q", "QID4/SelectedChoicesRecode/Sped", "QID4 has no row 'Sped'", "q://QID4/SelectedChoicesRecode/1"},
      {"q", "QID2/ChoiceTextEntryValue/3", "QID2 has no choice with a text '3', only 4 (Other (please say))", ""},
      {"q", "QID2/SelectedChoicesRecode/1", "QID2 has no rows", "q://QID2/SelectedChoicesRecode"},
      {"q", "QID5/ChoiceTextEntryValue", "QID5 is answered field by field", "q://QID5/ChoiceTextEntryValue/1"},
      {"q", "QID5/ChoiceTextEntryValue/4", "QID5 has no field '4'", ""},
      {"q", "QID13/SelectedChoicesRecode/1", "QID13 is side by side: name a column",
       "q://QID13#1/SelectedChoicesRecode/1"},
      {"q", "QID13#3/SelectedChoicesRecode/1", "QID13 has no column '3', only 1 (How good?) and 2",
       "q://QID13#1/SelectedChoicesRecode/1"},
      {"q", "QID7#1/SelectedChoicesRecode", "QID7 has no columns", "q://QID7/SelectedChoicesRecode"},
      {"q", "QID44/ChoiceTextEntryValue", "the survey has no question QID44", "q://QID4/ChoiceTextEntryValue/4"},
      {"q", "QID33/SelectedChoicesRecode", "the survey has no question QID33", "q://QID3/ChoiceTextEntryValue"},
      {"q", "QID18/Meta/OS", "'Meta/OS' is no form of a question's answer", "q://QID18/Meta/Browser"},
      {"event", "valeus/QID7", "'valeus/QID7' is not among a response's members", "event://values/QID7"},
      {"event", "QID7", "'QID7' is not among a response's members", "event://values/QID7"},
      {"e", "field/Segment", "'field/Segment' names no field", "e://Field/Segment"},
      {"e", "Segment", "'Segment' names no field", "e://Field/Segment"},
      {"q", "QID7/SelectedChoicesRecode?defualt=x", "'?defualt=x' is no modifier",
       "q://QID7/SelectedChoicesRecode?default=x"},
      {"q", "QID7/SelectedChoicesRecode?fromat=url", "'?fromat=url' is no modifier",
       "q://QID7/SelectedChoicesRecode?format=urlencode"},
      {"date", "CurrentDate/Y-m-d?timezon=Europe/Madrid", "'?timezon=Europe/Madrid' is no modifier",
       "date://CurrentDate/Y-m-d?timezone=Europe/Madrid"},
      {"q", "QID14/SelectedChoicesRecode/2", "QID14 has no group '2', only 0 (Keep) and 1 (Drop)", ""},
      {"q", "QID14/SelectedChoicesRecode", "QID14 is answered group by group", "q://QID14/SelectedChoicesRecode/0"},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/0", "QID14 needs the item as well",
       "q://QID14/ChoiceNumericEntryValue/Rank/0/1"},
      {"q", "QID14/ChoiceNumericEntryValue/Rank/0/9", "QID14 has no item '9'", ""},
      {"q", "QID24/ChoiceTextEntryValue/1", "QID24 needs the column as well", "q://QID24/ChoiceTextEntryValue/1/1"},
      {"q", "QID5/ChoiceTextEntryValue/1/1", "a row of QID5 has no columns", "q://QID5/ChoiceTextEntryValue/1"},
      {"q", "QID20/SelectedChoicesRecode", "QID20 is asked in a loop, once in each pass: name the pass",
       "q://1_QID20/SelectedChoicesRecode"},
      {"q", "3_QID20/SelectedChoicesRecode", "the loop of QID20 has no pass 3, only 1 and 2", ""},
      {"q", "1_QID7/SelectedChoicesRecode", "QID7 is not asked in a loop", "q://QID7/SelectedChoicesRecode"},
      {"q", "QID21/SelectedChoicesRecode/1", "QID21 has no row '1', only x1 (Price)", ""},
      {"q", "QID9/ChoiceGroup/ChoiceDescription/80", "QID9 has no choice '80', only 7 (Shop) and 8 (Somewhere else)",
       ""},
      {"e", "Field/Segmnt", "the survey's flow declares no embedded data 'Segmnt'", "e://Field/Segment"},
      {"e", "Field/Colour", "the survey's flow declares no embedded data 'Colour'", ""},
      {"loc", "CountryCode", "a response does not hold 'CountryCode'", ""},
      {"gr", "SC_9kSatisfed/Score", "the survey has no scoring category 'SC_9kSatisfed'", "gr://SC_9kSatisfied/Score"},
      {"lm", "Field/9", "no loop of the survey has a field 9", ""},
      {"lm", "Field/1", "'Field/1' does not say of which pass of the loop", "lm://Field/1?loop=1"},
      {"lm", "Field/1?default=x", "'Field/1' does not say of which pass of the loop", "lm://Field/1?loop=1"},
      {"lm", "CurrentLoopNumber", "'CurrentLoopNumber' does not say of which pass", "lm://CurrentLoopNumber?loop=1"},
      {"lm", "Field/1?loop=5", "the loop has no pass 5, only 1 and 2", "lm://Field/1?loop=1"},
      {"lm", "CurrentLoopNumber?loop=3", "the loop has no pass 3, only 1 and 2", "lm://CurrentLoopNumber?loop=1"},
      {"lm", "Feild/1", "'Feild/1' is not among what a loop knows", "lm://Field/1?loop=1"},
  };
  const Survey survey = support::service_check();
  for (const Case& one : cases) {
    const std::string sentence = what_is_wrong_with(one.scheme, one.path, &survey);
    INFO(one.scheme << "://" << one.path << " -> " << sentence);
    CHECK(sentence.find(one.words) == 0);
    const std::string suggestion = *one.right ? std::string("did you mean '") + one.right + "'?" : "";
    CHECK(sentence.find(suggestion) != std::string::npos);
    // What is suggested is right.
    if (*one.right) {
      const std::string_view right = one.right;
      const std::size_t scheme = right.find("://");
      CHECK(what_is_wrong_with(right.substr(0, scheme), right.substr(scheme + 3), &survey) == "");
    }
  }
}

TEST_CASE("without a survey only the form is judged, and what needs one is told so") {
  CHECK(what_is_wrong_with("q", "QID99/SelectedChoicesRecode/9") == "");
  CHECK(what_is_wrong_with("e", "Field/Anything") == "");
  CHECK(what_is_wrong_with("loc", "City") == "");
  for (const char* path : {"QID1/QuestionText", "QID1/ChoiceGroup/UnselectedChoices", "QID1/ChoiceGroup/AllChoices",
                           "QID1/SelectedChoicesVariableName", "QID1/AnswerGroup/ChoiceDescription/1"}) {
    CHECK(what_is_wrong_with("q", path).find("put the survey's definition, survey.qsf, beside the workflow") !=
          std::string::npos);
  }
}

TEST_CASE("forms of the platform that have another name here are told which") {
  CHECK(what_is_wrong_with("ch", "OCAC_1/$.id").find("here it is task://ID/MEMBER") != std::string::npos);
  CHECK(what_is_wrong_with("ch", "OCAC_1/$.id").find("did you mean") == std::string::npos);
  CHECK(what_is_wrong_with("aedj", "name").find("'event://values/name'") != std::string::npos);
  CHECK(what_is_wrong_with("lm", "CurrentLoopNumber").find("for_each over lm://Loops/QID") != std::string::npos);
  CHECK(what_is_wrong_with("l", "OptOutLink?d=Bye").find("only the survey platform's e-mails") != std::string::npos);
  CHECK(what_is_wrong_with("date", "CurrentDate/PT").find("not documented") != std::string::npos);
  CHECK(what_is_wrong_with("date", "OtherDate/Y/soon").find("'soon' is no distance in days") == 0);
  CHECK(what_is_wrong_with("date", "CurrentDate/Y?timezone=Mars/Base").find("'Mars/Base' is no time zone") == 0);
  CHECK(what_is_wrong_with("rand", "int/9:1").find("'int/9:1' is no range") == 0);
  CHECK(what_is_wrong_with("qo", "QO_1").find("'qo://' is not known here") == 0);
}

TEST_CASE("every pipe that a survey offers is one that it answers") {
  const Survey survey = support::service_check();
  std::size_t offered = 0;
  for (const auto& question : survey.questions) {
    if (!question.is_asked) continue;
    for (const auto& offer : offers_of(question, survey)) {
      const std::size_t scheme = offer.pipe.find("://");
      INFO(offer.pipe);
      CHECK(what_is_wrong_with(std::string_view(offer.pipe).substr(0, scheme),
                               std::string_view(offer.pipe).substr(scheme + 3), &survey) == "");
      ++offered;
    }
  }
  for (const auto& offers : {offers_of_loops(survey), offers_of_scores(survey), offers_of_fields(survey)}) {
    CHECK_FALSE(offers.empty());
    for (const auto& offer : offers) {
      const std::size_t scheme = offer.pipe.find("://");
      INFO(offer.pipe);
      CHECK(what_is_wrong_with(std::string_view(offer.pipe).substr(0, scheme),
                               std::string_view(offer.pipe).substr(scheme + 3), &survey) == "");
    }
  }
  CHECK(offered > 110);
}

TEST_CASE("a survey offers lists, all passes of a loop, scores and the recode of an NPS group") {
  const Survey survey = support::service_check();
  std::map<std::string, std::string> types;
  for (const auto& question : survey.questions) {
    for (const auto& offer : offers_of(question, survey)) types[offer.pipe] = offer.type;
  }
  for (const auto& offers : {offers_of_loops(survey), offers_of_scores(survey)}) {
    for (const auto& offer : offers) types[offer.pipe] = offer.type;
  }
  CHECK(types["q://QID1/NetPromoterScore/GroupRecode"] == "number");
  CHECK(types["q://QID4/Rows"] == "list");
  CHECK(types["q://1_QID20/SelectedChoicesRecode"] == "number");
  CHECK(types["q://2_QID20/SelectedChoicesRecode"] == "number");
  CHECK(types["lm://Loops/QID20"] == "list");
  CHECK(types["lm://Field/1?loop=2"] == "text");
  CHECK(types["gr://SC_9kSatisfied/Score"] == "number");
}
