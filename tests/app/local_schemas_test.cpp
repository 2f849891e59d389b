// A local org after a saved schema: what was kept of an object is as it was, what was left out is as orgs have it.
#include <stdexcept>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/local_schemas.hpp"
#include "app/org_contrast.hpp"
#include "local_org/completed_describe.hpp"
#include "local_org/schema.hpp"

using connectors::salesforce::OrgSnapshot;
using nlohmann::json;

namespace {

std::string kept_of(const char* object) {
  return *connectors::salesforce::kept_description(app::local_describe_of(object));
}

OrgSnapshot snapshot_of(const std::string& object, const json& described) {
  OrgSnapshot snapshot;
  snapshot.objects[object] = described.dump();
  return snapshot;
}

// As a snapshot has it: of a field that is not on every object, only what mappings depend on.
json visit() {
  const json plain = json::parse(kept_of("Survey_Response__c"));
  json described = plain;
  described["name"] = "Visit__c";
  described["label"] = "Visit";
  described["keyPrefix"] = "a9V";
  json& fields = described["fields"] = json::array();
  for (const json& field : plain.at("fields"))
    if (field.at("name") == "Id" || field.at("name") == "Score__c") fields.push_back(field);
  return described;
}

}  // namespace

TEST_CASE("what a snapshot keeps of an object makes the same object of it") {
  for (const char* name : {"Account", "Case", "Contact", "Lead", "Survey_Response__c"}) {
    local_org::Schema schema;
    schema.add(local_org::completed_describe(kept_of(name)));
    const local_org::Object& made = *schema.find(name);
    const local_org::Schema standard = local_org::standard_schema();
    const local_org::Object& before = *standard.find(name);
    INFO(name);
    CHECK(made.key_prefix == before.key_prefix);
    CHECK(made.record_types.size() == before.record_types.size());
    CHECK(made.children.size() == before.children.size());
    REQUIRE(made.fields.size() == before.fields.size());
    for (const local_org::Field& field : before.fields) {
      const local_org::Field* again = made.find(field.name);
      INFO(field.name);
      REQUIRE(again);
      CHECK(again->type == field.type);
      CHECK(again->sortable == field.sortable);
      CHECK(again->default_checked == field.default_checked);
      CHECK(again->required() == field.required());
      CHECK(again->choices == field.choices);
    }
  }
}

TEST_CASE("an object of the org's own has what every record has, and fields of unknown types as unwritable texts") {
  json described = visit();
  described["fields"][1]["type"] = "complexvalue";
  described["fields"][1]["name"] = "Odd__c";
  local_org::Schema schema;
  schema.add(local_org::completed_describe(described.dump()));

  const local_org::Object& made = *schema.find("Visit__c");
  for (const char* field : {"Id", "CreatedDate", "SystemModstamp", "IsDeleted"}) CHECK(made.find(field));
  CHECK(made.find("Comment__c") == nullptr);
  CHECK(made.find("Odd__c")->type == local_org::FieldType::string);
  CHECK_FALSE(made.find("Odd__c")->createable);
}

TEST_CASE("a schema is that of its alias, and one of no alias that of all") {
  app::LocalSchemas schemas;
  CHECK(schemas.add("crm", snapshot_of("Visit__c", visit()), "org").empty());
  json other = visit();
  other["name"] = "Stay__c";
  other["keyPrefix"] = "a9S";
  CHECK(schemas.add("", snapshot_of("Stay__c", other), "org").empty());

  CHECK(schemas.describes_of("crm").size() == 2);
  CHECK(schemas.describes_of("hr").size() == 1);
  CHECK_FALSE(schemas.describe_of("crm", "visit__c").empty());
  CHECK(schemas.describe_of("hr", "Visit__c").empty());
  CHECK_FALSE(schemas.describe_of("hr", "Stay__c").empty());
  CHECK_FALSE(schemas.describe_of("hr", "Contact").empty());
}

TEST_CASE("an org's first custom object may have the id prefix of the local org's own") {
  app::LocalSchemas schemas;
  json first = visit();
  first["keyPrefix"] = "a00";
  CHECK(schemas.add("", snapshot_of("Visit__c", first), "org").empty());

  local_org::Schema schema = local_org::standard_schema();
  for (const std::string& describe : schemas.describes_of("crm")) schema.add(describe);
  CHECK(schema.find_by_prefix("a00")->name == "Visit__c");
  CHECK(schema.find("Survey_Response__c")->key_prefix == "aZZ");
}

TEST_CASE("an object of which no org can be made is named with its file; the local org's own users stay its own") {
  app::LocalSchemas schemas;
  json broken = visit();
  broken["keyPrefix"] = "too long";
  const base::Findings findings = schemas.add("", snapshot_of("Visit__c", broken), "org");
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().file == "org/objects/Visit__c.json");
  CHECK(findings.front().code == "org_snapshot_unreadable");

  CHECK(schemas.add("", snapshot_of("User", json::parse(kept_of("User"))), "org").empty());
  CHECK(schemas.describes_of("crm").empty());
  CHECK_THROWS_AS(local_org::completed_describe("{}"), std::invalid_argument);
}
