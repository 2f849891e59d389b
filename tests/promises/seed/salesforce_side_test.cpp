// The seed page's requirements of the Salesforce user and org: each one that is not met is named by the doctor.
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/run_program.hpp"

using nlohmann::json;
using promises::code_of;
using promises::new_response_id;
using promises::OrgPolicy;
using promises::Person;
using promises::SeedBrand;
using support::HttpAnswer;

namespace {

const char* const responses = "Survey_Response__c";

// A person whose account an enabled workflow runs on.
struct Examined {
  SeedBrand brand;
  Person ana = brand.add_person("ana");
  std::string account = brand.link(ana, brand.production);
  std::string user = brand.account(ana, account).at("salesforce_username");

  json examination(const std::string& workflow = "") const {
    const json body = workflow.empty() ? json::object() : json{{"workflow", workflow}};
    return ana.ask(200, "POST", "/accounts/" + account + "/doctor", body);
  }
  // Bound to the account, and not enabled: an org that lacks something may refuse that.
  std::string bound_workflow(const json& document) const {
    const std::string workflow = brand.push(ana, brand.add_project(ana), document);
    brand.bind(ana, workflow, "crm", account);
    return workflow;
  }
  // What the org answers from now on to calls whose address holds these words.
  void org_says(const std::string& to, int status, const std::string& body) const {
    const json script{{"path_contains", to}, {"status", status}, {"body", body}, {"next", 100}};
    brand.production.add_fault(script.dump());
  }
  void describe_as(const std::string& object, const json& description) const {
    org_says("/sobjects/" + object + "/describe", 200, description.dump());
  }
  // The rows of a setup object, as the linked user sees them.
  void org_holds(const std::string& object, const json& rows) const {
    org_says("FROM%20" + object + "%20", 200, json{{"done", true}, {"records", rows}}.dump());
  }
  // The user has one permission set, which gives no right to all data.
  void user_is_no_admin() const {
    org_holds("PermissionSetAssignment", {{{"PermissionSetId", "0PS000000000001AAA"}}});
    org_holds("UserPermissionAccess", {{{"PermissionsApiEnabled", true},
                                        {"PermissionsViewAllData", false},
                                        {"PermissionsModifyAllData", false},
                                        {"PermissionsApproveUninstalledConnectedApps", true}}});
  }
};

json rights_on(const std::string& object, bool view_all, bool modify_all) {
  return {
      {"SobjectType", object}, {"PermissionsViewAllRecords", view_all}, {"PermissionsModifyAllRecords", modify_all}};
}

json check_named(const json& examination, const std::string& name) {
  for (const json& check : examination.at("checks")) {
    if (check.at("check") == name) return check;
  }
  throw std::runtime_error("the doctor does not know " + name);
}

void check_fails(const json& examination, const std::string& name, const std::string& words) {
  const json check = check_named(examination, name);
  INFO(check.dump());
  CHECK(check.at("verdict") == "fail");
  CHECK_THAT(check.at("message").get<std::string>(), Catch::Contains(words));
  CHECK_FALSE(check.at("fix").get<std::string>().empty());
}

json score_with(const json& fields) {
  json document = json::parse(promises::keep_score);
  document["tasks"]["answer"]["with"]["fields"].update(fields);
  return document;
}

json& field_in(json& description, const std::string& name) {
  for (json& field : description.at("fields")) {
    if (field.at("name") == name) return field;
  }
  throw std::runtime_error("the org describes no field " + name);
}

}  // namespace

TEST_CASE("S19: the doctor names every requirement, over HTTP and at a terminal, and a sound org fails none") {
  const Examined examined;
  const std::string workflow = examined.bound_workflow(json::parse(promises::keep_score));
  const json found = examined.examination(workflow);
  for (const char* name : {"api_enabled", "login_ip", "record_types", "view_all", "modify_all", "create", "read",
                           "edit", "session_locking", "refresh_policy", "permitted_users"}) {
    const json check = check_named(found, name);
    INFO(check.dump());
    CHECK(check.at("verdict") != "fail");
    if (check.at("verdict") == "cannot_tell") CHECK_FALSE(check.at("message").get<std::string>().empty());
  }
  const test::Ended ended =
      test::run_program({"accounts", "doctor", examined.account, "--workflow", workflow, "--json", "--server",
                         examined.brand.server.url(), "--token", examined.ana.token()});
  CHECK(ended.code == 0);
  CHECK(json::parse(ended.output).at("checks").size() == found.at("checks").size());
}

TEST_CASE("S20: an org that refuses the API to the user is told as api_enabled") {
  const Examined examined;
  examined.brand.production.add_fault(
      R"({"path_contains":"/services/data","status":403,"code":"API_DISABLED_FOR_ORG","next":100,
          "message":"API is not enabled for this Organization or Partner"})");
  check_fails(examined.examination(), "api_enabled", "API_DISABLED_FOR_ORG");
}

TEST_CASE("S21: whoever links is shown from where this server comes, and a login that is refused for it is login_ip") {
  const Examined examined;
  const SeedBrand& brand = examined.brand;
  const json wish{{"purpose", "link"}, {"environment", "production"}, {"host", brand.production.url()}};
  CHECK(examined.ana.ask(201, "POST", "/logins", wish).at("egress") == json{"198.51.100.0/24"});
  CHECK(examined.examination().at("egress") == json{"198.51.100.0/24"});

  brand.production.local("POST", "/_local/expire", json{{"sessions_of", examined.user}}.dump());
  brand.production.add_fault(R"({"path_contains":"/services/oauth2/token","status":400,"next":100,
      "body":"{\"error\":\"invalid_grant\",\"error_description\":\"ip restricted\"}"})");
  check_fails(examined.examination(), "login_ip", "ip restricted");
}

TEST_CASE("S22: a record type that the user may not use is told as record_types") {
  const Examined examined;
  const std::string workflow = examined.bound_workflow(score_with({{"RecordTypeId", "Detractors"}}));
  check_fails(examined.examination(workflow), "record_types", "Detractors");
}

TEST_CASE(
    "S22, S27: what the org would refuse of every record is refused when it is saved or enabled, with its place") {
  const Examined examined;
  const SeedBrand& brand = examined.brand;
  const std::string workflow = examined.bound_workflow(json::parse(promises::keep_score));
  const std::string path = "/workflows/" + workflow;
  json description = brand.production.describe(responses);
  const auto check_refused = [](const HttpAnswer& answer, const std::string& code, const std::string& field) {
    INFO(answer.body);
    const json problem = json::parse(answer.body);
    REQUIRE(problem.at("findings").size() == 1);
    const json& finding = problem.at("findings").at(0);
    CHECK(finding.at("code") == code);
    CHECK(finding.at("pointer") == "/tasks/answer/with/fields/" + field);
    CHECK_THAT(finding.at("message").get<std::string>(),
               Catch::Contains(field == "RecordTypeId" ? "Detractors" : field));
  };

  SECTION("a field that is not there") {
    const json edit{{"document", score_with({{"Score_of_last_year__c", 7}})}};
    check_refused(examined.ana.call("PUT", path, edit), "mapping_field_unknown", "Score_of_last_year__c");
    CHECK(examined.ana.ask(200, "GET", path).at("version") == 1);
  }
  SECTION("a field that the user may not change") {
    field_in(description, "Score__c")["updateable"] = false;
    examined.describe_as(responses, description);
    const HttpAnswer refused = examined.ana.call("POST", path + "/enable");
    CHECK(refused.status == 409);
    CHECK(code_of(refused) == "enable_refused");
    check_refused(refused, "mapping_field_read_only", "Score__c");
  }
  SECTION("a record type that is not the user's") {
    description["recordTypeInfos"] = {{{"recordTypeId", "012000000000001AAA"},
                                       {"developerName", "Detractors"},
                                       {"name", "Detractors"},
                                       {"active", true},
                                       {"available", false}}};
    description["fields"].push_back({{"name", "RecordTypeId"}, {"createable", true}, {"updateable", true}});
    examined.describe_as(responses, description);
    const json edit{{"document", score_with({{"RecordTypeId", "Detractors"}})}};
    check_refused(examined.ana.call("PUT", path, edit), "mapping_record_type_unknown", "RecordTypeId");
  }
  SECTION("an org that does not answer refuses nothing") {
    examined.org_says("/services/data", 503, "[]");
    CHECK(examined.ana.call("POST", path + "/enable").status == 200);
  }
}

TEST_CASE(
    "S23, S24: all related and changed records have to be the user's to see and to change: view_all, modify_all") {
  const Examined examined;
  const std::string workflow = examined.bound_workflow(score_with({{"Contact__c", "${e://Field/Contact}"}}));
  examined.user_is_no_admin();

  SECTION("neither is granted") {
    examined.org_holds("ObjectPermissions", {rights_on(responses, false, false), rights_on("Contact", false, false)});
    const json found = examined.examination(workflow);
    check_fails(found, "view_all", "Contact");
    check_fails(found, "modify_all", responses);
  }
  SECTION("View All is missing on the object that a lookup leads to") {
    examined.org_holds("ObjectPermissions", {rights_on(responses, true, true), rights_on("Contact", false, false)});
    const json found = examined.examination(workflow);
    check_fails(found, "view_all", "Contact");
    CHECK(check_named(found, "modify_all").at("verdict") == "pass");
  }
  SECTION("both are granted") {
    examined.org_holds("ObjectPermissions", {rights_on(responses, true, true), rights_on("Contact", true, false)});
    const json found = examined.examination(workflow);
    for (const char* name : {"view_all", "modify_all"}) CHECK(check_named(found, name).at("verdict") == "pass");
  }
  SECTION("the user may not look at permissions") {
    examined.org_says(
        "FROM%20ObjectPermissions%20", 400,
        R"([{"errorCode":"INVALID_TYPE","message":"sObject type 'ObjectPermissions' is not supported."}])");
    const json found = examined.examination(workflow);
    for (const char* name : {"view_all", "modify_all"}) {
      CHECK(check_named(found, name).at("verdict") == "cannot_tell");
      CHECK_THAT(check_named(found, name).at("message").get<std::string>(), Catch::Contains("an admin"));
    }
  }
}

TEST_CASE("S25: an object whose records the user may not create is told as create") {
  const Examined examined;
  const std::string workflow = examined.bound_workflow(json::parse(promises::keep_score));
  json description = examined.brand.production.describe(responses);
  description["createable"] = false;
  examined.describe_as(responses, description);
  check_fails(examined.examination(workflow), "create", responses);
}

TEST_CASE("S26: a field that the user does not see and a task reads is told as read") {
  const Examined examined;
  json document = json::parse(promises::keep_score);
  document["tasks"]["contact"] = {
      {"type", "salesforce_find"},
      {"account", "crm"},
      {"with", {{"object", "Contact"}, {"match", {{"Email", "a@example.com"}}}, {"return", {"Id", "Secret__c"}}}}};
  const std::string workflow = examined.bound_workflow(document);
  check_fails(examined.examination(workflow), "read", "Secret__c");
}

TEST_CASE("S27: a field that the user may not write and a task writes is told as edit") {
  const Examined examined;
  const std::string workflow = examined.bound_workflow(json::parse(promises::keep_score));
  json description = examined.brand.production.describe(responses);
  field_in(description, "Score__c")["updateable"] = false;
  examined.describe_as(responses, description);
  check_fails(examined.examination(workflow), "edit", "Score__c");
}

TEST_CASE(
    "S28: sessions that are locked to an address or a domain are told; where nobody may look, it is said who can") {
  const Examined examined;
  const auto settings = [](const char* to_ip, const char* to_domain) {
    return std::string("<soapenv:Envelope><soapenv:Body><sessionSettings><lockSessionsToIp>") + to_ip +
           "</lockSessionsToIp><lockSessionsToDomain>" + to_domain +
           "</lockSessionsToDomain><enforceIpRangesEveryRequest>false</enforceIpRangesEveryRequest></sessionSettings>"
           "</soapenv:Body></soapenv:Envelope>";
  };
  SECTION("locked to the address") {
    examined.org_says("/services/Soap/m/", 200, settings("true", "false"));
    check_fails(examined.examination(), "session_locking", "locked to the IP address: yes");
  }
  SECTION("locked to the domain") {
    examined.org_says("/services/Soap/m/", 200, settings("false", "true"));
    check_fails(examined.examination(), "session_locking", "locked to the domain: yes");
  }
  SECTION("neither") {
    examined.org_says("/services/Soap/m/", 200, settings("false", "false"));
    CHECK(check_named(examined.examination(), "session_locking").at("verdict") == "pass");
  }
  SECTION("the user may not look") {
    examined.org_says("/services/Soap/m/", 500,
                      "<soapenv:Envelope><faultstring>INSUFFICIENT_ACCESS: use of the Metadata API requires a user "
                      "with rights</faultstring></soapenv:Envelope>");
    const json check = check_named(examined.examination(), "session_locking");
    CHECK(check.at("verdict") == "cannot_tell");
    CHECK_THAT(check.at("message").get<std::string>(), Catch::Contains("an admin"));
    CHECK_THAT(check.at("setup_path").get<std::string>(), Catch::Contains("Session Settings"));
  }
}

TEST_CASE("S29: a dead refresh token names the app's policy as the first thing to look at") {
  const Examined examined;
  const SeedBrand& brand = examined.brand;
  brand.production.local("POST", "/_local/expire", json{{"user", examined.user}}.dump());
  const std::string workflow = brand.running_workflow(examined.ana, examined.account);
  brand.held_run(examined.ana, brand.deliver(examined.ana, workflow, new_response_id()), "account_token_expired");

  const json account = brand.account(examined.ana, examined.account);
  CHECK(account.at("state") == "expired");
  CHECK_THAT(account.at("reason").get<std::string>(), Catch::Contains("Refresh token is valid until revoked"));
  check_fails(examined.examination(), "refresh_policy", "refresh token");
}

TEST_CASE("S30: a user whom no admin has approved is told which policy to set, at the login and by the doctor") {
  const Examined examined;
  const SeedBrand& brand = examined.brand;
  const OrgPolicy only_approved(brand.production, {{"permitted_users", "AdminApprovedPreAuthorized"}});
  const json refused = brand.log_in(examined.ana, brand.production);
  CHECK(refused.at("state") == "refused");
  CHECK_THAT(refused.at("error").at("message").get<std::string>(), Catch::Contains("All users may self-authorize"));

  brand.production.local("POST", "/_local/expire", json{{"sessions_of", examined.user}}.dump());
  const json found = examined.examination();
  check_fails(found, "permitted_users", "not admin approved");
  CHECK_THAT(check_named(found, "permitted_users").at("fix").get<std::string>(),
             Catch::Contains("All users may self-authorize"));
}
