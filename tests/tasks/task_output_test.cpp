// What a Salesforce task gives to those behind it, held against the pipes that look into it.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "tasks/catalog.hpp"

namespace {

using nlohmann::json;

// The findings of a task whose text is a pipe into the output of `it`.
std::string findings_of_pipe(const std::string& type, const std::string& with, const std::string& pipe) {
  json document = json::parse(R"({"name":"Two","trigger":{"type":"survey_response"},"tasks":{
    "it":{"account":"crm"},
    "behind":{"type":"salesforce_update","account":"crm","with":{"object":"Contact","id":"0035e00000AbCdE"}}}})");
  document["tasks"]["it"]["type"] = type;
  document["tasks"]["it"]["with"] = json::parse(with);
  document["tasks"]["behind"]["with"]["fields"]["Title"] = pipe;
  const engine::Catalog catalog = tasks::make_catalog({});
  const auto check = engine::check_definition(base::JsonDocument::read(document.dump(), "workflow.json"), catalog);
  std::string lines;
  for (const base::Finding& finding : check.findings) lines += finding.pointer + ": " + finding.message + "\n";
  return lines;
}

constexpr const char* a_search_of_contacts =
    R"({"object":"Contact","match":{"Email":"a@example.com"},"return":["Id","Account.Name"]})";
constexpr const char* a_new_lead = R"({"object":"Lead","idempotency":"Key__c","fields":{"LastName":"Reyes"}})";

}  // namespace

TEST_CASE("a pipe into what a search does not return is told, with what it returns") {
  CHECK(findings_of_pipe("salesforce_find", a_search_of_contacts,
                         "${task://it/Id} ${task://it/Account/Name} ${task://it/found}")
            .empty());
  CHECK(findings_of_pipe("salesforce_find", a_search_of_contacts, "${task://it/Title}") ==
        "/tasks/behind/with/fields/Title: the output of 'it' has no 'Title' · known: Id, Account, found\n");
  CHECK(findings_of_pipe("salesforce_find", a_search_of_contacts, "${task://it/id}") ==
        "/tasks/behind/with/fields/Title: the output of 'it' has no 'id' · did you mean 'Id'?\n");
}

TEST_CASE("a pipe into what a write does not give is told, with what it gives") {
  CHECK(findings_of_pipe("salesforce_create", a_new_lead, "${task://it/id} ${task://it/created}").empty());
  CHECK(findings_of_pipe("salesforce_create", a_new_lead, "${task://it/Id}") ==
        "/tasks/behind/with/fields/Title: the output of 'it' has no 'Id' · did you mean 'id'?\n");
  CHECK(findings_of_pipe("salesforce_delete", R"({"object":"Case","id":"5005e00000AbCdE"})", "${task://it/created}") ==
        "/tasks/behind/with/fields/Title: the output of 'it' has no 'created' · known: id, deleted\n");
}
