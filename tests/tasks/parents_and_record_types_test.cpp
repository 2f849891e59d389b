// Parents by their external ids, record types by their names, and what the org is asked to do beside the write.
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "connectors/salesforce/record.hpp"
#include "tests/tasks/linked_org.hpp"

namespace {

using nlohmann::json;
using task_bench::LinkedOrg;
using task_bench::Machine;
using task_bench::told;
using task_bench::Values;

const Values ana_who_praises{{"m://Email", "ana@example.com"}, {"e://Field/Kind", "praise"}};

std::string case_with(const std::string& more) { return R"({"object":"Case","fields":{"Subject":"help")" + more; }

connectors::salesforce::RecordChange frozen(const base::Result<engine::Step>& step) {
  INFO(told(step));
  REQUIRE(step);
  return *connectors::salesforce::read_record_change(std::get<engine::Write>(*step).record.text);
}

}  // namespace

TEST_CASE("a parent stands in the record as Salesforce takes it, nested and by its external id") {
  Machine create("salesforce_create", case_with(R"(,"Contact":{"Email":"${m://Email}"}}})"));

  CHECK(frozen(create.next(ana_who_praises)).fields.text ==
        R"({"Contact":{"Email":"ana@example.com"},"Subject":"help"})");
}

TEST_CASE("the type of a parent of several kinds stands before its key") {
  Machine create("salesforce_create", case_with(R"(,"Owner":{"Alias__c":"ana","attributes":{"type":"User"}}}})"));

  CHECK(frozen(create.next(ana_who_praises)).fields.text ==
        R"({"Owner":{"attributes":{"type":"User"},"Alias__c":"ana"},"Subject":"help"})");
}

TEST_CASE("a parent whose key is blank is left as it is, cleared, or refused, as the document says") {
  const auto with = [](const std::string& rule) {
    return Machine("salesforce_create", R"({"object":"A__c","fields":{"B__c":1,"Parent__r":{"Key__c":)"
                                        R"({"value":"${m://Nothing}","if_blank":")" +
                                            rule + R"("}}}})");
  };

  CHECK(frozen(with("skip").next(ana_who_praises)).fields.text == R"({"B__c":1})");
  CHECK(frozen(with("clear").next(ana_who_praises)).fields.text == R"({"B__c":1,"Parent__c":null})");
  CHECK(told(with("fail").next(ana_who_praises)) == "mapping_value_missing: Parent__r: there is no value");
}

TEST_CASE("the org finds the parent by its external id") {
  LinkedOrg crm;
  const std::string contact = crm.org.insert("Contact", {R"({"LastName":"Reyes","Email":"ana@example.com"})"});

  crm.carry_out("salesforce_create", case_with(R"(,"Contact":{"Email":"${m://Email}"}}})"), ana_who_praises);

  CHECK(crm.rows("SELECT ContactId FROM Case")[0]["ContactId"] == contact);
}

TEST_CASE("a parent that is not there is told in the org's own words, and nothing is written") {
  LinkedOrg crm;

  const std::string end =
      crm.carry_out("salesforce_create", case_with(R"(,"Contact":{"Email":"${m://Email}"}}})"), ana_who_praises);

  CHECK_THAT(end, Catch::StartsWith("salesforce_refused"));
  CHECK_THAT(end, Catch::Contains("Foreign key external ID: ana@example.com not found for field Email"));
  CHECK(crm.rows("SELECT Id FROM Case").empty());
}

TEST_CASE("a lookup that the org lacks ends the task before anything is sent") {
  LinkedOrg crm;

  const std::string end =
      crm.carry_out("salesforce_create", case_with(R"(,"Contct":{"Email":"${m://Email}"}}})"), ana_who_praises);

  CHECK(end == "mapping_field_unknown: Case has no lookup that is called 'Contct' in paths · did you mean 'Contact'?");
  CHECK(crm.rows("SELECT Id FROM Case").empty());
}

TEST_CASE("a record gets its record type by its developer name, whatever its case") {
  LinkedOrg crm;

  crm.carry_out("salesforce_create", case_with(R"(},"record_type":"Complaint"})"), ana_who_praises);
  crm.carry_out("salesforce_create", case_with(R"(},"record_type":"${e://Field/Kind}"})"), ana_who_praises);

  const json rows = crm.rows("SELECT RecordType.DeveloperName FROM Case ORDER BY CaseNumber");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["RecordType"]["DeveloperName"] == "Complaint");
  CHECK(rows[1]["RecordType"]["DeveloperName"] == "Praise");
}

TEST_CASE("a record type that the org lacks ends the task, with the nearest name, and nothing is sent") {
  LinkedOrg crm;

  const std::string end =
      crm.carry_out("salesforce_create", case_with(R"(},"record_type":"Complant"})"), ana_who_praises);

  CHECK(end ==
        "mapping_record_type_unknown: RecordTypeId: Case has no record type 'Complant' · did you mean "
        "'Complaint'?");
  CHECK(crm.rows("SELECT Id FROM Case").empty());
}

TEST_CASE("what the org is to do beside the write is frozen with the record") {
  Machine create("salesforce_create", case_with(R"(},"assignment_rule":false,"duplicates":"allow"})"));

  const base::Result<engine::Step> step = create.next(ana_who_praises);

  CHECK(frozen(step).assignment_rule == "FALSE");
  CHECK(frozen(step).duplicates == "allow");
  CHECK_THAT(told(step), Catch::Contains(R"("assignment_rule":"FALSE","duplicates":"allow","asks_first":true)"));
}

TEST_CASE("the org is told whether its assignment rules are wanted") {
  LinkedOrg crm;
  const std::pair<const char*, const char*> cases[] = {
      {"}}", ""},
      {R"(},"assignment_rule":true})", "TRUE"},
      {R"(},"assignment_rule":false})", "FALSE"},
      {R"(},"assignment_rule":"01Q5e000000N20Q"})", "01Q5e000000N20Q"}};
  for (const auto& [more, header] : cases) {
    crm.carry_out("salesforce_create", case_with(more), ana_who_praises);
    CHECK(crm.org.calls().back().method == "POST");
    CHECK(crm.org.calls().back().auto_assign == header);
  }
}

TEST_CASE("an org that finds a duplicate refuses the record, unless the document allows it") {
  const std::string contact = R"({"object":"Contact","fields":{"LastName":"Reyes","Email":"${m://Email}"})";
  LinkedOrg crm(R"({"duplicate_rules":["Contact.Email"]})");
  crm.carry_out("salesforce_create", contact + "}", ana_who_praises);

  const std::string by_itself = crm.carry_out("salesforce_create", contact + "}", ana_who_praises);
  const std::string refused =
      crm.carry_out("salesforce_create", contact + R"(,"duplicates":"refuse"})", ana_who_praises);
  CHECK_THAT(by_itself, Catch::StartsWith("salesforce_refused") && Catch::Contains("DUPLICATES_DETECTED"));
  CHECK_THAT(refused, Catch::StartsWith("salesforce_refused") && Catch::Contains("DUPLICATES_DETECTED"));
  CHECK(crm.rows("SELECT Id FROM Contact").size() == 1);

  const std::string allowed =
      crm.carry_out("salesforce_create", contact + R"(,"duplicates":"allow"})", ana_who_praises);
  CHECK_THAT(allowed, Catch::Contains(R"("created":true)"));
  CHECK(crm.rows("SELECT Id FROM Contact").size() == 2);
}
