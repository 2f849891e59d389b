// Frozen changes: what is written is what is read back, byte for byte.
#include "connectors/salesforce/record.hpp"

#include <catch2/catch.hpp>

#include "connectors/errors.hpp"

using connectors::salesforce::Operation;
using connectors::salesforce::read_record_change;
using connectors::salesforce::RecordChange;

TEST_CASE("a change is frozen as JSON and read back the same") {
  const std::pair<RecordChange, const char*> cases[] = {
      {{.operation = Operation::create, .object = "Case", .fields = {R"({"Subject":"Low \"score\"","Priority":null})"}},
       R"({"operation":"create","object":"Case","fields":{"Subject":"Low \"score\"","Priority":null}})"},
      {{.operation = Operation::update,
        .object = "Contact",
        .id = "003xx000004TmiQAAS",
        .fields = {R"({"Score__c":1.10})"}},
       R"({"operation":"update","object":"Contact","id":"003xx000004TmiQAAS","fields":{"Score__c":1.10}})"},
      {{.operation = Operation::upsert,
        .object = "Survey_Response__c",
        .key_field = "Response_Id__c",
        .key_value = "R_1/é",
        .fields = {R"({"Contact__r":{"Ext__c":"a"},"Tags__c":["x",true,{}]})"}},
       R"({"operation":"upsert","object":"Survey_Response__c","key":{"field":"Response_Id__c","value":"R_1/é"},)"
       R"("fields":{"Contact__r":{"Ext__c":"a"},"Tags__c":["x",true,{}]}})"},
      {{.operation = Operation::create,
        .object = "Lead",
        .assignment_rule = "FALSE",
        .duplicates = "allow",
        .asks_first = true,
        .fields = {R"({"Company":"Acme"})"}},
       R"({"operation":"create","object":"Lead","assignment_rule":"FALSE","duplicates":"allow","asks_first":true,)"
       R"("fields":{"Company":"Acme"}})"},
      {{.operation = Operation::remove, .object = "Lead", .id = "00Qxx0000000001AAA"},
       R"({"operation":"delete","object":"Lead","id":"00Qxx0000000001AAA"})"},
      {{.operation = Operation::chatter_post, .id = "003xx000004TmiQAAS", .fields = {R"("Score 3:\nslow")"}},
       R"({"operation":"chatter_post","id":"003xx000004TmiQAAS","text":"Score 3:\nslow"})"},
  };
  for (const auto& [change, json] : cases) {
    CHECK(to_json(change).text == json);
    base::Result<RecordChange> read = read_record_change(json);
    REQUIRE(read);
    CHECK(*read == change);
  }
}

TEST_CASE("fields named like the members of a change stay fields") {
  base::Result<RecordChange> read = read_record_change(
      R"({"operation":"create","object":"X","fields":{"operation":"delete","id":"1","fields":{"object":"Y"}}})");

  REQUIRE(read);
  CHECK(read->operation == Operation::create);
  CHECK(read->object == "X");
  CHECK(read->id == "");
  CHECK(read->fields.text == R"({"operation":"delete","id":"1","fields":{"object":"Y"}})");
}

TEST_CASE("a stored change without a known operation is an error") {
  for (const char* json : {"{}", "[]", R"({"operation":"merge"})"}) {
    base::Result<RecordChange> read = read_record_change(json);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == connectors::record_change_invalid);
  }
  CHECK_FALSE(read_record_change("{"));
}
