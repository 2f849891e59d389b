// What fields of each type take and refuse, and how they give back what they took. Values and refusals as Salesforce
// documents and answers them.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "local_org/package.hpp"
#include "tests/local_org/site_fixture.hpp"
#include "tests/support/source_path.hpp"

using nlohmann::json;

namespace {

// An object with a field of every type that can be written.
local_org::Schema every_type_schema() {
  const local_org::PackageReading reading =
      local_org::read_package(test::source_path("tests/fixtures/org_package/every_type"), local_org::standard_schema());
  for (const base::Finding& finding : reading.findings) UNSCOPED_INFO(base::to_line(finding));
  REQUIRE(reading.findings.empty());
  local_org::Schema schema = local_org::standard_schema();
  for (const std::string& describe : reading.package.describes) schema.add(describe);
  return schema;
}

std::string texts(std::size_t count, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

struct Taken {
  std::string field;
  json written;
  json read;
};

struct Refused {
  std::string field;
  json written;
  std::string code;
};

const std::string emoji = "\xF0\x9F\x98\x80";  // one character, two UTF-16 units
const std::string umlaut = "\xC3\xBC";         // one of each

const std::vector<Taken> taken_values{
    {"Text__c", "plain", "plain"},
    {"Text__c", "", nullptr},
    {"Text__c", nullptr, nullptr},
    {"Text__c", texts(10, umlaut), texts(10, umlaut)},
    {"Text__c", texts(5, emoji), texts(5, emoji)},
    {"Area__c", "two\nlines", "two\nlines"},
    {"Long__c", texts(3000, "x"), texts(3000, "x")},
    {"Rich__c", "<b>bold</b>", "<b>bold</b>"},
    {"Email__c", "ana.reyes@example.com", "ana.reyes@example.com"},
    {"Phone__c", "+49 (30) 1234-5 ext. 6", "+49 (30) 1234-5 ext. 6"},
    {"Url__c", "not even an address", "not even an address"},
    {"Check__c", true, true},
    {"Check__c", "false", false},
    {"Number__c", 12.34, 12.34},
    {"Number__c", "12.34", 12.34},
    {"Number__c", 12, 12.0},
    {"Number__c", 12.345, 12.35},
    {"Number__c", -999.99, -999.99},
    {"Currency__c", 1234567.89, 1234567.89},
    {"Percent__c", 12.5, 12.5},
    {"Date__c", "2026-05-01", "2026-05-01"},
    {"Moment__c", "2026-05-01T07:25:37Z", "2026-05-01T07:25:37.000+0000"},
    {"Moment__c", "2026-05-01T09:25:37.250+02:00", "2026-05-01T07:25:37.000+0000"},
    {"Time__c", "07:25:37.000Z", "07:25:37.000Z"},
    {"Time__c", "07:25:37Z", "07:25:37.000Z"},
    {"Pick__c", "low", "low"},
    {"Open__c", "anything", "anything"},
    {"Multi__c", "low;high", "high;low"},
    {"Multi__c", "low", "low"},
    {"Contact__c", nullptr, nullptr},
    {"Place__Latitude__s", 48.13743, 48.13743},
    {"Place__Longitude__s", -180, -180.0},
};

const std::vector<Refused> refused_values{
    {"Text__c", texts(11, "x"), "STRING_TOO_LONG"},
    {"Text__c", texts(11, umlaut), "STRING_TOO_LONG"},
    {"Text__c", texts(6, emoji), "STRING_TOO_LONG"},
    {"Text__c", 5, "JSON_PARSER_ERROR"},
    {"Text__c", json::array({"a"}), "JSON_PARSER_ERROR"},
    {"Text__c", "bell\x07", "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET"},
    {"Area__c", texts(256, "x"), "STRING_TOO_LONG"},
    {"Email__c", "nobody", "INVALID_EMAIL_ADDRESS"},
    {"Email__c", "a@b@example.com", "INVALID_EMAIL_ADDRESS"},
    {"Email__c", texts(80, "x") + "@example.com", "STRING_TOO_LONG"},
    {"Phone__c", texts(41, "1"), "STRING_TOO_LONG"},
    {"Url__c", "https://" + texts(255, "x"), "STRING_TOO_LONG"},
    {"Check__c", nullptr, "INVALID_TYPE_ON_FIELD_IN_RECORD"},
    {"Check__c", "yes", "JSON_PARSER_ERROR"},
    {"Check__c", 1, "JSON_PARSER_ERROR"},
    {"Number__c", 1000, "NUMBER_OUTSIDE_VALID_RANGE"},
    {"Number__c", "many", "JSON_PARSER_ERROR"},
    {"Number__c", "", "JSON_PARSER_ERROR"},
    {"Percent__c", 1000, "NUMBER_OUTSIDE_VALID_RANGE"},
    {"Date__c", "2026-05-01T07:25:37Z", "JSON_PARSER_ERROR"},
    {"Date__c", "01.05.2026", "JSON_PARSER_ERROR"},
    {"Date__c", "2026-02-30", "JSON_PARSER_ERROR"},
    {"Date__c", "", "JSON_PARSER_ERROR"},
    {"Moment__c", "2026-05-01", "JSON_PARSER_ERROR"},
    {"Moment__c", "2026-05-01 07:25:37Z", "JSON_PARSER_ERROR"},
    {"Moment__c", "2026-05-01T07:25:37+0000", "JSON_PARSER_ERROR"},
    {"Time__c", "07:25", "JSON_PARSER_ERROR"},
    {"Time__c", "25:00:00.000Z", "JSON_PARSER_ERROR"},
    {"Pick__c", "middle", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
    {"Pick__c", "old", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
    {"Multi__c", "low;middle", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
    {"Contact__c", "not an id", "MALFORMED_ID"},
    {"Place__Latitude__s", 90.5, "NUMBER_OUTSIDE_VALID_RANGE"},
    {"Place__Longitude__s", 181, "NUMBER_OUTSIDE_VALID_RANGE"},
    // Compounds, formulas and numbers that the org gives are read only.
    {"Place__c", {{"latitude", 1}, {"longitude", 2}}, "INVALID_FIELD_FOR_INSERT_UPDATE"},
    {"Name", "V-1", "INVALID_FIELD_FOR_INSERT_UPDATE"},
};

}  // namespace

TEST_CASE("each type of field takes what Salesforce takes, and gives it back in Salesforce's form") {
  test::OrgSite org({}, every_type_schema());
  for (const Taken& one : taken_values) {
    const json body{{one.field, one.written}};
    INFO(body.dump().substr(0, 200));
    const base::http::Response response = org.call("POST", "/sobjects/Every__c", body.dump());
    INFO(response.body.substr(0, 300));
    REQUIRE(response.status == 201);
    CHECK(org.row("Every__c", json::parse(response.body).at("id").get<std::string>()).at(one.field) == one.read);
  }
}

TEST_CASE("each type of field refuses what Salesforce refuses, by its code") {
  test::OrgSite org({}, every_type_schema());
  for (const Refused& one : refused_values) {
    const json body{{one.field, one.written}};
    INFO(body.dump().substr(0, 200));
    const base::http::Response response = org.call("POST", "/sobjects/Every__c", body.dump());
    CHECK(response.status == 400);
    const json errors = json::parse(response.body);
    REQUIRE(errors.is_array());
    CHECK(errors.at(0).at("errorCode") == one.code);
  }
  CHECK(json::parse(org.query("SELECT Id FROM Every__c").body).at("totalSize") == 0);
}

TEST_CASE("a person's name comes with the object: no field permission governs it") {
  const local_org::Schema schema = local_org::standard_schema();
  for (const char* object : {"Contact", "Lead"})
    for (const char* part : {"FirstName", "LastName", "Salutation", "Name"})
      CHECK_FALSE(schema.find(object)->find(part)->permissionable);
}
