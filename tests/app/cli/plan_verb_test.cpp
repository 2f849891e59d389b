// `sluice plan` against a local org: what it tells, how it ends, and that it leaves the org as it was.
#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/cli/one_org.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"

namespace {

using nlohmann::json;
using test::Ended;

// A workflow with one task of each kind.
constexpr const char* every_kind = R"({
  "name": "Every kind",
  "trigger": {"type": "survey_response", "when": {"value": "${rm://Field/Finished}", "equals": 1}},
  "tasks": {
    "person": {"type": "salesforce_find", "account": "crm",
               "with": {"object": "Contact", "match": {"Email": "${e://Field/email}"}, "if_none": "continue"}},
    "answer": {"type": "salesforce_upsert", "account": "crm",
               "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"},
                        "fields": {"Score__c": {"value": "${q://QID1/SelectedChoicesRecode}", "as": "number"},
                                   "Contact__c": "${task://person/Id}"}}},
    "title":  {"type": "salesforce_update", "account": "crm",
               "when": {"not": {"value": "${task://person/Id}", "is_blank": true}},
               "with": {"object": "Contact", "id": "${task://person/Id}", "fields": {"Title": "${e://Field/title}"}}},
    "lead":   {"type": "salesforce_create", "account": "crm",
               "when": {"value": "${task://person/Id}", "is_blank": true},
               "with": {"object": "Lead", "fields": {"LastName": "${e://Field/name}", "Company": "Acme"}}},
    "talk":   {"type": "salesforce_chatter_post", "account": "crm",
               "with": {"record": "${task://answer/id}", "text": "see ${task://answer/id}"}}
  }
})";

std::string a_response(const std::string& id, const json& values) {
  json document{{"responseId", id},
                {"values", {{"finished", 1}, {"QID1", 9}}},
                {"labels", json::object()},
                {"displayedFields", json::array({"QID1"})},
                {"displayedValues", json::object()}};
  document["values"].update(values);
  return document.dump();
}

struct PlannedOrg : test::OneOrg {
  PlannedOrg() { test::write_file(directory.file("workflow.json"), every_kind); }

  Ended plan(const std::string& responses, std::vector<std::string> more = {"--json"}, bool with_right_secret = true) {
    test::write_file(directory.file("responses.ndjson"), responses);
    std::vector<std::string> words{"plan",       directory.file("workflow.json"),
                                   "--response", directory.file("responses.ndjson"),
                                   "--account",  account(with_right_secret)};
    words.insert(words.end(), more.begin(), more.end());
    return test::run_program(words);
  }

  std::vector<std::string> writes() {
    std::vector<std::string> writes;
    for (const local_org::Call& call : org.calls())
      if (call.method != "GET" && call.path.find("/oauth2/") == std::string::npos)
        writes.push_back(call.method + " " + call.path);
    return writes;
  }
};

json task_of_plan(const Ended& ended, const std::string& id, std::size_t response = 0) {
  const json tasks = json::parse(ended.output).at("responses").at(response).at("tasks");
  for (const json& task : tasks)
    if (task.at("task") == id) return task;
  return nullptr;
}

json a_change_of(const char* field, const json& before, const json& after) {
  return {{"field", field}, {"old", before}, {"new", after}};
}

}  // namespace

TEST_CASE("plan tells what each task would do, field by field, and sends no write") {
  PlannedOrg one;
  const std::string contact =
      one.org.insert("Contact", {R"({"LastName":"Reyes","Email":"reyes@example.com","Title":"CEO"})"});

  const Ended ended = one.plan(a_response("R_1", {{"email", "reyes@example.com"}, {"title", "CTO"}}));

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 2);
  const json person = task_of_plan(ended, "person");
  CHECK(person["does"] == "find");
  CHECK(person["key"] == json({{"Email", "reyes@example.com"}}));
  CHECK(person["matched"] == 1);
  CHECK(person["record"] == contact);
  const json answer = task_of_plan(ended, "answer");
  CHECK(answer["does"] == "create");
  CHECK(answer["record"] == "(new Survey_Response__c 1)");
  CHECK(answer["key"] == json({{"Response_Id__c", "R_1"}}));
  CHECK(answer["matched"] == 0);
  CHECK(answer["fields"] ==
        json::array({a_change_of("Contact__c", nullptr, contact), a_change_of("Score__c", nullptr, 9)}));
  const json title = task_of_plan(ended, "title");
  CHECK(title["does"] == "update");
  CHECK(title["record"] == contact);
  CHECK(title["fields"] == json::array({a_change_of("Title", "CEO", "CTO")}));
  CHECK(task_of_plan(ended, "lead")["does"] == "skipped");
  CHECK(task_of_plan(ended, "lead")["code"] == "condition_false");
  const json talk = task_of_plan(ended, "talk");
  CHECK(talk["does"] == "post");
  CHECK(talk["text"] == "see (new Survey_Response__c 1)");
  CHECK(json::parse(ended.output)["responses"][0]["calls"] == 4);
  CHECK(one.writes().empty());
  CHECK(json::parse(one.org.query("SELECT Id FROM Survey_Response__c").text).empty());
}

TEST_CASE("plan tells of a text that would be cut, as the run will") {
  PlannedOrg one;
  test::write_file(one.directory.file("workflow.json"), R"({
    "name": "One create", "trigger": {"type": "survey_response"},
    "tasks": {"it": {"type": "salesforce_create", "account": "crm",
      "with": {"object": "Contact", "fields": {"LastName": "Reyes",
               "Title": {"value": "${e://Field/title}", "on_too_long": "ellipsis"}}}}}})");
  const std::string response = a_response("R_1", {{"title", std::string(300, 'x')}});

  const Ended document = one.plan(response);
  const Ended drawn = one.plan(response, std::vector<std::string>{});

  CHECK(task_of_plan(document, "it")["notes"] ==
        json::parse(R"([{"code": "text_cut", "field": "Title", "message": "cut from 300 to 128 characters"}])"));
  INFO(drawn.output);
  CHECK(drawn.output.find("note: Title: cut from 300 to 128 characters") != std::string::npos);
}

TEST_CASE("plan ends with 0 when the org holds everything already") {
  PlannedOrg one;
  test::write_file(one.directory.file("workflow.json"), R"({
    "name": "One upsert", "trigger": {"type": "survey_response"},
    "tasks": {"answer": {"type": "salesforce_upsert", "account": "crm",
      "with": {"object": "Survey_Response__c", "key": {"Response_Id__c": "${rm://Field/ResponseID}"},
               "fields": {"Score__c": {"value": "${q://QID1/SelectedChoicesRecode}", "as": "number"},
                          "Responded_At__c": {"value": "${rm://Field/RecordedDate}", "as": "datetime"}}}}}})");
  one.org.insert("Survey_Response__c",
                 {R"({"Response_Id__c":"R_1","Score__c":9.0,"Responded_At__c":"2026-05-01T09:25:37.000+0200"})"});

  const Ended ended = one.plan(a_response("R_1", {{"recordedDate", "2026-05-01T07:25:37Z"}}));

  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 0);
  CHECK(task_of_plan(ended, "answer")["does"] == "no_change");
  CHECK(task_of_plan(ended, "answer")["matched"] == 1);
}

TEST_CASE("a task that would fail says the org's own code, and plan ends with 1") {
  PlannedOrg one;
  const Ended ended = one.plan(a_response("R_1", {{"email", "nobody@example.com"}}));  // a lead without a name
  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 1);
  CHECK(task_of_plan(ended, "lead")["does"] == "would_fail");
  CHECK(task_of_plan(ended, "lead")["code"] == "salesforce_refused");
  CHECK(task_of_plan(ended, "lead")["message"].get<std::string>().find("REQUIRED_FIELD_MISSING") == 0);
  CHECK(task_of_plan(ended, "answer")["does"] == "create");
}

TEST_CASE("a later response of a plan meets what an earlier one would have made") {
  PlannedOrg one;
  const Ended ended =
      one.plan(a_response("R_1", {{"name", "A"}}) + "\n" + a_response("R_1", {{"name", "A"}, {"QID1", 3}}));
  INFO(ended.output << ended.complaint);
  CHECK(task_of_plan(ended, "answer", 0)["does"] == "create");
  const json again = task_of_plan(ended, "answer", 1);
  CHECK(again["does"] == "update");
  CHECK(again["record"] == "(new Survey_Response__c 1)");
  CHECK(again["fields"] == json::array({a_change_of("Score__c", 9, 3)}));
}

TEST_CASE("what starts no run or cannot be read is told, and the rest is planned") {
  PlannedOrg one;
  const Ended ended =
      one.plan(a_response("R_1", {{"finished", 0}}) + "\n{\"broken\n" + a_response("R_3", {{"name", "A"}}));
  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 65);
  const json responses = json::parse(ended.output)["responses"];
  REQUIRE(responses.size() == 3);
  CHECK(responses[0]["starts"] == false);
  CHECK(responses[0]["code"] == "trigger_condition_false");
  CHECK(responses[1]["place"] == "line 2");
  CHECK(responses[2]["tasks"].size() == 5);
  CHECK(json::parse(ended.output)["summary"]["not_started"] == 1);
  CHECK(json::parse(ended.output)["summary"]["unreadable"] == 1);
}

TEST_CASE(
    "S34: a plan names account, environment and org before anything else, and reads nothing of an org that the gate "
    "refuses") {
  PlannedOrg one;
  const Ended refused = one.plan(a_response("R_1", json::object()), {"--json"}, /*with_right_secret=*/false);
  INFO(refused.output << refused.complaint);
  CHECK(refused.code == 77);
  CHECK(task_of_plan(refused, "person")["does"] == "held");
  CHECK(task_of_plan(refused, "person")["code"] == "account_token_expired");
  for (const local_org::Call& call : one.org.calls()) CHECK(call.path.find("/oauth2/token") != std::string::npos);

  const Ended allowed = one.plan(a_response("R_1", json::object()), {});
  const local_org::Credentials credentials = one.org.credentials();
  INFO(allowed.output);
  const std::size_t head = allowed.output.find("production · org " + credentials.org_id + " · " + credentials.username);
  REQUIRE(head != std::string::npos);
  CHECK(head < allowed.output.find("R_1"));
}

TEST_CASE("a task with a list is planned item by item") {
  PlannedOrg org;
  const std::string sample = test::source_path("samples/matrix_rows/");
  const Ended first = test::run_program({"plan", sample + "workflow.json", "--response", sample + "response.json",
                                         "--account", org.account(true), "--json"});
  INFO(first.output);
  CHECK(first.code == 2);
  const json planned = json::parse(first.output);
  std::vector<json> of_items;
  for (const json& task : planned.at("responses").at(0).at("tasks")) {
    if (task.at("task") == "rating") of_items.push_back(task);
  }
  REQUIRE(of_items.size() > 1);
  for (std::size_t i = 0; i < of_items.size(); ++i) {
    CHECK(of_items[i].at("item") == i + 1);
    CHECK(of_items[i].at("does") == "create");
    CHECK(of_items[i].at("fields").size() > 1);
  }
  CHECK(planned.at("summary").at("create") == of_items.size());
}

TEST_CASE("a task with a list of loops is planned loop by loop, and what was not answered is no part of it") {
  PlannedOrg org;
  const std::string sample = test::source_path("samples/loop_and_merge/");
  const Ended ended = test::run_program({"plan", sample + "workflow.json", "--response", sample + "response.json",
                                         "--account", org.account(true), "--json"});
  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 2);
  const json planned = json::parse(ended.output);
  const json& tasks = planned.at("responses").at(0).at("tasks");
  REQUIRE(tasks.size() == 2);
  CHECK(tasks.at(0).at("item") == 1);
  CHECK(tasks.at(1).at("item") == 3);
  for (const json& task : tasks) CHECK(task.at("does") == "create");
  CHECK(ended.output.find("Old Town") != std::string::npos);
}

TEST_CASE("a task with a list of found records is planned record by record") {
  PlannedOrg org;
  const std::string contact = org.org.insert("Contact", {R"({"LastName":"Reyes","Email":"reyes@example.com"})"});
  std::vector<std::string> cases;
  for (const char* priority : {"Low", "High", "Medium"}) {
    cases.push_back(
        org.org.insert("Case", {json{{"ContactId", contact}, {"Status", "Working"}, {"Priority", priority}}.dump()}));
  }
  const std::string sample = test::source_path("samples/open_cases/");
  const std::vector<std::string> arguments{
      "plan", sample + "workflow.json", "--response", sample + "response.json", "--account", org.account(true)};
  const Ended drawn = test::run_program(arguments);
  INFO(drawn.output << drawn.complaint);
  CHECK(drawn.output.find(" · 3 records\n") != std::string::npos);

  std::vector<std::string> as_json = arguments;
  as_json.push_back("--json");
  const json planned = json::parse(test::run_program(as_json).output);
  std::vector<json> raised;
  for (const json& task : planned.at("responses").at(0).at("tasks")) {
    if (task.at("task") == "raise") raised.push_back(task);
  }
  REQUIRE(raised.size() == 2);
  CHECK(raised[0].at("item") == 1);
  CHECK(raised[0].at("record") == cases[0]);
  CHECK(raised[0].at("fields").at(0).at("old") == "Low");
  CHECK(raised[1].at("item") == 3);
  CHECK(raised[1].at("record") == cases[2]);
}

TEST_CASE("plan refuses broken files with 65 before anything is asked") {
  PlannedOrg one;
  const Ended gone = test::run_program(
      {"plan", one.directory.file("workflow.json"), "--response", "gone.json", "--account", one.account()});
  CHECK(gone.code == 65);
  CHECK(gone.complaint.find("there is no file 'gone.json'") != std::string::npos);
  CHECK(one.org.calls().empty());
}

TEST_CASE("an alias without an account is told, and nothing is planned on it") {
  PlannedOrg one;
  const Ended ended = test::run_program({"plan", test::source_path("samples/starter/workflow.json"), "--response",
                                         test::source_path("samples/starter/response.json")});
  INFO(ended.output << ended.complaint);
  CHECK(ended.code == 77);
  CHECK(ended.output.find("no account is linked") != std::string::npos);
  CHECK(ended.output.find("account_not_linked") != std::string::npos);
}
