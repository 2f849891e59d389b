// The authorize endpoint: a person logs in, and the app gets a code.
#include <optional>

#include <fmt/format.h>

#include "local_org/app_approval.hpp"
#include "local_org/login_page.hpp"
#include "local_org/oauth.hpp"
#include "local_org/oauth_refusal.hpp"

namespace local_org {
namespace {

using base::http::Form;
using base::http::Response;

constexpr base::Duration code_validity{10 * 60 * 1000};
const std::string error_page_path = "/setup/secur/RemoteAccessErrorPage.apexp";

Response redirect_to(std::string_view address, Form parameters) {
  const char separator = address.find('?') == std::string_view::npos ? '?' : '&';
  return {302,
          {{"location", fmt::format("{}{}{}", address, separator, base::http::to_form(parameters))},
           {"cache-control", "no-store"},
           {"referrer-policy", "no-referrer"}},
          ""};
}

Response redirect_refusal(std::string_view address, const OAuthRefusal& refusal, const std::string& state) {
  Form parameters{{"error", refusal.error}, {"error_description", refusal.description}};
  if (!state.empty()) parameters.emplace_back("state", state);
  return redirect_to(address, std::move(parameters));
}

}  // namespace

base::http::Response OAuth::authorize(const base::http::ServerRequest& request, Call& call) {
  call.grant = "authorize";
  std::string back = error_page_path;
  std::string state;
  try {
    const Form form = oauth_parameters(request);
    call.client_id = form_value(form, "client_id");
    if (call.client_id != sessions_.credentials().client_id) {
      throw OAuthRefusal{"invalid_client_id", "client identifier invalid"};
    }
    if (!policies_.trusts_redirect(form_value(form, "redirect_uri"))) {
      throw OAuthRefusal{"redirect_uri_mismatch", "redirect_uri must match configuration"};
    }
    back = form_value(form, "redirect_uri");
    state = form_value(form, "state");
    check_login(form);
    return login(request, form, call);
  } catch (const OAuthRefusal& refusal) {
    call.error = fmt::format("{}: {}", refusal.error, refusal.description);
    return redirect_refusal(back, refusal, state);
  }
}

// What the app asks for.
void OAuth::check_login(const base::http::Form& form) const {
  if (form_value(form, "response_type") != "code") {
    throw OAuthRefusal{"unsupported_response_type", "response type not supported"};
  }
  if (!policies_.allows_flow("authorization_code")) {
    throw OAuthRefusal{"OAUTH_APP_ACCESS_DENIED", "An unexpected error has occurred during authentication"};
  }
  if (!policies_.installed) throw OAuthRefusal{"invalid_client", "app must be installed into org"};
  const bool has_challenge = !form_value(form, "code_challenge").empty();
  if (policies_.requires_pkce && !has_challenge) {
    throw OAuthRefusal{"invalid_request", "missing required code challenge"};
  }
  // S256 is the only method, and may go without saying.
  const std::string method = form_value(form, "code_challenge_method");
  if (!method.empty() && method != "S256") throw OAuthRefusal{"invalid_request", "invalid code challenge method"};
  granted_scope(form_value(form, "scope"));
}

base::http::Response OAuth::login(const base::http::ServerRequest& request, const base::http::Form& form, Call& call) {
  LoginPage page{"Local Org", policies_.app_name, granted_scope(form_value(form, "scope"))};
  for (const char* name :
       {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"}) {
    if (std::string value = form_value(form, name); !value.empty()) page.hidden.emplace_back(name, std::move(value));
  }
  if (request.method != "POST") {
    page.username = form_value(form, "login_hint");
    return login_page(page);
  }
  if (form_value(form, "decision") == "deny") throw OAuthRefusal{"access_denied", "end-user denied authorization"};
  page.username = form_value(form, "username");
  const std::optional<std::string> user_id = users_.log_in(page.username, form_value(form, "password"));
  // Who comes from a wrong place is told no more than who has a wrong password.
  if (!user_id || !may_log_in_from(request, *user_id, "authorization_code")) {
    page.complaint = "Please check your username and password.";
    return login_page(page);
  }
  call.user = users_.text(*user_id, "Username");
  if (!may_use_app(policies_, permissions_, *user_id, call.user)) {
    throw OAuthRefusal{"invalid_app_access", "user is not admin approved to access this app"};
  }
  Form parameters{{"code", new_code(form, *user_id)}};
  if (std::string state = form_value(form, "state"); !state.empty()) parameters.emplace_back("state", std::move(state));
  return redirect_to(form_value(form, "redirect_uri"), std::move(parameters));
}

std::string OAuth::new_code(const base::http::Form& form, const std::string& user_id) {
  std::string code = "aPrx" + sessions_.random_text(60);
  codes_.add(code, {.user_id = user_id,
                    .client_id = form_value(form, "client_id"),
                    .redirect_uri = form_value(form, "redirect_uri"),
                    .scope = granted_scope(form_value(form, "scope")),
                    .code_challenge = form_value(form, "code_challenge"),
                    .expires_at = clock_.now() + code_validity});
  return code;
}

base::http::Response OAuth::error_page(const base::http::ServerRequest& request) {
  return login_error_page(request.query_value("error"), request.query_value("error_description"));
}

}  // namespace local_org
