// What an org lacks for a workflow, and the least rights under which it runs. The files of the golden folder are
// Salesforce's source format as its CLI retrieves it.
#include "tasks/org_package.hpp"

#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_document.hpp"
#include "local_org/describe_files.hpp"
#include "tasks/catalog.hpp"
#include "tasks/new_field.hpp"
#include "tests/support/fixture.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"

namespace {

using connectors::salesforce::NewField;
using connectors::salesforce::NewObject;
using connectors::salesforce::OrgPackage;
using connectors::salesforce::OrgSnapshot;
using nlohmann::json;
using tasks::OrgSchema;
using tasks::PackageReading;

// The local org's own objects, without what is custom.
json standard_objects() {
  json objects = json::object();
  for (const auto& [file, text] : local_org::embedded_files()) {
    json object = json::parse(text);
    if (object.at("custom") == true) continue;
    json fields = json::array();
    for (const json& field : object.at("fields"))
      if (field.at("custom") == false) fields.push_back(field);
    object["fields"] = fields;
    objects[object.at("name").get<std::string>()] = object;
  }
  return objects;
}

OrgSchema org_of(const json& objects) {
  OrgSnapshot snapshot;
  for (const auto& [name, object] : objects.items())
    snapshot.objects[name] = *connectors::salesforce::kept_description(object.dump());
  return OrgSchema(std::move(snapshot));
}

OrgSchema bare_org() { return org_of(standard_objects()); }

engine::WorkflowDefinition definition_of(const json& document) {
  const engine::DefinitionCheck check =
      engine::check_definition(base::JsonDocument::read(document.dump(), "workflow.json"), tasks::make_catalog({}));
  for (const base::Finding& finding : check.findings) UNSCOPED_INFO(base::to_line(finding));
  REQUIRE(check.definition);
  return *check.definition;
}

json a_workflow(const json& tasks) {
  json document{{"name", "W"}, {"trigger", {{"type", "survey_response"}}}, {"tasks", tasks}};
  for (json& task : document["tasks"]) task["account"] = "crm";
  return document;
}

json an_upsert(const json& fields) {
  return {{"type", "salesforce_upsert"},
          {"with", {{"object", "Answer__c"}, {"key", {{"Key__c", "${rm://Field/ResponseID}"}}}, {"fields", fields}}}};
}

PackageReading reading_for(const json& document, const OrgSchema& org, bool org_is_known = true) {
  return tasks::package_for(definition_of(document), org,
                            {.alias = "crm", .org_is_known = org_is_known, .permission_set = "Sluice_W"});
}

OrgPackage package_of(const json& document, const OrgSchema& org) {
  PackageReading reading = reading_for(document, org);
  for (const base::Finding& finding : reading.findings) UNSCOPED_INFO(base::to_line(finding));
  REQUIRE(reading.package);
  return *std::move(reading.package);
}

std::string words_of_field(const OrgPackage& package, const std::string& name) {
  for (const NewObject& object : package.objects)
    for (const NewField& field : object.fields)
      if (field.name == name) return tasks::type_words(field);
  return "not added";
}

// {"Contact": "read", "Case": "read create edit"}
json object_grants(const OrgPackage& package) {
  json grants = json::object();
  for (const auto& grant : package.permission_set.objects)
    grants[grant.object] = std::string("read") + (grant.create ? " create" : "") + (grant.edit ? " edit" : "") +
                           (grant.remove ? " delete" : "");
  return grants;
}

json field_grants(const OrgPackage& package) {
  json grants = json::object();
  for (const auto& grant : package.permission_set.fields) grants[grant.field] = grant.edit ? "edit" : "read";
  return grants;
}

}  // namespace

TEST_CASE("the package of the sample is the golden folder, file by file, byte by byte") {
  const json document = json::parse(test::read_file(test::source_path("samples/nps_to_contact/workflow.json")));
  const PackageReading reading = tasks::package_for(definition_of(document), bare_org(),
                                                    {.alias = "crm", .permission_set = "Sluice_NPS_to_contact"});
  REQUIRE(reading.package);
  const auto files = connectors::salesforce::files_of(*reading.package);

  std::size_t golden = 0;
  const std::string root = test::source_path("tests/fixtures/org_package/nps_to_contact");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    ++golden;
    const std::string path = std::filesystem::relative(entry.path(), root).string();
    INFO(path);
    REQUIRE(files.contains(path));
    CHECK(files.at(path) == support::fixture("org_package/nps_to_contact/" + path));
  }
  CHECK(files.size() == golden);
}

TEST_CASE("a field gets a type that takes every value the mapping can bring") {
  const json fields{
      {"As_Number__c", {{"value", "${q://QID1/SelectedChoicesRecode}"}, {"as", "number"}}},
      {"As_Boolean__c", {{"value", "${q://QID1/SelectedChoicesRecode}"}, {"as", "boolean"}}},
      {"As_Date__c", {{"value", "${rm://Field/RecordedDate}"}, {"as", "date"}}},
      {"As_Time__c", {{"value", "${q://QID2/ChoiceTextEntryValue}"}, {"as", "time"}}},
      {"Recorded__c", "${rm://Field/RecordedDate}"},
      {"Duration__c", "${rm://Field/Duration}"},
      {"Free_Text__c", "${q://QID2/ChoiceTextEntryValue}"},
      {"Sentence__c", "said: ${q://QID2/ChoiceTextEntryValue}"},
      {"Recode__c", "${q://QID1/SelectedChoicesRecode}"},
      {"Embedded__c", "${e://Field/Region}"},
      {"Yes__c", true},
      {"Three__c", 3},
      {"Half__c", 0.5},
      {"Word__c", "web"},
      {"Sum__c", "$e{ 1 + 2 }"},
      {"Segment__c",
       {{"value", "${q://QID1/SelectedChoicesRecode}"}, {"map", {{"9", "gold"}, {"10", "gold"}, {"*", "base"}}}}},
      {"Points__c", {{"value", "${q://QID1/SelectedChoicesRecode}"}, {"map", {{"9", 1}, {"*", 0}}}}},
      {"Contact__c", "${task://person/Id}"},
  };
  const json person{{"type", "salesforce_find"},
                    {"with", {{"object", "contact"}, {"match", {{"Email", "${m://Email}"}}}}}};
  const OrgPackage package = package_of(a_workflow({{"person", person}, {"answer", an_upsert(fields)}}), bare_org());

  const std::vector<std::pair<std::string, std::string>> wanted{
      {"Key__c", "Text(255), unique, external id"},
      {"As_Number__c", "Number(16, 2)"},
      {"As_Boolean__c", "Checkbox"},
      {"As_Date__c", "Date"},
      {"As_Time__c", "Time"},
      {"Recorded__c", "DateTime"},
      {"Duration__c", "Number(18, 0)"},
      {"Free_Text__c", "LongTextArea(32768)"},
      {"Sentence__c", "LongTextArea(32768)"},
      {"Recode__c", "Text(255)"},
      {"Embedded__c", "Text(255)"},
      {"Yes__c", "Checkbox"},
      {"Three__c", "Number(18, 0)"},
      {"Half__c", "Number(16, 2)"},
      {"Word__c", "Text(255)"},
      {"Sum__c", "Number(16, 2)"},
      {"Segment__c", "Picklist of base, gold, not restricted"},
      {"Points__c", "Number(18, 0)"},
      {"Contact__c", "Lookup to Contact"},
  };
  for (const auto& [name, words] : wanted) {
    INFO(name);
    CHECK(words_of_field(package, name) == words);
  }
  REQUIRE(package.objects.size() == 1);
  CHECK(package.objects.front().fields.size() == wanted.size());
}

TEST_CASE("an insert that names an idempotency field gets one that holds the key, and may meet its own record") {
  const json create{{"type", "salesforce_create"},
                    {"with", {{"object", "Case"}, {"idempotency", "Sluice_Key__c"}, {"fields", {{"Subject", "low"}}}}}};
  const OrgPackage package = package_of(a_workflow({{"case", create}}), bare_org());
  CHECK(words_of_field(package, "Sluice_Key__c") == "Text(64), unique, external id");
  REQUIRE(package.objects.size() == 1);
  CHECK_FALSE(package.objects.front().is_new);
  CHECK(object_grants(package) == json{{"Case", "read create edit"}});
  CHECK(field_grants(package) == json{{"Case.Sluice_Key__c", "edit"}, {"Case.Subject", "edit"}});
}

TEST_CASE("grants are what the tasks do: no field that every record has, one for an address, none of a person's name") {
  const json update{{"type", "salesforce_update"},
                    {"with",
                     {{"object", "Contact"},
                      {"match", {{"Email", "${m://Email}"}}},
                      {"fields",
                       {{"LastName", "Reyes"},
                        {"FirstName", "Ana"},
                        {"MailingCity", "Berlin"},
                        {"MailingStreet", "Platz 1"},
                        {"OwnerId", "005000000000001AAA"},
                        {"Phone", "1"}}}}}};
  const json remove{{"type", "salesforce_delete"}, {"with", {{"object", "Lead"}, {"id", "${e://Field/Lead}"}}}};
  const json find{
      {"type", "salesforce_find"},
      {"with", {{"object", "Contact"}, {"match", {{"Email", "a@example.com"}}}, {"return", {"Account.Name"}}}}};
  const OrgPackage package = package_of(a_workflow({{"who", find}, {"person", update}, {"lead", remove}}), bare_org());
  CHECK(object_grants(package) == json{{"Account", "read"}, {"Contact", "read edit"}, {"Lead", "read edit delete"}});
  CHECK(field_grants(package) == json{{"Contact.AccountId", "read"},
                                      {"Contact.Email", "read"},
                                      {"Contact.MailingAddress", "edit"},
                                      {"Contact.Phone", "edit"}});
  CHECK(package.objects.empty());
}

TEST_CASE("a field that is searched by can be searched by, whatever is written into it") {
  const json find{{"type", "salesforce_find"},
                  {"with", {{"object", "Answer__c"}, {"match", {{"Comment__c", "${q://QID2/ChoiceTextEntryValue}"}}}}}};
  const json fields{{"Comment__c", "${q://QID2/ChoiceTextEntryValue}"},
                    {"More__c", "${q://QID2/ChoiceTextEntryValue}"}};
  for (const json& tasks : {json{{"a", find}, {"b", an_upsert(fields)}}, json{{"a", an_upsert(fields)}, {"b", find}}}) {
    const OrgPackage package = package_of(a_workflow(tasks), bare_org());
    CHECK(words_of_field(package, "Comment__c") == "Text(255)");
    CHECK(words_of_field(package, "More__c") == "LongTextArea(32768)");
  }
}

TEST_CASE("a parent that is named by its external id brings the lookup and that id") {
  const json fields{{"Store__r", {{"attributes", {{"type", "Store__c"}}}, {"Number__c", "${e://Field/Store}"}}},
                    {"Contact__r", {{"attributes", {{"type", "Contact"}}}, {"Customer__c", "${e://Field/Customer}"}}}};
  const OrgPackage package = package_of(a_workflow({{"answer", an_upsert(fields)}}), bare_org());
  CHECK(words_of_field(package, "Store__c") == "Lookup to Store__c");
  CHECK(words_of_field(package, "Number__c") == "Text(255), unique, external id");
  CHECK(words_of_field(package, "Contact__c") == "Lookup to Contact");
  CHECK(words_of_field(package, "Customer__c") == "Text(255), unique, external id");
  CHECK(object_grants(package) == json{{"Answer__c", "read create edit"}, {"Contact", "read"}, {"Store__c", "read"}});
  CHECK(field_grants(package) == json{{"Answer__c.Contact__c", "edit"},
                                      {"Answer__c.Key__c", "edit"},
                                      {"Answer__c.Store__c", "edit"},
                                      {"Contact.Customer__c", "read"},
                                      {"Store__c.Number__c", "read"}});
}

TEST_CASE("a record type by its developer name is added where the org has none, and granted") {
  const json document = a_workflow({{"answer", an_upsert({{"RecordTypeId", "Store_Visit"}})}});
  const OrgPackage package = package_of(document, bare_org());
  REQUIRE(package.objects.size() == 1);
  REQUIRE(package.objects.front().record_types.size() == 1);
  CHECK(package.objects.front().record_types.front().label == "Store Visit");
  CHECK(package.permission_set.record_types == std::vector<std::string>{"Answer__c.Store_Visit"});
}

TEST_CASE("what no package can add is an error at its place") {
  struct Case {
    std::string object, field, code, pointer;
  };
  for (const Case& one : std::vector<Case>{
           {"Opportunity", "Name", "mapping_object_unknown", "/tasks/it/with/object"},
           {"Contact", "Shoe", "mapping_field_unknown", "/tasks/it/with/fields/Shoe"},
       }) {
    INFO(one.object);
    const json create{{"type", "salesforce_create"},
                      {"with", {{"object", one.object}, {"fields", {{one.field, "x"}}}}}};
    const PackageReading reading = reading_for(a_workflow({{"it", create}}), bare_org());
    CHECK_FALSE(reading.package);
    REQUIRE(reading.findings.size() == 1);
    CHECK(reading.findings.front().code == one.code);
    CHECK(reading.findings.front().pointer == one.pointer);
    // Without an org's own schema nobody knows what else is standard there.
    CHECK(reading_for(a_workflow({{"it", create}}), bare_org(), false).package);
  }
}

TEST_CASE("a field that is there and no external id is not made a key behind the org's back") {
  json objects = standard_objects();
  const json upsert{{"type", "salesforce_upsert"},
                    {"with", {{"object", "Contact"}, {"key", {{"Phone", "1"}}}, {"fields", {{"LastName", "R"}}}}}};
  const PackageReading reading = reading_for(a_workflow({{"it", upsert}}), org_of(objects));
  CHECK_FALSE(reading.package);
  REQUIRE(reading.findings.size() == 1);
  CHECK(reading.findings.front().code == "key_not_external_id");
  CHECK(reading.findings.front().pointer == "/tasks/it/with/key/Phone");
}

TEST_CASE("an org that has everything gets the permission set alone") {
  json objects = json::object();
  for (const auto& [file, text] : local_org::embedded_files()) {
    const json object = json::parse(text);
    objects[object.at("name").get<std::string>()] = object;
  }
  const json document = json::parse(test::read_file(test::source_path("samples/nps_to_contact/workflow.json")));
  const OrgPackage package = package_of(document, org_of(objects));
  CHECK(package.objects.empty());
  CHECK(object_grants(package) == json{{"Contact", "read"}, {"Survey_Response__c", "read create edit"}});
}
