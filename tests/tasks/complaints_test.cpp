// What users of this kind of program complain about, each as it must not happen here.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "connectors/survey/survey.hpp"
#include "local_org/describe_files.hpp"
#include "tasks/org_check.hpp"
#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;
using task_bench::LinkedOrg;
using task_bench::Values;

connectors::salesforce::OrgSnapshot schema_of_the_local_org() {
  connectors::salesforce::OrgSnapshot snapshot;
  for (const auto& [file, text] : local_org::embedded_files())
    snapshot.objects[json::parse(text).at("name")] = *connectors::salesforce::kept_description(text);
  return snapshot;
}

// The same without a field, and without a value of a picklist.
connectors::salesforce::OrgSnapshot schema_that_lacks(const std::string& object, const std::string& field,
                                                      const std::string& picklist, const std::string& value) {
  connectors::salesforce::OrgSnapshot snapshot = schema_of_the_local_org();
  json description = json::parse(snapshot.objects.at(object));
  json kept = json::array();
  for (json& one : description.at("fields")) {
    if (one.at("name") == field) continue;
    json choices = json::array();
    for (const json& choice : one.value("picklistValues", json::array())) {
      if (one.at("name") != picklist || choice.at("value") != value) choices.push_back(choice);
    }
    one["picklistValues"] = choices;
    kept.push_back(one);
  }
  description["fields"] = kept;
  snapshot.objects[object] = description.dump();
  return snapshot;
}

// What `validate --org` finds in one task, with a survey whose QID3 is a free text and whose QID7 can be answered with
// A or with Nowhere.
base::Findings found_before_any_response(const std::string& type, const std::string& with,
                                         connectors::salesforce::OrgSnapshot snapshot = schema_of_the_local_org()) {
  connectors::survey::Survey survey;
  survey.questions.resize(2);
  survey.questions[0].id = "QID3";
  survey.questions[0].kind = connectors::survey::QuestionKind::text;
  survey.questions[1].id = "QID7";
  survey.questions[1].kind = connectors::survey::QuestionKind::single_choice;
  survey.questions[1].choices = {{.id = "1", .label = "A", .recode = "1"},
                                 {.id = "2", .label = "Nowhere", .recode = "2"}};
  const json document{{"name", "it"},
                      {"trigger", {{"type", "survey_response"}}},
                      {"tasks", {{"it", {{"type", type}, {"account", "crm"}, {"with", json::parse(with)}}}}}};
  const base::JsonDocument read = base::JsonDocument::read(document.dump(), "workflow.json");
  const engine::Catalog catalog = tasks::make_catalog({});
  const engine::DefinitionCheck check = engine::check_definition(read, catalog);
  REQUIRE(check.definition);
  return tasks::check_against_org(*check.definition, tasks::OrgSchema(std::move(snapshot)), "crm", &survey);
}

const std::string answer_by_id =
    R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${rm://Field/ResponseID}"},)";

}  // namespace

TEST_CASE("complaint 12: a bad request tells its rule, its code and its field, in the org's own words") {
  LinkedOrg crm;
  const std::string rule = "A score needs a comment. Ask Mar\\u00eda.";
  crm.add_fault(R"({"next":1,"status":400,"method":"POST","path_contains":"/sobjects/Case","body":)"
                R"("[{\"message\":\")" +
                rule + R"(\",\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\",\"fields\":[\"Description\"]}]"})");

  const std::string end = crm.carry_out("salesforce_create", R"({"object":"Case","fields":{"Subject":"x"}})", Values{});

  CHECK_THAT(end, Catch::StartsWith("salesforce_refused"));
  const json details = json::parse(end.substr(end.find('{')));
  CHECK(details["errors"][0]["errorCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION");
  CHECK(details["errors"][0]["message"] == "A score needs a comment. Ask María.");
  CHECK(details["errors"][0]["fields"] == json{"Description"});
}

TEST_CASE(
    "complaint 14: a free text for a short field is warned of before any response, and cut where that is wanted") {
  const base::Findings findings = found_before_any_response(
      "salesforce_upsert", answer_by_id + R"("fields":{"Survey__c":"${q://QID3/ChoiceTextEntryValue}"}})");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "answer_may_be_too_long");
  CHECK(findings[0].pointer == "/tasks/it/with/fields/Survey__c");

  LinkedOrg crm;
  const Values response{{"rm://Field/ResponseID", "R_1"}, {"q://QID3/ChoiceTextEntryValue", std::string(300, 'x')}};
  const std::string refused = crm.carry_out(
      "salesforce_upsert", answer_by_id + R"("fields":{"Survey__c":"${q://QID3/ChoiceTextEntryValue}"}})", response);
  CHECK_THAT(refused, Catch::StartsWith("mapping_value_too_long: Survey__c"));
  crm.carry_out(
      "salesforce_upsert",
      answer_by_id + R"("fields":{"Survey__c":{"value":"${q://QID3/ChoiceTextEntryValue}","on_too_long":"truncate"}}})",
      response);
  CHECK(crm.rows("SELECT Survey__c FROM Survey_Response__c")[0]["Survey__c"] == std::string(255, 'x'));
}

TEST_CASE("complaint 14: a choice that a closed picklist lacks is named before any response") {
  const base::Findings findings = found_before_any_response(
      "salesforce_upsert", answer_by_id + R"("fields":{"Segment__c":"${q://QID7/ChoiceGroup/SelectedChoices}"}})");

  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "mapping_value_not_in_picklist");
  CHECK(findings[0].severity == base::Severity::error);
  CHECK_THAT(findings[0].message, Catch::Contains("Segment__c") && Catch::Contains("'Nowhere'"));
}

TEST_CASE("complaint 15: a skipped question leaves its field out of the request, and the record keeps what it holds") {
  LinkedOrg crm;
  const std::string id = crm.org.insert("Contact", {R"({"LastName":"Reyes","Phone":"+34 600 000 000"})"});

  const std::string end = crm.carry_out(
      "salesforce_update",
      R"({"object":"Contact","id":"${a://id}","fields":{"Phone":"${q://QID5/ChoiceTextEntryValue/2}","Title":"CEO"}})",
      Values{{"a://id", id.c_str()}});

  CHECK(end.starts_with("done"));
  CHECK(json::parse(crm.last_write)["fields"] == json{{"Title", "CEO"}});
  CHECK(crm.rows("SELECT Phone FROM Contact")[0]["Phone"] == "+34 600 000 000");
}

TEST_CASE(
    "complaint 17: what production lacks and the sandbox has is named, all of it, before anything is sent there") {
  const std::string with = answer_by_id + R"("fields":{"Comment__c":"said in the sandbox","Segment__c":"C"}})";
  REQUIRE(found_before_any_response("salesforce_upsert", with).empty());

  const base::Findings findings = found_before_any_response(
      "salesforce_upsert", with, schema_that_lacks("Survey_Response__c", "Comment__c", "Segment__c", "C"));

  REQUIRE(findings.size() == 2);
  CHECK(findings[0].code == "mapping_field_unknown");
  CHECK(findings[0].pointer == "/tasks/it/with/fields/Comment__c");
  CHECK(findings[1].code == "mapping_value_not_in_picklist");
  CHECK(findings[1].pointer == "/tasks/it/with/fields/Segment__c");
}

TEST_CASE("complaint 23: a duplicate rule that only alerts lets a record through where the mapping allows it") {
  LinkedOrg crm(R"({"duplicate_rules":["Contact.Email"]})");
  crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com"})"});
  const std::string contact = R"({"object":"Contact","fields":{"LastName":"Reyes","Email":"ana@example.com"})";

  const std::string refused = crm.carry_out("salesforce_create", contact + "}", Values{});
  CHECK_THAT(refused, Catch::StartsWith("salesforce_refused") && Catch::Contains("DUPLICATES_DETECTED"));
  CHECK(crm.rows("SELECT Id FROM Contact").size() == 1);

  const std::string saved = crm.carry_out("salesforce_create", contact + R"(,"duplicates":"allow"})", Values{});
  CHECK(saved.starts_with("done"));
  CHECK(json::parse(crm.last_write)["duplicates"] == "allow");
  CHECK(crm.rows("SELECT Id FROM Contact").size() == 2);
}
