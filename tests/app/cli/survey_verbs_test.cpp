// Surveys at the command line: describe, and pipes that are judged by a survey's definition.
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/fixture.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Ended;
using test::run_program;

const std::string surveys = test::source_path("tests/fixtures/surveys/");

// A workflow that writes `text` into a contact's description.
std::string workflow_writing(const std::string& text, const std::string& survey = "SV_0check") {
  return json{{"name", "Check"},
              {"trigger", {{"type", "survey_response"}, {"survey", survey}}},
              {"tasks",
               {{"contact",
                 {{"type", "salesforce_create"},
                  {"account", "crm"},
                  {"with", {{"object", "Contact"}, {"fields", {{"LastName", "Reyes"}, {"Description", text}}}}}}}}}}
      .dump();
}

}  // namespace

TEST_CASE("survey describe shows questions, choices, recodes and the pipes to paste") {
  const Ended ended = run_program({"survey", "describe", surveys + "check.qsf"});
  CHECK(ended.code == 0);
  CHECK(ended.complaint.empty());
  CHECK(ended.output.starts_with("SV_0check Service check · 27 questions\n"));
  CHECK(ended.output.find("\nQID2 why (multiple choice)\n  What mattered?\n") != std::string::npos);
  CHECK(ended.output.find("    choice 4: Other (please say) · recode -9 · takes a text\n") != std::string::npos);
  CHECK(ended.output.find("    ${q://QID4/SelectedChoicesRecode/1}  number · recode · Speed\n") != std::string::npos);
  CHECK(ended.output.find("    ${q://QID4/Rows}  list · ") != std::string::npos);
  CHECK(ended.output.find("\nLoops\n    ${lm://Loops/QID20}  list · ") != std::string::npos);
  CHECK(ended.output.find("\nScores\n    ${gr://") != std::string::npos);
  CHECK(ended.output.find("    ${e://Field/Segment}  text · embedded data\n") != std::string::npos);
}

TEST_CASE("survey describe --json gives one document") {
  const Ended ended = run_program({"survey", "describe", surveys + "check.view.json", "--json"});
  CHECK(ended.code == 0);
  const json document = json::parse(ended.output);
  CHECK(document["id"] == "SV_0check");
  CHECK(document["questions"][0]["kind"] == "nps");
  CHECK(document["questions"][0]["pipes"][0]["pipe"] == "${q://QID1/SelectedChoicesRecode}");
  CHECK(document["embedded_data"]["pipes"][0]["pipe"] == "${e://Field/Segment}");
}

TEST_CASE("survey describe of something else names what is wrong and where") {
  const Ended ended = run_program({"survey", "describe", surveys + "check.response.json"});
  CHECK(ended.code == 65);
  CHECK(ended.complaint.find("this is no survey's definition") != std::string::npos);
  CHECK(run_program({"survey", "describe", "missing.qsf"}).code == 65);
}

TEST_CASE("validate judges pipes by the survey that is given, or that lies beside the workflow") {
  const test::TemporaryDirectory directory;
  const std::string file = directory.file("flow.json");
  test::write_file(file, workflow_writing("${q://QID99/SelectedChoicesRecode} ${e://Field/Segmnt}"));
  CHECK(run_program({"validate", file}).code == 0);

  const Ended given = run_program({"validate", file, "--survey", surveys + "check.definition.json"});
  CHECK(given.code == 65);
  CHECK(given.complaint.find("the survey has no question QID99 · did you mean 'q://QID9/SelectedChoicesRecode'?") !=
        std::string::npos);
  CHECK(given.complaint.find("did you mean 'e://Field/Segment'?") != std::string::npos);

  test::write_file(directory.file("survey.qsf"), support::fixture("surveys/check.qsf"));
  const Ended beside = run_program({"validate", file});
  CHECK(beside.code == 65);
  CHECK(beside.complaint == given.complaint);
}

TEST_CASE("validate refuses the definition of another survey, and one with faults") {
  const test::TemporaryDirectory directory;
  const std::string file = directory.file("flow.json");
  test::write_file(file, workflow_writing("${q://QID1/SelectedChoicesRecode}", "SV_other"));
  const Ended other = run_program({"validate", file, "--survey", surveys + "check.qsf"});
  CHECK(other.code == 65);
  CHECK(other.complaint.find(
            "the workflow listens to SV_other, the definition is of SV_0check [survey_definition_differs]") !=
        std::string::npos);

  test::write_file(directory.file("survey.json"), R"({"Questions": {"QID1": 7}})");
  const Ended broken = run_program({"validate", file});
  CHECK(broken.code == 65);
  CHECK(broken.complaint.find("survey.json:1:16: /Questions/QID1: the question QID1 is no object [survey_invalid]") !=
        std::string::npos);
}

TEST_CASE("a run finds the survey's wordings beside its workflow") {
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("survey.qsf"), support::fixture("surveys/check.qsf"));
  test::write_file(directory.file("response.json"), support::fixture("surveys/check.response.json"));
  test::write_file(directory.file("flow.json"),
                   workflow_writing("${q://QID7/QuestionText} ${q://QID7/ChoiceGroup/SelectedChoices} not "
                                    "${q://QID7/ChoiceGroup/UnselectedChoices}; ${lm://Field/1?loop=2}"));
  test::write_file(directory.file("flow.test.json"),
                   R"({"workflow": "flow.json", "cases": [{"name": "wordings", "response": "response.json",
                       "expect": {"crm": {"Contact": [{"Description":
                         "Would you come again? Yes, at once not No; A laptop"}]}}}]})");

  const Ended ended = run_program({"test", directory.path()});

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 0);
}
