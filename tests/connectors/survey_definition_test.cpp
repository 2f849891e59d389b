// Survey definitions in the API's two shapes and as .qsf files, with the moods in which the platform writes them.
#include <catch2/catch.hpp>

#include "tests/connectors/survey_fixture.hpp"

using connectors::survey::Choice;
using connectors::survey::Question;
using connectors::survey::QuestionKind;
using connectors::survey::Survey;
using connectors::survey::SurveyReading;

namespace {

SurveyReading read_definition_text(const std::string& text) {
  return connectors::survey::read_survey(base::JsonDocument::read(text, "survey.json"));
}

// A definition with one question.
Question question_written_as(const std::string& json) {
  SurveyReading reading = read_definition_text(R"({"SurveyID":"SV_1","Questions":{"QID1":)" + json + "}}");
  for (const base::Finding& finding : reading.findings) UNSCOPED_INFO(base::to_line(finding));
  REQUIRE(reading.survey);
  return reading.survey->questions.front();
}

std::vector<std::string> ids_of(const std::vector<Choice>& choices) {
  std::vector<std::string> ids;
  for (const Choice& choice : choices) ids.push_back(choice.id);
  return ids;
}

}  // namespace

TEST_CASE("all three shapes of a definition give the same survey") {
  for (const char* name : {"check.definition.json", "check.qsf", "check.view.json"}) {
    INFO(name);
    SurveyReading reading = support::read_survey_fixture(name);
    REQUIRE(reading.survey);
    CHECK_FALSE(base::has_errors(reading.findings));
    const Survey& survey = *reading.survey;
    CHECK(survey.id == "SV_0check");
    CHECK(survey.name == "Service check");
    CHECK(survey.question("QID2")->choice("4")->label == "Other (please say)");
    CHECK(survey.question("QID2")->choice("4")->recode == "-9");
    CHECK(survey.question("QID2")->choice("4")->takes_text);
    CHECK(survey.question("QID2")->choice("1")->variable_name == "price");
    CHECK(survey.question("QID4")->row("2")->label == "Staff");
    CHECK(survey.question("QID4")->choice("4")->recode == "-1");
    CHECK(survey.question("QID5")->row("3")->label == "Postcode");
    CHECK(survey.question("QID7")->choice("2")->label == "Yes, at once");
    CHECK(survey.field("Segment") != nullptr);
    CHECK(survey.field("Nothing") == nullptr);
  }
}

TEST_CASE("each question of the survey is of its kind") {
  struct Case {
    const char* id;
    QuestionKind kind;
  };
  const Case cases[] = {
      {"QID1", QuestionKind::nps},
      {"QID2", QuestionKind::multiple_choice},
      {"QID3", QuestionKind::text},
      {"QID4", QuestionKind::matrix_single},
      {"QID5", QuestionKind::form},
      {"QID6", QuestionKind::slider},
      {"QID7", QuestionKind::single_choice},
      {"QID8", QuestionKind::single_choice},
      {"QID9", QuestionKind::single_choice},
      {"QID10", QuestionKind::matrix_multiple},
      {"QID11", QuestionKind::constant_sum},
      {"QID12", QuestionKind::rank_order},
      {"QID13", QuestionKind::side_by_side},
      {"QID13#1", QuestionKind::matrix_single},
      {"QID13#2", QuestionKind::matrix_text},
      {"QID14", QuestionKind::pick_group_rank},
      {"QID15", QuestionKind::drill_down},
      {"QID16", QuestionKind::file_upload},
      {"QID17", QuestionKind::timing},
      {"QID18", QuestionKind::meta},
      {"QID19", QuestionKind::descriptive},
      {"QID22", QuestionKind::other},
      {"QID24", QuestionKind::matrix_text},
  };
  const Survey survey = support::service_check();
  for (const Case& one : cases) {
    INFO(one.id);
    REQUIRE(survey.question(one.id));
    CHECK(survey.question(one.id)->kind == one.kind);
  }
}

TEST_CASE("the platform's words for a type and a selector name the kind of answer") {
  struct Case {
    const char* type;
    const char* selector;
    const char* sub_selector;
    QuestionKind kind;
  };
  const Case cases[] = {
      {"MC", "SAVR", "TX", QuestionKind::single_choice},
      {"MC", "SAHR", "TX", QuestionKind::single_choice},
      {"MC", "SACOL", "TX", QuestionKind::single_choice},
      {"MC", "DL", "", QuestionKind::single_choice},
      {"MC", "SB", "", QuestionKind::single_choice},
      {"MC", "MAVR", "TX", QuestionKind::multiple_choice},
      {"MC", "MAHR", "TX", QuestionKind::multiple_choice},
      {"MC", "MACOL", "TX", QuestionKind::multiple_choice},
      {"MC", "MSB", "", QuestionKind::multiple_choice},
      {"MC", "NPS", "", QuestionKind::nps},
      {"TE", "SL", "", QuestionKind::text},
      {"TE", "ML", "", QuestionKind::text},
      {"TE", "ESTB", "", QuestionKind::text},
      {"TE", "PW", "", QuestionKind::text},
      {"TE", "FORM", "", QuestionKind::form},
      {"Matrix", "Likert", "SingleAnswer", QuestionKind::matrix_single},
      {"Matrix", "Likert", "MultipleAnswer", QuestionKind::matrix_multiple},
      {"Matrix", "MaxDiff", "", QuestionKind::matrix_single},
      {"Matrix", "TE", "Short", QuestionKind::matrix_text},
      {"CS", "VRTL", "TX", QuestionKind::constant_sum},
      {"RO", "DND", "TX", QuestionKind::rank_order},
      {"RO", "RB", "TX", QuestionKind::rank_order},
      {"PGR", "DragAndDrop", "Columns", QuestionKind::pick_group_rank},
      {"SBS", "SBSMatrix", "", QuestionKind::side_by_side},
      {"DB", "TB", "", QuestionKind::descriptive},
      {"DB", "PTB", "", QuestionKind::descriptive},
      {"Meta", "Browser", "", QuestionKind::meta},
      {"Timing", "PageTimer", "", QuestionKind::timing},
      {"Slider", "HSLIDER", "", QuestionKind::slider},
      {"DrillDown", "", "", QuestionKind::drill_down},
      {"FileUpload", "FileUpload", "", QuestionKind::file_upload},
  };
  for (const Case& one : cases) {
    INFO(one.type << " " << one.selector);
    const Question question = question_written_as(std::string(R"({"QuestionType":")") + one.type + R"(","Selector":")" +
                                                  one.selector + R"(","SubSelector":")" + one.sub_selector + R"("})");
    CHECK(question.kind == one.kind);
  }
}

TEST_CASE("choices are read whatever mood the platform was in") {
  const auto mc = [](const std::string& rest) {
    return question_written_as(R"({"QuestionType":"MC","Selector":"SAVR",)" + rest + "}");
  };
  CHECK(mc(R"("Choices":[])").choices.empty());
  CHECK(mc(R"("Choices":null)").choices.empty());
  CHECK(ids_of(mc(R"("Choices":[{"Display":"A"},{"Display":"B"}])").choices) == std::vector<std::string>{"1", "2"});
  CHECK(ids_of(mc(R"("Choices":{"10":{"Display":"J"},"2":{"Display":"B"},"1":{"Display":"A"}})").choices) ==
        std::vector<std::string>{"1", "2", "10"});
  CHECK(ids_of(mc(R"("Choices":{"1":{"Display":"A"},"2":{"Display":"B"},"3":{"Display":"C"}},"ChoiceOrder":[3,"1"])")
                   .choices) == std::vector<std::string>{"3", "1", "2"});
  CHECK(mc(R"("Choices":{"1":{"Display":"<em>A</em> &amp; <a href=\"x\">B</a>"}})").choices[0].label == "A & B");
  CHECK(mc(R"("Choices":{"1":{"Display":7}})").choices[0].label == "7");
}

TEST_CASE("a drill-down's definition says which choice leads to which, or that is not known") {
  const auto drill_down = [](const std::string& levels, const std::string& rest) {
    return question_written_as(R"({"QuestionType":"DD","Selector":"DL","Choices":)" + levels +
                               R"(,"Answers":{"1":{"Display":"Spain"},"2":{"Display":"Madrid"}})" + rest + "}");
  };
  const std::string one = R"({"1":{"Display":"Where"}})";
  const std::string two = R"({"1":{"Display":"Country"},"2":{"Display":"Town"}})";

  const Question led = drill_down(two, R"(,"AnswerMap":{"1":null,"2":"1"})");
  REQUIRE(led.knows_levels);
  CHECK(led.way_to(led.choices[0]) == std::vector<const Choice*>{&led.choices[0]});
  CHECK(led.way_to(led.choices[1]) == std::vector<const Choice*>{&led.choices[0], &led.choices[1]});
  CHECK(drill_down(one, R"(,"AnswerMap":{"1":null,"2":null})").knows_levels);
  CHECK(drill_down(one, "").knows_levels);
  CHECK_FALSE(drill_down(two, "").knows_levels);
  CHECK_FALSE(drill_down(two, R"(,"AnswerMap":{"1":null,"2":null})").knows_levels);
  CHECK_FALSE(drill_down(two, R"(,"AnswerMap":{"1":"2","2":"1"})").knows_levels);
  CHECK_FALSE(drill_down(two, R"(,"AnswerMap":{"1":null,"2":"9"})").knows_levels);
}

TEST_CASE("a recode is an integer, a text, negative, or missing and then the choice's id") {
  struct Case {
    const char* recodes;
    const char* recode;
  };
  const Case cases[] = {
      {R"({"3":5})", "5"},
      {R"({"3":"5"})", "5"},
      {R"({"3":-99})", "-99"},
      {R"({"3":"-1"})", "-1"},
      {R"({"1":"9"})", "3"},
      {"[]", "3"},
      {"{}", "3"},
      {"null", "3"},
      {R"({"3":""})", "3"},
      {R"({"3":0})", "0"},
  };
  for (const Case& one : cases) {
    INFO(one.recodes);
    const Question question = question_written_as(
        std::string(R"({"QuestionType":"MC","Selector":"DL","Choices":{"3":{"Display":"C"}},"RecodeValues":)") +
        one.recodes + "}");
    CHECK(question.choices[0].recode == one.recode);
  }
}

TEST_CASE("recodes and names that are a list belong to the choices in the order of their ids") {
  struct Case {
    const char* choices;
    const char* recodes;
    std::vector<std::string> read;  // id=recode, in the question's order
    const char* first_name;
  };
  const Case cases[] = {
      {R"([{"Display":"zero"},{"Display":"one"}],"ChoiceOrder":[0,1])", R"(["5","6"])", {"0=5", "1=6"}, "A"},
      {R"([{"Display":"zero"},{"Display":"one"}],"ChoiceOrder":["1","0"])", "[5,6]", {"1=6", "0=5"}, "B"},
      {R"([{"Display":"one"},{"Display":"two"}],"ChoiceOrder":["2","1"])", "[5,-6]", {"2=-6", "1=5"}, "B"},
      {R"({"0":{"Display":"zero"},"1":{"Display":"one"}})", "[5,null]", {"0=5", "1=1"}, "A"},
      {R"({"2":{"Display":"two"},"10":{"Display":"ten"}},"ChoiceOrder":[10,2])", "[5,6]", {"10=6", "2=5"}, "B"},
      {R"({"1":{"Display":"one"},"2":{"Display":"two"}})", "[]", {"1=1", "2=2"}, "A"},
      {R"({"1":{"Display":"one"},"2":{"Display":"two"}})", "[5]", {"1=1", "2=2"}, "A"},
  };
  for (const Case& one : cases) {
    INFO(one.choices << " " << one.recodes);
    const Question question =
        question_written_as(std::string(R"({"QuestionType":"MC","Selector":"SAVR","VariableNaming":["A","B"],)") +
                            R"("RecodeValues":)" + one.recodes + R"(,"Choices":)" + one.choices + "}");
    std::vector<std::string> read;
    for (const auto& choice : question.choices) read.push_back(choice.id + "=" + choice.recode);
    CHECK(read == one.read);
    CHECK(question.choices.front().variable_name == one.first_name);
  }
}

TEST_CASE("a text beside a choice is asked for in three spellings") {
  for (const char* yes : {R"("true")", "1", "true"}) {
    CHECK(question_written_as(std::string(R"({"QuestionType":"MC","Choices":{"1":{"Display":"A","TextEntry":)") + yes +
                              "}}}")
              .choices[0]
              .takes_text);
  }
  for (const char* no : {R"("false")", "0", "null", "false"}) {
    CHECK_FALSE(question_written_as(std::string(R"({"QuestionType":"MC","Choices":{"1":{"Display":"A","TextEntry":)") +
                                    no + "}}}")
                    .choices[0]
                    .takes_text);
  }
}

TEST_CASE("the scale of an NPS question is complete even where its choices are missing") {
  for (const char* choices : {"[]", "{}", "null"}) {
    const Question question =
        question_written_as(std::string(R"({"QuestionType":"MC","Selector":"NPS","Choices":)") + choices + "}");
    REQUIRE(question.choices.size() == 11);
    CHECK(question.choices.front().recode == "0");
    CHECK(question.choices.back().recode == "10");
  }
  CHECK(support::service_check().question("QID1")->choices.front().recode == "0");
}

TEST_CASE("export tags are false or an object") {
  const Survey survey = support::service_check();
  CHECK(survey.question("QID4")->row("1")->export_tag == "speed");
  CHECK(survey.question("QID4")->row("3")->export_tag.empty());
  CHECK(survey.question("QID1")->choices[0].export_tag.empty());
  CHECK(survey.question("QID1")->export_tag == "nps");
}

TEST_CASE("choices carried forward become rows x1, x2 with the other question's words") {
  const Survey survey = support::service_check();
  const Question& question = *survey.question("QID21");
  CHECK(question.carries_from == "QID2");
  CHECK(ids_of(question.rows) == std::vector<std::string>{"x1", "x2", "x3", "x4"});
  CHECK(question.row("x4")->label == "Other (please say)");
}

TEST_CASE("questions that carry forward from each other in a ring end") {
  SurveyReading reading = read_definition_text(
      R"({"Questions":{"QID1":{"QuestionType":"MC","Choices":{"1":{"Display":"A"}},"DynamicChoices":{"Locator":"q://QID2/ChoiceGroup/SelectedChoices"}},)"
      R"("QID2":{"QuestionType":"MC","Choices":[],"DynamicChoices":{"Locator":"q://QID1/ChoiceGroup/SelectedChoices"}},)"
      R"("QID3":{"QuestionType":"MC","Choices":[],"DynamicChoices":{"Locator":"q://QID3/ChoiceGroup/SelectedChoices"}}}})");
  REQUIRE(reading.survey);
  CHECK(reading.survey->question("QID2")->choice("x1") != nullptr);
  CHECK(reading.survey->question("QID3")->choices.empty());
}

TEST_CASE("blocks give the order, the trash and the loops") {
  const Survey survey = support::service_check();
  CHECK(survey.questions.front().id == "QID1");
  CHECK_FALSE(survey.question("QID23")->is_asked);
  CHECK(survey.question("QID3")->is_asked);
  CHECK(survey.is_looped(*survey.question("QID20")));
  CHECK_FALSE(survey.is_looped(*survey.question("QID3")));
  const auto* loop = survey.block("BL_loop");
  REQUIRE(loop->passes.size() == 2);
  CHECK(loop->loop_question == "QID27");
  CHECK(loop->passes[1].fields.at("2") == "second");
}

TEST_CASE("embedded data is found in every depth of the flow, with where it comes from") {
  const Survey survey = support::service_check();
  CHECK_FALSE(survey.field("Segment")->from_recipient);
  CHECK(survey.field("Tier")->from_recipient);
  CHECK(survey.field("Spend")->type == "Number");
  CHECK(survey.field("City")->value == "${loc://City}");
  CHECK(survey.scoring.front().id == "SC_9kSatisfied");
}

TEST_CASE("a definition with faults names all of them, each at its place") {
  const std::string text = R"({
  "SurveyID": "SV_1",
  "Questions": {
    "QID1": 7,
    "QID2": {"QuestionText": "no type"},
    "QID3": {"QuestionType": "MC", "Choices": "none"},
    "QID4": {"QuestionType": "MC", "Choices": {"1": ["A"]}, "RecodeValues": 3}
  },
  "Blocks": 5,
  "SurveyFlow": {"Flow": [{"Type": "EmbeddedData", "EmbeddedData": [{"Value": "x"}]}]}
})";
  SurveyReading reading = read_definition_text(text);

  CHECK_FALSE(reading.survey);
  std::vector<std::string> places;
  for (const base::Finding& finding : reading.findings) {
    CHECK(finding.code == "survey_invalid");
    CHECK(finding.line > 0);
    places.push_back(finding.pointer);
  }
  CHECK_THAT(places, Catch::UnorderedEquals(std::vector<std::string>{
                         "/Questions/QID1", "/Questions/QID2", "/Questions/QID3/Choices", "/Questions/QID4/Choices/1",
                         "/Questions/QID4/RecodeValues", "/Blocks", "/SurveyFlow/Flow/0/EmbeddedData/0"}));
}

TEST_CASE("what is no survey says so") {
  for (const char* text : {"{}", "[]", "7", R"({"responses":[]})"}) {
    SurveyReading reading = read_definition_text(text);
    CHECK_FALSE(reading.survey);
    REQUIRE(reading.findings.size() == 1);
    CHECK(reading.findings[0].message.find("this is no survey's definition") == 0);
  }
  CHECK(read_definition_text(R"({"Questions":{}})").findings[0].message == "the survey has no questions");
  CHECK_FALSE(read_definition_text("{").survey);
}

TEST_CASE("a type that nobody knows is a note, and the survey is read") {
  SurveyReading reading = read_definition_text(R"({"Questions":{"QID1":{"QuestionType":"Hologram"}}})");
  REQUIRE(reading.survey);
  REQUIRE(reading.findings.size() == 1);
  CHECK(reading.findings[0].severity == base::Severity::note);
  CHECK(reading.survey->questions[0].kind == QuestionKind::other);
}
