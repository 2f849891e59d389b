// The rules of records, each with what Salesforce says when one is broken.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

namespace {

std::string field_with(std::string_view name, const json& value) { return json{{name, value}}.dump(); }

// The one error of an error answer.
json error_of(const base::http::Response& response) {
  const json errors = json::parse(response.body);
  REQUIRE(errors.is_array());
  REQUIRE(errors.size() == 1);
  return errors.front();
}

}  // namespace

TEST_CASE("a record that breaks a rule is refused in Salesforce's words") {
  struct Case {
    std::string object;
    std::string body;
    std::string code;
    std::string message;
    json fields;  // null: the error carries none
  };
  const std::string long_name(81, 'x');
  const Case broken = GENERATE_COPY(Case{"Contact",
                                         R"({"FirstName":"Ana"})",
                                         "REQUIRED_FIELD_MISSING",
                                         "Required fields are missing: [LastName]",
                                         {"LastName"}},
                                    Case{"Lead",
                                         "{}",
                                         "REQUIRED_FIELD_MISSING",
                                         "Required fields are missing: [LastName, Company]",
                                         {"LastName", "Company"}},
                                    Case{"Contact",
                                         R"({"LastName":""})",
                                         "REQUIRED_FIELD_MISSING",
                                         "Required fields are missing: [LastName]",
                                         {"LastName"}},
                                    Case{"Contact", R"({"LastName":"R","foo":1})", "INVALID_FIELD",
                                         "No such column 'foo' on sobject of type Contact", nullptr},
                                    Case{"Contact", R"({"LastName":"R","Id":"003"})", "INVALID_FIELD",
                                         "The Id field should not be specified in the sobject data.", nullptr},
                                    Case{"Contact",
                                         R"({"LastName":"R","Name":"N"})",
                                         "INVALID_FIELD_FOR_INSERT_UPDATE",
                                         "Unable to create/update fields: Name. Please check the security settings of "
                                         "this field and verify that it is "
                                         "read/write for your profile or permission set.",
                                         {"Name"}},
                                    Case{"Contact",
                                         R"({"LastName":"R","CreatedDate":null,"MailingAddress":{"city":"Rome"}})",
                                         "INVALID_FIELD_FOR_INSERT_UPDATE",
                                         "Unable to create/update fields: CreatedDate, MailingAddress. Please check "
                                         "the security settings of this field "
                                         "and verify that it is read/write for your profile or permission set.",
                                         {"CreatedDate", "MailingAddress"}},
                                    Case{"Contact",
                                         json{{"LastName", long_name}}.dump(),
                                         "STRING_TOO_LONG",
                                         fmt::format("Last Name: data value too large: {} (max length=80)", long_name),
                                         {"LastName"}},
                                    Case{"Contact",
                                         R"({"LastName":"R","Email":"x"})",
                                         "INVALID_EMAIL_ADDRESS",
                                         "Email: invalid email address: x",
                                         {"Email"}},
                                    Case{"Survey_Response__c",
                                         R"({"Segment__c":"X"})",
                                         "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                                         "Segment: bad value for restricted picklist field: X",
                                         {"Segment__c"}},
                                    Case{"Survey_Response__c",
                                         R"({"Score__c":1000})",
                                         "NUMBER_OUTSIDE_VALID_RANGE",
                                         "Score: value outside of valid range on numeric field: 1000",
                                         {"Score__c"}},
                                    Case{"Survey_Response__c",
                                         R"({"Contact__c":"SALESFORCE"})",
                                         "MALFORMED_ID",
                                         "Contact: id value of incorrect type: SALESFORCE",
                                         {"Contact__c"}},
                                    Case{"Survey_Response__c", R"({"Contact__c":"003Lo000000000z"})",
                                         "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", json::array()},
                                    Case{"Contact",
                                         R"({"LastName":"R","AccountId":"003Lo0000000001"})",
                                         "FIELD_INTEGRITY_EXCEPTION",
                                         "Account ID: id value of incorrect type: 003Lo0000000001",
                                         {"AccountId"}},
                                    Case{"Organization", "{}", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                                         "entity type cannot be inserted: Organization", json::array()});
  OrgSite org;
  CAPTURE(broken.object, broken.body);

  const base::http::Response response = org.call("POST", "/sobjects/" + broken.object, broken.body);

  CHECK(response.status == 400);
  const json error = error_of(response);
  CHECK(error["errorCode"] == broken.code);
  CHECK(error["message"] == broken.message);
  CHECK(error.value("fields", json()) == broken.fields);
  CHECK(json::parse(org.query("SELECT COUNT() FROM " + broken.object).body)["totalSize"] ==
        (broken.object == "Organization" ? 1 : 0));
}

TEST_CASE("a value of the wrong type is the parser's business") {
  struct Case {
    std::string field;
    std::string value;
    std::string type;
    std::string token;
  };
  const Case wrong = GENERATE(
      Case{"Responded_At__c", R"("2027-02-11 06:01:40")", "datetime", "VALUE_STRING value 2027-02-11 06:01:40"},
      Case{"Responded_At__c", R"("2013-08-12T15:20:00+0000")", "datetime",
           "VALUE_STRING value 2013-08-12T15:20:00+0000"},
      Case{"Responded_At__c", R"("")", "datetime", "VALUE_STRING value "},
      Case{"Score__c", R"("many")", "double", "VALUE_STRING value many"},
      Case{"Score__c", "true", "double", "VALUE_TRUE value true"},
      Case{"Survey__c", R"({"a":1})", "string", "START_OBJECT value {"},
      Case{"Survey__c", "[1]", "string", "START_ARRAY value ["},
      Case{"Survey__c", "7", "string", "VALUE_NUMBER_INT value 7"});
  OrgSite org;
  CAPTURE(wrong.field, wrong.value);

  const std::string body = "{\n\"" + wrong.field + "\":" + wrong.value + "}";
  const base::http::Response response = org.call("POST", "/sobjects/Survey_Response__c", body);

  CHECK(response.status == 400);
  const json error = error_of(response);
  CHECK(error["errorCode"] == "JSON_PARSER_ERROR");
  const std::string expected = fmt::format(
      "Cannot deserialize instance of {} from {} or request may be missing a required field at [line:2, column:",
      wrong.type, wrong.token);
  CHECK_THAT(error["message"].get<std::string>(), Catch::Matchers::StartsWith(expected));
  CHECK_FALSE(error.contains("fields"));
}

TEST_CASE("a date takes a day and nothing else") {
  const auto [value, status] = GENERATE(table<std::string, int>({{R"("1980-02-29")", 201},
                                                                 {R"("1981-02-29")", 400},
                                                                 {R"("2017-05-30T06:00:00Z")", 400},
                                                                 {R"("4001-01-01")", 400},
                                                                 {R"("")", 400},
                                                                 {"null", 201}}));
  OrgSite org;
  CAPTURE(value);
  CHECK(org.call("POST", "/sobjects/Contact", R"({"LastName":"R","Birthdate":)" + value + "}").status == status);
}

TEST_CASE("broken JSON is refused") {
  const std::string body = GENERATE(as<std::string>{}, "", "{", "[]", "{\"LastName\":}", "{\"LastName\":\"a\"} x");
  OrgSite org;
  CAPTURE(body);
  const base::http::Response response = org.call("POST", "/sobjects/Contact", body);
  CHECK(response.status == 400);
  CHECK(error_of(response)["errorCode"] == "JSON_PARSER_ERROR");
}

TEST_CASE("values come back as Salesforce shows them") {
  struct Case {
    std::string field;
    std::string sent;
    std::string shown;
  };
  const Case value =
      GENERATE(Case{"Score__c", "9", "9.0"}, Case{"Score__c", "9.5", "10.0"}, Case{"Score__c", "\"7\"", "7.0"},
               Case{"Score__c", "-999", "-999.0"}, Case{"Survey__c", "\"\"", "null"},
               Case{"Survey__c", R"("a\nb \"c\" é")", R"("a\nb \"c\" é")"},
               Case{"Responded_At__c", R"("2026-05-01T09:25:37.999+02:00")", R"("2026-05-01T07:25:37.000+0000")"},
               Case{"Responded_At__c", R"("2026-05-01T07:25:37.000+0000")", R"("2026-05-01T07:25:37.000+0000")"},
               Case{"Segment__c", "\"B\"", "\"B\""});
  OrgSite org;
  CAPTURE(value.field, value.sent);
  const std::string id = org.create("Survey_Response__c", "{\"" + value.field + "\":" + value.sent + "}");
  const std::string row = org.call("GET", "/sobjects/Survey_Response__c/" + id).body;
  CHECK_THAT(row, Catch::Matchers::Contains("\"" + value.field + "\":" + value.shown));
}

TEST_CASE("most picklists take any text") {
  OrgSite org;
  const std::string id = org.create("Account", R"({"Name":"A","Industry":"Beekeeping"})");
  CHECK(org.row("Account", id)["Industry"] == "Beekeeping");
}

TEST_CASE("a unique external id is unique whatever its case, until its record is deleted") {
  OrgSite org;
  const std::string id = org.create("Survey_Response__c", R"({"Response_Id__c":"R_1"})");

  const base::http::Response second = org.call("POST", "/sobjects/Survey_Response__c", R"({"Response_Id__c":"r_1"})");

  CHECK(second.status == 400);
  CHECK(error_of(second)["errorCode"] == "DUPLICATE_VALUE");
  CHECK(error_of(second)["message"] ==
        "duplicate value found: Response_Id__c duplicates value on record with id: " + id.substr(0, 15));
  REQUIRE(org.call("DELETE", "/sobjects/Survey_Response__c/" + id).status == 204);
  CHECK(org.call("POST", "/sobjects/Survey_Response__c", R"({"Response_Id__c":"r_1"})").status == 201);
}

TEST_CASE("an update is judged like an insert and changes nothing when it is refused") {
  OrgSite org;
  const std::string id = org.create("Contact", R"({"LastName":"Reyes","FirstName":"Ana"})");

  CHECK(error_of(org.call("PATCH", "/sobjects/Contact/" + id, R"({"FirstName":"B","LastName":null})"))["errorCode"] ==
        "REQUIRED_FIELD_MISSING");
  CHECK(org.row("Contact", id)["FirstName"] == "Ana");
  CHECK(org.call("PATCH", "/sobjects/Contact/" + id, R"({"FirstName":null})").status == 204);
  CHECK(org.row("Contact", id)["Name"] == "Reyes");
}

TEST_CASE("a parent can be named by its external id") {
  OrgSite org;
  const std::string contact = org.create("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");

  const std::string id = org.create("Survey_Response__c", R"({"Contact__r":{"Email":"reyes@example.com"}})");

  CHECK(org.row("Survey_Response__c", id)["Contact__c"] == contact);
  const base::http::Response missing =
      org.call("POST", "/sobjects/Survey_Response__c", R"({"Contact__r":{"Email":"nobody@example.com"}})");
  CHECK(error_of(missing)["errorCode"] == "INVALID_FIELD");
  CHECK(error_of(missing)["message"] ==
        "Foreign key external ID: nobody@example.com not found for field Email in entity Contact");
}

TEST_CASE("a deleted parent takes its children along or lets them go") {
  OrgSite org;
  const std::string account = org.create("Account", R"({"Name":"A"})");
  const std::string contact = org.create("Contact", json{{"LastName", "R"}, {"AccountId", account}}.dump());
  const std::string answer = org.create("Survey_Response__c", field_with("Contact__c", contact));

  REQUIRE(org.call("DELETE", "/sobjects/Account/" + account).status == 204);

  CHECK(error_of(org.call("GET", "/sobjects/Contact/" + contact))["errorCode"] == "ENTITY_IS_DELETED");
  CHECK(org.row("Survey_Response__c", answer)["Contact__c"] == nullptr);
}

TEST_CASE("system fields, defaults and numbers are the org's own") {
  OrgSite org;
  const json row = org.row("Case", org.create("Case", R"({"Subject":"Low score"})"));
  const std::string user = org.site.sessions().credentials().user_id;

  CHECK(row["CaseNumber"] == "00000001");
  CHECK(row["Status"] == "New");
  CHECK(row["IsClosed"] == false);
  CHECK(row["OwnerId"] == user);
  CHECK(row["CreatedById"] == user);
  CHECK(row["CreatedDate"] == "2026-01-05T12:00:00.000+0000");
}
