#include "local_org/authorize.hpp"

#include <algorithm>
#include <optional>

#include "local_org/login_page.hpp"

namespace local_org {
namespace {

using base::http::Form;
using base::http::Response;

constexpr std::string_view carried_names[] = {"response_type", "client_id",      "redirect_uri",          "scope",
                                              "state",         "code_challenge", "code_challenge_method", "prompt",
                                              "nonce"};

std::string asked_value(const Form& asked, std::string_view name) {
  const auto found = std::find_if(asked.begin(), asked.end(), [&](const auto& pair) { return pair.first == name; });
  return found == asked.end() ? std::string() : found->second;
}

Response send_back(const Form& asked, Form said) {
  const std::string state = asked_value(asked, "state");
  if (!state.empty()) said.emplace_back("state", state);
  const std::string to = asked_value(asked, "redirect_uri");
  const char joint = to.find('?') == std::string::npos ? '?' : '&';
  return {302, {{"location", to + joint + base::http::to_form(said)}, {"cache-control", "no-store"}}, ""};
}

Response send_back_error(const Form& asked, std::string error, std::string description) {
  return send_back(asked, {{"error", std::move(error)}, {"error_description", std::move(description)}});
}

// What is wrong with a request whose redirect can be trusted.
std::optional<Response> refusal_of(const Form& asked, const AppPolicies& policies) {
  if (asked_value(asked, "response_type") != "code")
    return send_back_error(asked, "unsupported_response_type", "response type not supported");
  const std::string challenge = asked_value(asked, "code_challenge");
  if (challenge.empty() && policies.requires_pkce)
    return send_back_error(asked, "invalid_request", "missing required code challenge");
  const std::string method = asked_value(asked, "code_challenge_method");
  if (!challenge.empty() && !method.empty() && method != "S256")
    return send_back_error(asked, "invalid_request", "invalid code challenge method");
  if (!policies.installed) {
    return send_back_error(asked, "OAUTH_APPROVAL_ERROR_GENERIC",
                           "An unexpected error has occurred during authentication. Please try again.");
  }
  return std::nullopt;
}

}  // namespace

base::http::Response Authorize::answer(const base::http::ServerRequest& request, Call& call) {
  Form asked = request.query;
  if (request.method == "POST") {
    const std::optional<Form> filled = base::http::parse_form(request.body);
    if (!filled) return refusal_page("invalid_request", "malformed request body");
    asked.insert(asked.begin(), filled->begin(), filled->end());
  }
  call.client_id = asked_value(asked, "client_id");
  call.grant = "authorize";
  if (call.client_id != sessions_.credentials().client_id)
    return refusal_page("invalid_client_id", "client identifier invalid");
  if (!sessions_.policies().trusts(asked_value(asked, "redirect_uri")))
    return refusal_page("redirect_uri_mismatch", "redirect_uri must match configuration");
  if (std::optional<Response> refusal = refusal_of(asked, sessions_.policies())) return *std::move(refusal);
  return request.method == "POST" ? decide(asked, call) : show(asked, "");
}

base::http::Response Authorize::show(const Form& asked, std::string_view problem) const {
  LoginPage page{.org_id = sessions_.credentials().org_id};
  page.username =
      asked_value(asked, "username").empty() ? asked_value(asked, "login_hint") : asked_value(asked, "username");
  page.problem = problem;
  for (const std::string_view name : carried_names) {
    std::string value = asked_value(asked, name);
    if (!value.empty()) page.carried.emplace_back(name, std::move(value));
  }
  return login_page(page);
}

base::http::Response Authorize::decide(const Form& asked, Call& call) {
  if (asked_value(asked, "decision") == "deny")
    return send_back_error(asked, "access_denied", "end-user denied authorization");
  const Object& users = *org_.schema().find("User");
  const std::string username = asked_value(asked, "username");
  const std::vector<std::string> ids = org_.store().find_ids(users, *users.find("Username"), username);
  if (ids.empty() || asked_value(asked, "password") != sessions_.credentials().password)
    return show(asked, "Please check your user name and password.");
  call.user = username;
  if (!sessions_.policies().permits(username))
    return send_back_error(asked, "invalid_app_access", "user is not admin approved to access this app");
  Approval approval{.user_id = ids.front(),
                    .username = username,
                    .client_id = call.client_id,
                    .redirect_uri = asked_value(asked, "redirect_uri"),
                    .scope = asked_value(asked, "scope"),
                    .code_challenge = asked_value(asked, "code_challenge"),
                    .at = clock_.now()};
  return send_back(asked, {{"code", codes_.give(std::move(approval))}});
}

}  // namespace local_org
