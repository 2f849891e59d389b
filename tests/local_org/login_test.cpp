// Logging in with a browser: the page, the code, the token.
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "tests/local_org/site_fixture.hpp"

using base::http::Form;
using base::http::Response;
using nlohmann::json;
using test::OrgSite;

namespace {

const std::string app_address = "http://127.0.0.1:4711/callback";
const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // of RFC 7636, appendix B
const std::string challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

class LoginSite : public OrgSite {
 public:
  Form wish() const {
    return {
        {"response_type", "code"}, {"client_id", known().client_id}, {"redirect_uri", app_address}, {"state", "s 1"}};
  }
  static Form with(Form form, const std::string& name, const std::string& value) {
    std::erase_if(form, [&](const auto& pair) { return pair.first == name; });
    form.emplace_back(name, value);
    return form;
  }
  Response open(const Form& form) { return ask("GET", "/services/oauth2/authorize?" + base::http::to_form(form)); }
  Response log_in(Form form, const std::string& decision = "allow") {
    form.insert(form.end(), {{"username", known().username}, {"password", known().password}, {"decision", decision}});
    return ask("POST", "/services/oauth2/authorize", base::http::to_form(form));
  }
  std::string code_of(const Form& form) { return parameter(log_in(form), "code"); }
  Response exchange(const std::string& code, const std::string& code_verifier = "",
                    const std::string& redirect_uri = app_address) {
    return ask("POST", "/services/oauth2/token",
               base::http::to_form({{"grant_type", "authorization_code"},
                                    {"code", code},
                                    {"client_id", known().client_id},
                                    {"client_secret", known().client_secret},
                                    {"redirect_uri", redirect_uri},
                                    {"code_verifier", code_verifier}}));
  }
  void put_policies(const json& policies) { REQUIRE(ask("PUT", "/_local/policies", policies.dump()).status == 200); }
  const local_org::Credentials& known() const { return credentials_; }

  static std::string address(const Response& response) {
    const std::string location(base::http::find_header(response.headers, "location").value_or(""));
    return location.substr(0, location.find('?'));
  }
  static std::string parameter(const Response& response, const std::string& name) {
    const std::string location(base::http::find_header(response.headers, "location").value_or(""));
    const Form parameters = *base::http::parse_form(location.substr(location.find('?') + 1));
    for (const auto& [key, value] : parameters) {
      if (key == name) return value;
    }
    return "";
  }

 private:
  local_org::Credentials credentials_ = site.sessions().credentials();
};

}  // namespace

TEST_CASE("a person logs in, allows, and the app gets tokens with the code") {
  LoginSite org;
  const Form wish = LoginSite::with(org.wish(), "code_challenge", challenge);
  const Response page = org.open(wish);
  CHECK(page.status == 200);
  CHECK(page.body.find("name=\"password\"") != std::string::npos);

  const Response allowed = org.log_in(wish);
  CHECK(allowed.status == 302);
  CHECK(LoginSite::address(allowed) == app_address);
  CHECK(LoginSite::parameter(allowed, "state") == "s 1");
  const Response response = org.exchange(LoginSite::parameter(allowed, "code"), verifier);

  REQUIRE(response.status == 200);
  const json answer = json::parse(response.body);
  CHECK(answer["id"] == "http://org.example/id/" + org.known().org_id + "/" + org.known().user_id);
  CHECK(answer["scope"] == "api id refresh_token");
  CHECK(org.ask("GET", "/services/data/v66.0/limits", "",
                {{"Authorization", "Bearer " + answer["access_token"].get<std::string>()}})
            .status == 200);
  CHECK(org.site.sessions().approvals().find(answer["refresh_token"].get<std::string>()) != nullptr);
}

TEST_CASE("a code is good once, for its app's address, its verifier and ten minutes") {
  LoginSite org;
  const Form wish = LoginSite::with(org.wish(), "code_challenge", challenge);
  struct Case {
    std::string what;
    std::string error;
  };
  const Case expected = GENERATE(Case{"used", "invalid_grant: expired authorization code"},
                                 Case{"late", "invalid_grant: expired authorization code"},
                                 Case{"verifier", "invalid_grant: invalid code verifier"},
                                 Case{"address", "redirect_uri_mismatch: redirect_uri must match configuration"});
  const std::string code = org.code_of(wish);
  if (expected.what == "used") org.exchange(code, verifier);
  if (expected.what == "late") org.clock.advance(std::chrono::minutes(10));
  const Response refused = org.exchange(code, expected.what == "verifier" ? "another" : verifier,
                                        expected.what == "address" ? app_address + "2" : app_address);
  CAPTURE(expected.what);
  CHECK(refused.status == 400);
  const json answer = json::parse(refused.body);
  CHECK(answer["error"].get<std::string>() + ": " + answer["error_description"].get<std::string>() == expected.error);
}

TEST_CASE("what is wrong with a login is told to the app's address") {
  struct Case {
    json policies;
    Form change;
    std::string error;
    std::string description;
  };
  const Case expected = GENERATE(
      Case{{{"requires_pkce", true}}, {}, "invalid_request", "missing required code challenge"},
      Case{{{"installed", false}}, {}, "invalid_client", "app must be installed into org"},
      Case{{{"permitted_users", "AdminApprovedPreAuthorized"}},
           {},
           "invalid_app_access",
           "user is not admin approved to access this app"},
      Case{json::object(), {{"decision", "deny"}}, "access_denied", "end-user denied authorization"},
      Case{json::object(), {{"scope", "web"}}, "invalid_scope", "the requested scope is not allowed"},
      Case{json::object(), {{"response_type", "token"}}, "unsupported_response_type", "response type not supported"});
  LoginSite org;
  org.put_policies(expected.policies);
  Form wish = org.wish();
  for (const auto& [name, value] : expected.change) wish = LoginSite::with(wish, name, value);
  const bool denies = !expected.change.empty() && expected.change.front().first == "decision";
  std::erase_if(wish, [](const auto& pair) { return pair.first == "decision"; });
  const Response response = org.log_in(wish, denies ? "deny" : "allow");
  CHECK(response.status == 302);
  CHECK(LoginSite::address(response) == app_address);
  CHECK(LoginSite::parameter(response, "error") == expected.error);
  CHECK(LoginSite::parameter(response, "error_description") == expected.description);
  CHECK(LoginSite::parameter(response, "state") == "s 1");
}

TEST_CASE("an address that is not the app's sees nothing: the org shows its own page") {
  const auto [name, value, error] = GENERATE(table<std::string, std::string, std::string>(
      {{"redirect_uri", "https://evil.example/", "redirect_uri_mismatch"},
       {"redirect_uri", "http://127.0.0.1.evil.example/callback", "redirect_uri_mismatch"},
       {"client_id", "x", "invalid_client_id"}}));
  LoginSite org;
  const Response response = org.open(LoginSite::with(org.wish(), name, value));
  CHECK(response.status == 302);
  CHECK(LoginSite::address(response) == "/setup/secur/RemoteAccessErrorPage.apexp");
  CHECK(LoginSite::parameter(response, "error") == error);
}

TEST_CASE("the app's addresses are those that it names, on this machine with any port") {
  LoginSite org;
  org.put_policies({{"redirect_uris", {"https://sluice.example/oauth/callback", "http://127.0.0.1/callback"}}});
  const auto status = [&](const std::string& uri) {
    return org.open(LoginSite::with(org.wish(), "redirect_uri", uri)).status;
  };
  CHECK(status("https://sluice.example/oauth/callback") == 200);
  CHECK(status("http://127.0.0.1:61234/callback") == 200);
  CHECK(status("http://127.0.0.1:61234/other") == 302);
  CHECK(status("https://sluice.example/oauth/callback/") == 302);
}

TEST_CASE("a wrong password or a user who is not active gets the page again, and no markup of their own") {
  LoginSite org;
  Form form = org.wish();
  form.insert(form.end(), {{"username", "<b>me"}, {"password", "x"}, {"decision", "allow"}});
  const Response page = org.ask("POST", "/services/oauth2/authorize", base::http::to_form(form));
  CHECK(page.status == 200);
  CHECK(page.body.find("Please check your username and password.") != std::string::npos);
  CHECK(page.body.find("&lt;b&gt;me") != std::string::npos);
  CHECK(page.body.find("<b>me") == std::string::npos);
  org.ask("POST", "/_local/users", json{{"username", org.known().username}, {"active", false}}.dump());
  CHECK(org.log_in(org.wish()).status == 200);
}

TEST_CASE("a user that a test adds logs in with its own password") {
  LoginSite org;
  const json user =
      json::parse(org.ask("POST", "/_local/users", R"({"username":"ana@local.example","password":"hers"})").body);
  Form form = org.wish();
  form.insert(form.end(), {{"username", "ana@local.example"}, {"password", "hers"}, {"decision", "allow"}});
  const Response allowed = org.ask("POST", "/services/oauth2/authorize", base::http::to_form(form));
  const json answer = json::parse(org.exchange(LoginSite::parameter(allowed, "code")).body);
  CHECK(answer["id"].get<std::string>().ends_with(user["id"].get<std::string>()));
}

TEST_CASE("the sixth approval of a user ends the first, and leaves other users alone") {
  LoginSite org;
  CHECK(org.ask("POST", "/_local/expire", R"({"refresh_token":true})").status == 200);
  org.ask("POST", "/_local/users", R"({"username":"ana@local.example"})");
  const std::string ana = *org.site.users().find("ana@local.example");
  const std::string hers = org.site.sessions().approve(ana, "api refresh_token").refresh_token;
  const std::string first = json::parse(org.exchange(org.code_of(org.wish())).body)["refresh_token"];
  for (int i = 0; i < 4; ++i) org.exchange(org.code_of(org.wish()));
  CHECK(org.site.sessions().approvals().find(first) != nullptr);
  org.exchange(org.code_of(org.wish()));
  CHECK(org.site.sessions().approvals().find(first) == nullptr);
  CHECK(org.site.sessions().approvals().find(hers) != nullptr);
}
