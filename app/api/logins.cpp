// Logins: begun by a user, carried on by a browser or by the command line, answered by Salesforce's redirect.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/api/account_problem.hpp"
#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "app/login_page.hpp"
#include "base/json_writer.hpp"

namespace app::api {
namespace {

using connectors::LoginAttempt;

// Bound to this host by its prefix, which browsers take over https only.
std::string login_cookie_name(const Context& context) {
  return context.services.options.public_url.starts_with("https://") ? "__Host-sluice-login" : "sluice-login";
}

std::string set_login_cookie(const Context& context, std::string_view session, int seconds) {
  const bool is_https = context.services.options.public_url.starts_with("https://");
  // Lax: Salesforce's redirect is a navigation from another site, and must bring the cookie along.
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", login_cookie_name(context), session,
                     seconds, is_https ? "; Secure" : "");
}

std::string login_session_of(const Context& context, const Request& request) {
  std::string_view cookies = base::http::find_header(request.headers, "cookie").value_or("");
  const std::string wanted = login_cookie_name(context) + "=";
  while (!cookies.empty()) {
    std::string_view cookie = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookie.size() + 1, cookies.size()));
    while (cookie.starts_with(' ')) cookie.remove_prefix(1);
    if (cookie.starts_with(wanted)) return std::string(cookie.substr(wanted.size()));
  }
  return "";
}

std::string bearer_of(const Request& request) {
  const std::string_view header = base::http::find_header(request.headers, "authorization").value_or("");
  return std::string(header.substr(std::min(std::string_view("Bearer ").size(), header.size())));
}

// RFC 8252: the literal address, so that no name service decides who gets the code.
bool is_loopback_callback(std::string_view uri) {
  constexpr std::string_view start = "http://127.0.0.1:", end = "/callback";
  if (!uri.starts_with(start) || !uri.ends_with(end) || uri.size() <= start.size() + end.size()) return false;
  const std::string_view port = uri.substr(start.size(), uri.size() - start.size() - end.size());
  return port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

std::string with_query(const std::string& address, std::string_view more) {
  const std::size_t fragment = std::min(address.find('#'), address.size());
  const std::string front = address.substr(0, fragment);
  return front + (front.find('?') == std::string::npos ? "?" : "&") + std::string(more) + address.substr(fragment);
}

void write_login(base::JsonWriter& json, const LoginAttempt& attempt, bool is_over_time) {
  json.begin_object();
  json.field("id", attempt.id);
  json.field("purpose", connectors::to_string(attempt.purpose));
  const bool has_ended = attempt.state == "done" || attempt.state == "refused";
  json.field("state", has_ended ? std::string_view(attempt.state) : is_over_time ? "refused" : "waiting");
  if (attempt.state == "done" && !attempt.account.empty()) json.field("account", attempt.account);
  if (attempt.state == "done" && !attempt.message.empty()) json.field("warning", attempt.message);
  if (attempt.state == "refused" || (!has_ended && is_over_time)) {
    json.key("error");
    json.begin_object();
    json.field("code", has_ended ? std::string_view(attempt.error_code) : "login_unknown");
    json.field("message", has_ended ? std::string_view(attempt.message) : "nobody has answered within ten minutes");
    json.end_object();
  }
  json.field("expires_at", base::to_iso8601(attempt.expires_at));
  json.end_object();
}

base::http::Response redirect_to(std::string address, std::string cookie) {
  return {303,
          {{"location", std::move(address)},
           {"set-cookie", std::move(cookie)},
           {"cache-control", "no-store"},
           {"referrer-policy", "no-referrer"}},
          ""};
}

std::string ended_title(const LoginAttempt& attempt) {
  if (attempt.state != "done") return "The login was refused";
  return attempt.purpose == connectors::LoginPurpose::reauthenticate ? "Access is proven" : "The account is linked";
}

std::string ended_text(const LoginAttempt& attempt) {
  const std::string close = "You can close this window.";
  return attempt.message.empty() ? close : fmt::format("{} {}", attempt.message, close);
}

}  // namespace

// {"purpose": "link", "environment": "sandbox", "host"?, "name"?, "account"?, "workflow"?, "alias"?, "return_to"?,
//  "redirect_uri"?, "confirm_user"?}
Answer post_login(Context& context, const Principal& who, Request& request) {
  const nlohmann::json body = object_of(request).value_or(nlohmann::json::object());
  LoginAttempt wish;
  const std::optional<connectors::LoginPurpose> purpose = connectors::login_purpose_from(text_of(body, "purpose"));
  if (!purpose) co_return problem(422, "body_invalid", "'purpose' is link, share, refresh or reauthenticate");
  wish.purpose = *purpose;
  wish.brand = who.brand_id;
  wish.user = who.user;
  wish.environment = connectors::environment_from(text_of(body, "environment"));
  wish.login_url = text_of(body, "host");
  wish.name = text_of(body, "name");
  wish.account = text_of(body, "account");
  wish.bind_workflow = text_of(body, "workflow");
  wish.bind_alias = text_of(body, "alias");
  wish.return_to = text_of(body, "return_to");
  wish.redirect_uri = text_of(body, "redirect_uri");
  const auto confirmed = body.find("confirm_user");
  wish.confirm_user = confirmed != body.end() && confirmed->is_boolean() && confirmed->get<bool>();
  // Proof has no account to bind; the workflow only says why somebody asks.
  if (wish.purpose == connectors::LoginPurpose::reauthenticate) wish.bind_workflow.clear();
  if (wish.bind_workflow.empty() != wish.bind_alias.empty() && wish.purpose != connectors::LoginPurpose::reauthenticate)
    co_return problem(422, "body_invalid", "'workflow' and 'alias' say together what is to be bound");
  if (!wish.redirect_uri.empty() && !is_loopback_callback(wish.redirect_uri))
    co_return problem(422, "body_invalid", "'redirect_uri' is http://127.0.0.1:PORT/callback, or left out");
  if (!wish.return_to.empty() && !may_return_to(wish.return_to, context.services.options.return_to_origins)) {
    co_return problem(422, "return_to_not_allowed",
                      "'return_to' is a path on this server, or an address that the operator has allowed");
  }
  base::Result<connectors::AccountLinking::Begun> begun =
      co_await context.services.linking.begin(std::move(wish), bearer_of(request));
  if (!begun) co_return account_problem(begun.error());
  base::JsonWriter json;
  json.begin_object();
  json.field("id", begun->attempt.id);
  if (begun->ticket.empty()) {
    json.field("authorize_url", begun->authorize_url);
  } else {
    json.field("start_url", fmt::format("{}/logins/{}/start?ticket={}", context.services.options.public_url,
                                        begun->attempt.id, begun->ticket));
  }
  json.field("expires_at", base::to_iso8601(begun->attempt.expires_at));
  // What the user's login IP ranges, where there are any, have to include: whoever links is told before it fails.
  json.key("egress");
  json.begin_array();
  for (const base::IpRange& range : context.services.options.egress) json.string(base::to_string(range));
  json.end_array();
  json.end_object();
  co_return base::http::json_response(201, json.take());
}

// In the browser: from here on the cookie says whose login it is.
Answer start_login(Context& context, Request& request) {
  std::string id(request.param("id")), ticket(request.query_value("ticket"));
  base::Result<connectors::AccountLinking::Started> started =
      co_await context.services.linking.start(std::move(id), std::move(ticket));
  if (!started) co_return login_page(404, "This link does not work any more", started.error().message);
  std::string cookie = set_login_cookie(context, started->session, 600);
  co_return redirect_to(std::move(started->authorize_url), std::move(cookie));
}

// Where Salesforce sends the browser back to.
Answer login_callback(Context& context, Request& request) {
  connectors::AccountLinking::LoginAnswer answer;
  answer.state = request.query_value("state");
  answer.code = request.query_value("code");
  answer.error = request.query_value("error");
  answer.error_description = request.query_value("error_description");
  answer.issuer = request.query_value("iss");
  answer.session = login_session_of(context, request);
  base::Result<LoginAttempt> attempt = co_await context.services.linking.complete(std::move(answer));
  if (!attempt) co_return login_page(400, "This login is not under way", attempt.error().message);
  std::string cookie = set_login_cookie(context, "", 0);
  if (!attempt->return_to.empty())
    co_return redirect_to(with_query(attempt->return_to, "login=" + attempt->id), std::move(cookie));
  base::http::Response page =
      login_page(attempt->state == "done" ? 200 : 400, ended_title(*attempt), ended_text(*attempt));
  page.headers.emplace_back("set-cookie", std::move(cookie));
  co_return page;
}

// {"state": "…", "code": "…"}, or what else the redirect to the command line held.
Answer complete_login(Context& context, const Principal& who, Request& request) {
  const nlohmann::json body = object_of(request).value_or(nlohmann::json::object());
  const std::string id(request.param("id"));
  const std::optional<LoginAttempt> known = co_await context.services.login_attempts.find(who.brand_id, who.user, id);
  if (!known) co_return problem(404, "login_unknown", "there is no such login");
  connectors::AccountLinking::LoginAnswer answer;
  answer.id = id;
  answer.state = text_of(body, "state");
  answer.code = text_of(body, "code");
  answer.error = text_of(body, "error");
  answer.error_description = text_of(body, "error_description");
  answer.issuer = text_of(body, "iss");
  answer.session = bearer_of(request);
  base::Result<LoginAttempt> attempt = co_await context.services.linking.complete(std::move(answer));
  if (!attempt) co_return problem(409, attempt.error());
  base::JsonWriter json;
  write_login(json, *attempt, false);
  co_return base::http::json_response(200, json.take());
}

Answer show_login(Context& context, const Principal& who, Request& request) {
  std::string id(request.param("id"));
  const std::optional<LoginAttempt> attempt =
      co_await context.services.login_attempts.find(who.brand_id, who.user, std::move(id));
  if (!attempt) co_return problem(404, "login_unknown", "there is no such login");
  base::JsonWriter json;
  write_login(json, *attempt, attempt->expires_at <= context.services.clock.now());
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
