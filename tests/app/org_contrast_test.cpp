// Where an org takes other values than the local org does, in what a workflow names.
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/org_contrast.hpp"

using connectors::salesforce::ObjectNeed;
using connectors::salesforce::ObjectSchema;
using nlohmann::json;
using Sentences = std::vector<std::string>;

namespace {

// What a workflow does that makes answers with three of their fields.
ObjectNeed need_of_answers() {
  ObjectNeed need;
  need.object = "Survey_Response__c";
  need.create = true;
  for (const char* field : {"Score__c", "Segment__c", "Response_Id__c"})
    need.fields.push_back({.name = field, .create = true});
  return need;
}

json describe_of_answers() { return json::parse(app::local_describe_of("survey_response__c")); }

json& field_of(json& describe, const std::string& name) {
  for (json& field : describe["fields"])
    if (field["name"] == name) return field;
  throw std::invalid_argument(name);
}

Sentences contrast_with(const json& describe) {
  const auto read = [](const std::string& text) {
    const base::Result<ObjectSchema> schema = connectors::salesforce::read_object_schema(text, "Survey_Response__c");
    REQUIRE(schema);
    return *schema;
  };
  return app::org_contrast(need_of_answers(), read(describe.dump()), read(describe_of_answers().dump()));
}

}  // namespace

TEST_CASE("an org that is as the local one gives no sentence") { CHECK(contrast_with(describe_of_answers()).empty()); }

TEST_CASE("what an org takes otherwise is said of the field, and what the local org takes beside it") {
  json describe = describe_of_answers();
  field_of(describe, "Segment__c")["picklistValues"].erase(1);
  field_of(describe, "Score__c")["type"] = "string";
  field_of(describe, "Response_Id__c")["length"] = 10;
  field_of(describe, "Response_Id__c")["externalId"] = false;
  field_of(describe, "Response_Id__c")["idLookup"] = false;

  const Sentences sentences = contrast_with(describe);

  const auto says = [&](const std::string& sentence) {
    return std::find(sentences.begin(), sentences.end(), sentence) != sentences.end();
  };
  INFO(json(sentences).dump(2));
  CHECK(says("Survey_Response__c.Segment__c: restricted picklist takes A, C; local org takes A, B, C"));
  CHECK(says("Survey_Response__c.Response_Id__c: is no external id; local org has it as one"));
  CHECK(json(sentences).dump().find("Survey_Response__c.Score__c: is string; local org has ") != std::string::npos);
  CHECK(json(sentences).dump().find("Survey_Response__c.Response_Id__c: takes 10 characters; local org takes ") !=
        std::string::npos);
}

TEST_CASE("a field that is not there, one that is required, and a right that lacks are said too") {
  json describe = describe_of_answers();
  describe["createable"] = false;
  field_of(describe, "Survey__c")["nillable"] = false;
  for (std::size_t i = 0; i < describe["fields"].size(); ++i)
    if (describe["fields"][i]["name"] == "Score__c") describe["fields"].erase(i);

  const Sentences sentences = contrast_with(describe);

  CHECK(sentences ==
        Sentences{"Survey_Response__c: the account's user may not create it",
                  "Survey_Response__c.Score__c: is not there, or the account's user may not see it; local org has it",
                  "Survey_Response__c.Survey__c: is required; local org does not require it"});
}

TEST_CASE("fields that the workflow does not name make no difference") {
  json describe = describe_of_answers();
  field_of(describe, "Survey__c")["length"] = 3;

  CHECK(contrast_with(describe).empty());
}
