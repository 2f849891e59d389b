// A plan as it stands in a terminal: aligned, within its width, every outlook in its words.
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "app/cli/plan_picture.hpp"

namespace {

using app::Outlook;
using app::PlannedResponse;
using app::PlannedTask;
using base::Value;

PlannedTask a_planned_task(const std::string& id, Outlook outlook) {
  PlannedTask task;
  task.id = id;
  task.outlook = outlook;
  task.object = "Contact";
  return task;
}

PlannedResponse a_planned_response() {
  PlannedResponse response;
  response.file = "answers/spring.csv";
  response.place = "row 12";
  response.response = "R_1";

  PlannedTask person = a_planned_task("person", Outlook::finds);
  person.record = "003000000000001AAA";
  person.key = {{"Email", Value("ana@example.com")}};
  person.matched = 1;
  person.calls = 1;

  PlannedTask answer = a_planned_task("answer", Outlook::creates);
  answer.object = "Answer__c";
  answer.record = "(new Answer__c 1)";
  answer.key = {{"Key__c", Value("R_1")}};
  answer.matched = 0;
  answer.fields = {{"Comment__c", Value(), Value("two\nlines")}, {"Score__c", Value(), base::number(std::string("9"))}};
  answer.calls = 1;

  PlannedTask title = a_planned_task("title", Outlook::updates);
  title.record = "003000000000001AAA";
  title.fields = {{"Title", Value("CEO"), Value("CTO")}, {"Phone", Value("555-1"), Value()}};
  title.calls = 1;

  PlannedTask talk = a_planned_task("talk", Outlook::posts);
  talk.record = "(new Answer__c 1)";
  talk.text = "Score 9";
  talk.calls = 1;

  PlannedTask lead = a_planned_task("lead", Outlook::fails);
  lead.object = "Lead";
  lead.code = "salesforce_refused";
  lead.message = "REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]";

  PlannedTask gone = a_planned_task("gone", Outlook::skipped);
  gone.object = "";
  gone.code = "condition_false";
  gone.message = "its condition does not hold";

  response.tasks = {person, answer, title, talk, lead, gone};
  return response;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("a planned response is drawn task by task, new values alone and changes old to new") {
  CHECK(app::cli::planned_response_picture(a_planned_response(), {.width = 80}) == R"(
R_1  spring.csv, row 12                                                  4 calls
  ○ find        person  Contact 003000000000001AAA · Email = ana@example.com · 1
                        record
  + create      answer  (new Answer__c 1) · Key__c = R_1
                        Comment__c  two lines
                        Score__c    9
  ~ update      title   Contact 003000000000001AAA
                        Title  CEO   → CTO
                        Phone  555-1 → (blank)
  » post        talk    on (new Answer__c 1)
                        “Score 9”
  ✗ would fail  lead    Lead
                        REQUIRED_FIELD_MISSING: Required fields are missing:
                        [LastName] [salesforce_refused]
  · skipped     gone    its condition does not hold
)");
}

TEST_CASE("no line of a plan is wider than its terminal, however long the values are") {
  PlannedResponse response = a_planned_response();
  for (PlannedTask& task : response.tasks) {
    task.id += std::string(40, 'x');
    for (tasks::FieldDifference& field : task.fields) {
      field.before = Value(std::string(300, 'a'));
      field.after = Value(std::string(300, 'b'));
    }
  }
  for (const std::size_t width : {80U, 140U}) {
    for (const std::string& line : lines_of(app::cli::planned_response_picture(response, {.width = width}))) {
      INFO(line);
      CHECK(app::cli::columns_of(line) <= width);
    }
  }
}

TEST_CASE("a response that starts no run says why, and so does one that cannot be read") {
  PlannedResponse response;
  response.file = "r.ndjson";
  response.response = "R_1";
  response.code = "trigger_condition_false";
  response.message = "the trigger's condition does not hold";
  CHECK(app::cli::planned_response_picture(response, {.width = 80}) ==
        "\nR_1  r.ndjson\n  starts no run: the trigger's condition does not hold [trigger_condition_false]\n");
  response.is_unreadable = true;
  CHECK(app::cli::planned_response_picture(response, {.width = 80}).find("cannot be read: ") != std::string::npos);
}

TEST_CASE("the head of a plan names each account's environment and org, or says that there is none") {
  app::PlanHead head{.workflow = "NPS"};
  head.accounts = {{.alias = "crm", .id = "acc_1", .environment = "sandbox", .org_id = "00D1", .username = "a@b.c"},
                   {.alias = "other"}};
  CHECK(app::cli::plan_head_picture(head, {.width = 80}) ==
        "Plan of NPS: what a run would change. Nothing is written.\n\n"
        "  crm    sandbox · org 00D1 · a@b.c\n"
        "  other  no account is linked: give --account other=FILE\n");
}

TEST_CASE("the sum of a plan counts what there is of each") {
  app::PlanTally tally;
  tally.add(a_planned_response());
  tally.add(a_planned_response());
  CHECK(app::cli::plan_tally_picture(tally, {.width = 80}) ==
        "\n2 responses, 8 API calls: 2 to create · 2 to update · 2 to post · 2 skipped · 2 would fail\n");
}
