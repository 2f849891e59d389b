#include "connectors/oauth/token_endpoint.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "connectors/accounts/refresh_decision.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/errors.hpp"

namespace connectors {

namespace {

// Salesforce allows 3,600 logins per user and hour; who has used them up is let in again after a while.
constexpr std::chrono::minutes pause_after_too_many_logins{15};
// Longer ones are refused.
constexpr std::chrono::minutes assertion_life{3};

// `error` of the endpoint, a piece of its description in lower case, and what it means. The first row that fits counts;
// an error that is not listed needs a person, since repeating a refused login only locks more. The texts are those that
// public clients meet (the endpoint's own documentation names the errors, not the descriptions).
struct OauthRow {
  std::string_view error;
  std::string_view description_holds;
  base::ErrorCode code;
  std::string_view likely = "";  // causes, the most likely first
};

constexpr OauthRow oauth_table[] = {
    // A fault of the token service itself, although its status is 400.
    {"unknown_error", "", salesforce_unavailable},
    {"server_error", "", salesforce_unavailable},
    {"temporarily_unavailable", "", salesforce_unavailable},
    {"", "login rate exceeded", salesforce_rate_limit},
    {"rate_limit_exceeded", "", salesforce_rate_limit},
    {"", "ip restricted", account_blocked_by_org,
     "the login IP ranges of the user's profile, or the app's IP relaxation"},
    {"", "not admin approved", account_blocked_by_org,
     "the app's permitted users are admin-approved ones, and the user has no profile or permission set of the app"},
    {"", "must be installed", account_blocked_by_org,
     "the app is not installed in the org, and the user may not approve uninstalled apps"},
    {"", "no client credentials user", account_blocked_by_org,
     "the app has no run-as user for the client credentials flow"},
    {"", "flow not enabled", account_blocked_by_org, "the app does not allow this flow"},
    {"", "flow is not enabled", account_blocked_by_org, "the app does not allow this flow"},
    {"unauthorized_client", "", account_blocked_by_org, "the app does not allow this flow"},
    {"", "api disabled", account_blocked_by_org, "API Enabled is missing in the user's profile or permission sets"},
    {"", "api is not enabled", account_blocked_by_org, "the org's edition or the user's profile has no API"},
    {"inactive_user", "", account_blocked_by_org, "the user was deactivated or frozen"},
    {"inactive_org", "", account_blocked_by_org, "the org is locked, closed or suspended"},
    {"", "inactive user", account_blocked_by_org, "the user was deactivated or frozen"},
    {"", "inactive organization", account_blocked_by_org, "the org is locked, closed or suspended"},
    {"invalid_grant", "expired access/refresh token", account_token_expired,
     "the app's Refresh Token Policy is not 'Refresh token is valid until revoked', somebody revoked the token, or it "
     "was pushed out by a sixth approval of the app by the same user: Salesforce keeps five and revokes the oldest"},
    {"invalid_grant", "not supported on this domain", account_token_expired,
     "the token endpoint must be on the org's own My Domain"},
    {"invalid_client_id", "", account_token_expired, "a wrong client id; a new app is known only after some minutes"},
    {"invalid_client", "", account_token_expired, "a wrong client secret, or one that was rotated"},
    {"", "", account_token_expired},
};

// Without a refresh token, an admin must approve the app for the user beforehand; with one, a new login does it.
constexpr OauthRow not_approved_beforehand{"", "hasn't approved this consumer", account_blocked_by_org,
                                           "the app is not approved beforehand for this user"};

std::string in_lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool row_fits(const OauthRow& row, std::string_view error, std::string_view description) {
  bool error_fits = row.error.empty() || row.error == error;
  return error_fits && description.find(row.description_holds) != std::string_view::npos;
}

const OauthRow& row_for(std::string_view error, std::string_view description, LoginKind kind) {
  if (kind == LoginKind::jwt_bearer && row_fits(not_approved_beforehand, error, description)) {
    return not_approved_beforehand;
  }
  return *std::find_if(std::begin(oauth_table), std::end(oauth_table),
                       [&](const OauthRow& row) { return row_fits(row, error, description); });
}

std::string text_of_member(const nlohmann::json& object, const char* name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

base::Error refused_login(const std::string& error, const std::string& description, LoginKind kind) {
  const OauthRow& row = row_for(error, in_lower_case(description), kind);
  base::Error answer{row.code};
  answer.message = fmt::format("Salesforce refused the login: {}{}{}{}{}", error, description.empty() ? "" : ": ",
                               description, row.likely.empty() ? "" : "; likely: ", row.likely);
  if (answer.code == salesforce_rate_limit) answer.retry_after = pause_after_too_many_logins;
  return answer;
}

// https://login.salesforce.com/id/00Dxx0000000001EAA/005xx0000000001AAA
void read_identity(std::string_view url, TokenAnswer& answer) {
  std::size_t id = url.find("/id/");
  if (id == std::string_view::npos) return;
  std::string_view ids = url.substr(id + 4);
  std::size_t slash = ids.find('/');
  answer.org_id = ids.substr(0, slash);
  if (slash != std::string_view::npos) answer.user_id = ids.substr(slash + 1, ids.find('/', slash + 1) - slash - 1);
}

// Who is to be let in: the claims of RFC 7523, as Salesforce asks for them.
base::Result<std::string> signed_assertion(const Login& login, Environment environment, base::TimePoint now) {
  const char* login_host =
      environment == Environment::sandbox ? "https://test.salesforce.com" : "https://login.salesforce.com";
  base::JsonWriter claims;
  claims.begin_object();
  claims.field("iss", login.client_id);
  claims.field("sub", login.username);
  claims.field("aud", login.audience.empty() ? std::string(login_host) : login.audience);
  claims.field("exp", (base::to_millis(now) + base::Duration(assertion_life).count()) / 1000);
  claims.end_object();
  std::string text = base::to_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + base::to_base64url(claims.take());
  base::Result<std::string> signature = base::sign_rs256(login.private_key, text);
  if (!signature) return signature.error();
  return text + "." + base::to_base64url(*signature);
}

base::Result<base::http::Form> token_form(const Login& login, Environment environment, base::TimePoint now) {
  switch (login.kind) {
    case LoginKind::client_credentials:
      return base::http::Form{{"grant_type", "client_credentials"},
                              {"client_id", login.client_id},
                              {"client_secret", login.client_secret.reveal()}};
    case LoginKind::refresh_token: {
      base::http::Form form{{"grant_type", "refresh_token"},
                            {"refresh_token", login.refresh_token.reveal()},
                            {"client_id", login.client_id}};
      // A public app has no secret, and Salesforce refuses an empty one.
      if (!login.client_secret.empty()) form.emplace_back("client_secret", login.client_secret.reveal());
      return form;
    }
    case LoginKind::jwt_bearer: break;
  }
  base::Result<std::string> assertion = signed_assertion(login, environment, now);
  if (!assertion) return assertion.error();
  return base::http::Form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", *assertion}};
}

// Whether an answer without a token leaves the refresh token as it was: it was turned away before anything was done.
bool left_all_as_it_was(int status) { return (status >= 300 && status < 500) || status == 503; }

}  // namespace

base::Result<base::http::Request> token_request(const Login& login, Environment environment, base::TimePoint now) {
  base::Result<base::http::Form> form = token_form(login, environment, now);
  if (!form) return form.error();
  base::http::Request request;
  request.method = "POST";
  request.url = login.token_url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = base::http::to_form(*form);
  request.timeout = token_request_timeout;
  request.response_bytes_max = 1u << 20;
  return request;
}

base::Result<TokenAnswer> read_token_answer(const base::http::Response& response, LoginKind kind) {
  base::Result<nlohmann::json> tree = base::parse_json(response.body);
  if (tree && tree->is_object()) {
    std::string error = text_of_member(*tree, "error");
    if (!error.empty() && response.status < 500)
      return refused_login(error, text_of_member(*tree, "error_description"), kind);

    std::string access_token = text_of_member(*tree, "access_token");
    if (response.status == 200 && !access_token.empty()) {
      TokenAnswer answer;
      answer.access_token = base::Secret(std::move(access_token));
      answer.instance_url = text_of_member(*tree, "instance_url");
      while (answer.instance_url.ends_with('/')) answer.instance_url.pop_back();
      if (std::string next = text_of_member(*tree, "refresh_token"); !next.empty()) {
        answer.refresh_token = base::Secret(std::move(next));
      }
      read_identity(text_of_member(*tree, "id"), answer);
      return answer;
    }
  }
  // The org's request limit answers in the array form of the REST API, even here.
  base::Error other = salesforce::to_error(response.status, response.headers, response.body, /*is_write=*/false);
  if (other.code == salesforce_rate_limit) return other;
  return base::Error{left_all_as_it_was(response.status) ? salesforce_unavailable : salesforce_unclear,
                     fmt::format("the token endpoint gave neither a token nor a reason (status {})", response.status)};
}

Login merged(Login login, const TokenAnswer& answer) {
  if (answer.refresh_token) login.refresh_token = *answer.refresh_token;
  if (!answer.instance_url.empty()) login.instance_url = answer.instance_url;
  login.access_token = answer.access_token;
  return login;
}

Rotation rotation_shown(const Login& before, const TokenAnswer& answer) {
  bool is_new = answer.refresh_token && answer.refresh_token->reveal() != before.refresh_token.reveal();
  return is_new ? Rotation::on : Rotation::off;
}

}  // namespace connectors
