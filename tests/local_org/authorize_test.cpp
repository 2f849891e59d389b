// The web-server flow: a person logs in and allows, a code comes back, and tokens come of it.
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "tests/local_org/site_fixture.hpp"

using base::http::Form;
using base::http::Response;
using nlohmann::json;

namespace {

const std::string callback = "http://127.0.0.1:4711/callback";
const std::string verifier = "a-verifier-of-more-than-forty-three-characters-0123456789";

Form query_of(const std::string& url) { return *base::http::parse_form(url.substr(url.find('?') + 1)); }

std::string value_of(const Form& form, const std::string& name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return "";
}

class LoginSite : public test::OrgSite {
 public:
  Form asked() {
    return {{"response_type", "code"},
            {"client_id", site.sessions().credentials().client_id},
            {"redirect_uri", callback},
            {"state", "s t"},
            {"code_challenge", base::to_base64url(base::sha256(verifier))},
            {"code_challenge_method", "S256"}};
  }
  Response open(const Form& form) { return ask("GET", "/services/oauth2/authorize?" + base::http::to_form(form)); }
  Response allow(Form form, const std::string& username = "", const std::string& decision = "allow") {
    const local_org::Credentials& known = site.sessions().credentials();
    form.emplace_back("username", username.empty() ? known.username : username);
    form.emplace_back("password", known.password);
    form.emplace_back("decision", decision);
    return ask("POST", "/services/oauth2/authorize", base::http::to_form(form));
  }
  // Where an answer leads.
  static Form said(const Response& response) {
    CHECK(response.status == 302);
    const std::string to(base::http::find_header(response.headers, "location").value_or(""));
    CHECK(to.starts_with(callback + "?"));
    return query_of(to);
  }
  std::string code() { return value_of(said(allow(asked())), "code"); }
  json exchange(const std::string& code, const std::string& with_verifier = verifier,
                const std::string& redirect_uri = callback) {
    const local_org::Credentials& known = site.sessions().credentials();
    return json::parse(ask("POST", "/services/oauth2/token",
                           base::http::to_form({{"grant_type", "authorization_code"},
                                                {"code", code},
                                                {"client_id", known.client_id},
                                                {"client_secret", known.client_secret},
                                                {"redirect_uri", redirect_uri},
                                                {"code_verifier", with_verifier}}))
                           .body);
  }
  json refresh(const std::string& token) {
    return json::parse(ask("POST", "/services/oauth2/token",
                           base::http::to_form({{"grant_type", "refresh_token"},
                                                {"client_id", site.sessions().credentials().client_id},
                                                {"refresh_token", token}}))
                           .body);
  }
  void policies(const json& wanted) { REQUIRE(ask("PUT", "/_local/policies", wanted.dump()).status == 200); }
};

}  // namespace

TEST_CASE("the page asks for user and password and carries the request along") {
  LoginSite org;
  const Response page = org.open(org.asked());
  CHECK(page.status == 200);
  CHECK_THAT(page.body, Catch::Contains("name=\"username\"") && Catch::Contains("name=\"password\"") &&
                            Catch::Contains("name=\"state\" value=\"s t\""));
}

TEST_CASE("an allowed app gets a code, and for it tokens that work") {
  LoginSite org;
  const Form said = LoginSite::said(org.allow(org.asked()));
  CHECK(value_of(said, "state") == "s t");
  const json tokens = org.exchange(value_of(said, "code"));
  CHECK(tokens.at("refresh_token").get<std::string>().size() > 80);
  CHECK(tokens.at("instance_url") == "http://org.example");
  CHECK(org.refresh(tokens.at("refresh_token")).contains("access_token"));
}

TEST_CASE("a code is good once, for ten minutes, for its redirect and its verifier") {
  LoginSite org;
  const std::string spent = org.code();
  CHECK(org.exchange(spent).contains("access_token"));
  CHECK(org.exchange(spent).at("error") == "invalid_grant");
  CHECK(org.exchange(org.code(), "another verifier").at("error") == "invalid_grant");
  CHECK(org.exchange(org.code(), verifier, "http://127.0.0.1:1/other").at("error") == "redirect_uri_mismatch");
  const std::string late = org.code();
  org.clock.advance(std::chrono::minutes(11));
  CHECK(org.exchange(late).at("error_description") == "expired authorization code");
}

TEST_CASE("what is refused goes back to the app in the redirect") {
  LoginSite org;
  CHECK(value_of(LoginSite::said(org.allow(org.asked(), "", "deny")), "error") == "access_denied");
  org.policies({{"requires_pkce", true}});
  Form without = org.asked();
  without.resize(4);
  CHECK(value_of(LoginSite::said(org.open(without)), "error_description") == "missing required code challenge");
  org.policies({{"permitted_users", "AdminApprovedPreAuthorized"}});
  CHECK(value_of(LoginSite::said(org.allow(org.asked())), "error") == "invalid_app_access");
  org.policies({{"installed", false}});
  CHECK(value_of(LoginSite::said(org.open(org.asked())), "error") == "OAUTH_APPROVAL_ERROR_GENERIC");
}

TEST_CASE("a redirect that is not trusted gets nothing but a page") {
  LoginSite org;
  Form asked = org.asked();
  asked[2].second = "https://evil.example/callback";
  const Response page = org.open(asked);
  CHECK(page.status == 400);
  CHECK_THAT(page.body, Catch::Contains("redirect_uri_mismatch"));
}

TEST_CASE("a wrong password shows the page again") {
  LoginSite org;
  const Response page = org.allow(org.asked(), "nobody@example.com");
  CHECK(page.status == 200);
  CHECK_THAT(page.body, Catch::Contains("check your user name"));
}

TEST_CASE("a sixth approval of one user ends the oldest, and leaves other users alone") {
  LoginSite org;
  REQUIRE(org.ask("POST", "/_local/users", R"({"username":"maria@example.com"})").status == 200);
  const std::string other =
      org.exchange(value_of(LoginSite::said(org.allow(org.asked(), "maria@example.com")), "code")).at("refresh_token");
  std::vector<std::string> tokens;
  for (int login = 0; login < 6; ++login) tokens.push_back(org.exchange(org.code()).at("refresh_token"));
  CHECK(org.refresh(tokens.front()).at("error_description") == "expired access/refresh token");
  CHECK(org.refresh(tokens[1]).contains("access_token"));
  CHECK(org.refresh(other).contains("access_token"));
}

TEST_CASE("a spent refresh token ends everything that came of it") {
  LoginSite org;
  org.policies({{"rotates_refresh_tokens", true}, {"detects_reuse", true}});
  const std::string first = org.exchange(org.code()).at("refresh_token");
  const std::string second = org.refresh(first).at("refresh_token");
  CHECK(second != first);
  CHECK(org.refresh(first).at("error") == "invalid_grant");
  CHECK(org.refresh(second).at("error") == "invalid_grant");
}

TEST_CASE("access tokens and refresh tokens live as long as the policies say") {
  LoginSite org;
  org.policies(
      {{"access_token_seconds", 60}, {"refresh_token_policy", "SpecificInactivity"}, {"refresh_token_seconds", 600}});
  const json tokens = org.exchange(org.code());
  const base::http::Headers bearer{{"Authorization", "Bearer " + tokens.at("access_token").get<std::string>()}};
  CHECK(org.ask("GET", "/services/data/v66.0/limits", "", bearer).status == 200);
  org.clock.advance(std::chrono::seconds(61));
  CHECK(org.ask("GET", "/services/data/v66.0/limits", "", bearer).status == 401);
  org.clock.advance(std::chrono::seconds(500));
  CHECK(org.refresh(tokens.at("refresh_token")).contains("access_token"));
  org.clock.advance(std::chrono::seconds(599));
  CHECK(org.refresh(tokens.at("refresh_token")).contains("access_token"));
  org.clock.advance(std::chrono::seconds(601));
  CHECK(org.refresh(tokens.at("refresh_token")).at("error") == "invalid_grant");
}

TEST_CASE("introspection says what a token is good for") {
  LoginSite org;
  const local_org::Credentials known = org.site.sessions().credentials();
  const auto introspect = [&](const std::string& token) {
    return json::parse(
        org.ask("POST", "/services/oauth2/introspect",
                base::http::to_form(
                    {{"token", token}, {"client_id", known.client_id}, {"client_secret", known.client_secret}}))
            .body);
  };
  const json tokens = org.exchange(org.code());
  const json said = introspect(tokens.at("access_token"));
  CHECK(said.at("active") == true);
  CHECK(said.at("username") == known.username);
  CHECK(said.at("exp").get<std::int64_t>() == said.at("iat").get<std::int64_t>() + 7200);
  CHECK(introspect("nothing").at("active") == false);
}

TEST_CASE("a policy that is none is refused and changes nothing") {
  LoginSite org;
  const Response refused = org.ask("PUT", "/_local/policies", R"({"requires_pkce":true,"installed":"no"})");
  CHECK(refused.status == 400);
  CHECK_THAT(refused.body, Catch::Contains("'installed' cannot be"));
  CHECK_FALSE(org.site.sessions().policies().requires_pkce);
}
