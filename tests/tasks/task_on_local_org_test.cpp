// Each task type from its first step to its last, on a local org over a real connection.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;
using task_bench::LinkedOrg;
using task_bench::Values;

const std::string by_email = R"({"object":"Contact","match":{"Email":"${m://Email}"})";
const Values ana{{"m://Email", "ana@example.com"}, {"rm://Field/ResponseID", "R_1"}};

}  // namespace

TEST_CASE("a create under an idempotency key makes one record, however often it is sent") {
  LinkedOrg crm;
  const std::string with = R"({"object":"Case","idempotency":"Sluice_Key__c","fields":{"Subject":"help"}})";

  const std::string first = crm.carry_out("salesforce_create", with, ana);
  const std::string again = crm.carry_out("salesforce_create", with, ana);
  crm.carry_out("salesforce_create", with, ana, "key_of_another_run");

  const json cases = crm.rows("SELECT Id, Sluice_Key__c FROM Case WHERE Sluice_Key__c = 'key_1'");
  REQUIRE(cases.size() == 1);
  const std::string id = cases[0]["Id"].get<std::string>();
  CHECK(first == R"(done {"id":")" + id + R"(","created":true})");
  CHECK(again == R"(done {"id":")" + id + R"(","created":false})");
  CHECK(crm.rows("SELECT Id FROM Case").size() == 2);
}

TEST_CASE("an upsert writes every mapped field, and the same again changes the same record") {
  LinkedOrg crm;
  const std::string contact = crm.org.insert("Contact", {R"({"LastName":"Reyes"})"});
  const std::string with =
      R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${rm://Field/ResponseID}"},"fields":{)"
      R"("Contact__c":"${task://contact/Id}","Score__c":{"value":"${q://QID1/SelectedChoicesRecode}","as":"number"},)"
      R"("Segment__c":{"value":"${q://QID1/ChoiceGroup/SelectedChoices}","map":{"Promoter":"A","*":"B"}},)"
      R"("Responded_At__c":{"value":"2019-06-26 13:28:11","as":"datetime"}}})";
  const Values values{{"rm://Field/ResponseID", "R_1"},
                      {"task://contact/Id", contact.c_str()},
                      {"q://QID1/SelectedChoicesRecode", "10"},
                      {"q://QID1/ChoiceGroup/SelectedChoices", "Promoter"}};

  crm.carry_out("salesforce_upsert", with, values);
  crm.carry_out("salesforce_upsert", with, values);

  const json rows = crm.rows("SELECT Contact__c, Score__c, Segment__c, Responded_At__c FROM Survey_Response__c");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0]["Contact__c"] == contact);
  CHECK(rows[0]["Score__c"] == 10);
  CHECK(rows[0]["Segment__c"] == "A");
  CHECK(rows[0]["Responded_At__c"] == "2019-06-26T13:28:11.000+0000");
}

TEST_CASE("a text is cut at the length that the org itself states") {
  LinkedOrg crm;
  const Values values{{"q://QID3/ChoiceTextEntryValue", std::string(300, 'x').c_str()}};

  crm.carry_out("salesforce_create",
                R"({"object":"Case","fields":{"Subject":{"value":"${q://QID3/ChoiceTextEntryValue}",)"
                R"("on_too_long":"truncate"}}})",
                values);

  CHECK(crm.rows("SELECT Subject FROM Case")[0]["Subject"] == std::string(255, 'x'));
}

TEST_CASE("a contact is found, changed and deleted by its address") {
  LinkedOrg crm;
  const std::string id = crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com"})"});

  CHECK(crm.carry_out("salesforce_find", by_email + R"(,"return":["Id","LastName"]})", ana) ==
        R"(done {"Id":")" + id + R"(","LastName":"Reyes","found":1})");
  CHECK(crm.carry_out("salesforce_update", by_email + R"(,"fields":{"Title":"Dr."}})", ana) ==
        R"(done {"id":")" + id + R"(","updated":true})");
  CHECK(crm.rows("SELECT Title FROM Contact")[0]["Title"] == "Dr.");
  CHECK(crm.carry_out("salesforce_delete", by_email + "}", ana) == R"(done {"id":")" + id + R"(","deleted":true})");
  CHECK(crm.carry_out("salesforce_delete", R"({"object":"Contact","id":")" + id + R"("})", ana) ==
        R"(done {"id":")" + id + R"(","deleted":true})");
  CHECK(crm.carry_out("salesforce_find", by_email + "}", ana) == "find_none: no Contact has this Email");
}

TEST_CASE("of several contacts with one address the rules choose") {
  LinkedOrg crm;
  const std::string older = crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com"})"});
  crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com"})"});
  crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com"})"});

  CHECK(crm.carry_out("salesforce_find", by_email + "}", ana) == "find_many: more than one Contact has this Email");
  CHECK(crm.carry_out("salesforce_find", by_email + R"(,"if_many":"first"})", ana) ==
        R"(done {"Id":")" + older + R"(","found":2})");
}

TEST_CASE("a post stands on the feed of its record") {
  LinkedOrg crm;
  const std::string contact = crm.org.insert("Contact", {R"({"LastName":"Reyes"})"});
  const Values values{{"task://contact/Id", contact.c_str()}, {"q://QID1/SelectedChoicesRecode", base::number(4)}};

  const std::string end = crm.carry_out("salesforce_chatter_post",
                                        R"({"record":"${task://contact/Id}",)"
                                        R"("text":"Score ${q://QID1/SelectedChoicesRecode}: \"slow\""})",
                                        values);

  const json posts = crm.rows("SELECT Id, ParentId, Body FROM FeedItem");
  REQUIRE(posts.size() == 1);
  CHECK(posts[0]["ParentId"] == contact);
  CHECK(posts[0]["Body"] == "Score 4: \"slow\"");
  CHECK(end == R"(done {"id":")" + posts[0]["Id"].get<std::string>() + R"(","created":true})");
}

TEST_CASE("what the org refuses keeps its own code") {
  LinkedOrg crm;

  CHECK(crm.carry_out("salesforce_create", R"({"object":"Contact","fields":{"FirstName":"Ana"}})", ana)
            .find("REQUIRED_FIELD_MISSING") != std::string::npos);
  CHECK(crm.carry_out("salesforce_find", R"({"object":"Contact","match":{"Nothing__c":"x"}})", ana)
            .find("INVALID_FIELD") != std::string::npos);
}
