// A search that gives all records that match, and a task that is done for each of them: its steps, and what is wrong
// with documents that use it.
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "engine/definition.hpp"
#include "engine/item.hpp"
#include "tests/tasks/linked_org.hpp"
#include "tests/tasks/task_bench.hpp"

namespace {

using nlohmann::json;
using task_bench::Machine;
using task_bench::told;
using task_bench::Values;

const Values of_a_contact{{"task://contact/Id", "0035g00000Xy1zAAAR"}};

std::string list_of_cases(const std::string& more) {
  return R"({"object":"Case","match":{"ContactId":"${task://contact/Id}"},"return":["CaseNumber","Contact.Name"],)"
         R"("if_many":"list")" +
         more + "}";
}

json records_of(int count) {
  json rows = json::array();
  for (int i = 0; i < count; ++i) {
    rows.push_back({{"attributes", {{"type", "Case"}}},
                    {"Id", "500" + std::to_string(i)},
                    {"CaseNumber", "N" + std::to_string(i)},
                    {"Contact", i == 0 ? json() : json{{"Name", "Ana"}}}});
  }
  return rows;
}

// Two tasks: a search, and one that is done for each of what `list` means. The findings, one a line.
std::string findings_of(const std::string& find_with, const std::string& list, const std::string& fields) {
  const json document{{"name", "Cases"},
                      {"trigger", {{"type", "survey_response"}}},
                      {"tasks",
                       {{"cases", {{"type", "salesforce_find"}, {"account", "crm"}, {"with", json::parse(find_with)}}},
                        {"each",
                         {{"type", "salesforce_update"},
                          {"account", "crm"},
                          {"for_each", list},
                          {"with", {{"object", "Case"}, {"id", "${item://Id}"}, {"fields", json::parse(fields)}}}}}}}};
  const engine::Catalog catalog = tasks::make_catalog({});
  const engine::DefinitionCheck check =
      engine::check_definition(base::JsonDocument::read(document.dump(), "workflow.json"), catalog);
  std::string lines;
  for (const base::Finding& finding : check.findings)
    lines += finding.code + " " + finding.pointer + ": " + finding.message + " · " + finding.hint + "\n";
  return lines;
}

constexpr const char* all_cases =
    R"({"object":"Case","match":{"Status":"Working"},"return":["CaseNumber","Contact.Name"],"if_many":"list"})";
constexpr const char* one_case = R"({"object":"Case","match":{"Status":"Working"},"return":["CaseNumber"]})";

}  // namespace

TEST_CASE("a search for a list asks for one more than it takes, in the order of the ids") {
  CHECK(told(Machine("salesforce_find", list_of_cases("")).next(of_a_contact))
            .find("SELECT Id, CaseNumber, Contact.Name FROM Case WHERE ContactId = '0035g00000Xy1zAAAR' "
                  "ORDER BY Id ASC LIMIT 201") != std::string::npos);
  CHECK(told(Machine("salesforce_find", list_of_cases(R"(,"max":3)")).next(of_a_contact)).find("LIMIT 4\"") !=
        std::string::npos);
}

TEST_CASE("a list has every record with its id and the fields that were asked for, and nothing is left out silently") {
  const Machine find("salesforce_find", list_of_cases(R"(,"max":3)"));
  CHECK(told(find.next(of_a_contact, {records_of(2).dump()})) ==
        R"(done {"found":2,"records":[{"CaseNumber":"N0","Contact":{"Name":null},"Id":"5000"},)"
        R"({"CaseNumber":"N1","Contact":{"Name":"Ana"},"Id":"5001"}]})");
  CHECK(told(find.next(of_a_contact, {records_of(3).dump()})).starts_with(R"(done {"found":3,)"));
  CHECK(told(find.next(of_a_contact, {records_of(4).dump()})) ==
        "find_many: more than 3 Case have this ContactId, and the list takes no more: \"max\" says how many it may");
}

TEST_CASE("none is an empty list where the document says so, also where a blank was searched for") {
  const Machine strict("salesforce_find", list_of_cases(""));
  const Machine lenient("salesforce_find", list_of_cases(R"(,"if_none":"continue")"));
  CHECK(told(strict.next(of_a_contact, {"[]"})) == "find_none: no Case has this ContactId");
  CHECK(told(lenient.next(of_a_contact, {"[]"})) == R"(done {"found":0,"records":[]})");
  CHECK(told(lenient.next(Values{})) == R"(done {"found":0,"records":[]})");
}

TEST_CASE("an item of a list of records is known by the record's id, wherever it stands") {
  const base::JsonText output{
      R"({"found":2,"records":[{"Id":"5001","Contact":{"Name":"Ana"}},{"Id":"5000","Contact":{"Name":null}}]})"};
  const engine::Items items = engine::items_at(output, "records");
  REQUIRE(items.size() == 2);
  CHECK(items[0].id == "5001");
  CHECK(items[1].id == "5000");
  CHECK(base::to_text(engine::member_of(items[0].members, "Contact/Name")) == "Ana");
  CHECK(engine::items_at(base::JsonText{R"({"ids":["5001"]})"}, "ids")[0].id.empty());
}

TEST_CASE("only a search that says so gives a list, and only its fields are in an item") {
  const std::string list = "${task://cases/records}";
  CHECK(findings_of(all_cases, list, R"({"Subject":"${item://CaseNumber} of ${item://Contact/Name} ${item://number}"})")
            .empty());
  CHECK(findings_of(one_case, list, R"({"Subject":"x"})") ==
        "for_each_not_a_list /tasks/each/for_each: ${task://cases/records} is no list · \"if_many\": \"list\" in its "
        "with makes it give all records that match, as the list 'records'\n");
  CHECK(findings_of(one_case, "${task://cases/CaseNumber}", R"({"Subject":"x"})")
            .starts_with("for_each_not_a_list /tasks/each/for_each: ${task://cases/CaseNumber} is no list"));
  CHECK(findings_of(all_cases, "${task://cases/found}", R"({"Subject":"x"})") ==
        "for_each_not_a_list /tasks/each/for_each: ${task://cases/found} is no list · 'cases' gives "
        "${task://cases/records}\n");
  CHECK(findings_of(all_cases, list, R"({"Subject":"${item://CaseNumbr}"})") ==
        "pipe_unknown /tasks/each/with/fields/Subject: an item of ${task://cases/records} has no 'CaseNumbr' · did you "
        "mean 'CaseNumber'? · \n");
  CHECK(findings_of(all_cases, list, R"({"Subject":"${task://cases/CaseNumber}"})")
            .starts_with("pipe_unknown /tasks/each/with/fields/Subject: the output of 'cases' has no 'CaseNumber' · "));
  CHECK(findings_of(R"({"object":"Case","match":{"Status":"Working"},"max":5})", "${task://cases/Id}",
                    R"({"Subject":"x"})")
            .find("mapping_options_conflict /tasks/cases/with/max: ") != std::string::npos);
}

TEST_CASE("the ids that a list has made are a list for another one") {
  CHECK(findings_of(all_cases, "${task://cases/nothing}", R"({"Subject":"x"})").find("'cases' gives") !=
        std::string::npos);
  const json document = json::parse(R"({"name":"Twice","trigger":{"type":"survey_response"},"tasks":{
    "made":{"type":"salesforce_create","account":"crm","for_each":"${q://QID5/Rows}",
            "with":{"object":"Lead","idempotency":"Sluice_Key__c","fields":{"LastName":"${item://label}","Company":"?"}}},
    "each":{"type":"salesforce_update","account":"crm","for_each":"${task://made/ids}",
            "with":{"object":"Lead","id":"${item://value}","fields":{"Title":"${item://number}"}}}}})");
  const engine::Catalog catalog = tasks::make_catalog({});
  const auto check = engine::check_definition(base::JsonDocument::read(document.dump(), "workflow.json"), catalog);
  CHECK(check.findings.empty());
}

TEST_CASE("a search for a list finds all records of an org") {
  task_bench::LinkedOrg crm;
  const std::string contact = crm.org.insert("Contact", {R"({"LastName":"Reyes"})"});
  for (const char* subject : {"first", "second"})
    crm.org.insert("Case", {json{{"Subject", subject}, {"ContactId", contact}}.dump()});
  crm.org.insert("Case", {R"({"Subject":"of nobody"})"});

  const std::string end = crm.carry_out(
      "salesforce_find",
      R"({"object":"Case","match":{"ContactId":"${task://contact/Id}"},"return":["Subject"],"if_many":"list"})",
      Values{{"task://contact/Id", contact}});

  REQUIRE(end.starts_with("done "));
  const json output = json::parse(end.substr(5));
  CHECK(output.at("found") == 2);
  CHECK(output.at("records").at(0).at("Subject") == "first");
  CHECK(output.at("records").at(1).at("Subject") == "second");
}
