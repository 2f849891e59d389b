// The setup's objects: what the org itself is, as records.
#include <catch2/catch.hpp>

#include "tests/local_org/site_fixture.hpp"

using nlohmann::json;
using test::OrgSite;

namespace {

json rows(OrgSite& org, const std::string& soql) {
  const json answer = json::parse(org.query(soql).body);
  if (!answer.is_object()) throw std::runtime_error(answer.dump());
  json records = answer.at("records");
  for (json& record : records) record.erase("attributes");
  return records;
}

void put_policies(OrgSite& org, const std::string& policies) {
  REQUIRE(org.ask("PUT", "/_local/policies", policies).status == 200);
}

// A login through the app, by client credentials.
void log_in(OrgSite& org, const std::string& from) {
  const local_org::Credentials& known = org.site.sessions().credentials();
  org.ask("POST", "/services/oauth2/token",
          base::http::to_form({{"grant_type", "client_credentials"},
                               {"client_id", known.client_id},
                               {"client_secret", known.client_secret}}),
          {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Local-Source-Ip", from}});
}

const char* const connected_app =
    "SELECT Name, OptionsAllowAdminApprovedUsersOnly, OptionsRefreshTokenValidityMetric, RefreshTokenValidityPeriod "
    "FROM ConnectedApplication";
const char* const client_app_policies =
    "SELECT PermittedUsersPolicyType, RefreshTokenPolicyType, RefreshTokenValidityPeriod, RefreshTokenValidityUnit, "
    "IpRelaxationPolicyType FROM ExtlClntAppOauthPlcyCnfg";

}  // namespace

TEST_CASE("the app is an external client app, with the policies that its administrator has set") {
  OrgSite org;

  const json app = rows(org, "SELECT Id, MasterLabel FROM ExternalClientApplication").at(0);
  CHECK(app.at("MasterLabel") == "Sluice");
  CHECK(rows(org, client_app_policies) == json::parse(R"([{"PermittedUsersPolicyType":"AllSelfAuthorized",
    "RefreshTokenPolicyType":"Infinite","RefreshTokenValidityPeriod":null,"RefreshTokenValidityUnit":null,
    "IpRelaxationPolicyType":"Enforce"}])"));
  CHECK(rows(org,
             "SELECT ExternalClientApplication.MasterLabel FROM ExtlClntAppOauthPlcyCnfg WHERE "
             "ExternalClientApplicationId = '" +
                 app.at("Id").get<std::string>() + "'")
            .at(0)
            .at("ExternalClientApplication")
            .at("MasterLabel") == "Sluice");
  CHECK(rows(org, connected_app).empty());

  put_policies(org, R"({"permitted_users":"AdminApprovedPreAuthorized","refresh_token_policy":"SpecificInactivity",
                        "refresh_token_seconds":2592000,"ip_relaxation":"Bypass"})");
  CHECK(rows(org, client_app_policies) == json::parse(R"([{"PermittedUsersPolicyType":"AdminApprovedPreAuthorized",
    "RefreshTokenPolicyType":"SpecificInactivity","RefreshTokenValidityPeriod":30,"RefreshTokenValidityUnit":"Days",
    "IpRelaxationPolicyType":"Bypass"}])"));
  CHECK(rows(org, "SELECT Id FROM ExternalClientApplication").at(0).at("Id") == app.at("Id"));
}

TEST_CASE("a connected app says the same in its own way") {
  OrgSite org;
  struct Case {
    std::string policies;
    json users_only;
    json metric;
    json period;
  };
  const Case cases[] = {
      {R"({"refresh_token_policy":"Infinite"})", false, false, nullptr},
      {R"({"refresh_token_policy":"Zero"})", false, false, 0},
      {R"({"refresh_token_policy":"SpecificLifetime","refresh_token_seconds":604800})", false, false, 7},
      {R"({"refresh_token_policy":"SpecificInactivity","refresh_token_seconds":43200,
                             "permitted_users":"AdminApprovedPreAuthorized"})",
       true, true, 12}};
  put_policies(org, R"({"app_kind":"ConnectedApplication","app_name":"Survey \"link\""})");
  for (const Case& one : cases) {
    put_policies(org, one.policies);
    CAPTURE(one.policies);
    CHECK(rows(org, connected_app) == json::array({{{"Name", "Survey \"link\""},
                                                    {"OptionsAllowAdminApprovedUsersOnly", one.users_only},
                                                    {"OptionsRefreshTokenValidityMetric", one.metric},
                                                    {"RefreshTokenValidityPeriod", one.period}}}));
  }
  CHECK(rows(org, "SELECT Id FROM ExternalClientApplication").empty());
  put_policies(org, R"({"installed":false})");
  CHECK(rows(org, connected_app).empty());
}

TEST_CASE("each approval of the app is a token in the list, which does not give the token away") {
  OrgSite org;
  const std::string user = org.site.sessions().credentials().user_id;

  const json tokens = rows(org, "SELECT AppName, UserId, UseCount, AccessToken, DeleteToken FROM OauthToken");

  CHECK(tokens == json::array({{{"AppName", "Sluice"},
                                {"UserId", user},
                                {"UseCount", 0},
                                {"AccessToken", nullptr},
                                {"DeleteToken", nullptr}}}));
  REQUIRE(org.ask("POST", "/_local/expire", R"({"refresh_token":true})").status == 200);
  CHECK(rows(org, "SELECT AppName FROM OauthToken").empty());
}

TEST_CASE("logins are in the history with their address and their end") {
  OrgSite org;
  const std::string soql =
      "SELECT UserId, Status, LoginType, SourceIp, Application FROM LoginHistory ORDER BY LoginTime";
  CHECK(rows(org, soql).empty());

  log_in(org, "198.51.100.7");
  put_policies(org, R"({"permitted_users":"AdminApprovedPreAuthorized"})");
  org.clock.advance(std::chrono::seconds(1));
  log_in(org, "203.0.113.9");

  const json user = org.site.sessions().credentials().user_id;
  CHECK(rows(org, soql) == json::array({{{"UserId", user},
                                         {"Status", "Success"},
                                         {"LoginType", "Remote Access 2.0"},
                                         {"SourceIp", "198.51.100.7"},
                                         {"Application", "Sluice"}},
                                        {{"UserId", user},
                                         {"Status", "Failed: Not approved for access"},
                                         {"LoginType", "Remote Access 2.0"},
                                         {"SourceIp", "203.0.113.9"},
                                         {"Application", "Sluice"}}}));
}

TEST_CASE("the sessions say which one is asking, and end in time") {
  OrgSite org;
  put_policies(org, R"({"access_token_seconds":600})");
  log_in(org, "198.51.100.7");

  const json sessions = rows(org, "SELECT SourceIp, NumSecondsValid, IsCurrent FROM AuthSession ORDER BY IsCurrent");
  REQUIRE(sessions.size() == 2);
  CHECK(sessions.at(0) == json{{"SourceIp", "198.51.100.7"}, {"NumSecondsValid", 600}, {"IsCurrent", false}});
  CHECK(sessions.at(1).at("IsCurrent") == true);

  org.clock.advance(std::chrono::seconds(601));
  CHECK(rows(org, "SELECT Id FROM AuthSession").size() == 1);
}

TEST_CASE("a record of the setup is found by its id, and is not written") {
  OrgSite org;
  const std::string id = rows(org, "SELECT Id FROM ExternalClientApplication").at(0).at("Id");

  CHECK(org.row("ExternalClientApplication", id).at("MasterLabel") == "Sluice");
  CHECK(org.call("DELETE", "/sobjects/ExternalClientApplication/" + id).status == 400);
  CHECK(org.call("POST", "/sobjects/ExternalClientApplication", R"({"MasterLabel":"Another"})").status == 400);
  CHECK(rows(org, "SELECT MasterLabel FROM ExternalClientApplication").size() == 1);
}

TEST_CASE("profiles and permission sets are told with what they grant, and to whom") {
  OrgSite org;
  REQUIRE(org.ask("PUT", "/_local/profiles", R"({"name":"Survey","system":{"PermissionsApiEnabled":true},
    "objects":{"Contact":{"edit":true}},"fields":{"Contact.Email":{"read":true}}})")
              .status == 200);
  REQUIRE(org.ask("PUT", "/_local/permission_sets", R"({"name":"More","label":"More rights",
    "objects":{"Account":{"modify_all":true}}})")
              .status == 200);
  REQUIRE(org.ask("POST", "/_local/users",
                  R"({"username":"maria@example.com","profile":"Survey","permission_sets":["More"]})")
              .status == 200);
  const json maria =
      rows(org, "SELECT Id, ProfileId, Profile.Name FROM User WHERE Username = 'maria@example.com'").at(0);

  CHECK(maria.at("Profile").at("Name") == "Survey");
  CHECK(rows(org, "SELECT Name, PermissionsApiEnabled, PermissionsViewSetup FROM Profile WHERE Id = '" +
                      maria.at("ProfileId").get<std::string>() + "'") ==
        json::parse(R"([{"Name":"Survey","PermissionsApiEnabled":true,"PermissionsViewSetup":false}])"));
  const std::string of_maria = "(SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '" +
                               maria.at("Id").get<std::string>() + "')";
  CHECK(rows(org, "SELECT Type, IsOwnedByProfile, PermissionsApiEnabled FROM PermissionSet WHERE Id IN " + of_maria +
                      " ORDER BY Type") ==
        json::parse(R"([{"Type":"Profile","IsOwnedByProfile":true,"PermissionsApiEnabled":true},
                        {"Type":"Regular","IsOwnedByProfile":false,"PermissionsApiEnabled":false}])"));
  CHECK(rows(org,
             "SELECT SobjectType, PermissionsRead, PermissionsCreate, PermissionsEdit, PermissionsDelete, "
             "PermissionsViewAllRecords, PermissionsModifyAllRecords FROM ObjectPermissions WHERE ParentId IN " +
                 of_maria + " ORDER BY SobjectType") == json::parse(R"([
    {"SobjectType":"Account","PermissionsRead":true,"PermissionsCreate":false,"PermissionsEdit":true,
     "PermissionsDelete":true,"PermissionsViewAllRecords":true,"PermissionsModifyAllRecords":true},
    {"SobjectType":"Contact","PermissionsRead":true,"PermissionsCreate":false,"PermissionsEdit":true,
     "PermissionsDelete":false,"PermissionsViewAllRecords":false,"PermissionsModifyAllRecords":false}])"));
  CHECK(
      rows(org, "SELECT Field, PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE ParentId IN " + of_maria) ==
      json::parse(R"([{"Field":"Contact.Email","PermissionsRead":true,"PermissionsEdit":false}])"));
}

TEST_CASE("who asks is told its own permissions") {
  OrgSite org;
  const char* const soql = "SELECT PermissionsApiEnabled, PermissionsModifyAllData FROM UserPermissionAccess LIMIT 1";
  CHECK(rows(org, soql).at(0) == json{{"PermissionsApiEnabled", true}, {"PermissionsModifyAllData", true}});
  REQUIRE(org.ask("PUT", "/_local/profiles",
                  R"({"name":"System Administrator","system":{"PermissionsModifyAllData":false}})")
              .status == 200);
  CHECK(rows(org, soql).at(0) == json{{"PermissionsApiEnabled", true}, {"PermissionsModifyAllData", false}});
}

TEST_CASE("an app for approved users only lets those in who have one of its permission sets") {
  OrgSite org;
  put_policies(org, R"({"permitted_users":"AdminApprovedPreAuthorized"})");
  const char* const soql = "SELECT ParentId, SetupEntityId, SetupEntityType FROM SetupEntityAccess";
  CHECK(rows(org, soql).empty());

  put_policies(org, R"({"approved_permission_sets":["System Administrator"]})");

  const json access = rows(org, soql);
  REQUIRE(access.size() == 1);
  CHECK(access.at(0).at("SetupEntityType") == "ExternalClientApplication");
  CHECK(access.at(0).at("SetupEntityId") == rows(org, "SELECT Id FROM ExternalClientApplication").at(0).at("Id"));
  CHECK(access.at(0).at("ParentId") == rows(org, "SELECT Id FROM PermissionSet").at(0).at("Id"));
  log_in(org, "198.51.100.7");
  CHECK(rows(org, "SELECT Status FROM LoginHistory").at(0).at("Status") == "Success");
}

TEST_CASE("who may not look at the setup is told that there is no such thing") {
  OrgSite org;
  REQUIRE(org.ask("PUT", "/_local/profiles", R"({"name":"System Administrator","system":{"PermissionsViewSetup":false,
    "PermissionsManageUsers":false,"PermissionsCustomizeApplication":false,"PermissionsAssignPermissionSets":false,
    "PermissionsManageProfilesPermissionsets":false}})")
              .status == 200);
  for (const char* object : {"AuthSession", "ExternalClientApplication", "ExtlClntAppOauthPlcyCnfg", "FieldPermissions",
                             "ObjectPermissions", "PermissionSet", "PermissionSetAssignment", "SetupEntityAccess"}) {
    CAPTURE(object);
    const json error = json::parse(org.query(std::string("SELECT Id FROM ") + object).body);
    REQUIRE(error.is_array());
    CHECK(error.at(0).at("errorCode") == "INVALID_TYPE");
    CHECK_THAT(error.at(0).at("message").get<std::string>(),
               Catch::Contains(std::string("sObject type '") + object + "' is not supported."));
  }
  put_policies(org, R"({"app_kind":"ConnectedApplication"})");
  CHECK(rows(org, "SELECT Name FROM ConnectedApplication").size() == 1);
  const json hidden = json::parse(org.query(connected_app).body);
  CHECK(hidden.at(0).at("errorCode") == "INVALID_FIELD");
  CHECK_THAT(hidden.at(0).at("message").get<std::string>(),
             Catch::Contains("No such column 'OptionsAllowAdminApprovedUsersOnly' on entity 'ConnectedApplication'."));
}

TEST_CASE("of tokens and logins an ordinary user sees its own") {
  OrgSite org;
  const json maria = json::parse(org.ask("POST", "/_local/users", R"({"username":"maria@example.com"})").body);
  org.site.sessions().approve(maria.at("id"), "api refresh_token");
  put_policies(org, R"({"run_as_user":"maria@example.com"})");
  log_in(org, "198.51.100.7");
  const std::string login = rows(org, "SELECT Id FROM LoginHistory").at(0).at("Id");
  CHECK(rows(org, "SELECT Id FROM OauthToken").size() == 2);
  CHECK(org.call("GET", "/sobjects/LoginHistory/" + login).status == 200);

  REQUIRE(org.ask("PUT", "/_local/profiles", R"({"name":"System Administrator","system":{
    "PermissionsManageUsers":false,"PermissionsCustomizeApplication":false}})")
              .status == 200);

  CHECK(rows(org, "SELECT Id FROM LoginHistory").empty());
  CHECK(org.call("GET", "/sobjects/LoginHistory/" + login).status == 404);
  const json tokens = rows(org, "SELECT UserId FROM OauthToken");
  REQUIRE(tokens.size() == 1);
  CHECK(tokens.at(0).at("UserId") == org.site.sessions().credentials().user_id);
}
