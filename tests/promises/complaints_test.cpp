// What users of this kind of program complain about, each as it must not happen here: seen from outside, through the
// program, its HTTP API and the org's own records.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

using Catch::Contains;
using nlohmann::json;
using promises::SurveyResponse;
using promises::task_of;
using promises::World;
using test::Ended;
using test::run_program;

namespace {

// One task that keeps the answer; `fields` as a workflow writes them.
std::string answer_workflow(const std::string& fields) {
  return R"({"name": "Answers", "trigger": {"type": "survey_response"}, "tasks": {"it": {
    "type": "salesforce_upsert", "account": "crm",
    "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"}, "fields": )" +
         fields + "}}}}";
}

// One task that makes a contact by that name; `more` goes behind its fields.
std::string contact_workflow(const std::string& more) {
  return R"({"name": "Contacts", "trigger": {"type": "survey_response"}, "tasks": {"it": {
    "type": "salesforce_create", "account": "crm", "with": {"object": "Contact",
      "fields": {"LastName": "Reyes", "Email": "${m://Email}"})" +
         more + "}}}}";
}

// QID3 is a free text; QID7 can be answered with A and with Nowhere.
const char* const two_questions = R"({"result": {"SurveyID": "SV_two", "SurveyName": "Two", "Questions": {
  "QID3": {"QuestionID": "QID3", "QuestionText": "Why?", "DataExportTag": "why", "QuestionType": "TE", "Selector": "SL"},
  "QID7": {"QuestionID": "QID7", "QuestionText": "Where?", "DataExportTag": "where", "QuestionType": "MC",
           "Selector": "SAVR", "SubSelector": "TX", "ChoiceOrder": ["1", "2"],
           "Choices": {"1": {"Display": "A"}, "2": {"Display": "Nowhere"}}}}}})";

// `validate` with the survey and the org's own schema, as an author runs it before anything else; no server.
Ended validated(const std::string& workflow) {
  const test::TemporaryDirectory directory;
  const promises::OrgProgram org(directory.file("org.db"));
  test::write_file(directory.file("flow.json"), workflow);
  test::write_file(directory.file("survey.json"), two_questions);
  test::write_file(directory.file("crm.json"), org.account_document());
  const Ended saved = run_program({"org", "snapshot", directory.file("flow.json"), "--account",
                                   "crm=" + directory.file("crm.json"), "-o", directory.file("org")});
  INFO(saved.output << saved.complaint);
  REQUIRE(saved.code == 0);
  return run_program({"validate", directory.file("flow.json"), "--survey", directory.file("survey.json"), "--org",
                      directory.file("org")});
}

std::string shown(const World& world, const std::string& run) {
  return run_program({"runs", "show", run, "--server", world.server.url(), "--token", world.server.token()}).output;
}

// An org that takes contacts with one e-mail address for the same, and only warns of them.
void warn_of_equal_addresses(const World& world) {
  world.org.local("PUT", "/_local/policies", R"({"duplicate_rules": ["Contact.Email"]})");
}

int contacts(const World& world) { return world.org.count("SELECT Id FROM Contact"); }

// 100 cases of one workflow, all of which hold for it as it stands.
void write_hundred_cases(const test::TemporaryDirectory& directory) {
  const std::string fields =
      R"({"Score__c": {"value": "${q://QID1/SelectedChoicesRecode}", "as": "number"}, "Segment__c": {
        "value": "${q://QID1/ChoiceGroup/SelectedChoices}", "map": {"Promoter": "A", "Passive": "B", "*": "C"}}})";
  test::write_file(directory.file("workflow.json"), answer_workflow(fields));
  json cases = json::array();
  for (int i = 0; i < 100; ++i) {
    const int score = i % 11;
    const std::string file = fmt::format("response{}.json", i);
    test::write_file(directory.file(file), SurveyResponse{.id = fmt::format("R_{}", i), .score = score}.json());
    const char* segment = score >= 9 ? "A" : score >= 7 ? "B" : "C";
    cases.push_back(
        {{"name", fmt::format("score {} of response {}", score, i)},
         {"response", file},
         {"expect",
          {{"crm",
            {{"Survey_Response__c",
              {{{"Response_Id__c", fmt::format("R_{}", i)}, {"Score__c", score}, {"Segment__c", segment}}}}}}}}});
  }
  test::write_file(directory.file("hundred.test.json"), json{{"workflow", "workflow.json"}, {"cases", cases}}.dump(2));
}

}  // namespace

TEST_CASE("complaint 14: a free text for a field of 255 characters is warned of before any response arrives") {
  const Ended ended = validated(answer_workflow(R"({"Survey__c": "${q://QID3/ChoiceTextEntryValue}"})"));

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 0);
  CHECK_THAT(ended.output + ended.complaint,
             Contains("answer_may_be_too_long") && Contains("/tasks/it/with/fields/Survey__c") && Contains("255"));
}

TEST_CASE("complaint 14: a choice that a restricted picklist lacks is an error before any response arrives") {
  const Ended ended = validated(answer_workflow(R"({"Segment__c": "${q://QID7/ChoiceGroup/SelectedChoices}"})"));

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 65);
  CHECK_THAT(ended.complaint, Contains("mapping_value_not_in_picklist") &&
                                  Contains("/tasks/it/with/fields/Segment__c") && Contains("'Nowhere'"));
}

TEST_CASE("complaint 14: a text that is cut to fit is noted on the run, with its lengths and not with its words") {
  World world(
      answer_workflow(R"({"Survey__c": {"value": "${q://QID3/ChoiceTextEntryValue}", "on_too_long": "truncate"}})"));
  REQUIRE(world.server.start());
  const std::string long_text(300, 'x');

  const std::string cut = world.server.accepted_run(SurveyResponse{.id = "R_long", .comment = long_text}.json());
  const std::string whole = world.server.accepted_run(SurveyResponse{.id = "R_short", .comment = "short"}.json());

  const json run = world.server.run_when(cut, "succeeded");
  CHECK(task_of(run, "it").at("notes") ==
        json::parse(R"([{"code": "text_cut", "field": "Survey__c", "message": "cut from 300 to 255 characters"}])"));
  CHECK_THAT(shown(world, cut), Contains("note") && Contains("Survey__c: cut from 300 to 255 characters"));
  CHECK(world.org.records("SELECT Survey__c FROM Survey_Response__c WHERE Response_Id__c = 'R_long'")
            .at(0)
            .at("Survey__c") == std::string(255, 'x'));
  CHECK_FALSE(task_of(world.server.run_when(whole, "succeeded"), "it").contains("notes"));
}

TEST_CASE("complaint 15: a question that was skipped does not wipe what the record holds") {
  World world(R"({"name": "Phones", "trigger": {"type": "survey_response"}, "tasks": {"it": {
    "type": "salesforce_update", "account": "crm",
    "with": {"object": "Contact", "id": "${e://Field/Contact}",
             "fields": {"Phone": "${q://QID3/ChoiceTextEntryValue}", "Title": "CEO"}}}}})");
  const std::string contact = world.org.insert("Contact", R"({"LastName": "Reyes", "Phone": "+34 600 000 000"})");
  REQUIRE(world.server.start());

  const std::string id = world.server.accepted_run(SurveyResponse{.id = "R_1", .contact = contact}.json());

  const json run = world.server.run_when(id, "succeeded");
  CHECK(task_of(run, "it").at("attempts").at(0).at("request").at("fields") == json{{"Title", "CEO"}});
  CHECK(world.org.records("SELECT Phone, Title FROM Contact").at(0).at("Phone") == "+34 600 000 000");
  CHECK(world.org.records("SELECT Phone, Title FROM Contact").at(0).at("Title") == "CEO");
}

TEST_CASE("complaint 18: a hundred cases are tested with neither server nor account, and a planted mistake is named") {
  const test::TemporaryDirectory directory;
  write_hundred_cases(directory);

  const Ended right = run_program({"test", directory.path()});
  INFO(right.output << right.complaint);
  CHECK(right.code == 0);
  CHECK_THAT(right.output, Contains("100 passed"));

  std::string workflow = test::read_file(directory.file("workflow.json"));
  const std::string passive = R"("Passive": "B")";
  test::write_file(directory.file("workflow.json"),
                   workflow.replace(workflow.find(passive), passive.size(), R"("Passive": "A")"));
  const Ended wrong = run_program({"test", directory.path()});

  CHECK(wrong.code == 1);
  CHECK_THAT(wrong.output, Contains("82 passed, 18 failed"));  // scores 7 and 8 of 0 to 10, nine times each
  CHECK_THAT(wrong.output, Contains("score 7 of response 7") &&
                               Contains(R"(Survey_Response__c[0].Segment__c: expected "B", found "A")"));
}

TEST_CASE("complaint 23: a rule that only warns lets a record through where the mapping allows it, noted on the run") {
  World world(contact_workflow(R"(, "duplicates": "allow")"));
  warn_of_equal_addresses(world);
  const std::string first = world.org.insert("Contact", R"({"LastName": "Reyes", "Email": "reyes@example.com"})");
  REQUIRE(world.server.start());

  const std::string id = world.server.accepted_run(SurveyResponse{.id = "R_1"}.json());

  const json run = world.server.run_when(id, "succeeded");
  CHECK(contacts(world) == 2);
  CHECK(task_of(run, "it").at("output").at("created") == true);
  for (const json& attempt : task_of(run, "it").at("attempts"))
    CHECK(attempt.at("request").at("duplicates") == "allow");
  const json notes = task_of(run, "it").at("notes");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].at("code") == "duplicates_allowed");
  CHECK_THAT(notes[0].at("message").get<std::string>(), Contains("Contact.Email") && Contains("Contact " + first));
  CHECK_THAT(shown(world, id), Contains(first));
}

TEST_CASE("complaint 23: a record that no rule warns of is sent once, and nothing is noted") {
  World world(contact_workflow(R"(, "duplicates": "allow")"));
  warn_of_equal_addresses(world);
  REQUIRE(world.server.start());

  const json run = world.server.run_when(world.server.accepted_run(SurveyResponse{.id = "R_1"}.json()), "succeeded");

  CHECK(contacts(world) == 1);
  CHECK_FALSE(task_of(run, "it").contains("notes"));
  CHECK(world.org.calls("method=POST&path=/sobjects/Contact") == 1);
}

TEST_CASE("complaint 23: without leave the run fails, and names the records that the org takes for the same") {
  World world(contact_workflow(""));
  const std::string first = world.org.insert("Contact", R"({"LastName": "Reyes", "Email": "reyes@example.com"})");
  const std::string second = world.org.insert("Contact", R"({"LastName": "Rey", "Email": "reyes@example.com"})");
  warn_of_equal_addresses(world);
  REQUIRE(world.server.start());

  const std::string id = world.server.accepted_run(SurveyResponse{.id = "R_1"}.json());

  const json run = world.server.run_when(id, "failed");
  CHECK(contacts(world) == 2);
  CHECK_THAT(task_of(run, "it").at("message").get<std::string>(),
             Contains("DUPLICATES_DETECTED") && Contains(first) && Contains(second));
  CHECK_THAT(shown(world, id), Contains(first) && Contains(second));
}

TEST_CASE("complaint 23: what a rule warns of is made once, wherever the server dies") {
  const std::string workflow = R"({"name": "Answers", "trigger": {"type": "survey_response"}, "tasks": {"it": {
    "type": "salesforce_upsert", "account": "crm",
    "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"},
             "duplicates": "allow", "fields": {"Survey__c": "Spring"}}}}})";
  const std::string response = SurveyResponse{.id = "R_1"}.json();
  int deaths = 0;
  for (const char* point : {"record.before_commit", "record.after_commit", "attempt.after_perform"}) {
    for (int passing = 1; passing <= 9; ++passing) {
      const std::string crash_at = fmt::format("{}:{}", point, passing);
      INFO(crash_at);
      World world(workflow);
      world.org.local("PUT", "/_local/policies", R"({"duplicate_rules": ["Survey_Response__c.Survey__c"]})");
      world.org.insert("Survey_Response__c", R"({"Response_Id__c": "R_0", "Survey__c": "Spring"})");
      if (!promises::dies_at(world, crash_at, response)) break;
      ++deaths;
      REQUIRE(world.server.start());
      const json run = world.server.run_when(world.server.accepted_run(response), "succeeded");

      CHECK(world.org.count("SELECT Id FROM Survey_Response__c") == 2);
      CHECK(world.server.all_runs().size() == 1);
      CHECK(task_of(run, "it").at("notes").size() == 1);
    }
  }
  CHECK(deaths > 5);  // or the sweep tests nothing
  WARN(deaths << " deaths, each made good by the next life");
}
