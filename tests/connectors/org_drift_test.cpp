// What a change of an org's schema means for the mappings in use.
#include "connectors/salesforce/org_drift.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using connectors::salesforce::drift_between;
using connectors::salesforce::DriftWeight;
using connectors::salesforce::FieldNeed;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::OrgNeeds;
using connectors::salesforce::OrgSnapshot;
using connectors::salesforce::SchemaDrift;
using nlohmann::json;

namespace {

json a_field(const std::string& name, const std::string& type, const json& more = json::object()) {
  json field{{"name", name},       {"type", type},       {"length", 0},        {"precision", 0},
             {"scale", 0},         {"nillable", true},   {"createable", true}, {"updateable", true},
             {"filterable", true}, {"externalId", false}};
  field.update(more);
  return field;
}

json choices(const std::vector<std::string>& values) {
  json list = json::array();
  for (const std::string& value : values) list.push_back({{"value", value}, {"label", value}, {"active", true}});
  return list;
}

json a_record_type(const std::string& name, bool is_available) {
  return {{"developerName", name},
          {"name", name},
          {"recordTypeId", "012000000000" + name.substr(0, 3) + "AAA"},
          {"available", is_available},
          {"master", false}};
}

// An object with one field of each kind that can change.
json the_object() {
  return {
      {"name", "Answer__c"},
      {"createable", true},
      {"updateable", true},
      {"deletable", true},
      {"recordTypeInfos", json::array({a_record_type("Complaint", true), a_record_type("Praise", true)})},
      {"fields",
       {a_field("Key__c", "string", {{"length", 255}, {"externalId", true}, {"unique", true}}),
        a_field("Contact__c", "reference", {{"length", 18}, {"referenceTo", {"Contact", "Lead"}}}),
        a_field("Comment__c", "textarea", {{"length", 1000}}),
        a_field("Score__c", "double", {{"precision", 5}, {"scale", 2}}),
        a_field("Segment__c", "picklist", {{"restrictedPicklist", true}, {"picklistValues", choices({"A", "B", "C"})}}),
        a_field("Unused__c", "string", {{"length", 80}})}}};
}

OrgSnapshot snapshot_of(const json& object) {
  OrgSnapshot snapshot;
  if (!object.is_null()) snapshot.objects["Answer__c"] = object.dump();
  return snapshot;
}

// All fields but Unused__c are written into new records and old ones.
OrgNeeds the_needs() {
  ObjectNeed need;
  need.object = "answer__c";
  need.create = need.update = true;
  need.record_types = {"complaint"};
  for (const char* name : {"Key__c", "Contact__c", "Comment__c", "Score__c", "Segment__c"}) {
    FieldNeed field;
    field.name = name;
    field.read = name == std::string("Key__c");
    field.create = field.update = true;
    if (name == std::string("Key__c")) field.length = 30;
    if (name == std::string("Segment__c")) field.constants = {"C"};
    need.fields.push_back(field);
  }
  OrgNeeds needs;
  needs.add(std::move(need));
  return needs;
}

json& field_in(json& object, const std::string& name) {
  for (json& field : object["fields"])
    if (field["name"] == name) return field;
  throw std::runtime_error("no field " + name);
}

std::vector<SchemaDrift> after(const std::function<void(json&)>& change) {
  json object = the_object();
  change(object);
  return drift_between(snapshot_of(the_object()), snapshot_of(object), the_needs());
}

struct Change {
  const char* field;
  const char* member;
  json value;
  DriftWeight weight;
  const char* says;
};

}  // namespace

TEST_CASE("an org that is as it was has not drifted") {
  CHECK(drift_between(snapshot_of(the_object()), snapshot_of(the_object()), the_needs()).empty());
}

TEST_CASE("each change of a field weighs what it means for those who write it") {
  const std::vector<Change> changes{
      {"Key__c", "externalId", false, DriftWeight::breaking, "no external id"},
      {"Key__c", "createable", false, DriftWeight::breaking, "new record"},
      {"Key__c", "filterable", false, DriftWeight::breaking, "searched"},
      {"Comment__c", "updateable", false, DriftWeight::breaking, "changed"},
      {"Comment__c", "type", "double", DriftWeight::breaking, "is double, was textarea"},
      {"Comment__c", "length", 80, DriftWeight::narrowing, "is 80 long, was 1000"},
      {"Comment__c", "length", 2000, DriftWeight::harmless, "is 2000 long, was 1000"},
      {"Comment__c", "nillable", false, DriftWeight::narrowing, "required"},
      {"Score__c", "precision", 3, DriftWeight::narrowing, "has 1 digits before"},
      {"Score__c", "precision", 9, DriftWeight::harmless, "has 7 digits before"},
      {"Score__c", "type", "currency", DriftWeight::harmless, "is currency, was double"},
      {"Key__c", "unique", false, DriftWeight::narrowing, "is unique no more"},
      {"Key__c", "length", 30, DriftWeight::narrowing, "is 30 long, was 255"},
      {"Key__c", "length", 29, DriftWeight::breaking, "is 29 long, was 255"},
      {"Contact__c", "referenceTo", {"Lead"}, DriftWeight::breaking, "leads to no Contact any more"},
      {"Segment__c", "picklistValues", choices({"A", "C"}), DriftWeight::narrowing, "offers 'B' no more"},
      {"Segment__c", "picklistValues", choices({"A", "B"}), DriftWeight::breaking, "offers 'C' no more"},
      {"Segment__c", "picklistValues", choices({"A", "B", "C", "D"}), DriftWeight::harmless, "offers 'D' now"},
      {"Unused__c", "length", 10, DriftWeight::harmless, "is 10 long"},
      {"Unused__c", "createable", false, DriftWeight::harmless, "new record"},
      {"Unused__c", "nillable", false, DriftWeight::breaking, "no mapping fills it"},
  };
  for (const Change& change : changes) {
    const std::vector<SchemaDrift> drifts =
        after([&](json& object) { field_in(object, change.field)[change.member] = change.value; });
    INFO(change.field << " " << change.member << " " << change.value);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts.front().weight == change.weight);
    CHECK(drifts.front().field == change.field);
    CHECK_THAT(drifts.front().what, Catch::Contains(change.says));
  }
}

TEST_CASE("what is gone breaks those who use it, and what is new only where it is required") {
  const auto without = [](const std::string& name) {
    return [name](json& object) {
      json kept = json::array();
      for (const json& field : object["fields"])
        if (field["name"] != name) kept.push_back(field);
      object["fields"] = kept;
    };
  };
  CHECK(after(without("Score__c")).front().weight == DriftWeight::breaking);
  CHECK(after(without("Unused__c")).front().weight == DriftWeight::harmless);
  CHECK(after([](json& object) { object["fields"].push_back(a_field("New__c", "string")); }).front().weight ==
        DriftWeight::harmless);
  CHECK(after([](json& object) { object["fields"].push_back(a_field("New__c", "string", {{"nillable", false}})); })
            .front()
            .weight == DriftWeight::breaking);
  CHECK(after([](json& object) { object["createable"] = false; }).front().weight == DriftWeight::breaking);
  CHECK(after([](json& object) { object["deletable"] = false; }).front().weight == DriftWeight::harmless);
  CHECK(drift_between(snapshot_of(the_object()), snapshot_of(nullptr), the_needs()).front().weight ==
        DriftWeight::breaking);
  CHECK(drift_between(snapshot_of(the_object()), snapshot_of(nullptr), {}).front().weight == DriftWeight::harmless);
}

TEST_CASE("a record type that may be given no more breaks those who give it") {
  const auto with_types = [](const json& types) {
    return after([&](json& object) { object["recordTypeInfos"] = types; });
  };
  const json complaint = a_record_type("Complaint", true), praise = a_record_type("Praise", true);

  const std::vector<SchemaDrift> gone = with_types(json::array({praise}));
  const std::vector<SchemaDrift> taken_away = with_types(json::array({a_record_type("Complaint", false), praise}));
  const std::vector<SchemaDrift> other_gone = with_types(json::array({complaint}));
  const std::vector<SchemaDrift> more = with_types(json::array({complaint, praise, a_record_type("Idea", true)}));

  for (const std::vector<SchemaDrift>* drifts : {&gone, &taken_away, &other_gone, &more}) {
    REQUIRE(drifts->size() == 1);
    CHECK(drifts->front().field == "RecordTypeId");
  }
  CHECK(gone.front().weight == DriftWeight::breaking);
  CHECK_THAT(gone.front().what, Catch::Contains("'Complaint' no more"));
  CHECK(taken_away.front().weight == DriftWeight::breaking);
  CHECK(other_gone.front().weight == DriftWeight::harmless);
  CHECK(more.front().weight == DriftWeight::harmless);
}

TEST_CASE("the heaviest change comes first") {
  const std::vector<SchemaDrift> drifts = after([](json& object) {
    field_in(object, "Unused__c")["length"] = 10;
    field_in(object, "Comment__c")["length"] = 10;
    field_in(object, "Key__c")["externalId"] = false;
  });
  REQUIRE(drifts.size() == 3);
  CHECK(drifts[0].weight == DriftWeight::breaking);
  CHECK(drifts[1].weight == DriftWeight::narrowing);
  CHECK(drifts[2].weight == DriftWeight::harmless);
}
