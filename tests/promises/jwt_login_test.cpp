// Accounts that log in by a signature (JWT bearer), through the HTTP API, against an org that checks it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/fixture.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::World;

namespace {

// The org's app holds the certificate; its first user is approved, and so is the one of client credentials.
void set_up_app(const World& world) {
  const json policies{{"certificate", support::fixture("keys/rs256.certificate.pem")},
                      {"permitted_users", "AdminApprovedPreAuthorized"},
                      {"approved_users", {world.org.username()}}};
  world.org.local("PUT", "/_local/policies", policies.dump());
}

json account_by_signature(const World& world) {
  return {{"name", "signed"},
          {"environment", "production"},
          {"login", "jwt_bearer"},
          {"token_url", world.org.url() + "/services/oauth2/token"},
          {"client_id", world.org.client_id()},
          {"username", world.org.username()},
          {"key", support::fixture("keys/rs256.pem")}};
}

// Linked, shared with the brand, and bound to the workflow's alias.
std::string bind_account_by_signature(const World& world) {
  const json linked = world.server.ask("POST", "/accounts", account_by_signature(world).dump());
  const std::string id = linked.at("account").at("id");
  world.server.ask("POST", "/accounts/" + id + "/shares", R"({"with":"brand"})");
  const std::string workflow = world.server.ask("GET", "/workflows").at("workflows").at(0).at("id");
  world.server.ask("PUT", "/workflows/" + workflow + "/bindings/crm", json{{"account", id}}.dump());
  return id;
}

}  // namespace

TEST_CASE(
    "a workflow runs on an account that logs in by a signature, also after its session has ended and its key was "
    "sealed anew") {
  World world(promises::sample_workflow("nps_to_contact"));
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  set_up_app(world);
  REQUIRE(world.server.start());
  const std::string id = bind_account_by_signature(world);
  CHECK(world.org.calls("path=/services/oauth2/token&grant=jwt_bearer") == 1);

  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_1"}.json()), "succeeded");
  CHECK(world.org.calls("path=/services/oauth2/token&grant=jwt_bearer") ==
        1);  // the session of its linking is still good
  world.org.local("POST", "/_local/expire", R"({"access_tokens":true})");
  world.server.call_as(world.server.operator_token(), "POST", "/keys/rotate");
  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_2"}.json()), "succeeded");
  CHECK(world.org.calls("path=/services/oauth2/token&grant=jwt_bearer") == 2);

  const json shown = world.server.ask("GET", "/accounts/" + id);
  CHECK(shown.at("login") == "jwt_bearer");
  CHECK_THAT(shown.dump() + world.server.log(), !Catch::Contains("PRIVATE KEY"));
}

TEST_CASE("a signature that the org does not accept links nothing, and the answer says why") {
  World world(promises::sample_workflow("nps_to_contact"));
  REQUIRE(world.server.start());
  struct Case {
    const char* fault;
    std::string policy;
    std::string member;
    std::string value;
    std::string told;
  };
  for (const Case& c : {Case{"no certificate", R"({"certificate":""})", "", "", "invalid assertion"},
                        Case{"an unapproved user", R"({"approved_users":[]})", "", "", "not admin approved"},
                        Case{"an unknown user", "{}", "username", "nobody@example.com", "hasn't approved"},
                        Case{"a flow that is off", R"({"flows":["refresh_token"]})", "", "", "not supported"},
                        Case{"no key", "{}", "key", "no key at all", "private key"}}) {
    INFO(c.fault);
    set_up_app(world);
    world.org.local("PUT", "/_local/policies", c.policy);
    json account = account_by_signature(world);
    if (!c.member.empty()) account[c.member] = c.value;

    const support::HttpAnswer answer = world.server.call("POST", "/accounts", account.dump());

    CHECK(answer.status == 422);
    CHECK_THAT(answer.body, Catch::Contains(c.told));
    CHECK_THAT(answer.body, !Catch::Contains("PRIVATE KEY"));
    world.org.local("PUT", "/_local/policies", R"({"flows":["authorization_code","refresh_token","jwt_bearer"]})");
  }
  CHECK(world.server.ask("GET", "/accounts").at("accounts").size() == 1);  // the file's
}
