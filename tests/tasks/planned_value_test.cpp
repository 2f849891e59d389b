// What a plan takes for the same value, and what it says that a field would change to.
#include <cctype>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tasks/org_refusal.hpp"
#include "tasks/planned_records.hpp"
#include "tasks/planned_value.hpp"

namespace {

using base::Value;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;
using tasks::FieldDifference;
using tasks::NamedValues;
using tasks::RecordValues;

FieldSchema a_schema_field(const std::string& name, FieldKind kind) {
  FieldSchema field;
  field.name = name;
  field.kind = kind;
  return field;
}

ObjectSchema an_object(std::vector<FieldSchema> fields) {
  ObjectSchema schema;
  schema.name = "Contact";
  for (FieldSchema& field : fields) {
    std::string folded;
    for (const char c : field.name) folded += static_cast<char>(std::tolower(c));
    schema.by_name.emplace(folded, schema.fields.size());
    schema.fields.push_back(std::move(field));
  }
  return schema;
}

struct SameCase {
  FieldKind kind;
  Value held;
  Value written;
  bool is_same;
};

}  // namespace

TEST_CASE("two values are the same where the org would keep the same") {
  const std::vector<SameCase> cases{
      {FieldKind::number, base::number(std::string("10.0")), base::number(std::string("10")), true},
      {FieldKind::number, base::number(std::string("10.00")), Value("10"), true},
      {FieldKind::number, base::number(std::string("10.01")), base::number(std::string("10")), false},
      // Two places are kept, the half goes up.
      {FieldKind::number, base::number(std::string("1.25")), base::number(std::string("1.245")), true},
      {FieldKind::number, base::number(std::string("0")), Value(), false},
      {FieldKind::integer, base::number(std::string("7")), base::number(std::string("7.0")), true},
      {FieldKind::datetime, Value("2026-05-01T07:25:37.000+0000"), Value("2026-05-01T09:25:37+02:00"), true},
      {FieldKind::datetime, Value("2026-05-01T07:25:37.000+0000"), Value("2026-05-01T07:25:37.900Z"), true},
      {FieldKind::datetime, Value("2026-05-01T07:25:37.000+0000"), Value("2026-05-01T07:25:38Z"), false},
      {FieldKind::date, Value("2026-05-01"), Value("2026-05-01"), true},
      {FieldKind::time, Value("13:28:11.000Z"), Value("13:28:11Z"), true},
      {FieldKind::boolean, Value(true), Value("true"), true},
      {FieldKind::boolean, Value(false), Value(true), false},
      {FieldKind::reference, Value("003000000000001AAA"), Value("003000000000001"), true},
      {FieldKind::multipicklist, Value("Red;Blue"), Value("Blue;Red"), true},
      {FieldKind::multipicklist, Value("Red;Blue"), Value("Red"), false},
      {FieldKind::text, Value(""), Value(), true},
      {FieldKind::text, Value("Ana"), Value("ana"), false},
      {FieldKind::textarea, Value("a\nb"), Value("a b"), false},
  };
  for (const SameCase& one : cases) {
    FieldSchema field = a_schema_field("F", one.kind);
    field.scale = 2;
    field.choices = {{"Red"}, {"Green"}, {"Blue"}};
    INFO(base::to_json(one.held) << " and " << base::to_json(one.written));
    CHECK(tasks::is_same_value(one.held, one.written, field) == one.is_same);
  }
}

TEST_CASE("a search finds texts whatever their capitals, unless the field minds them, and never a blank") {
  FieldSchema field = a_schema_field("Key__c", FieldKind::text);
  CHECK(tasks::is_found_by(Value("R_1"), Value("r_1"), field));
  field.case_sensitive = true;
  CHECK_FALSE(tasks::is_found_by(Value("R_1"), Value("r_1"), field));
  CHECK_FALSE(tasks::is_found_by(Value(), Value(), field));
  CHECK(
      tasks::is_found_by(base::number(std::string("7.0")), Value("7"), a_schema_field("Number__c", FieldKind::number)));
}

TEST_CASE("only fields that would change are told, by the org's own names, old and new") {
  const ObjectSchema schema =
      an_object({a_schema_field("Title", FieldKind::text), a_schema_field("Score__c", FieldKind::number)});
  const RecordValues before{{"title", Value("CEO")}, {"score__c", base::number(std::string("7.0"))}};

  const auto found =
      tasks::differences(schema, before, {{"TITLE", Value("CTO")}, {"Score__c", base::number(std::string("7"))}});

  CHECK(found == std::vector<FieldDifference>{{"Title", Value("CEO"), Value("CTO")}});
}

TEST_CASE("clearing a field that is blank changes nothing, clearing one that is not does") {
  const ObjectSchema schema = an_object({a_schema_field("Title", FieldKind::text)});
  CHECK(tasks::differences(schema, {}, {{"Title", Value()}}).empty());
  CHECK(tasks::differences(schema, {{"title", Value("CEO")}}, {{"Title", Value()}}) ==
        std::vector<FieldDifference>{{"Title", Value("CEO"), Value()}});
}

TEST_CASE("a new record holds its defaults, and a name made of its parts") {
  FieldSchema status = a_schema_field("Status", FieldKind::picklist);
  status.default_value = "New";
  FieldSchema closed = a_schema_field("Closed__c", FieldKind::boolean);
  closed.default_value = "false";
  const ObjectSchema schema =
      an_object({a_schema_field("FirstName", FieldKind::text), a_schema_field("LastName", FieldKind::text),
                 a_schema_field("Name", FieldKind::compound), status, closed});

  const RecordValues record = tasks::new_record(schema, {{"FirstName", Value("Ana")}, {"LastName", Value("Reyes")}});

  CHECK(record.at("name") == Value("Ana Reyes"));
  CHECK(record.at("status") == Value("New"));
  CHECK(record.at("closed__c") == Value(false));
}

TEST_CASE("members of a record are read flat, a parent's under their path") {
  const base::Result<NamedValues> members = tasks::read_members(
      R"({"Id":"1","Account":{"Name":"Acme","Owner":{"Id":"2"}},"Tags":["a",{"b":1}],"Score":1.50,"Gone":null})");
  REQUIRE(members);
  CHECK(*members == NamedValues{{"Id", Value("1")},
                                {"Account.Name", Value("Acme")},
                                {"Account.Owner.Id", Value("2")},
                                {"Score", base::number(std::string("1.50"))},
                                {"Gone", Value()}});
  CHECK_FALSE(tasks::read_members("[]"));
}

TEST_CASE("an org would refuse a new record without what it requires, and a change that takes it away") {
  FieldSchema last_name = a_schema_field("LastName", FieldKind::text);
  last_name.nillable = false;
  const ObjectSchema schema = an_object({last_name, a_schema_field("Title", FieldKind::text)});

  const auto missing = tasks::refusal_of_write(schema, {{"Title", Value("CEO")}}, tasks::Writing::creates);
  REQUIRE(missing);
  CHECK(missing->code.name == "salesforce_refused");
  CHECK(missing->message == "REQUIRED_FIELD_MISSING: Required fields are missing: [LastName] (fields: LastName)");
  CHECK_FALSE(tasks::refusal_of_write(schema, {{"lastname", Value("Reyes")}}, tasks::Writing::creates));
  CHECK_FALSE(tasks::refusal_of_write(schema, {{"Title", Value("CEO")}}, tasks::Writing::updates));
  CHECK(tasks::refusal_of_write(schema, {{"LastName", Value()}}, tasks::Writing::updates));
}

TEST_CASE("an org would refuse what its user has no right to") {
  FieldSchema made = a_schema_field("Made__c", FieldKind::text);
  made.updateable = false;
  ObjectSchema schema = an_object({made});
  CHECK_FALSE(tasks::refusal_of_write(schema, {{"Made__c", Value("x")}}, tasks::Writing::creates));
  CHECK(tasks::refusal_of_write(schema, {{"Made__c", Value("x")}}, tasks::Writing::updates));
  schema.createable = schema.deletable = false;
  CHECK(tasks::refusal_of_write(schema, {}, tasks::Writing::creates));
  CHECK_FALSE(tasks::refusal_of_write(schema, {}, tasks::Writing::updates));
  CHECK(tasks::refusal_of_removal(schema));
}

TEST_CASE("new records get ids of their own that people read as words") {
  tasks::PlannedRecords records;
  const std::string first = records.add("Contact", {}).id;
  const std::string second = records.add("Contact", {}).id;
  const std::string lead = records.add("Lead", {}).id;
  CHECK(first < second);
  CHECK(records.in_words("see " + second + " and " + lead + "!") == "see (new Contact 2) and (new Lead 1)!");
  CHECK(records.in_words("000PLAN is no id") == "000PLAN is no id");
  CHECK(tasks::PlannedRecords(2).add("Contact", {}).id != first);
}

TEST_CASE("a deleted record takes the lookups to it along") {
  tasks::PlannedRecords records;
  tasks::PlannedRecord doomed;
  doomed.object = "Contact";
  doomed.id = "003000000000001AAA";
  const std::string answer = records.add("Survey_Response__c", {{"contact__c", Value(doomed.id)}}).id;

  records.remove(doomed);

  CHECK(records.is_removed("003000000000001"));
  CHECK(records.find(answer)->value("Contact__c").is_blank());
}
