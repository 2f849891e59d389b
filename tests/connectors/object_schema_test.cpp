// What is read of an org's describe.
#include "connectors/salesforce/object_schema.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "connectors/errors.hpp"
#include "connectors/salesforce/record_id.hpp"
#include "tests/support/fixture.hpp"

using connectors::salesforce::FieldKind;
using connectors::salesforce::is_record_id;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::read_object_schema;
using nlohmann::json;

namespace {

ObjectSchema every_type() {
  return *read_object_schema(support::fixture("conversions/Every_Type__c.json"), "Every_Type__c");
}

}  // namespace

TEST_CASE("every type of a describe is a kind of field") {
  const ObjectSchema schema = every_type();
  const std::pair<const char*, FieldKind> kinds[] = {
      {"Text__c", FieldKind::text},
      {"Area__c", FieldKind::textarea},
      {"Check__c", FieldKind::boolean},
      {"Int__c", FieldKind::integer},
      {"Score__c", FieldKind::number},
      {"Money__c", FieldKind::number},
      {"Percent__c", FieldKind::number},
      {"Date__c", FieldKind::date},
      {"Moment__c", FieldKind::datetime},
      {"Time__c", FieldKind::time},
      {"Pick__c", FieldKind::picklist},
      {"Multi__c", FieldKind::multipicklist},
      {"Contact__c", FieldKind::reference},
      {"Email__c", FieldKind::email},
      {"Phone__c", FieldKind::phone},
      {"Url__c", FieldKind::url},
      {"Place__c", FieldKind::compound},
      {"Home__c", FieldKind::compound},
      {"Place__Latitude__s", FieldKind::number},
      {"Home__City__s", FieldKind::text},
      {"Id", FieldKind::id},
  };
  for (const auto& [name, kind] : kinds) {
    INFO(name);
    REQUIRE(schema.find(name));
    CHECK(schema.find(name)->kind == kind);
  }
}

TEST_CASE("a name that is written as a whole stays a text, also where it has parts as well") {
  const auto name_of = [](bool is_writable) {
    json part{{"name", "LastName"}, {"type", "string"}, {"compoundFieldName", "Name"}};
    json name{{"name", "Name"}, {"type", "string"}, {"createable", is_writable}, {"updateable", is_writable}};
    const json described{{"name", "Account"}, {"fields", {name, part}}};
    return read_object_schema(described.dump(), "Account")->find("Name")->kind;
  };
  CHECK(name_of(true) == FieldKind::text);
  CHECK(name_of(false) == FieldKind::compound);
}

TEST_CASE("names are found whatever their case, and lookups also by the parent's name") {
  const ObjectSchema schema = every_type();
  CHECK(schema.find("CONTACT__C") == schema.find("Contact__c"));
  CHECK(schema.find_relationship("contact__r") == schema.find("Contact__c"));
  CHECK_FALSE(schema.find("Contact__r"));
  CHECK_FALSE(schema.find_relationship(""));
}

TEST_CASE("a field keeps what bounds its values") {
  const ObjectSchema schema = every_type();
  CHECK(schema.find("Short__c")->length == 10);
  CHECK(schema.find("Score__c")->precision == 5);
  CHECK(schema.find("Score__c")->scale == 2);
  CHECK(schema.find("Int__c")->digits == 8);
  CHECK_FALSE(schema.find("Check__c")->nillable);
  CHECK_FALSE(schema.find("Sum__c")->createable);
  CHECK(schema.find("Pick__c")->restricted);
  CHECK_FALSE(schema.find("Open__c")->restricted);
  CHECK(schema.find("Home__City__s")->part_of == "Home__c");
}

TEST_CASE("a choice that was taken out of use is none") {
  const ObjectSchema schema = every_type();
  for (const auto& choice : schema.find("Pick__c")->choices) CHECK(choice.value != "Closed");
}

TEST_CASE("the bits of a dependent picklist say for which values of its controller it is valid") {
  const ObjectSchema schema = every_type();
  const auto& town = *schema.find("Town__c");
  CHECK(town.controller == "Country__c");
  CHECK(town.controlling_values == std::vector<std::string>{"Spain", "Portugal", "Japan"});
  REQUIRE(town.choices.size() == 4);
  CHECK((town.choices[0].valid_for[0] && !town.choices[0].valid_for[1] && !town.choices[0].valid_for[2]));
  CHECK((!town.choices[2].valid_for[0] && !town.choices[2].valid_for[1] && town.choices[2].valid_for[2]));
  CHECK((town.choices[3].valid_for[0] && town.choices[3].valid_for[1] && town.choices[3].valid_for[2]));
}

TEST_CASE("what is no description is told as such") {
  for (const char* text : {"[]", "{}", R"({"fields":{}})", "null"}) {
    INFO(text);
    CHECK(read_object_schema(text, "Case").error().code == connectors::org_describe_unreadable);
  }
  CHECK_FALSE(read_object_schema("<html>", "Case"));
}

TEST_CASE("an id has 15 letters and digits, or 18 of which the last fit the others") {
  CHECK(is_record_id("0035e00000AbCdE"));
  CHECK(is_record_id("0035e00000AbCdEAAV"));
  CHECK_FALSE(is_record_id("0035E00000ABCDEAAV"));  // a spreadsheet's capitals
  CHECK_FALSE(is_record_id("0035e00000AbCdEAAU"));
  CHECK_FALSE(is_record_id("0035e00000AbCdEAA"));
  CHECK_FALSE(is_record_id("0035e00000AbCd"));
  CHECK_FALSE(is_record_id("0035e00000AbCd-"));
  CHECK_FALSE(is_record_id(""));
}
