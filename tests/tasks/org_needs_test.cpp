#include "tasks/org_needs.hpp"

#include <catch2/catch.hpp>

#include "base/json_document.hpp"
#include "tasks/catalog.hpp"

using connectors::salesforce::FieldNeed;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::OrgNeeds;

namespace {

engine::WorkflowDefinition a_definition(const std::string& tasks) {
  const std::string text = R"({"name":"w","trigger":{"type":"survey_response"},"tasks":{)" + tasks + "}}";
  const engine::Catalog catalog = tasks::make_catalog({});
  engine::DefinitionCheck check = engine::check_definition(base::JsonDocument::read(text, "workflow.json"), catalog);
  for (const base::Finding& finding : check.findings) UNSCOPED_INFO(base::to_line(finding));
  REQUIRE(check.definition);
  return *std::move(check.definition);
}

const FieldNeed* field_of(const ObjectNeed& need, std::string_view name) {
  for (const FieldNeed& field : need.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("an upsert creates and updates; its key is read and only ever created") {
  const OrgNeeds needs = tasks::org_needs(
      a_definition(R"("a":{"type":"salesforce_upsert","account":"crm","with":{"object":"Survey_Response__c",)"
                   R"("key":{"Response_Id__c":"${rm://Field/ResponseID}"},"fields":{"Score__c":3}}})"),
      "crm");

  REQUIRE(needs.objects.size() == 1);
  const ObjectNeed& need = needs.objects.front();
  CHECK((need.create && need.update && !need.remove && !need.search));
  CHECK((field_of(need, "Score__c")->create && field_of(need, "Score__c")->update));
  CHECK((field_of(need, "Response_Id__c")->read && field_of(need, "Response_Id__c")->create));
  CHECK_FALSE(field_of(need, "Response_Id__c")->update);
}

TEST_CASE("an update by a match needs to search, and changes what it finds") {
  const OrgNeeds needs =
      tasks::org_needs(a_definition(R"("a":{"type":"salesforce_update","account":"crm","with":{"object":"contact",)"
                                    R"("match":{"Email":"a@b.example"},"fields":{"Score__c":3}}},)"
                                    R"("b":{"type":"salesforce_find","account":"crm","with":{"object":"Contact",)"
                                    R"("match":{"Email":"a@b.example"},"return":["Account.Name"]}})"),
                       "crm");

  REQUIRE(needs.objects.size() == 1);
  const ObjectNeed& need = needs.objects.front();
  CHECK((need.update && need.search && !need.create));
  CHECK(field_of(need, "Email")->read);
  CHECK(field_of(need, "Account.Name")->read);
  CHECK(field_of(need, "Score__c")->update);
}

TEST_CASE("only tasks on the account that is asked about count") {
  const engine::WorkflowDefinition definition = a_definition(
      R"("a":{"type":"salesforce_delete","account":"crm","with":{"object":"Lead","id":"00Q000000000001"}},)"
      R"("b":{"type":"salesforce_create","account":"sandbox","with":{"object":"Case","fields":{"Subject":"x"}}})");

  CHECK(tasks::org_needs(definition, "crm").objects.front().remove);
  CHECK(tasks::org_needs(definition, "sandbox").objects.front().create);
  CHECK(tasks::org_needs(definition, "other").empty());
}

TEST_CASE("record types are those of the literal or of the map; a piped one is open") {
  auto need_of = [](const std::string& value) {
    return tasks::org_needs(
               a_definition(R"("a":{"type":"salesforce_create","account":"crm","with":{"object":"Case","fields":)"
                            R"({"RecordTypeId":)" +
                            value + "}}}"),
               "crm")
        .objects.front();
  };

  CHECK(need_of(R"("012000000000001AAA")").record_types == std::vector<std::string>{"012000000000001AAA"});
  CHECK(need_of(R"({"value":"${rm://Field/Status}","map":{"0":"012000000000002AAA"}})").record_types ==
        std::vector<std::string>{"012000000000002AAA"});
  CHECK(need_of(R"("${rm://Field/Status}")").any_record_type);
}
