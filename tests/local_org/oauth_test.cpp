// Tokens: how they are got, what they are good for, how they end.
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "tests/local_org/site_fixture.hpp"

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
  for (int i = 0; i < 5; ++i) org.site.sessions().approve(org.known().user_id);
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
