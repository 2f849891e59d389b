#include "connectors/oauth/authorization.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_reader.hpp"

namespace connectors {

namespace {

struct GuidanceRow {
  std::string_view error;
  std::string_view description_holds;  // in lower case
  std::string_view guidance;
};

// Salesforce's words differ from one kind of app to the other, and from release to release.
constexpr std::string_view flow_is_off =
    "The app does not allow this flow. Of an External Client App enable it in Setup > External Client App Manager > "
    "your "
    "app > Settings > OAuth Settings > Flow Enablement, then under Policies too; of a Connected App in Setup > App "
    "Manager > your app > Edit > API (Enable OAuth Settings).";

// The first row that fits counts. The texts are those that public clients meet, on /authorize and at the token
// endpoint.
constexpr GuidanceRow guidance_table[] = {
    {"access_denied", "",
     "Whoever was asked at Salesforce did not allow access. Begin the login again and choose Allow."},
    {"", "no client credentials user",
     "The app has no run-as user. Choose one: of an External Client App in Setup > External Client App Manager > your "
     "app > Policies > OAuth Policies; of a Connected App in Setup > Manage Connected Apps > your app > Edit Policies "
     "> "
     "Client Credentials Flow."},
    {"", "not supported on this domain",
     "The client credentials flow is served on the org's own My Domain only: use "
     "https://yourdomain.my.salesforce.com/services/oauth2/token."},
    {"", "flow not enabled", flow_is_off},
    {"", "flow is not enabled", flow_is_off},
    {"unauthorized_client", "", flow_is_off},
    {"unsupported_grant_type", "", flow_is_off},
    {"", "not admin approved",
     "Only users whom an admin has approved may use the app. In Setup > External Client App Manager > your app > "
     "Policies, set Permitted Users to 'All users may self-authorize', or give the user a permission set of the app."},
    {"", "hasn't approved this consumer",
     "The app was never approved for this user. Let the user log in once in a browser, or approve the app beforehand "
     "under Policies > Permitted Users."},
    {"", "must be installed",
     "The app is not installed in this org. An admin installs it in Setup > Connected Apps OAuth Usage, or gives the "
     "user "
     "the permission 'Approve Uninstalled Connected Apps'."},
    {"", "ip restricted",
     "The login IP ranges of the user's profile refuse the address that this server sends from. Add it in Setup > "
     "Profiles > the user's profile > Login IP Ranges, or relax the IP policy of the app."},
    {"", "expired authorization code", "The login took too long or was answered twice. Begin it again."},
    {"", "code verifier", "The login was completed from elsewhere than it was begun. Begin it again."},
    {"", "code challenge", "The login lost its proof on the way. Begin it again."},
    {"redirect_uri_mismatch", "",
     "The app does not know this server's callback address. Add it, exactly as it is, in Setup > External Client App "
     "Manager > your app > Settings > OAuth Settings > Callback URL."},
    {"invalid_scope", "",
     "The app lacks an OAuth scope. It needs 'Manage user data via APIs (api)', 'Perform requests at any time "
     "(refresh_token, offline_access)' and 'Access the identity URL service (id)'."},
    {"invalid_client_id", "",
     "Salesforce does not know the client id at this host. Check it; a new app is known only after up to ten minutes."},
    {"invalid_client", "",
     "The client secret is not the app's. Copy it again from Setup > External Client App Manager > your app > Settings "
     "> "
     "Consumer Key and Secret."},
    {"oauth_approval_error_generic", "",
     "A policy of the app, a licence or a scope stands against it. In Setup > External Client App Manager > your app, "
     "look "
     "at Permitted Users and at the scopes."},
    {"oauth_app_access_denied", "",
     "The org lets only listed apps in. An admin allows this one in Setup > Connected Apps OAuth Usage or API Access "
     "Control."},
    {"oauth_app_blocked", "", "An admin has blocked the app. Unblock it in Setup > Connected Apps OAuth Usage."},
    {"", "inactive user", "The user was deactivated or frozen. An admin activates it in Setup > Users."},
    {"", "authentication failure",
     "The user cannot log in: a wrong user name, or one that is locked, frozen or not yet approved for the app."},
    {"", "login rate exceeded", "The user has logged in too often within an hour. Wait a quarter of an hour."},
    {"unknown_error", "", "Salesforce's own login service had a fault. Try again in a minute."},
    {"server_error", "", "Salesforce's own login service had a fault. Try again in a minute."},
    {"temporarily_unavailable", "", "Salesforce's login service is not there for the moment. Try again in a minute."},
};

std::string oauth_words_in_lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view guidance_for(std::string_view error, std::string_view description) {
  const std::string error_word = oauth_words_in_lower_case(error);
  const std::string words = oauth_words_in_lower_case(description);
  for (const GuidanceRow& row : guidance_table) {
    if ((row.error.empty() || row.error == error_word) && words.find(row.description_holds) != std::string::npos)
      return row.guidance;
  }
  return "";
}

base::http::Request form_request(std::string url, const base::http::Form& form) {
  base::http::Request request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = base::http::to_form(form);
  request.timeout = std::chrono::seconds(20);
  request.response_bytes_max = 1u << 20;
  return request;
}

std::string member_text(const nlohmann::json& object, const char* name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

}  // namespace

std::string code_verifier(std::string_view session, std::string_view state) {
  return base::to_base64url(base::hmac_sha256(session, state));
}

std::string code_challenge(std::string_view verifier) { return base::to_base64url(base::sha256(verifier)); }

std::string authorize_url(const AuthorizationClient& client, std::string_view state, std::string_view challenge) {
  return fmt::format("{}/services/oauth2/authorize?{}", client.login_url,
                     base::http::to_form({{"response_type", "code"},
                                          {"client_id", client.client_id},
                                          {"redirect_uri", client.redirect_uri},
                                          {"scope", "api refresh_token id"},
                                          {"state", std::string(state)},
                                          {"code_challenge", std::string(challenge)},
                                          {"code_challenge_method", "S256"},
                                          {"prompt", "login"}}));
}

std::string token_url_of(std::string_view login_url) { return fmt::format("{}/services/oauth2/token", login_url); }

base::http::Request code_request(const AuthorizationClient& client, const std::string& code,
                                 const std::string& verifier) {
  base::http::Form form{{"grant_type", "authorization_code"},
                        {"code", code},
                        {"client_id", client.client_id},
                        {"redirect_uri", client.redirect_uri},
                        {"code_verifier", verifier}};
  // A public app has no secret, and Salesforce refuses an empty one.
  if (!client.client_secret.empty()) form.emplace_back("client_secret", client.client_secret.reveal());
  return form_request(token_url_of(client.login_url), form);
}

base::http::Request revoke_request(std::string_view login_url, const base::Secret& token) {
  return form_request(fmt::format("{}/services/oauth2/revoke", login_url), {{"token", token.reveal()}});
}

base::Error login_refusal(std::string_view error, std::string_view description) {
  // Both come from outside, the first by way of a browser: no more of them than belongs in a sentence.
  std::string words = fmt::format("Salesforce refused the login: {}", error.substr(0, 100));
  if (!description.empty()) words += fmt::format(": {}", description.substr(0, 300));
  if (std::string_view guidance = guidance_for(error, description); !guidance.empty())
    words += fmt::format(". {}", guidance);
  return {login_refused, std::move(words)};
}

std::optional<base::Error> login_refusal(const base::http::Response& response) {
  base::Result<nlohmann::json> tree = base::parse_json(response.body);
  if (!tree || !tree->is_object() || response.status >= 500) return std::nullopt;
  const std::string error = member_text(*tree, "error");
  if (error.empty()) return std::nullopt;
  return login_refusal(error, member_text(*tree, "error_description"));
}

}  // namespace connectors
