// Packages in Salesforce's source format, as the local org takes them in: what they describe is there, writable and
// enforced, and what is not understood is told by file and element.
#include "local_org/package.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/local_org/administered_org.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

using local_org::PackageReading;
using nlohmann::json;
using test::Administered;

namespace {

using Files = std::map<std::string, std::string>;  // below main/default

std::string metadata_text(const std::string& root, const std::string& inside) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root +
         " xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n" + inside + "\n</" + root + ">\n";
}

std::string a_field(const std::string& name, const std::string& type, const std::string& more = "") {
  return metadata_text("CustomField",
                       "<fullName>" + name + "</fullName><label>" + name + "</label><type>" + type + "</type>" + more);
}

const std::string visit_object = metadata_text(
    "CustomObject",
    "<deploymentStatus>Deployed</deploymentStatus><label>Visit</label><pluralLabel>Visits</pluralLabel>"
    "<nameField><label>Visit Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>");

const std::string plain_values =
    "<valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>"
    "<value><fullName>low</fullName><default>false</default><label>Low</label></value>"
    "<value><fullName>high</fullName><default>true</default><label>High</label></value>"
    "<value><fullName>old</fullName><default>false</default><isActive>false</isActive><label>Old</label></value>"
    "</valueSetDefinition></valueSet>";

std::string field_path(const std::string& name, const std::string& object = "Visit__c") {
  return "objects/" + object + "/fields/" + name + ".field-meta.xml";
}

class PackageFolder {
 public:
  explicit PackageFolder(const Files& files) {
    for (const auto& [path, text] : files) {
      const std::filesystem::path file = directory_.file("main/default/" + path);
      std::filesystem::create_directories(file.parent_path());
      std::ofstream(file) << text;
    }
  }

  PackageReading read() const { return local_org::read_package(directory_.path(), local_org::standard_schema()); }

 private:
  test::TemporaryDirectory directory_;
};

std::string lines_of(const base::Findings& findings) {
  std::string lines;
  for (const base::Finding& finding : findings) lines += base::to_line(finding) + "\n";
  return lines;
}

// An org that has taken the package in.
class PackagedOrg : public Administered {
 public:
  explicit PackagedOrg(const Files& files) : PackagedOrg(PackageFolder(files).read()) {}

  json describe_of(const std::string& object, const std::string& field) {
    const json described = json::parse(call("GET", "/sobjects/" + object + "/describe").body);
    for (const json& one : described.at("fields"))
      if (one.at("name") == field) return one;
    return nullptr;
  }
  // The error code of a refusal, or "" and the record is there.
  std::string refusal_of(const std::string& body) {
    const base::http::Response response = call("POST", "/sobjects/Visit__c", body);
    return response.status == 201 ? "" : json::parse(response.body).at(0).at("errorCode").get<std::string>();
  }

 private:
  explicit PackagedOrg(const PackageReading& reading) : Administered({}, schema_with(reading)) {
    for (const auto& set : reading.package.permission_sets)
      CHECK(site.permissions().reset_permission_set(json::parse(set.json)).empty());
  }
  static local_org::Schema schema_with(const PackageReading& reading) {
    INFO(lines_of(reading.findings));
    REQUIRE_FALSE(base::has_errors(reading.findings));
    local_org::Schema schema = local_org::standard_schema();
    for (const std::string& describe : reading.package.describes) schema.add(describe);
    return schema;
  }
};

Files visit_with(const Files& more) {
  Files files{{"objects/Visit__c/Visit__c.object-meta.xml", visit_object}};
  files.insert(more.begin(), more.end());
  return files;
}

}  // namespace

TEST_CASE("every type of field is described as Salesforce describes it") {
  struct Case {
    std::string type, more;
    json described;
  };
  const std::vector<Case> cases{
      {"Text",
       "<length>40</length><externalId>true</externalId><unique>true</unique><caseSensitive>true</caseSensitive>",
       {{"type", "string"},
        {"length", 40},
        {"externalId", true},
        {"idLookup", true},
        {"unique", true},
        {"caseSensitive", true}}},
      {"TextArea", "", {{"type", "textarea"}, {"length", 255}, {"filterable", true}}},
      {"LongTextArea",
       "<length>32768</length><visibleLines>3</visibleLines>",
       {{"type", "textarea"},
        {"length", 32768},
        {"filterable", false},
        {"sortable", false},
        {"extraTypeInfo", "plaintextarea"}}},
      {"Html",
       "<length>32768</length><visibleLines>25</visibleLines>",
       {{"type", "textarea"}, {"htmlFormatted", true}, {"extraTypeInfo", "richtextarea"}}},
      {"Email", "", {{"type", "email"}, {"length", 80}}},
      {"Phone", "", {{"type", "phone"}, {"length", 40}}},
      {"Url", "", {{"type", "url"}, {"length", 255}}},
      {"Number",
       "<precision>5</precision><scale>2</scale>",
       {{"type", "double"}, {"precision", 5}, {"scale", 2}, {"soapType", "xsd:double"}}},
      {"Currency", "<precision>18</precision><scale>2</scale>", {{"type", "currency"}, {"precision", 18}}},
      {"Percent", "<precision>3</precision><scale>0</scale>", {{"type", "percent"}, {"scale", 0}}},
      {"Checkbox",
       "<defaultValue>true</defaultValue>",
       {{"type", "boolean"}, {"nillable", false}, {"defaultedOnCreate", true}, {"defaultValue", true}}},
      {"Date", "", {{"type", "date"}, {"soapType", "xsd:date"}}},
      {"DateTime", "", {{"type", "datetime"}, {"soapType", "xsd:dateTime"}}},
      {"Time", "", {{"type", "time"}, {"soapType", "xsd:time"}}},
      {"Picklist", plain_values, {{"type", "picklist"}, {"length", 255}, {"restrictedPicklist", true}}},
      {"MultiselectPicklist",
       plain_values + "<visibleLines>4</visibleLines>",
       {{"type", "multipicklist"}, {"length", 4099}, {"sortable", false}}},
      {"Lookup",
       "<referenceTo>Contact</referenceTo><relationshipName>Visits</relationshipName>",
       {{"type", "reference"}, {"referenceTo", {"Contact"}}, {"relationshipName", "It__r"}, {"length", 18}}},
      {"MasterDetail",
       "<referenceTo>Account</referenceTo><relationshipName>Visits</relationshipName>",
       {{"type", "reference"},
        {"nillable", false},
        {"permissionable", false},
        {"cascadeDelete", true},
        {"updateable", false}}},
      {"AutoNumber",
       "<displayFormat>V-{0000}</displayFormat>",
       {{"type", "string"}, {"autoNumber", true}, {"createable", false}}},
      {"Text", "<length>9</length><required>true</required>", {{"nillable", false}, {"permissionable", false}}},
  };
  for (const Case& one : cases) {
    INFO(one.type << one.more);
    PackagedOrg org(visit_with({{field_path("It__c"), a_field("It__c", one.type, one.more)}}));
    const json described = org.describe_of("Visit__c", "It__c");
    REQUIRE(described.is_object());
    for (const auto& [key, value] : one.described.items()) {
      INFO(key);
      CHECK(described.at(key) == value);
    }
  }
}

TEST_CASE("records of a package's object are written and read back, and its rules hold") {
  PackagedOrg org(visit_with({
      {field_path("Key__c"),
       a_field("Key__c", "Text", "<length>20</length><externalId>true</externalId><unique>true</unique>")},
      {field_path("Level__c"), a_field("Level__c", "Picklist", plain_values)},
      {field_path("Score__c"), a_field("Score__c", "Number", "<precision>3</precision><scale>1</scale>")},
      {field_path("Contact__c"), a_field("Contact__c", "Lookup", "<referenceTo>Contact</referenceTo>")},
      {field_path("Place__c"), a_field("Place__c", "Location", "<scale>5</scale>")},
  }));
  const std::string contact = org.create("Contact", R"({"LastName":"Reyes"})");
  const std::string id =
      org.create("Visit__c", R"({"Name":"first","Key__c":"k1","Score__c":9.5,"Contact__c":")" + contact +
                                 R"(","Place__Latitude__s":48.13743,"Place__Longitude__s":11.57549})");
  const json row = org.row("Visit__c", id);
  CHECK(row.at("Name") == "first");
  CHECK(row.at("Level__c") == "high");  // the default
  CHECK(row.at("Place__c") == json{{"latitude", 48.13743}, {"longitude", 11.57549}});
  CHECK(json::parse(org.query("SELECT Contact__r.LastName FROM Visit__c").body)
            .at("records")
            .at(0)
            .at("Contact__r")
            .at("LastName") == "Reyes");

  CHECK(org.refusal_of(R"({"Key__c":"k1"})") == "DUPLICATE_VALUE");
  CHECK(org.refusal_of(R"({"Level__c":"middle"})") == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
  CHECK(org.refusal_of(R"({"Level__c":"old"})") == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
  CHECK(org.refusal_of(R"({"Score__c":100})") == "NUMBER_OUTSIDE_VALID_RANGE");
  CHECK(org.refusal_of(R"({"Place__Latitude__s":91})") == "NUMBER_OUTSIDE_VALID_RANGE");
  CHECK(org.refusal_of(R"({"Place__c":null})") == "INVALID_FIELD_FOR_INSERT_UPDATE");
  CHECK(org.refusal_of(R"({"Nothing__c":1})") == "INVALID_FIELD");
}

TEST_CASE("a geolocation that nobody has filled is blank") {
  PackagedOrg org(visit_with({{field_path("Place__c"), a_field("Place__c", "Location", "<scale>5</scale>")}}));
  CHECK(org.row("Visit__c", org.create("Visit__c", "{}")).at("Place__c").is_null());
}

TEST_CASE("a parent knows the children that a package's lookup gives it") {
  PackagedOrg org(
      visit_with({{field_path("Account__c"),
                   a_field("Account__c", "MasterDetail",
                           "<referenceTo>Account</referenceTo><relationshipName>Visits</relationshipName>")}}));
  const json described = json::parse(org.call("GET", "/sobjects/Account/describe").body);
  json mine;
  for (const json& child : described.at("childRelationships"))
    if (child.at("childSObject") == "Visit__c") mine = child;
  REQUIRE(mine.is_object());
  CHECK(mine.at("relationshipName") == "Visits__r");
  CHECK(mine.at("cascadeDelete") == true);

  const std::string account = org.create("Account", R"({"Name":"ACME"})");
  const std::string visit = org.create("Visit__c", R"({"Account__c":")" + account + R"("})");
  CHECK(org.call("DELETE", "/sobjects/Account/" + account).status == 204);
  CHECK(org.call("GET", "/sobjects/Visit__c/" + visit).status == 404);
}

TEST_CASE(
    "what a dependent picklist allows is described bit by bit, and the API does not enforce it, as in Salesforce") {
  PackagedOrg org(visit_with({
      {field_path("Level__c"), a_field("Level__c", "Picklist", plain_values)},
      {field_path("Town__c"),
       a_field("Town__c", "Picklist",
               "<valueSet><controllingField>Level__c</controllingField><restricted>true</restricted>"
               "<valueSetDefinition><sorted>false</sorted>"
               "<value><fullName>Rome</fullName><default>false</default><label>Rome</label></value>"
               "<value><fullName>Oslo</fullName><default>false</default><label>Oslo</label></value>"
               "</valueSetDefinition>"
               "<valueSettings><controllingFieldValue>low</controllingFieldValue>"
               "<controllingFieldValue>high</controllingFieldValue><valueName>Rome</valueName></valueSettings>"
               "<valueSettings><controllingFieldValue>high</controllingFieldValue><valueName>Oslo</valueName>"
               "</valueSettings></valueSet>")},
  }));
  const json town = org.describe_of("Visit__c", "Town__c");
  CHECK(town.at("dependentPicklist") == true);
  CHECK(town.at("controllerName") == "Level__c");
  CHECK(town.at("picklistValues").at(0).at("validFor") == "wA==");  // bits 0 and 1
  CHECK(town.at("picklistValues").at(1).at("validFor") == "QA==");  // bit 1
  CHECK(org.refusal_of(R"({"Level__c":"low","Town__c":"Oslo"})").empty());
  CHECK(org.refusal_of(R"({"Level__c":"low","Town__c":"Bonn"})") == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
}

TEST_CASE("fields may share a global value set") {
  PackagedOrg org(visit_with({
      {"globalValueSets/Levels.globalValueSet-meta.xml",
       metadata_text("GlobalValueSet",
                     "<customValue><fullName>one</fullName><default>false</default><label>One</label>"
                     "</customValue><masterLabel>Levels</masterLabel><sorted>false</sorted>")},
      {field_path("Level__c"),
       a_field("Level__c", "Picklist",
               "<valueSet><restricted>true</restricted><valueSetName>Levels</valueSetName></valueSet>")},
  }));
  CHECK(org.refusal_of(R"({"Level__c":"one"})").empty());
  CHECK(org.refusal_of(R"({"Level__c":"two"})") == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
}

TEST_CASE("a record type of a package can be given to records by whom its permission set lets") {
  PackagedOrg org(visit_with({
      {"objects/Visit__c/recordTypes/Store.recordType-meta.xml",
       metadata_text("RecordType", "<fullName>Store</fullName><active>true</active><label>In a store</label>")},
      {field_path("Note__c"), a_field("Note__c", "Text", "<length>20</length>")},
      {"permissionsets/Visitor.permissionset-meta.xml",
       metadata_text(
           "PermissionSet",
           "<hasActivationRequired>false</hasActivationRequired><label>Visitor</label>"
           "<fieldPermissions><editable>false</editable><field>Visit__c.Note__c</field><readable>true</readable>"
           "</fieldPermissions>"
           "<objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete>"
           "<allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords>"
           "<object>Visit__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>"
           "<recordTypeVisibilities><recordType>Visit__c.Store</recordType><visible>true</visible>"
           "</recordTypeVisibilities>"
           "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions>")},
  }));
  org.put("profiles", {{"name", "Nothing"}});
  const local_org::Access& ana = org.give(
      {{"username", "ana@org.example"}, {"password", "p"}, {"profile", "Nothing"}, {"permission_sets", {"Visitor"}}});
  CHECK(ana.has("PermissionsApiEnabled"));
  CHECK(ana.to(org.object("Visit__c")) == local_org::ObjectRights{.read = true, .create = true});
  CHECK(org.field(ana, "Visit__c", "Note__c") == local_org::FieldRights{.read = true, .edit = false});
  CHECK_FALSE(ana.may_read(org.object("Contact")));
  CHECK(ana.record_types(org.object("Visit__c")).grants("Store"));
}

TEST_CASE("with its first record type an object gets the field in which records have it") {
  for (const std::string object : {"Visit__c", "Lead"}) {
    INFO(object);
    PackagedOrg org(visit_with(
        {{"objects/" + object + "/recordTypes/Store.recordType-meta.xml",
          metadata_text("RecordType", "<fullName>Store</fullName><active>true</active><label>In a store</label>")}}));
    const json described = json::parse(org.call("GET", "/sobjects/" + object + "/describe").body);
    const std::string type = described.at("recordTypeInfos").at(0).at("recordTypeId");
    REQUIRE(described.at("recordTypeInfos").at(0).at("developerName") == "Store");
    json record{{"RecordTypeId", type}};
    if (object == "Lead") record.update({{"LastName", "Reyes"}, {"Company", "Acme"}});

    const std::string id = org.create(object, record.dump());

    CHECK(org.row(object, id).at("RecordTypeId") == type);
  }
}

TEST_CASE("an object that only gets fields keeps what it has") {
  const Files shoe{
      {field_path("Shoe__c", "Contact"), a_field("Shoe__c", "Number", "<precision>2</precision><scale>0</scale>")}};
  PackagedOrg org(shoe);
  const std::string id = org.create("Contact", R"({"LastName":"Reyes","Email":"a@example.com","Shoe__c":38})");
  CHECK(org.row("Contact", id).at("Shoe__c") == 38);
  CHECK(org.row("Contact", id).at("Email") == "a@example.com");
}

TEST_CASE("what is wrong or not understood is told with its file and element") {
  struct Case {
    std::string what, path, text, severity, says;
  };
  const std::string set_path = "permissionsets/S.permissionset-meta.xml";
  const std::vector<Case> cases{
      {"no XML", field_path("A__c"), "{}", "error", "no XML"},
      {"another root", field_path("A__c"), metadata_text("CustomTab", ""), "error", "the root is <CustomTab>"},
      {"an unknown element", field_path("A__c"), a_field("A__c", "Date", "<summarizedField>X</summarizedField>"),
       "warning", "<summarizedField>"},
      {"a type that is none", field_path("A__c"), a_field("A__c", "Summary"), "error", "'Summary'"},
      {"a standard field", field_path("Name"), a_field("Name", "Text", "<length>9</length>"), "error", "ends in __c"},
      {"no length", field_path("A__c"), a_field("A__c", "LongTextArea"), "error", "<length> is missing"},
      {"a word for a number", field_path("A__c"), a_field("A__c", "Text", "<length>long</length>"), "error",
       "<length> is a whole number"},
      {"a word for a flag", field_path("A__c"), a_field("A__c", "Date", "<required>yes</required>"), "error",
       "<required> is true or false"},
      {"too many digits", field_path("A__c"), a_field("A__c", "Number", "<precision>19</precision><scale>0</scale>"),
       "error", "at most 18 digits"},
      {"a lookup to nothing", field_path("A__c"), a_field("A__c", "Lookup", "<referenceTo>No__c</referenceTo>"),
       "error", "'No__c'"},
      {"a value set that is none", field_path("A__c"),
       a_field("A__c", "Picklist", "<valueSet><valueSetName>No</valueSetName></valueSet>"), "error",
       "global value set 'No'"},
      {"a picklist without values", field_path("A__c"), a_field("A__c", "Picklist"), "error", "one <valueSet>"},
      {"a controller that is none", field_path("A__c"),
       a_field("A__c", "Picklist",
               "<valueSet><controllingField>No__c</controllingField><valueSetDefinition>"
               "<value><fullName>x</fullName></value></valueSetDefinition><valueSettings><controllingFieldValue>y"
               "</controllingFieldValue><valueName>x</valueName></valueSettings></valueSet>"),
       "error", "'No__c'"},
      {"a formula", field_path("A__c"),
       a_field("A__c", "Number", "<formula>1+1</formula><precision>18</precision><scale>0</scale>"), "warning",
       "<formula>"},
      {"a field of no object", field_path("A__c", "No__c"), a_field("A__c", "Date"), "error", "no object 'No__c'"},
      {"other metadata", "tabs/Visit__c.tab-meta.xml", metadata_text("CustomTab", ""), "warning", "of this kind"},
      {"a set for a required field", set_path,
       metadata_text(
           "PermissionSet",
           "<fieldPermissions><editable>true</editable><field>Contact.LastName</field><readable>true</readable></"
           "fieldPermissions>"),
       "error", "You cannot deploy to a required field: Contact.LastName"},
      {"a set for a part of an address", set_path,
       metadata_text("PermissionSet",
                     "<fieldPermissions><editable>true</editable><field>Contact.MailingCity</field><readable>true</"
                     "readable></fieldPermissions>"),
       "error", "Contact.MailingAddress"},
      {"a set for no field", set_path,
       metadata_text(
           "PermissionSet",
           "<fieldPermissions><editable>true</editable><field>Contact.No__c</field><readable>true</readable></"
           "fieldPermissions>"),
       "error", "'Contact.No__c'"},
      {"a right without what it needs", set_path,
       metadata_text("PermissionSet",
                     "<objectPermissions><allowCreate>true</allowCreate><object>Lead</object></objectPermissions>"),
       "error", "depends on permission(s): read Lead"},
      {"a permission of other parts of Salesforce", set_path,
       metadata_text("PermissionSet", "<userPermissions><enabled>true</enabled><name>RunFlow</name></userPermissions>"),
       "warning", "'RunFlow'"},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    const base::Findings findings = PackageFolder(visit_with({{one.path, one.text}})).read().findings;
    INFO(lines_of(findings));
    REQUIRE(findings.size() == 1);
    CHECK_THAT(findings.front().file, Catch::EndsWith(one.path));
    CHECK_THAT(findings.front().message + findings.front().hint, Catch::Contains(one.says));
    CHECK((findings.front().severity == base::Severity::error) == (one.severity == "error"));
  }
}

TEST_CASE("a folder without metadata is no package") {
  const test::TemporaryDirectory nothing;
  const PackageReading reading = local_org::read_package(nothing.path(), local_org::standard_schema());
  REQUIRE(reading.findings.size() == 1);
  CHECK(reading.findings.front().file == nothing.path());
}

TEST_CASE("the golden package that org package writes is taken in without a finding") {
  const PackageReading reading = local_org::read_package(test::source_path("tests/fixtures/org_package/nps_to_contact"),
                                                         local_org::standard_schema());
  CHECK(lines_of(reading.findings).empty());
  CHECK(reading.package.describes.size() == 2);  // and Contact, which has children now
  CHECK(reading.package.permission_sets.size() == 1);
}
