// Tokens: how they are got, what they are good for, how they end.
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "base/secret.hpp"
#include "tests/local_org/site_fixture.hpp"
#include "tests/support/fixture.hpp"

using base::http::Form;
using base::http::Response;
using nlohmann::json;
using test::OrgSite;

namespace {

class TokenSite : public OrgSite {
 public:
  explicit TokenSite(const local_org::SiteOptions& options = {}) : OrgSite(options) {}

  const local_org::Credentials& known() const { return credentials_; }
  Response token(const Form& form) { return ask("POST", "/services/oauth2/token", base::http::to_form(form)); }
  Response refresh(const std::string& refresh_token) {
    return token({{"grant_type", "refresh_token"}, {"client_id", known().client_id}, {"refresh_token", refresh_token}});
  }
  void put_policies(const json& policies) { REQUIRE(ask("PUT", "/_local/policies", policies.dump()).status == 200); }
  Response assert_as(const std::string& username, const json& expiry) {
    const json claims{{"iss", known().client_id}, {"sub", username}, {"aud", "http://org.example"}, {"exp", expiry}};
    const std::string text = base::to_base64url(R"({"alg":"RS256"})") + "." + base::to_base64url(claims.dump());
    const base::Secret key(support::fixture("keys/rs256.pem"));
    const std::string assertion = text + "." + base::to_base64url(*base::sign_rs256(key, text));
    return token({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}});
  }
  int status_with(const std::string& access_token) {
    return ask("GET", "/services/data/v66.0/limits", "", {{"Authorization", "Bearer " + access_token}}).status;
  }

 private:
  local_org::Credentials credentials_ = site.sessions().credentials();
};

}  // namespace

TEST_CASE("client credentials give a token that works") {
  TokenSite org;
  const Response response = org.token({{"grant_type", "client_credentials"},
                                       {"client_id", org.known().client_id},
                                       {"client_secret", org.known().client_secret}});
  const json answer = json::parse(response.body);
  const std::string id = "http://org.example/id/" + org.known().org_id + "/" + org.known().user_id;
  CHECK(response.status == 200);
  CHECK(answer["token_type"] == "Bearer");
  CHECK(answer["instance_url"] == "http://org.example");
  CHECK(answer["id"] == id);
  CHECK(answer["issued_at"] == "1767614400000");
  CHECK(answer["signature"] == base::to_base64(base::hmac_sha256(org.known().client_secret, id + "1767614400000")));
  CHECK_FALSE(answer.contains("expires_in"));
  CHECK_FALSE(answer.contains("refresh_token"));
  const std::string token = answer["access_token"];
  CHECK(token.size() == 112);
  CHECK(token.substr(0, 16) == org.known().org_id.substr(0, 15) + "!");
  CHECK(org.status_with(token) == 200);
}

TEST_CASE("the client may name itself in a Basic header") {
  TokenSite org;
  const std::string basic = base::to_base64(org.known().client_id + ":" + org.known().client_secret);
  const Response response =
      org.ask("POST", "/services/oauth2/token", "grant_type=client_credentials", {{"Authorization", "Basic " + basic}});
  CHECK(response.status == 200);
}

TEST_CASE("the token endpoint refuses in Salesforce's words") {
  TokenSite org;
  struct Case {
    Form form;
    std::string error;
    std::string description;
  };
  const std::string id = org.known().client_id;
  const Case bad = GENERATE_COPY(
      Case{
          {{"grant_type", "client_credentials"}, {"client_id", "x"}}, "invalid_client_id", "client identifier invalid"},
      Case{{{"grant_type", "client_credentials"}, {"client_id", id}, {"client_secret", "x"}},
           "invalid_client",
           "invalid client credentials"},
      Case{{{"grant_type", "refresh_token"}, {"client_id", id}, {"refresh_token", "x"}},
           "invalid_grant",
           "expired access/refresh token"},
      Case{{{"grant_type", "password"}, {"client_id", id}, {"username", "x"}, {"password", "y"}},
           "invalid_grant",
           "authentication failure"},
      Case{{{"grant_type", "magic"}}, "unsupported_grant_type", "grant type not supported"});
  const Response response = org.token(bad.form);
  CHECK(response.status == 400);
  CHECK(json::parse(response.body) == json{{"error", bad.error}, {"error_description", bad.description}});
}

TEST_CASE("username and password give a token of that user") {
  TokenSite org;
  const Response response = org.token({{"grant_type", "password"},
                                       {"client_id", org.known().client_id},
                                       {"client_secret", org.known().client_secret},
                                       {"username", org.known().username},
                                       {"password", org.known().password}});
  const std::string token = json::parse(response.body)["access_token"];
  const json userinfo =
      json::parse(org.ask("GET", "/services/oauth2/userinfo", "", {{"Authorization", "Bearer " + token}}).body);
  CHECK(userinfo["user_id"] == org.known().user_id);
  CHECK(userinfo["organization_id"] == org.known().org_id);
  CHECK(userinfo["preferred_username"] == org.known().username);
}

TEST_CASE("a refresh token lives on, unless it rotates") {
  const bool rotates = GENERATE(false, true);
  local_org::SiteOptions options;
  options.rotates_refresh_tokens = rotates;
  TokenSite org(options);
  const json answer = json::parse(org.refresh(org.known().refresh_token).body);
  CHECK(org.status_with(answer["access_token"]) == 200);
  CHECK(answer.contains("refresh_token") == rotates);
  CHECK(org.refresh(org.known().refresh_token).status == (rotates ? 400 : 200));
  if (rotates) CHECK(org.refresh(answer["refresh_token"]).status == 200);
}

TEST_CASE("the sixth refresh token of a user ends the oldest") {
  TokenSite org;
  for (int i = 0; i < 5; ++i) org.site.sessions().approve(org.known().user_id, "api refresh_token");
  CHECK(org.refresh(org.known().refresh_token).status == 400);
}

TEST_CASE("a revoked refresh token takes its access tokens along") {
  TokenSite org;
  const std::string token = json::parse(org.refresh(org.known().refresh_token).body)["access_token"];
  CHECK(org.ask("POST", "/services/oauth2/revoke", "token=" + org.known().refresh_token).status == 200);
  CHECK(org.status_with(token) == 401);
  CHECK(org.status_with(org.known().access_token) == 200);
}

TEST_CASE("the identity page answers its own user and nobody else") {
  TokenSite org;
  const std::string path = "/id/" + org.known().org_id + "/" + org.known().user_id;
  const base::http::Headers token{{"Authorization", "Bearer " + org.known().access_token}};
  CHECK(json::parse(org.ask("GET", path, "", token).body)["username"] == org.known().username);
  CHECK(org.ask("GET", path + "?oauth_token=" + base::http::percent_encode(org.known().access_token)).status == 200);
  const Response refused = org.ask("GET", path, "", {{"Authorization", "Bearer x"}});
  CHECK(refused.status == 403);
  CHECK(refused.body == "Bad_OAuth_Token");
}

TEST_CASE("a refresh token that rotation has ended and that comes back is counted, and ends its family where asked") {
  const bool detects = GENERATE(false, true);
  TokenSite org;
  org.put_policies({{"rotates_refresh_tokens", true}, {"detects_reuse", detects}});
  const json second = json::parse(org.refresh(org.known().refresh_token).body);

  const Response reused = org.refresh(org.known().refresh_token);

  CHECK(reused.status == 400);
  CHECK(json::parse(reused.body)["error_description"] == "expired access/refresh token");
  CHECK(org.refresh(second["refresh_token"]).status == (detects ? 400 : 200));
  CHECK(org.status_with(second["access_token"]) == (detects ? 401 : 200));
  const json reuses = json::parse(org.ask("GET", "/_local/calls?reuse=true").body);
  REQUIRE(reuses.size() == 1);
  CHECK(reuses[0]["user"] == org.known().username);
  CHECK(reuses[0]["generation"] == 1);
}

TEST_CASE("a refresh token lives as long as the app's policy says") {
  struct Case {
    std::string policy;
    bool works_at_once;
    bool works_after_use_and_two_hours;
  };
  const Case expected = GENERATE(Case{"Infinite", true, true}, Case{"Zero", false, false},
                                 Case{"SpecificLifetime", true, false}, Case{"SpecificInactivity", true, true});
  TokenSite org;
  org.put_policies({{"refresh_token_policy", expected.policy}, {"refresh_token_seconds", 90 * 60}});
  CAPTURE(expected.policy);
  CHECK((org.refresh(org.known().refresh_token).status == 200) == expected.works_at_once);
  org.clock.advance(std::chrono::hours(1));
  org.refresh(org.known().refresh_token);
  org.clock.advance(std::chrono::hours(1));
  CHECK((org.refresh(org.known().refresh_token).status == 200) == expected.works_after_use_and_two_hours);
  org.clock.advance(std::chrono::hours(2));
  CHECK((org.refresh(org.known().refresh_token).status == 200) == (expected.policy == "Infinite"));
}

TEST_CASE("an access token ends on the org's clock, and introspection says when") {
  TokenSite org;
  org.put_policies({{"access_token_seconds", 7200}});
  const std::string token = json::parse(org.refresh(org.known().refresh_token).body)["access_token"];
  const auto introspection = [&] {
    return json::parse(org.ask("POST", "/services/oauth2/introspect",
                               base::http::to_form({{"token", token}, {"client_id", org.known().client_id}}))
                           .body);
  };
  CHECK(introspection()["active"] == true);
  CHECK(introspection()["username"] == org.known().username);
  CHECK(introspection()["exp"] == 1767614400 + 7200);
  org.clock.advance(std::chrono::seconds(7200));
  CHECK(introspection() == json{{"active", false}});
  CHECK(org.status_with(token) == 401);
}

TEST_CASE("the app's policies refuse client credentials in Salesforce's words") {
  struct Case {
    json policies;
    std::string error;
    std::string description;
  };
  const Case expected =
      GENERATE(Case{{{"run_as_user", nullptr}}, "invalid_grant", "no client credentials user enabled"},
               Case{{{"has_run_as_user", false}}, "invalid_grant", "no client credentials user enabled"},
               Case{{{"is_login_host", true}}, "invalid_grant", "request not supported on this domain"},
               Case{{{"installed", false}}, "invalid_client", "app must be installed into org"},
               Case{{{"client_credentials_enabled", false}},
                    "unauthorized_client",
                    "client credentials flow is not enabled for this app"});
  TokenSite org;
  org.put_policies(expected.policies);
  const Response response = org.token({{"grant_type", "client_credentials"},
                                       {"client_id", org.known().client_id},
                                       {"client_secret", org.known().client_secret}});
  CHECK(response.status == 400);
  CHECK(json::parse(response.body) == json{{"error", expected.error}, {"error_description", expected.description}});
}

TEST_CASE("a session without the api scope is no good for the REST API") {
  TokenSite org;
  org.put_policies({{"scopes", {"id", "refresh_token"}}});
  const std::string token = json::parse(org.token({{"grant_type", "client_credentials"},
                                                   {"client_id", org.known().client_id},
                                                   {"client_secret", org.known().client_secret}})
                                            .body)["access_token"];
  const Response response = org.ask("GET", "/services/data/v66.0/limits", "", {{"Authorization", "Bearer " + token}});
  CHECK(response.status == 401);
  CHECK(json::parse(response.body)[0]["message"] == "This session is not valid for use with the REST API");
}

TEST_CASE("a session may be locked to the address it came from and the host it was first used at") {
  TokenSite org;
  org.put_policies({{"lockSessionsToIp", true}, {"lockSessionsToDomain", true}});
  const auto status = [&](const std::string& address) {
    return org
        .ask("GET", "/services/data/v66.0/limits", "",
             {{"Authorization", "Bearer " + org.known().access_token}, {"X-Local-Source-Ip", address}})
        .status;
  };
  CHECK(status("192.0.2.1") == 200);
  CHECK(status("192.0.2.2") == 401);
  org.put_policies({{"lockSessionsToIp", false}});
  CHECK(status("192.0.2.2") == 200);
  CHECK(org.ask("GET", "/services/data/v66.0/limits", "",
                {{"Host", "other.example"}, {"Authorization", "Bearer " + org.known().access_token}})
            .status == 401);
}

TEST_CASE("a signed assertion gives a token to a user who has approved the app, whatever its expiry looks like") {
  const json expiry = GENERATE(as<json>{}, 1767614400 + 180, "1767614580", 1767614400000 + 300);
  TokenSite org;
  org.put_policies({{"certificate", support::fixture("keys/rs256.certificate.pem")}});
  const Response response = org.assert_as(org.known().username, expiry);
  CHECK(response.status == 200);
  CHECK(org.status_with(json::parse(response.body)["access_token"]) == 200);
  CHECK_FALSE(json::parse(response.body).contains("refresh_token"));

  CHECK(org.ask("POST", "/_local/expire", R"({"refresh_token":true})").status == 200);
  CHECK(json::parse(org.assert_as(org.known().username, expiry).body) ==
        json{{"error", "invalid_grant"}, {"error_description", "user hasn't approved this consumer"}});
}

TEST_CASE("an assertion that is late or that nobody known has signed is refused") {
  TokenSite org;
  org.put_policies({{"certificate", support::fixture("keys/rs256.public.pem")}});
  CHECK(org.assert_as(org.known().username, 1767614400).status == 400);
  org.put_policies({{"certificate", ""}});
  CHECK(org.assert_as(org.known().username, 1767614400 + 180).status == 400);
}

TEST_CASE("a policy that does not exist or cannot have that value is refused, and nothing changes") {
  const std::string policies = GENERATE(as<std::string>{}, "[]", R"({"instaled":false})", R"({"installed":"no"})",
                                        R"({"refresh_token_policy":"Sometimes"})", R"({"flows":["magic"]})");
  OrgSite org;
  const std::string before = org.ask("GET", "/_local/policies").body;
  CHECK(org.ask("PUT", "/_local/policies", policies).status == 400);
  CHECK(org.ask("GET", "/_local/policies").body == before);
}

TEST_CASE("the sessions and the approvals of one user end on demand") {
  TokenSite org;
  const std::string token = json::parse(org.refresh(org.known().refresh_token).body)["access_token"];
  CHECK(org.ask("POST", "/_local/expire", json{{"sessions_of", org.known().username}}.dump()).status == 200);
  CHECK(org.status_with(token) == 401);
  CHECK(org.refresh(org.known().refresh_token).status == 200);
  CHECK(org.ask("POST", "/_local/expire", json{{"approvals_of", org.known().username}}.dump()).status == 200);
  CHECK(org.refresh(org.known().refresh_token).status == 400);
  CHECK(org.ask("POST", "/_local/expire", R"({"sessions_of":"nobody"})").status == 404);
}

TEST_CASE("a flow that the app does not allow is no grant type") {
  const std::string grant = GENERATE(as<std::string>{}, "authorization_code", "refresh_token", "password",
                                     "urn:ietf:params:oauth:grant-type:jwt-bearer");
  TokenSite org;
  org.put_policies({{"flows", json::array()}});
  CHECK(json::parse(org.token({{"grant_type", grant}, {"client_id", org.known().client_id}}).body) ==
        json{{"error", "unsupported_grant_type"}, {"error_description", "grant type not supported"}});
}
