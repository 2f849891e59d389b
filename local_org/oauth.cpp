// The token endpoint: every grant, in Salesforce's words.
#include "local_org/oauth.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/json_writer.hpp"
#include "local_org/app_approval.hpp"
#include "local_org/jwt_assertion.hpp"
#include "local_org/oauth_refusal.hpp"

namespace local_org {
namespace {

using base::http::Form;

constexpr std::string_view jwt_grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

OAuthRefusal dead_token() { return {"invalid_grant", "expired access/refresh token"}; }

// What the login history calls it; "" for what is not in it.
std::string_view login_status_of(const OAuthRefusal& refusal) {
  if (refusal.description == "ip restricted") return "Restricted IP";
  if (refusal.description == "authentication failure") return "Invalid Password";
  if (refusal.error == "invalid_app_access") return "Failed: Not approved for access";
  return "";
}

std::string_view after_scheme(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || !same_name(header.substr(0, scheme.size()), scheme)) return {};
  if (header[scheme.size()] != ' ') return {};
  return header.substr(scheme.size() + 1);
}

bool is_known_audience(std::string_view audience, const std::string& origin) {
  const auto names = [&](std::string_view host) {
    return audience == host || audience == fmt::format("https://{}", host);
  };
  return audience == origin || names(origin.substr(origin.find("://") + 3)) || names("login.salesforce.com") ||
         names("test.salesforce.com");
}

}  // namespace

std::string_view bearer_token(const base::http::ServerRequest& request) {
  const std::string_view header = base::http::find_header(request.headers, "authorization").value_or("");
  const std::string_view bearer = after_scheme(header, "Bearer");
  return bearer.empty() ? after_scheme(header, "OAuth") : bearer;
}

std::string source_address(const base::http::ServerRequest& request) {
  return std::string(base::http::find_header(request.headers, "x-local-source-ip").value_or(request.remote));
}

base::http::Response OAuth::token(const base::http::ServerRequest& request, Call& call) {
  try {
    const Form form = oauth_parameters(request);
    const std::string wanted = form_value(form, "grant_type");
    const Ask ask{request, form, client_of(request, form), call};
    call.client_id = ask.client.id;
    call.grant = wanted == jwt_grant ? "jwt_bearer" : wanted;
    base::http::Response answer = grant(ask, wanted);
    note_login(request, call.user, "Success");
    return answer;
  } catch (const OAuthRefusal& refusal) {
    call.error = fmt::format("{}: {}", refusal.error, refusal.description);
    note_login(request, call.user, login_status_of(refusal));
    return oauth_error(refusal);
  }
}

// Refusals that have nothing to do with a user are no logins.
void OAuth::note_login(const base::http::ServerRequest& request, const std::string& username, std::string_view status) {
  const std::optional<std::string> user_id = users_.find(username);
  if (!user_id || status.empty()) return;
  logins_.add({.user_id = *user_id,
               .login_type = "Remote Access 2.0",
               .status = std::string(status),
               .application = policies_.app_name,
               .source_ip = source_address(request),
               .login_url = std::string(base::http::find_header(request.headers, "host").value_or(""))});
}

base::http::Response OAuth::grant(const Ask& ask, const std::string& grant) {
  if (grant == "authorization_code") return authorization_code(ask);
  if (grant == "refresh_token") return refresh(ask);
  if (grant == "client_credentials") return client_credentials(ask);
  if (grant == "password") return password(ask);
  if (grant == jwt_grant) return jwt_bearer(ask);
  throw OAuthRefusal{"unsupported_grant_type", "grant type not supported"};
}

// In a Basic header or in the form.
OAuth::Client OAuth::client_of(const base::http::ServerRequest& request, const base::http::Form& form) {
  const std::string_view header = base::http::find_header(request.headers, "authorization").value_or("");
  if (const std::string_view basic = after_scheme(header, "Basic"); !basic.empty()) {
    const std::string pair = base::from_base64(basic).value_or("");
    const std::size_t colon = std::min(pair.find(':'), pair.size());
    return {pair.substr(0, colon), pair.substr(std::min(colon + 1, pair.size())), true};
  }
  std::string secret = form_value(form, "client_secret");
  const bool has_secret = !secret.empty();
  return {form_value(form, "client_id"), std::move(secret), has_secret};
}

// Public clients come without a secret; one that is sent must be right.
void OAuth::check_client(const Client& client, bool needs_secret) const {
  if (client.id != sessions_.credentials().client_id)
    throw OAuthRefusal{"invalid_client_id", "client identifier invalid"};
  if ((needs_secret || client.has_secret) && !sessions_.is_secret(client.secret)) {
    throw OAuthRefusal{"invalid_client", "invalid client credentials"};
  }
  if (!policies_.installed) throw OAuthRefusal{"invalid_client", "app must be installed into org"};
}

void OAuth::check_flow(std::string_view flow) const {
  if (!policies_.allows_flow(flow)) throw OAuthRefusal{"unsupported_grant_type", "grant type not supported"};
}

base::http::Response OAuth::authorization_code(const Ask& ask) {
  check_flow("authorization_code");
  check_client(ask.client, policies_.requires_secret);
  const std::optional<Authorization> known = codes_.take(form_value(ask.form, "code"), clock_.now());
  if (!known || known->client_id != ask.client.id) throw OAuthRefusal{"invalid_grant", "expired authorization code"};
  if (known->redirect_uri != form_value(ask.form, "redirect_uri")) {
    throw OAuthRefusal{"redirect_uri_mismatch", "redirect_uri must match configuration"};
  }
  // No public source has Salesforce's own words for this one.
  const std::string challenge = base::to_base64url(base::sha256(form_value(ask.form, "code_verifier")));
  if (!known->code_challenge.empty() && challenge != known->code_challenge) {
    throw OAuthRefusal{"invalid_grant", "invalid code verifier"};
  }
  check_user(ask, known->user_id);
  Session session{.user_id = known->user_id, .username = "", .client_id = "", .grant = "", .scope = known->scope};
  if (!session.has_scope("refresh_token") || policies_.refresh_token_policy == "Zero") {
    return token_answer(ask, std::move(session), "");
  }
  const Approval& approval = sessions_.approve(known->user_id, known->scope);
  session.approval = approval.id;
  session.generation = approval.generation;
  return token_answer(ask, std::move(session), approval.refresh_token);
}

base::http::Response OAuth::refresh(const Ask& ask) {
  check_flow("refresh_token");
  check_client(ask.client, policies_.requires_secret);
  const Approval approval = live_approval(ask);
  check_user(ask, approval.user_id);
  const std::string next = sessions_.use(approval, policies_.rotates_refresh_tokens);
  Session session{.user_id = approval.user_id, .username = "", .client_id = "", .grant = "", .scope = approval.scope};
  session.approval = approval.id;
  session.generation = approval.generation;
  return token_answer(ask, std::move(session), next);
}

// A token that rotation has ended and that comes back may be stolen: where reuse is detected, the one that replaced it
// ends too.
const Approval& OAuth::live_approval(const Ask& ask) {
  const std::string token = form_value(ask.form, "refresh_token");
  if (const Approval* ended = sessions_.approvals().find_ended(token)) {
    const auto place = std::find(ended->ended_tokens.begin(), ended->ended_tokens.end(), token);
    ask.call.reuse = true;
    ask.call.generation = ended->generation - (ended->ended_tokens.end() - place);
    ask.call.user = users_.text(ended->user_id, "Username");
    if (policies_.detects_reuse) sessions_.end_approval(std::string(ended->id));
    throw dead_token();
  }
  const Approval* approval = sessions_.approvals().find(token);
  if (!approval || is_over(*approval)) throw dead_token();
  ask.call.generation = approval->generation;
  ask.call.user = users_.text(approval->user_id, "Username");
  return *approval;
}

bool OAuth::is_over(const Approval& approval) const {
  const base::Duration validity{policies_.refresh_token_seconds * 1000};
  if (policies_.refresh_token_policy == "Zero") return true;
  if (policies_.refresh_token_policy == "SpecificLifetime") return approval.created_at + validity <= clock_.now();
  if (policies_.refresh_token_policy == "SpecificInactivity") return approval.used_at + validity <= clock_.now();
  return false;
}

base::http::Response OAuth::client_credentials(const Ask& ask) {
  if (policies_.is_login_host) throw OAuthRefusal{"invalid_grant", "request not supported on this domain"};
  check_client(ask.client, true);
  if (!policies_.client_credentials_enabled) {
    throw OAuthRefusal{"unauthorized_client", "client credentials flow is not enabled for this app"};
  }
  const std::optional<std::string> user_id = users_.find(policies_.run_as_user);
  if (!user_id || !policies_.has_run_as_user) {
    throw OAuthRefusal{"invalid_grant", "no client credentials user enabled"};
  }
  check_user(ask, *user_id);
  return token_answer(ask, {*user_id, "", "", "", granted_scope("")}, "");
}

base::http::Response OAuth::password(const Ask& ask) {
  check_flow("password");
  check_client(ask.client, policies_.requires_secret);
  const std::optional<std::string> user_id =
      users_.log_in(form_value(ask.form, "username"), form_value(ask.form, "password"));
  if (!user_id) throw OAuthRefusal{"invalid_grant", "authentication failure"};
  check_user(ask, *user_id);
  return token_answer(ask, {*user_id, "", "", "", granted_scope("")}, "");
}

base::http::Response OAuth::jwt_bearer(const Ask& ask) {
  check_flow("jwt_bearer");
  const JwtAssertion assertion =
      read_jwt_assertion(form_value(ask.form, "assertion"), policies_.certificate, clock_.now());
  ask.call.client_id = assertion.issuer;
  check_client({assertion.issuer, "", false}, false);
  if (!is_known_audience(assertion.audience, origin(ask.http))) {
    throw OAuthRefusal{"invalid_grant", "audience is invalid"};
  }
  const std::optional<std::string> user_id = users_.find(assertion.username);
  // There is no page on which the user could approve: somebody must have done so before.
  const bool approved = user_id && (is_preapproved(policies_, permissions_, *user_id, assertion.username) ||
                                    sessions_.approvals().is_approved(*user_id, assertion.issuer));
  if (!approved) throw OAuthRefusal{"invalid_grant", "user hasn't approved this consumer"};
  check_user(ask, *user_id);
  return token_answer(ask, {*user_id, "", "", "", granted_scope("")}, "");
}

// Whether the user may have a token now, from where the request comes.
void OAuth::check_user(const Ask& ask, const std::string& user_id) {
  ask.call.user = users_.text(user_id, "Username");
  if (!users_.is_active(user_id)) throw OAuthRefusal{"invalid_grant", "authentication failure"};
  if (!may_use_app(policies_, permissions_, user_id, ask.call.user)) {
    throw OAuthRefusal{"invalid_app_access", "user is not admin approved to access this app"};
  }
  if (!may_log_in_from(ask.http, user_id, ask.call.grant)) throw OAuthRefusal{"invalid_grant", "ip restricted"};
}

// The profile's login ranges, as far as the app does not relax them.
bool OAuth::may_log_in_from(const base::http::ServerRequest& request, const std::string& user_id,
                            std::string_view grant) {
  const bool relaxed = policies_.ip_relaxation == "Bypass" ||
                       (policies_.ip_relaxation == "Enforce_relaxrefresh" && grant == "refresh_token");
  return relaxed || permissions_.access_of(user_id).may_come_from(source_address(request));
}

// The app's scopes, or those of them that were asked for.
std::string OAuth::granted_scope(const std::string& wanted) const {
  if (wanted.empty()) return fmt::format("{}", fmt::join(policies_.scopes, " "));
  std::vector<std::string> granted;
  std::string_view rest = wanted;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string word(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (word.empty()) continue;
    if (word == "offline_access") word = "refresh_token";
    if (!policies_.has_scope(word) && !policies_.has_scope("full")) {
      throw OAuthRefusal{"invalid_scope", "the requested scope is not allowed"};
    }
    granted.push_back(std::move(word));
  }
  return fmt::format("{}", fmt::join(granted, " "));
}

// There is no expires_in, and issued_at is a text.
base::http::Response OAuth::token_answer(const Ask& ask, Session session, const std::string& new_refresh_token) {
  const std::string base_url = origin(ask.http);
  const std::string id = fmt::format("{}/id/{}/{}", base_url, sessions_.credentials().org_id, session.user_id);
  const std::string issued_at = std::to_string(base::to_millis(clock_.now()));
  session.username = users_.text(session.user_id, "Username");
  session.client_id = ask.call.client_id;
  session.grant = ask.call.grant;
  session.source_ip = source_address(ask.http);
  if (policies_.access_token_seconds > 0) {
    session.expires_at = clock_.now() + base::Duration(policies_.access_token_seconds * 1000);
  }
  base::JsonWriter json;
  json.begin_object();
  const std::string scope = session.scope;
  json.field("access_token", sessions_.open(std::move(session)));
  json.field("signature", base::to_base64(base::hmac_sha256(sessions_.credentials().client_secret, id + issued_at)));
  if (!new_refresh_token.empty()) json.field("refresh_token", new_refresh_token);
  json.field("scope", scope);
  json.field("instance_url", base_url);
  json.field("id", id);
  json.field("token_type", "Bearer");
  json.field("issued_at", issued_at);
  json.end_object();
  return oauth_json(200, json.take());
}

// The address at which the client reaches us, unless we know our own.
std::string OAuth::origin(const base::http::ServerRequest& request) const {
  if (!sessions_.credentials().url.empty()) return sessions_.credentials().url;
  return fmt::format("http://{}", base::http::find_header(request.headers, "host").value_or("localhost"));
}

}  // namespace local_org
