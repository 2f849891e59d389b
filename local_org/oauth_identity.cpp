// Who a token stands for, and its end: userinfo, identity, introspection, revocation.
#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "local_org/oauth.hpp"
#include "local_org/oauth_refusal.hpp"

namespace local_org {
namespace {

using base::http::Response;

Response plain_refusal(std::string text) {
  return {403, {{"content-type", "text/plain;charset=UTF-8"}}, std::move(text)};
}

void write_live_token(base::JsonWriter& json, std::string_view type, std::string_view scope, std::string_view client_id,
                      const std::string& username, const std::string& subject) {
  json.field("active", true);
  json.field("scope", scope);
  json.field("client_id", client_id);
  json.field("username", username);
  json.field("sub", subject);
  json.field("token_type", type);
}

}  // namespace

base::http::Response OAuth::revoke(const base::http::ServerRequest& request, Call& call) {
  try {
    const std::string token = form_value(oauth_parameters(request), "token");
    if (const Approval* approval = sessions_.approvals().find(token)) {
      call.user = users_.text(approval->user_id, "Username");
      call.client_id = approval->client_id;
      call.generation = approval->generation;
    } else {
      session_of(token, call);
    }
    if (!sessions_.revoke(token)) throw OAuthRefusal{"unsupported_token_type", "this token type is not supported"};
    return oauth_json(200, "");
  } catch (const OAuthRefusal& refusal) {
    return {400,
            {{"content-type", "application/x-www-form-urlencoded"}},
            base::http::to_form({{"error", refusal.error}, {"error_description", refusal.description}})};
  }
}

base::http::Response OAuth::userinfo(const base::http::ServerRequest& request, Call& call) {
  const std::string_view token = bearer_token(request);
  if (token.empty()) return plain_refusal("Missing_OAuth_Token");
  const Session* session = session_of(token, call);
  if (!session) return plain_refusal("Bad_OAuth_Token");
  const auto text = [&](std::string_view field) { return users_.text(session->user_id, field); };
  const std::string base_url = origin(request);
  const std::string& org_id = sessions_.credentials().org_id;
  base::JsonWriter json;
  json.begin_object();
  json.field("sub", fmt::format("{}/id/{}/{}", base_url, org_id, session->user_id));
  json.field("user_id", session->user_id);
  json.field("organization_id", org_id);
  json.field("preferred_username", text("Username"));
  json.field("nickname", text("CommunityNickname"));
  json.field("name", text("Name"));
  json.field("email", text("Email"));
  json.field("email_verified", true);
  json.field("given_name", text("FirstName"));
  json.field("family_name", text("LastName"));
  json.field("zoneinfo", text("TimeZoneSidKey"));
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

base::http::Response OAuth::identity(const base::http::ServerRequest& request, Call& call) {
  std::string_view token = bearer_token(request);
  if (token.empty()) token = request.query_value("oauth_token");
  if (token.empty()) return plain_refusal("Missing_OAuth_Token");
  const Session* session = session_of(token, call);
  if (!session) return plain_refusal("Bad_OAuth_Token");
  const std::string path = fmt::format("/id/{}/{}", sessions_.credentials().org_id, session->user_id);
  if (request.path != path) return plain_refusal("Wrong_Org");
  const auto text = [&](std::string_view field) { return users_.text(session->user_id, field); };
  base::JsonWriter json;
  json.begin_object();
  json.field("id", origin(request) + path);
  json.field("asserted_user", true);
  json.field("user_id", session->user_id);
  json.field("organization_id", sessions_.credentials().org_id);
  json.field("username", text("Username"));
  json.field("nick_name", text("CommunityNickname"));
  json.field("display_name", text("Name"));
  json.field("email", text("Email"));
  json.field("first_name", text("FirstName"));
  json.field("last_name", text("LastName"));
  json.field("active", users_.is_active(session->user_id));
  json.field("user_type", "STANDARD");
  json.field("language", text("LanguageLocaleKey"));
  json.field("locale", text("LocaleSidKey"));
  json.end_object();
  return oauth_json(200, json.take());
}

// Seconds since 1970. A session that does not end by itself has no `exp`.
base::http::Response OAuth::introspect(const base::http::ServerRequest& request) {
  try {
    const base::http::Form form = oauth_parameters(request);
    check_client(client_of(request, form), policies_.requires_secret);
    const std::string token = form_value(form, "token");
    const Session* session = sessions_.find(token);
    const Approval* approval = sessions_.approvals().find(token);
    const auto seconds = [](base::TimePoint at) { return base::to_millis(at) / 1000; };
    const auto subject = [&](const std::string& user_id) {
      return fmt::format("{}/id/{}/{}", origin(request), sessions_.credentials().org_id, user_id);
    };
    base::JsonWriter json;
    json.begin_object();
    if (session) {
      write_live_token(json, "access_token", session->scope, session->client_id, session->username,
                       subject(session->user_id));
      if (session->expires_at != base::TimePoint::max()) json.field("exp", seconds(session->expires_at));
      json.field("iat", seconds(session->opened_at));
      json.field("nbf", seconds(session->opened_at));
    } else if (approval && !is_over(*approval)) {
      write_live_token(json, "refresh_token", approval->scope, approval->client_id,
                       users_.text(approval->user_id, "Username"), subject(approval->user_id));
      json.field("iat", seconds(approval->created_at));
    } else {
      json.field("active", false);
    }
    json.end_object();
    return oauth_json(200, json.take());
  } catch (const OAuthRefusal& refusal) {
    return oauth_error(refusal);
  }
}

// Notes in `call` whose it is.
const Session* OAuth::session_of(std::string_view token, Call& call) {
  const Session* session = sessions_.find(token);
  if (!session) return nullptr;
  call.user = session->username;
  call.client_id = session->client_id;
  call.grant = session->grant;
  call.generation = session->generation;
  return session;
}

}  // namespace local_org
