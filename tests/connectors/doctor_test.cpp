#include "connectors/salesforce/doctor.hpp"

#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>

#include "tests/connectors/doctor_org.hpp"

using connectors::salesforce::Check;
using connectors::salesforce::OrgNeeds;
using connectors::salesforce::Verdict;
using support::DoctorOrg;
using support::survey_needs;

namespace {

std::vector<std::string> named(const std::vector<Check>& checks, Verdict verdict) {
  std::vector<std::string> names;
  for (const Check& check : checks) {
    if (check.verdict == verdict) names.push_back(check.check);
  }
  return names;
}

const Check& named(const std::vector<Check>& checks, std::string_view name) {
  return *std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.check == name; });
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a sound org passes every requirement of a login by a person") {
  DoctorOrg org;

  const std::vector<Check> checks = org.examine(survey_needs());

  CHECK(named(checks, Verdict::fail).empty());
  CHECK(named(checks, Verdict::cannot_tell).empty());
  CHECK(named(checks, Verdict::not_applicable) == Names{"run_as_user", "my_domain_host"});
  CHECK(checks.size() == 19);
}

TEST_CASE("each broken requirement fails by its name, and no other does") {
  struct Fault {
    const char* check;
    std::function<void(DoctorOrg&)> breaks;
  };
  const Fault faults[] = {
      {"api_enabled",
       [](DoctorOrg& org) {
         org.refuse("root", 403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization");
       }},
      {"login_ip",
       [](DoctorOrg& org) {
         org.rows("Profile",
                  R"({"Metadata":{"loginIpRanges":[{"startAddress":"203.0.113.1","endAddress":"203.0.113.9"}]}})");
       }},
      {"login_ip_enforced_every_request", [](DoctorOrg& org) { org.settings(false, false, true); }},
      {"record_types", [](DoctorOrg& org) { org.describe_survey_response(true, true, true, false); }},
      {"view_all",
       [](DoctorOrg& org) {
         org.rows("ObjectPermissions",
                  R"({"SobjectType":"Contact","PermissionsViewAllRecords":false,"PermissionsModifyAllRecords":false},)"
                  R"({"SobjectType":"Survey_Response__c","PermissionsModifyAllRecords":true})");
       }},
      {"modify_all",
       [](DoctorOrg& org) {
         org.rows("ObjectPermissions", R"({"SobjectType":"Contact","PermissionsViewAllRecords":true},)"
                                       R"({"SobjectType":"Survey_Response__c","PermissionsViewAllRecords":true})");
       }},
      {"create", [](DoctorOrg& org) { org.describe_survey_response(false); }},
      {"read", [](DoctorOrg& org) { org.describe_survey_response(true, false); }},
      {"edit", [](DoctorOrg& org) { org.describe_survey_response(true, true, false); }},
      {"session_locking", [](DoctorOrg& org) { org.settings(true, false, false); }},
      {"session_locking", [](DoctorOrg& org) { org.settings(false, true, false); }},
      {"refresh_policy",
       [](DoctorOrg& org) {
         org.rows("ConnectedApplication",
                  R"({"Id":"0H4000000000001AAA","OptionsAllowAdminApprovedUsersOnly":false,)"
                  R"("OptionsRefreshTokenValidityMetric":false,"RefreshTokenValidityPeriod":30})");
       }},
      {"permitted_users",
       [](DoctorOrg& org) {
         org.rows("ConnectedApplication",
                  R"({"Id":"0H4000000000001AAA","OptionsAllowAdminApprovedUsersOnly":true,)"
                  R"("OptionsRefreshTokenValidityMetric":false,"RefreshTokenValidityPeriod":null})");
       }},
      {"app_installed", [](DoctorOrg& org) { org.rows("ConnectedApplication", ""); }},
      {"environment", [](DoctorOrg& org) { org.rows("Organization", R"({"IsSandbox":false})"); }},
      {"api_headroom",
       [](DoctorOrg& org) { org.answers["/limits"].body = R"({"DailyApiRequests":{"Max":15000,"Remaining":20}})"; }},
      {"scopes",
       [](DoctorOrg& org) {
         org.refuse("root", 401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API");
       }},
  };
  for (const Fault& fault : faults) {
    DoctorOrg org;
    fault.breaks(org);

    const std::vector<Check> checks = org.examine(survey_needs());

    INFO(fault.check);
    CHECK(named(checks, Verdict::fail) == Names{fault.check});
    CHECK_FALSE(named(checks, fault.check).fix.empty());
    CHECK_FALSE(named(checks, fault.check).message.empty());
  }
}

TEST_CASE("a login that Salesforce refuses fails the requirement that it speaks of, and passes none") {
  struct Refusal {
    const char* error;
    const char* description;
    const char* check;
  };
  const Refusal refusals[] = {
      {"invalid_grant", "ip restricted", "login_ip"},
      {"invalid_app_access", "user is not admin approved to access this app", "permitted_users"},
      {"invalid_grant", "user hasn't approved this consumer", "permitted_users"},
      {"invalid_client", "app must be installed into org", "app_installed"},
      {"invalid_grant", "expired access/refresh token", "refresh_policy"},
      {"invalid_grant", "no client credentials user enabled", "run_as_user"},
      {"invalid_grant", "request not supported on this domain", "my_domain_host"},
      {"invalid_client", "invalid client credentials", "login"},
  };
  for (const Refusal& refusal : refusals) {
    DoctorOrg org;
    org.refuse_login(refusal.error, refusal.description);

    const std::vector<Check> checks = org.examine(survey_needs());

    INFO(refusal.description);
    CHECK(named(checks, Verdict::fail) == Names{refusal.check});
    CHECK(named(checks, Verdict::pass).empty());
    CHECK(named(checks, refusal.check).message.find(refusal.description) != std::string::npos);
  }
}

TEST_CASE("what the linked user may not look at is never passed, and says who can tell") {
  DoctorOrg org;
  for (const char* object :
       {"ObjectPermissions", "Profile", "ConnectedApplication", "ExternalClientApplication", "LoginHistory"})
    org.refuse(object, 400, "INVALID_TYPE", std::string("sObject type '") + object + "' is not supported.");
  org.answers["session_settings"] = {
      500,
      "<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>sf:INSUFFICIENT_ACCESS</faultcode>"
      "<faultstring>INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyMetadata "
      "permission</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"};

  const std::vector<Check> checks = org.examine(survey_needs());

  CHECK(named(checks, Verdict::fail).empty());
  CHECK(named(checks, Verdict::cannot_tell) == Names{"login_ip", "login_ip_enforced_every_request", "view_all",
                                                     "modify_all", "session_locking", "refresh_policy",
                                                     "permitted_users", "app_installed"});
  CHECK(named(checks, "view_all").message.find("an admin with 'View Setup and Configuration' can tell") !=
        std::string::npos);
}

TEST_CASE("a user who sees and changes all data needs no permission on single objects") {
  DoctorOrg org;
  org.rows("UserPermissionAccess", R"({"PermissionsViewAllData":true,"PermissionsModifyAllData":true})");
  org.refuse("ObjectPermissions", 400, "INVALID_TYPE", "sObject type 'ObjectPermissions' is not supported.");

  const std::vector<Check> checks = org.examine(survey_needs());

  CHECK(named(checks, "view_all").verdict == Verdict::pass);
  CHECK(named(checks, "modify_all").verdict == Verdict::pass);
}

TEST_CASE("without a workflow nothing is said about objects") {
  DoctorOrg org;

  const std::vector<Check> checks = org.examine({});

  for (const char* name : {"record_types", "view_all", "modify_all", "create", "read", "edit"})
    CHECK(named(checks, name).verdict == Verdict::not_applicable);
  CHECK(named(checks, Verdict::fail).empty());
}

TEST_CASE("who may not create records can still be seen to have the right to edit their fields") {
  DoctorOrg org;
  org.describe_survey_response(/*createable=*/false);

  const std::vector<Check> checks = org.examine(survey_needs());

  CHECK(named(checks, "create").verdict == Verdict::fail);
  CHECK(named(checks, "edit").verdict == Verdict::pass);
}

TEST_CASE("an external client app's policies count as a connected app's do") {
  struct Case {
    const char* policy;
    Verdict refresh;
    Verdict users;
  };
  const Case cases[] = {
      {R"("RefreshTokenPolicyType":"Infinite","PermittedUsersPolicyType":"AllSelfAuthorized")", Verdict::pass,
       Verdict::pass},
      {R"("RefreshTokenPolicyType":"SpecificInactivity","RefreshTokenValidityPeriod":30,)"
       R"("RefreshTokenValidityUnit":"Days","PermittedUsersPolicyType":"AdminApprovedPreAuthorized")",
       Verdict::pass, Verdict::fail},
      {R"("RefreshTokenPolicyType":"SpecificLifetime","RefreshTokenValidityPeriod":7,)"
       R"("RefreshTokenValidityUnit":"Days","PermittedUsersPolicyType":"AllSelfAuthorized")",
       Verdict::fail, Verdict::pass},
      {R"("RefreshTokenPolicyType":"Zero")", Verdict::fail, Verdict::cannot_tell},
  };
  for (const Case& one : cases) {
    DoctorOrg org;
    org.rows("ConnectedApplication", "");
    org.rows("ExternalClientApplication", R"({"Id":"0xI000000000001AAA"})");
    org.rows("ExtlClntAppOauthPlcyCnfg",
             std::string(R"({"ExternalClientApplicationId":"0xI000000000001AAA",)") + one.policy + "}");

    const std::vector<Check> checks = org.examine({});

    INFO(one.policy);
    CHECK(named(checks, "refresh_policy").verdict == one.refresh);
    CHECK(named(checks, "permitted_users").verdict == one.users);
    CHECK(named(checks, "app_installed").verdict == Verdict::pass);
  }
}

TEST_CASE("login ranges are compared with what the operator has said, and only with that") {
  DoctorOrg org;

  CHECK(named(org.examine({}, "198.51.100.0/24"), "login_ip").verdict == Verdict::pass);
  CHECK(named(org.examine({}, "198.51.100.0/23"), "login_ip").verdict == Verdict::fail);
  CHECK(named(org.examine({}, ""), "login_ip").verdict == Verdict::cannot_tell);
  org.rows("Profile", R"({"Metadata":{"loginIpRanges":[]}})");
  CHECK(named(org.examine({}, ""), "login_ip").verdict == Verdict::pass);
  org.refuse("Profile", 400, "INVALID_FIELD", "No such column 'Metadata' on entity 'Profile'.");
  CHECK(named(org.examine({}, "198.51.100.7"), "login_ip").verdict == Verdict::pass);
  CHECK(named(org.examine({}, "198.51.100.8"), "login_ip").verdict == Verdict::cannot_tell);
}

TEST_CASE("the doctor only reads") {
  DoctorOrg org;

  org.examine(survey_needs());

  for (const base::http::Request& request : org.http.requests()) {
    const bool is_login = request.url.ends_with("/services/oauth2/token");
    const bool is_metadata = request.body.find("<met:readMetadata>") != std::string::npos;
    CHECK((request.method == "GET" || is_login || is_metadata));
  }
}
