#include "connectors/oauth/token_endpoint.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/errors.hpp"

namespace connectors {

namespace {

// Salesforce allows 3,600 logins per user and hour; who has used them up is let in again after a while.
constexpr std::chrono::minutes pause_after_too_many_logins{15};

// `error` of the endpoint, a piece of its description, and what it means. The first row that fits counts; an error that
// is not listed needs a person, since repeating a refused login only locks more.
struct OauthRow {
  std::string_view error;
  std::string_view description_holds;
  base::ErrorCode code;
};

constexpr OauthRow oauth_table[] = {
    // A fault of the token service itself, although its status is 400.
    {"unknown_error", "", salesforce_unavailable},
    {"server_error", "", salesforce_unavailable},
    {"temporarily_unavailable", "", salesforce_unavailable},
    {"", "login rate exceeded", salesforce_rate_limit},
    {"", "", account_token_expired},
};

base::ErrorCode code_for(std::string_view error, std::string_view description) {
  for (const OauthRow& row : oauth_table) {
    bool error_fits = row.error.empty() || row.error == error;
    if (error_fits && description.find(row.description_holds) != std::string_view::npos) return row.code;
  }
  return account_token_expired;
}

std::string text_of_member(const nlohmann::json& object, const char* name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

base::Error refused_login(const std::string& error, const std::string& description) {
  base::Error answer{code_for(error, description)};
  answer.message =
      fmt::format("Salesforce refused the login: {}{}{}", error, description.empty() ? "" : ": ", description);
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

}  // namespace

base::http::Request token_request(const Login& login) {
  base::http::Form form;
  if (login.kind == LoginKind::refresh_token) {
    form = {{"grant_type", "refresh_token"},
            {"refresh_token", login.refresh_token.reveal()},
            {"client_id", login.client_id}};
    // A public app has no secret, and Salesforce refuses an empty one.
    if (!login.client_secret.empty()) form.emplace_back("client_secret", login.client_secret.reveal());
  } else {
    form = {{"grant_type", "client_credentials"},
            {"client_id", login.client_id},
            {"client_secret", login.client_secret.reveal()}};
  }
  base::http::Request request;
  request.method = "POST";
  request.url = login.token_url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = base::http::to_form(form);
  request.timeout = std::chrono::seconds(20);
  request.response_bytes_max = 1u << 20;
  return request;
}

base::Result<TokenAnswer> read_token_answer(const base::http::Response& response) {
  base::Result<nlohmann::json> tree = base::parse_json(response.body);
  if (tree && tree->is_object()) {
    std::string error = text_of_member(*tree, "error");
    if (!error.empty() && response.status < 500)
      return refused_login(error, text_of_member(*tree, "error_description"));

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
  return base::Error{salesforce_unavailable,
                     fmt::format("the token endpoint gave neither a token nor a reason (status {})", response.status)};
}

Login merged(Login login, const TokenAnswer& answer) {
  if (answer.refresh_token) login.refresh_token = *answer.refresh_token;
  if (!answer.instance_url.empty()) login.instance_url = answer.instance_url;
  return login;
}

}  // namespace connectors
