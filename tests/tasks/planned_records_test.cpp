// The records of a plan by what they hold: found as a search would find them, and looked up rather than gone through.
#include "tasks/planned_records.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <catch2/catch.hpp>

namespace {

using base::Value;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using tasks::PlannedRecord;
using tasks::PlannedRecords;

FieldSchema a_field(const std::string& name, FieldKind kind = FieldKind::text, int scale = 0) {
  FieldSchema field;
  field.name = name;
  field.kind = kind;
  field.scale = scale;
  return field;
}

std::vector<std::string> ids_of(const std::vector<const PlannedRecord*>& records) {
  std::vector<std::string> ids;
  for (const PlannedRecord* record : records) ids.push_back(record->id);
  return ids;
}

PlannedRecord a_record_of_the_org(const std::string& id, const std::string& email) {
  PlannedRecord record;
  record.object = "Contact";
  record.id = id;
  record.values = {{"id", Value(id)}, {"email", Value(email)}};
  return record;
}

}  // namespace

TEST_CASE("values of which a search for the one finds the other have the same key") {
  FieldSchema choices = a_field("F__c", FieldKind::multipicklist);
  for (const char* one : {"A", "B", "c"}) choices.choices.push_back({.value = one});
  const std::vector<FieldSchema> fields{a_field("F__c"),
                                        a_field("F__c", FieldKind::picklist),
                                        a_field("F__c", FieldKind::number, 2),
                                        a_field("F__c", FieldKind::integer),
                                        a_field("F__c", FieldKind::boolean),
                                        a_field("F__c", FieldKind::date),
                                        a_field("F__c", FieldKind::datetime),
                                        a_field("F__c", FieldKind::time),
                                        a_field("F__c", FieldKind::reference),
                                        a_field("F__c", FieldKind::id),
                                        a_field("F__c", FieldKind::email),
                                        a_field("F__c", FieldKind::other),
                                        choices};
  const std::vector<Value> values{Value("Ana"),
                                  Value("ANA"),
                                  Value("ána"),
                                  Value("9"),
                                  Value("9.0"),
                                  base::number("9"),
                                  base::number("9.001"),
                                  base::number("9.00"),
                                  Value("0"),
                                  base::number("-0.0"),
                                  Value(true),
                                  Value("true"),
                                  Value("TRUE"),
                                  Value(false),
                                  Value("2026-05-01"),
                                  Value("2026-05-01T07:25:37Z"),
                                  Value("2026-05-01T09:25:37+02:00"),
                                  Value("2026-05-01T07:25:37.000+0000"),
                                  Value("07:25"),
                                  Value("07:25:00.000Z"),
                                  Value("003000000000001"),
                                  Value("003000000000001AAA"),
                                  Value("A;B"),
                                  Value("B;A"),
                                  Value("a;b"),
                                  Value("B;c;A")};
  std::size_t found = 0;
  for (const FieldSchema& field : fields) {
    for (const Value& held : values) {
      for (const Value& sought : values) {
        if (!tasks::is_found_by(held, sought, field)) continue;
        ++found;
        INFO(base::to_text(held) << " and " << base::to_text(sought));
        CHECK(tasks::search_key(held, field) == tasks::search_key(sought, field));
      }
    }
  }
  CHECK(found > fields.size() * values.size());  // also by other values than themselves
}

TEST_CASE("a look-up finds what was made, what was changed and what was changed back, in the order of the plan") {
  PlannedRecords records;
  const FieldSchema email = a_field("Email");
  const auto found = [&](const std::string& sought) {
    return ids_of(records.that_may_hold("contact", {{email, Value(sought)}}));
  };
  CHECK(found("ana@example.com").empty());
  const std::string made = records.add("Contact", {{"email", Value("ANA@example.com")}}).id;
  records.change(a_record_of_the_org("003000000000001AAA", "ana@example.com"));
  CHECK(found("ana@example.com") == std::vector<std::string>{"003000000000001AAA", made});
  CHECK(records.count_changed("Contact") == 1);

  records.change(a_record_of_the_org("003000000000001AAA", "other@example.com"));
  CHECK(found("ana@example.com") == std::vector<std::string>{made});
  CHECK(found("OTHER@example.com") == std::vector<std::string>{"003000000000001AAA"});

  records.change(a_record_of_the_org("003000000000001AAA", "ana@example.com"));
  records.remove(a_record_of_the_org("003000000000001AAA", "ana@example.com"));
  CHECK(found("ana@example.com") == std::vector<std::string>{"003000000000001AAA", made});
  CHECK(records.find("003000000000001AAA")->is_removed);
  CHECK(records.count_changed("Contact") == 1);
  CHECK(ids_of(records.of("Contact")) == std::vector<std::string>{"003000000000001AAA", made});
}

TEST_CASE("a lookup that a removal clears is found by nothing any more") {
  PlannedRecords records;
  const FieldSchema contact = a_field("Contact__c", FieldKind::reference);
  const std::string answer = records.add("Survey_Response__c", {{"contact__c", Value("003000000000001AAA")}}).id;
  const auto found = [&] {
    return ids_of(records.that_may_hold("Survey_Response__c", {{contact, Value("003000000000001")}}));
  };
  CHECK(found() == std::vector<std::string>{answer});
  records.remove(a_record_of_the_org("003000000000001AAA", "ana@example.com"));
  CHECK(found().empty());
}

TEST_CASE("of several values the one decides that leaves the fewest, and none means all") {
  PlannedRecords records;
  for (int i = 0; i < 20; ++i)
    records.add("Case", {{"status", Value("New")}, {"subject", Value(fmt::format("case {}", i))}});
  const PlannedRecords::Held is_new{a_field("Status"), Value("new")};
  const PlannedRecords::Held is_seventh{a_field("Subject"), Value("Case 7")};
  CHECK(records.that_may_hold("Case", {is_new}).size() == 20);
  CHECK(records.that_may_hold("Case", {is_new, is_seventh}).size() == 1);
  CHECK(records.that_may_hold("Case", {}).size() == 20);
  CHECK(records.that_may_hold("Lead", {is_new}).empty());
}

TEST_CASE("a plan of many responses looks at one record for each that it looks up, however many there are") {
  PlannedRecords records;
  const FieldSchema key = a_field("Response_Id__c");
  std::size_t looked_at = 0;
  for (int i = 0; i < 5'000; ++i) {
    const Value id(fmt::format("R_{}", i));
    looked_at += records.that_may_hold("Survey_Response__c", {{key, id}}).size();
    records.add("Survey_Response__c", {{"response_id__c", id}});
    looked_at += records.that_may_hold("Survey_Response__c", {{key, id}}).size();
  }
  CHECK(looked_at == 5'000);
}
