// The OAuth endpoints: tokens, revocation, and who a token stands for.
#include "local_org/oauth.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/json_writer.hpp"
#include "local_org/api_error.hpp"

namespace local_org {
namespace {

using base::http::Form;
using base::http::Response;
using base::http::ServerRequest;

constexpr std::string_view scope_of_app = "api id refresh_token";

// Thrown to the endpoint, which answers it.
struct OAuthRefusal {
  std::string error;
  std::string description;
};

Response oauth_json(int status, std::string body) {
  return {status,
          {{"content-type", "application/json;charset=UTF-8"}, {"cache-control", "no-store"}, {"pragma", "no-cache"}},
          std::move(body)};
}

Response oauth_error(const OAuthRefusal& refusal) {
  base::JsonWriter json;
  json.begin_object();
  json.field("error", refusal.error);
  json.field("error_description", refusal.description);
  json.end_object();
  return oauth_json(400, json.take());
}

std::string form_value(const Form& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; });
  return found == form.end() ? std::string() : found->second;
}

bool form_has(const Form& form, std::string_view name) {
  return std::any_of(form.begin(), form.end(), [&](const auto& pair) { return pair.first == name; });
}

// Parameters may stand in the body and in the URL.
Form parameters_of(const ServerRequest& request) {
  Form form = request.query;
  const std::optional<Form> body = base::http::parse_form(request.body);
  if (!body) throw OAuthRefusal{"invalid_request", "malformed request body"};
  form.insert(form.begin(), body->begin(), body->end());
  return form;
}

std::string_view after_scheme(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || !same_name(header.substr(0, scheme.size()), scheme)) return {};
  if (header[scheme.size()] != ' ') return {};
  return header.substr(scheme.size() + 1);
}

Response plain_refusal(std::string text) {
  return {403, {{"content-type", "text/plain;charset=UTF-8"}}, std::move(text)};
}

}  // namespace

std::string_view bearer_token(const base::http::ServerRequest& request) {
  const std::string_view header = base::http::find_header(request.headers, "authorization").value_or("");
  const std::string_view bearer = after_scheme(header, "Bearer");
  return bearer.empty() ? after_scheme(header, "OAuth") : bearer;
}

base::http::Response OAuth::token(const base::http::ServerRequest& request, Call& call) {
  try {
    const Form form = parameters_of(request);
    const Client client = client_of(request, form);
    const std::string grant = form_value(form, "grant_type");
    call.client_id = client.id;
    call.grant = grant;
    if (grant == "authorization_code") return exchange_code(client, form, origin(request), call);
    if (grant == "client_credentials") return client_credentials(client, origin(request));
    if (grant == "refresh_token") return refresh(client, form_value(form, "refresh_token"), origin(request), call);
    if (grant == "password") return password(client, form, origin(request));
    throw OAuthRefusal{"unsupported_grant_type", "grant type not supported"};
  } catch (const OAuthRefusal& refusal) {
    return oauth_error(refusal);
  }
}

OAuth::Client OAuth::client_of(const base::http::ServerRequest& request, const Form& form) const {
  const std::string_view header = base::http::find_header(request.headers, "authorization").value_or("");
  const std::string_view basic = after_scheme(header, "Basic");
  if (basic.empty()) {
    return {form_value(form, "client_id"), form_value(form, "client_secret"), form_has(form, "client_secret")};
  }
  const std::string pair = base::from_base64(basic).value_or("");
  const std::size_t colon = std::min(pair.find(':'), pair.size());
  return {pair.substr(0, colon), pair.substr(std::min(colon + 1, pair.size())), true};
}

// Public clients have no secret; one that is sent must be right.
void OAuth::check_client(const Client& client, bool needs_secret) const {
  if (client.id != sessions_.credentials().client_id)
    throw OAuthRefusal{"invalid_client_id", "client identifier invalid"};
  if ((needs_secret || client.has_secret) && !sessions_.is_secret(client.secret))
    throw OAuthRefusal{"invalid_client", "invalid client credentials"};
  if (!sessions_.policies().installed) throw OAuthRefusal{"invalid_client", "app must be installed into org"};
}

base::http::Response OAuth::exchange_code(const Client& client, const Form& form, const std::string& origin,
                                          Call& call) {
  check_client(client, /*needs_secret=*/false);
  const std::optional<Approval> approval = codes_.take(form_value(form, "code"));
  if (!approval || approval->client_id != client.id) throw OAuthRefusal{"invalid_grant", "invalid authorization code"};
  call.user = approval->username;
  if (clock_.now() >= approval->at + authorization_code_life)
    throw OAuthRefusal{"invalid_grant", "expired authorization code"};
  if (form_value(form, "redirect_uri") != approval->redirect_uri)
    throw OAuthRefusal{"redirect_uri_mismatch", "redirect_uri must match configuration"};
  if (!approval->code_challenge.empty() && !proves(form_value(form, "code_verifier"), approval->code_challenge))
    throw OAuthRefusal{"invalid_grant", "invalid code verifier"};
  const bool stays = approval->scope.empty() || approval->scope.find("refresh_token") != std::string::npos ||
                     approval->scope.find("offline_access") != std::string::npos;
  const std::string refresh_token = stays ? sessions_.approve(approval->user_id, approval->scope) : "";
  return token_answer({.user_id = approval->user_id,
                       .username = approval->username,
                       .client_id = client.id,
                       .grant = "authorization_code",
                       .refresh_token = refresh_token,
                       .scope = approval->scope},
                      refresh_token, origin);
}

base::http::Response OAuth::client_credentials(const Client& client, const std::string& origin) {
  check_client(client, /*needs_secret=*/true);
  const AppPolicies& policies = sessions_.policies();
  if (!policies.client_credentials_enabled)
    throw OAuthRefusal{"unauthorized_client", "client credentials flow is not enabled for this app"};
  if (!policies.has_run_as_user) throw OAuthRefusal{"invalid_grant", "no client credentials user enabled"};
  const Credentials& known = sessions_.credentials();
  return token_answer(
      {.user_id = known.user_id, .username = known.username, .client_id = client.id, .grant = "client_credentials"}, "",
      origin);
}

base::http::Response OAuth::refresh(const Client& client, const std::string& refresh_token, const std::string& origin,
                                    Call& call) {
  check_client(client, /*needs_secret=*/false);
  const std::optional<Grant> grant = sessions_.use(refresh_token);
  if (!grant) throw OAuthRefusal{"invalid_grant", "expired access/refresh token"};
  const std::string username = user_text(user_record(grant->user_id), "Username");
  call.user = username;
  if (!sessions_.policies().permits(username))
    throw OAuthRefusal{"invalid_app_access", "user is not admin approved to access this app"};
  const std::string next = sessions_.policies().rotates_refresh_tokens ? sessions_.rotate(refresh_token) : "";
  return token_answer({.user_id = grant->user_id,
                       .username = username,
                       .client_id = client.id,
                       .grant = "refresh_token",
                       .refresh_token = next.empty() ? refresh_token : next,
                       .scope = grant->scope},
                      next, origin);
}

// All users of a local org share one password.
base::http::Response OAuth::password(const Client& client, const base::http::Form& form, const std::string& origin) {
  check_client(client, /*needs_secret=*/false);
  const Object& users = *org_.schema().find("User");
  const std::string username = form_value(form, "username");
  const std::vector<std::string> ids = org_.store().find_ids(users, *users.find("Username"), username);
  if (ids.empty() || form_value(form, "password") != sessions_.credentials().password) {
    throw OAuthRefusal{"invalid_grant", "authentication failure"};
  }
  return token_answer({.user_id = ids.front(), .username = username, .client_id = client.id, .grant = "password"}, "",
                      origin);
}

// There is no expires_in, and issued_at is a text.
base::http::Response OAuth::token_answer(Session session, const std::string& new_refresh_token,
                                         const std::string& origin) {
  const std::string id = fmt::format("{}/id/{}/{}", origin, sessions_.credentials().org_id, session.user_id);
  const std::string issued_at = std::to_string(base::to_millis(clock_.now()));
  base::JsonWriter json;
  json.begin_object();
  const std::string scope = session.scope.empty() ? std::string(scope_of_app) : session.scope;
  json.field("access_token", sessions_.open(std::move(session)));
  json.field("signature", base::to_base64(base::hmac_sha256(sessions_.credentials().client_secret, id + issued_at)));
  if (!new_refresh_token.empty()) json.field("refresh_token", new_refresh_token);
  json.field("scope", scope);
  json.field("instance_url", origin);
  json.field("id", id);
  json.field("token_type", "Bearer");
  json.field("issued_at", issued_at);
  json.end_object();
  return oauth_json(200, json.take());
}

base::http::Response OAuth::introspect(const base::http::ServerRequest& request) {
  try {
    const Form form = parameters_of(request);
    check_client(client_of(request, form), /*needs_secret=*/true);
    const std::string token = form_value(form, "token");
    const Session* session = sessions_.find(token);
    const Grant* grant = session ? nullptr : sessions_.grant_of(token);
    base::JsonWriter json;
    json.begin_object();
    json.field("active", session || grant);
    if (session || grant) {
      const std::string& user_id = session ? session->user_id : grant->user_id;
      const std::string& scope = session ? session->scope : grant->scope;
      const base::TimePoint since = session ? session->opened_at : grant->approved_at;
      json.field("scope", scope.empty() ? std::string(scope_of_app) : scope);
      json.field("client_id", sessions_.credentials().client_id);
      json.field("username", user_text(user_record(user_id), "Username"));
      json.field("sub", fmt::format("{}/id/{}/{}", origin(request), sessions_.credentials().org_id, user_id));
      json.field("token_type", session ? "access_token" : "refresh_token");
      json.field("iat", base::to_millis(since) / 1000);
      json.field("nbf", base::to_millis(since) / 1000);
      if (session) json.field("exp", base::to_millis(since) / 1000 + sessions_.policies().access_token_seconds);
    }
    json.end_object();
    return oauth_json(200, json.take());
  } catch (const OAuthRefusal& refusal) {
    return oauth_error(refusal);
  }
}

base::http::Response OAuth::revoke(const base::http::ServerRequest& request) {
  try {
    const std::string token = form_value(parameters_of(request), "token");
    if (!sessions_.revoke(token)) throw OAuthRefusal{"unsupported_token_type", "this token type is not supported"};
    return oauth_json(200, "");
  } catch (const OAuthRefusal& refusal) {
    return {400,
            {{"content-type", "application/x-www-form-urlencoded"}},
            base::http::to_form({{"error", refusal.error}, {"error_description", refusal.description}})};
  }
}

base::http::Response OAuth::userinfo(const base::http::ServerRequest& request) {
  const std::string_view token = bearer_token(request);
  if (token.empty()) return plain_refusal("Missing_OAuth_Token");
  const Session* session = sessions_.find(token);
  if (!session) return plain_refusal("Bad_OAuth_Token");
  const Record user = user_record(session->user_id);
  const std::string base_url = origin(request);
  const std::string& org_id = sessions_.credentials().org_id;
  base::JsonWriter json;
  json.begin_object();
  json.field("sub", fmt::format("{}/id/{}/{}", base_url, org_id, session->user_id));
  json.field("user_id", session->user_id);
  json.field("organization_id", org_id);
  json.field("preferred_username", user_text(user, "Username"));
  json.field("nickname", user_text(user, "CommunityNickname"));
  json.field("name", user_text(user, "Name"));
  json.field("email", user_text(user, "Email"));
  json.field("email_verified", true);
  json.field("given_name", user_text(user, "FirstName"));
  json.field("family_name", user_text(user, "LastName"));
  json.field("zoneinfo", user_text(user, "TimeZoneSidKey"));
  json.field("is_salesforce_integration_user", false);
  json.key("urls");
  json.begin_object();
  json.field("rest", base_url + "/services/data/v{version}/");
  json.field("sobjects", base_url + "/services/data/v{version}/sobjects/");
  json.field("query", base_url + "/services/data/v{version}/query/");
  json.field("profile", base_url + "/" + session->user_id);
  json.end_object();
  json.end_object();
  return oauth_json(200, json.take());
}

base::http::Response OAuth::identity(const base::http::ServerRequest& request) {
  std::string_view token = bearer_token(request);
  if (token.empty()) token = request.query_value("oauth_token");
  if (token.empty()) return plain_refusal("Missing_OAuth_Token");
  const Session* session = sessions_.find(token);
  if (!session) return plain_refusal("Bad_OAuth_Token");
  const std::string path = fmt::format("/id/{}/{}", sessions_.credentials().org_id, session->user_id);
  if (request.path != path) return plain_refusal("Wrong_Org");
  const Record user = user_record(session->user_id);
  base::JsonWriter json;
  json.begin_object();
  json.field("id", origin(request) + path);
  json.field("asserted_user", true);
  json.field("user_id", session->user_id);
  json.field("organization_id", sessions_.credentials().org_id);
  json.field("username", user_text(user, "Username"));
  json.field("nick_name", user_text(user, "CommunityNickname"));
  json.field("display_name", user_text(user, "Name"));
  json.field("email", user_text(user, "Email"));
  json.field("first_name", user_text(user, "FirstName"));
  json.field("last_name", user_text(user, "LastName"));
  json.field("active", true);
  json.field("user_type", "STANDARD");
  json.field("language", user_text(user, "LanguageLocaleKey"));
  json.field("locale", user_text(user, "LocaleSidKey"));
  json.end_object();
  return oauth_json(200, json.take());
}

// The address at which the client reaches us, unless we know our own.
std::string OAuth::origin(const base::http::ServerRequest& request) const {
  if (!sessions_.credentials().url.empty()) return sessions_.credentials().url;
  return fmt::format("http://{}", base::http::find_header(request.headers, "host").value_or("localhost"));
}

Record OAuth::user_record(const std::string& user_id) { return org_.record(*org_.schema().find("User"), user_id); }

std::string OAuth::user_text(const Record& user, std::string_view field) const {
  const Object& users = *org_.schema().find("User");
  const Field* known = users.find(field);
  const auto* text = known ? std::get_if<std::string>(&user[users.index_of(*known)]) : nullptr;
  return text ? *text : std::string();
}

}  // namespace local_org
