// if_exists: what becomes of a value where the record holds one already, on a local org and as frozen.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;
using task_bench::LinkedOrg;
using task_bench::Machine;
using task_bench::told;
using task_bench::Values;

const std::string told_before = "2026-05-01T10:00:00Z";

// A response to R_1 with a score, a comment and its own time.
Values a_response(const std::string& score, const std::string& comment, const std::string& at) {
  return Values{{"rm://Field/ResponseID", "R_1"},
                {"q://QID1/SelectedChoicesRecode", base::number(score)},
                {"q://QID3/ChoiceTextEntryValue", comment.empty() ? base::Value() : base::Value(comment)},
                {"rm://Field/EndDate", at.c_str()}};
}

std::string an_upsert_with(const std::string& fields, const std::string& more = "") {
  return R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${rm://Field/ResponseID}"},"fields":)" + fields +
         more + "}";
}

json the_answer(LinkedOrg& crm) {
  const json rows = crm.rows("SELECT Score__c, Comment__c, Responded_At__c FROM Survey_Response__c");
  REQUIRE(rows.size() == 1);
  return rows[0];
}

void send(LinkedOrg& crm, const std::string& with, const Values& values) {
  const std::string end = crm.carry_out("salesforce_upsert", with, values);
  INFO(end);
  CHECK(end.starts_with("done"));
}

std::string field_of_comment(const std::string& options) {
  return R"({"Comment__c":{"value":"${q://QID3/ChoiceTextEntryValue}",)" + options + "}}";
}

}  // namespace

TEST_CASE("keep writes a new record's field, and leaves what a record holds") {
  LinkedOrg crm;
  const std::string with = an_upsert_with(field_of_comment(R"("if_exists":"keep")"));

  send(crm, with, a_response("3", "first", told_before));
  send(crm, with, a_response("3", "second", told_before));

  CHECK(the_answer(crm)["Comment__c"] == "first");
}

TEST_CASE("keep fills a field that the record leaves empty") {
  LinkedOrg crm;
  crm.org.insert("Survey_Response__c", {R"({"Response_Id__c":"R_1","Score__c":1})"});

  send(crm, an_upsert_with(field_of_comment(R"("if_exists":"keep")")), a_response("3", "first", told_before));

  CHECK(the_answer(crm)["Comment__c"] == "first");
}

TEST_CASE("append puts a text behind what the record holds, a line below it or behind the separator") {
  LinkedOrg crm;
  send(crm, an_upsert_with(field_of_comment(R"("if_exists":"append")")), a_response("3", "one", told_before));
  send(crm, an_upsert_with(field_of_comment(R"("if_exists":"append")")), a_response("3", "two", told_before));
  send(crm, an_upsert_with(field_of_comment(R"("if_exists":"append","separator":" / ")")),
       a_response("3", "three", told_before));
  send(crm, an_upsert_with(field_of_comment(R"("if_exists":"append")")), a_response("3", "", told_before));

  CHECK(the_answer(crm)["Comment__c"] == "one\ntwo / three");
}

TEST_CASE("a text that is too long with what it is appended to is refused, or cut, as a long text is") {
  LinkedOrg crm;
  const std::string held(32'760, 'x');
  crm.org.insert("Survey_Response__c", {json{{"Response_Id__c", "R_1"}, {"Comment__c", held}}.dump()});
  const Values response = a_response("3", "0123456789", told_before);

  const std::string refused =
      crm.carry_out("salesforce_upsert", an_upsert_with(field_of_comment(R"("if_exists":"append")")), response);
  CHECK_THAT(refused, Catch::StartsWith("mapping_value_too_long: Comment__c"));
  CHECK(the_answer(crm)["Comment__c"] == held);

  send(crm, an_upsert_with(field_of_comment(R"("if_exists":"append","on_too_long":"truncate")")), response);
  CHECK(the_answer(crm)["Comment__c"] == held + "\n0123456");
}

TEST_CASE("max writes the greater number and the later date, and nothing else") {
  LinkedOrg crm;
  const std::string with =
      an_upsert_with(R"({"Score__c":{"value":"${q://QID1/SelectedChoicesRecode}","if_exists":"max"},)"
                     R"("Responded_At__c":{"value":"${rm://Field/EndDate}","if_exists":"max"}})");

  send(crm, with, a_response("9", "", "2026-05-01T10:00:00Z"));
  send(crm, with, a_response("10", "", "2026-04-01T10:00:00Z"));
  CHECK(the_answer(crm)["Score__c"] == 10);
  CHECK(the_answer(crm)["Responded_At__c"] == "2026-05-01T10:00:00.000+0000");

  send(crm, with, a_response("2", "", "2026-06-01T10:00:00Z"));
  CHECK(the_answer(crm)["Score__c"] == 10);
  CHECK(the_answer(crm)["Responded_At__c"] == "2026-06-01T10:00:00.000+0000");
}

TEST_CASE("an older response changes none of the fields that want a newer one") {
  LinkedOrg crm;
  const std::string with =
      an_upsert_with(R"({"Score__c":"${q://QID1/SelectedChoicesRecode}","Responded_At__c":"${rm://Field/EndDate}",)"
                     R"("Comment__c":{"value":"${q://QID3/ChoiceTextEntryValue}","if_exists":"newer"}})",
                     R"(,"newer_by":"Responded_At__c")");

  send(crm, with, a_response("9", "new", "2026-05-01T10:00:00Z"));
  send(crm, with, a_response("1", "old", "2026-04-01T10:00:00Z"));
  CHECK(the_answer(crm)["Comment__c"] == "new");
  CHECK(the_answer(crm)["Responded_At__c"] == "2026-05-01T10:00:00.000+0000");
  CHECK(the_answer(crm)["Score__c"] == 1);  // it is replaced, whatever the time

  send(crm, with, a_response("5", "newest", "2026-06-01T10:00:00Z"));
  CHECK(the_answer(crm)["Comment__c"] == "newest");
  CHECK(the_answer(crm)["Responded_At__c"] == "2026-06-01T10:00:00.000+0000");
}

TEST_CASE("an update looks at its record too, whether it is named or found") {
  LinkedOrg crm;
  const std::string id =
      crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com","Title":"CEO","Description":"a"})"});
  const Values ana{{"m://Email", "ana@example.com"}, {"task://contact/Id", id.c_str()}};
  const std::string fields = R"("fields":{"Title":{"value":"CFO","if_exists":"keep"},)"
                             R"("Department":{"value":"Sales","if_exists":"keep"},)"
                             R"("Description":{"value":"b","if_exists":"append"}}})";

  const std::string named =
      crm.carry_out("salesforce_update", R"({"object":"Contact","id":"${task://contact/Id}",)" + fields, ana);
  const std::string found =
      crm.carry_out("salesforce_update", R"({"object":"Contact","match":{"Email":"${m://Email}"},)" + fields, ana);

  CHECK(named == R"(done {"id":")" + id + R"(","updated":true})");
  CHECK(found == R"(done {"id":")" + id + R"(","updated":true})");
  const json contact = crm.rows("SELECT Title, Department, Description FROM Contact")[0];
  CHECK(contact["Title"] == "CEO");
  CHECK(contact["Department"] == "Sales");
  CHECK(contact["Description"] == "a\nb\nb");
}

TEST_CASE("what is appended is frozen once, so that another try sends the same text") {
  Machine upsert("salesforce_upsert", an_upsert_with(field_of_comment(R"("if_exists":"append","separator":"; ")")));
  const Values response = a_response("3", "two", told_before);
  const std::string held = R"([{"Id":"a011","Comment__c":"one"}])";

  CHECK_THAT(told(upsert.next(response)),
             Catch::Contains("SELECT Id, Comment__c FROM Survey_Response__c WHERE Response_Id__c = 'R_1'"));
  const std::string write = told(upsert.next(response, {held}));
  CHECK_THAT(write, Catch::Contains(R"("fields":{"Comment__c":"one; two"})"));
  CHECK(told(upsert.next(response, {held})) == write);
  CHECK(told(upsert.next(response, {held, R"({"id":"a011","created":false})"})) ==
        R"(done {"id":"a011","created":false})");
}

TEST_CASE("what the record holds and cannot be compared with ends the task") {
  Machine upsert("salesforce_upsert",
                 an_upsert_with(R"({"Rank__c":{"value":"${q://QID1/SelectedChoicesRecode}","if_exists":"max"}})"));

  CHECK_THAT(told(upsert.next(a_response("3", "", told_before), {R"([{"Id":"a011","Rank__c":"first"}])"})),
             Catch::StartsWith("mapping_values_not_comparable: Rank__c: ") && Catch::Contains("first"));
}
