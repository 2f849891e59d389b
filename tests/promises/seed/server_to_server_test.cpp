// The seed page's rules on accounts that log in server to server: client ID, client secret, token endpoint URL.
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::code_of;
using promises::new_response_id;
using promises::OrgPolicy;
using promises::Person;
using promises::SeedBrand;
using support::HttpAnswer;

namespace {

std::string detail_of(const HttpAnswer& answer) { return json::parse(answer.body).value("detail", ""); }

void end_sessions(const SeedBrand& brand, const std::string& username) {
  brand.production.local("POST", "/_local/expire", json{{"sessions_of", username}}.dump());
}

}  // namespace

TEST_CASE("S16: a brand admin links an org server to server, with no browser and no refresh token") {
  const SeedBrand brand;
  const std::string user = brand.add_salesforce_user(brand.production);
  const OrgPolicy runs_as(brand.production, {{"run_as_user", user}});
  const CallsSince calls(brand.production);
  CHECK(brand.add_person("ana").call("POST", "/accounts", json::parse(brand.production.account_document())).status ==
        403);
  CHECK(calls.count() == 0);

  const std::string account = brand.link_server(brand.production, brand.admin.id());
  CHECK(brand.account(brand.admin, account).at("login") == "client_credentials");
  CHECK(brand.account(brand.admin, account).at("salesforce_username") == user);
  const std::string workflow = brand.running_workflow(brand.admin, account);
  end_sessions(brand, user);
  const std::string response = new_response_id();
  brand.run_when(brand.admin, brand.deliver(brand.admin, workflow, response), "succeeded");

  CHECK(brand.kept_scores(brand.production, response) == 1);
  CHECK(calls.count("path=/services/oauth2/authorize") == 0);
  CHECK(calls.count("path=/services/oauth2/token") == 2);
  CHECK(calls.count("grant=client_credentials&path=/services/oauth2/token") == 2);
}

TEST_CASE("S17: client id, client secret and token endpoint are required, and each that is missing is named") {
  const SeedBrand brand;
  const json whole = json::parse(brand.production.account_document());
  const CallsSince calls(brand.production);
  const auto missing_in = [&](const json& body) {
    const HttpAnswer answer = brand.admin.call("POST", "/accounts", body);
    CHECK(answer.status == 422);
    std::vector<std::string> messages;
    const json problem = json::parse(answer.body);
    for (const json& finding : problem.at("findings")) messages.push_back(finding.at("message"));
    return messages;
  };

  json none = whole;
  for (const char* member : {"client_id", "client_secret", "token_url"}) {
    json body = whole;
    body.erase(member);
    none.erase(member);
    const std::vector<std::string> messages = missing_in(body);
    REQUIRE(messages.size() == 1);
    CHECK_THAT(messages.front(), Catch::Contains(member));
  }
  CHECK(missing_in(none).size() == 3);
  CHECK(calls.count() == 0);
}

TEST_CASE("S17: the token endpoint is an https address of Salesforce, and is asked exactly as it was given") {
  const SeedBrand brand;
  json account = json::parse(brand.production.account_document());
  for (const char* url : {"http://acme.my.salesforce.com/services/oauth2/token", "acme.my.salesforce.com",
                          "https://acme.example.com/services/oauth2/token",
                          "https://acme.my.salesforce.com/services/oauth2/token?as=given"}) {
    INFO(url);
    account["token_url"] = url;
    CHECK(brand.admin.call("POST", "/accounts", account).status == 422);
  }

  const CallsSince calls(brand.production);
  account["token_url"] = brand.production.url() + "/services/oauth2/token";
  brand.admin.ask(201, "POST", "/accounts", account);
  CHECK(calls.log("method=POST").at(0).at("path") == "/services/oauth2/token");
}

TEST_CASE("S17: the secret goes in and never comes out, not even in the audit log") {
  const SeedBrand brand;
  const std::string account = brand.link_server(brand.production, "brand");
  brand.admin.ask(200, "POST", "/accounts/" + account + "/refresh", json::parse(brand.production.account_document()));

  for (const std::string& path : {"/accounts/" + account, std::string("/accounts"), std::string("/audit?limit=500"),
                                  "/accounts/" + account + "/dependants", std::string("/notices")}) {
    INFO(path);
    const HttpAnswer answer = brand.admin.call("GET", path);
    CHECK(answer.status == 200);
    CHECK(promises::leaks(answer.body, brand.production.secrets()).empty());
  }
  const HttpAnswer audit = brand.admin.call("GET", "/audit?subject=" + account);
  CHECK_THAT(audit.body, Catch::Contains("account.linked"));
}

TEST_CASE("S17: linking asks for one token, and keeps nothing when Salesforce refuses it, in Salesforce's words") {
  const SeedBrand brand;
  json account = json::parse(brand.production.account_document());
  account["client_secret"] = "wrong";
  const CallsSince calls(brand.production);

  const HttpAnswer refused = brand.admin.call("POST", "/accounts", account);
  CHECK(refused.status == 422);
  CHECK(code_of(refused) == "login_refused");
  CHECK_THAT(detail_of(refused), Catch::Contains("invalid client credentials"));
  CHECK(calls.count() == 1);
  CHECK(brand.admin.ask(200, "GET", "/accounts").at("accounts").empty());

  brand.link_server(brand.production);
  CHECK(calls.count("path=/services/oauth2/token") == 2);
}

TEST_CASE("S18: an app that runs as nobody, or that does not allow the flow, is told with what to do in either kind") {
  const SeedBrand brand;
  struct Fault {
    json policy;
    const char* words;  // Salesforce's
    const char* advice;
  };
  const Fault faults[] = {
      {{{"has_run_as_user", false}}, "no client credentials user enabled", "no run-as user"},
      {{{"client_credentials_enabled", false}}, "flow is not enabled", "does not allow this flow"},
      {{{"is_login_host", true}}, "request not supported on this domain", "My Domain"},
  };
  for (const Fault& fault : faults) {
    INFO(fault.words);
    const OrgPolicy broken(brand.production, fault.policy);
    const HttpAnswer refused = brand.admin.call("POST", "/accounts", json::parse(brand.production.account_document()));
    CHECK(refused.status == 422);
    CHECK_THAT(detail_of(refused), Catch::Contains(fault.words));
    CHECK_THAT(detail_of(refused), Catch::Contains(fault.advice));
    if (fault.policy.contains("is_login_host")) continue;
    for (const char* kind : {"External Client App", "Connected App"})
      CHECK_THAT(detail_of(refused), Catch::Contains(kind));
  }
  CHECK(brand.admin.ask(200, "GET", "/accounts").at("accounts").empty());
}

TEST_CASE("S18: a flow that is switched off later blocks the account, the doctor says which setting, and on it goes") {
  const SeedBrand brand;
  const std::string user = brand.add_salesforce_user(brand.production);
  const OrgPolicy runs_as(brand.production, {{"run_as_user", user}});
  const std::string account = brand.link_server(brand.production, brand.admin.id());
  const std::string workflow = brand.running_workflow(brand.admin, account);
  std::string run;
  {
    const OrgPolicy off(brand.production, {{"client_credentials_enabled", false}});
    end_sessions(brand, user);
    run = brand.deliver(brand.admin, workflow, new_response_id());
    brand.held_run(brand.admin, run, "account_blocked_by_org");
    const json found = brand.admin.ask(200, "POST", "/accounts/" + account + "/doctor", json::object());
    for (const json& check : found.at("checks"))
      CHECK((check.at("verdict") == "fail") == (check.at("check") == "run_as_user"));
  }
  brand.admin.ask(200, "POST", "/accounts/" + account + "/refresh");
  brand.run_when(brand.admin, run, "succeeded");
}
