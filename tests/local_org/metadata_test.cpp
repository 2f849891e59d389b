// What only the Tooling and the Metadata API tell: profiles with their login ranges, and the session settings.
#include <catch2/catch.hpp>

#include "base/xml.hpp"
#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

namespace {

json tooling_answer(OrgSite& org, const std::string& soql) {
  return json::parse(org.call("GET", "/tooling/query?q=" + base::http::percent_encode(soql)).body);
}

base::http::Response ask_metadata(OrgSite& org, const std::string& session, const std::string& operation) {
  return org.ask("POST", "/services/Soap/m/60.0",
                 R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" )"
                 R"(xmlns:m="http://soap.sforce.com/2006/04/metadata"><e:Header><m:SessionHeader><m:sessionId>)" +
                     session + "</m:sessionId></m:SessionHeader></e:Header><e:Body>" + operation +
                     "</e:Body></e:Envelope>",
                 {{"Content-Type", "text/xml"}});
}

std::string read_of(const std::string& type, const std::string& name) {
  return "<m:readMetadata><m:type>" + type + "</m:type><m:fullNames>" + name + "</m:fullNames></m:readMetadata>";
}

std::string text_in(const base::http::Response& response, const char* element) {
  const std::optional<base::XmlElement> root = base::parse_xml(response.body);
  const base::XmlElement* found = root ? root->find(element) : nullptr;
  return found ? found->text : "";
}

std::string first_token(OrgSite& org) { return org.site.sessions().credentials().access_token; }

}  // namespace

TEST_CASE("a profile's metadata tells its login ranges and what it grants") {
  OrgSite org;
  REQUIRE(org.ask("PUT", "/_local/profiles", R"({"name":"Survey","system":{"PermissionsApiEnabled":true},
    "objects":{"Contact":{"create":true}},"fields":{"Contact.Email":{"edit":true}},
    "login_ip_ranges":[{"startAddress":"198.51.100.0","endAddress":"198.51.100.255"}]})")
              .status == 200);

  const json answer = tooling_answer(org, "SELECT Id, FullName, Metadata FROM Profile WHERE Name = 'Survey'");

  CHECK(answer.at("totalSize") == 1);
  const json profile = answer.at("records").at(0);
  CHECK(profile.at("FullName") == "Survey");
  const json metadata = profile.at("Metadata");
  REQUIRE(metadata.at("loginIpRanges").size() == 1);
  CHECK(metadata.at("loginIpRanges").at(0).at("startAddress") == "198.51.100.0");
  CHECK(metadata.at("loginIpRanges").at(0).at("endAddress") == "198.51.100.255");
  CHECK(metadata.at("userPermissions") == json::parse(R"([{"enabled":true,"name":"ApiEnabled"}])"));
  CHECK(metadata.at("objectPermissions") == json::parse(R"([{"allowCreate":true,"allowDelete":false,"allowEdit":false,
    "allowRead":true,"modifyAllRecords":false,"object":"Contact","viewAllRecords":false}])"));
  bool tells_email = false;
  for (const json& field : metadata.at("fieldPermissions")) {
    if (field.at("field") == "Contact.Email") tells_email = field.at("editable") == true;
  }
  CHECK(tells_email);
}

TEST_CASE("metadata comes with one row at a time, and to those who may look at the setup") {
  OrgSite org;
  REQUIRE(org.ask("PUT", "/_local/profiles", R"({"name":"Survey"})").status == 200);
  CHECK(tooling_answer(org, "SELECT Id FROM Profile").at("totalSize") == 2);
  CHECK(tooling_answer(org, "SELECT Id, Metadata FROM Profile").at(0).at("errorCode") == "MALFORMED_QUERY");
  CHECK(tooling_answer(org, "SELECT Metadata FROM Profile WHERE Name = 'None'").at("totalSize") == 0);
  CHECK(tooling_answer(org, "SELECT Id FROM Contact").at(0).at("errorCode") == "INVALID_TYPE");
  CHECK(json::parse(org.query("SELECT Metadata FROM Profile").body).at(0).at("errorCode") == "INVALID_FIELD");

  REQUIRE(
      org.ask("PUT", "/_local/profiles", R"({"name":"System Administrator","system":{"PermissionsViewSetup":false}})")
          .status == 200);
  const json refused = tooling_answer(org, "SELECT Id, Metadata FROM Profile WHERE Name = 'Survey'");
  CHECK(refused.at(0).at("errorCode") == "INVALID_FIELD");
  CHECK_THAT(refused.at(0).at("message").get<std::string>(),
             Catch::Contains("No such column 'Metadata' on entity 'Profile'."));
}

TEST_CASE("the session settings are told as the org's administrator has set them") {
  OrgSite org;
  REQUIRE(org.ask("PUT", "/_local/policies", R"({"lockSessionsToDomain":true})").status == 200);

  const base::http::Response answer = ask_metadata(org, first_token(org), read_of("SecuritySettings", "Security"));

  CHECK(answer.status == 200);
  CHECK(text_in(answer, "fullName") == "Security");
  CHECK(text_in(answer, "lockSessionsToDomain") == "true");
  CHECK(text_in(answer, "lockSessionsToIp") == "false");
  CHECK(text_in(answer, "enforceIpRangesEveryRequest") == "false");
}

TEST_CASE("what the Metadata API refuses it refuses as SOAP does") {
  OrgSite org;
  const auto fault_of = [&](const base::http::Response& answer) {
    CHECK(answer.status == 500);
    return text_in(answer, "faultcode");
  };
  const std::string wish = read_of("SecuritySettings", "Security");
  CHECK(fault_of(ask_metadata(org, "00D!nobody", wish)) == "sf:INVALID_SESSION_ID");
  CHECK(fault_of(ask_metadata(org, first_token(org), read_of("ApexClass", "X"))) == "sf:INVALID_TYPE");
  CHECK(fault_of(ask_metadata(org, first_token(org), "<m:deploy/>")) == "soapenv:Client");
  CHECK(fault_of(org.ask("POST", "/services/Soap/m/60.0", "no envelope")) == "soapenv:Client");

  REQUIRE(org.ask("PUT", "/_local/profiles", R"({"name":"System Administrator","system":{
    "PermissionsModifyAllData":false,"PermissionsModifyMetadata":false}})")
              .status == 200);
  const base::http::Response refused = ask_metadata(org, first_token(org), wish);
  CHECK(fault_of(refused) == "sf:INSUFFICIENT_ACCESS");
  CHECK_THAT(text_in(refused, "faultstring"),
             Catch::Contains("use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata"));
}
