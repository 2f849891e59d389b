#include "tests/promises/stand_in_org.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/http/message.hpp"

namespace promises {

using nlohmann::json;

namespace {

const std::string stand_in_org_id = "00D5e000001N20QEAS";
const std::string stand_in_user_id = "0055e000003Kx1aAAC";

std::string answer_of(int status, const std::string& body) {
  if (status == 200) return support::plain_answer(body, "Content-Type: application/json\r\n");
  return fmt::format("HTTP/1.1 {} Refused\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", status,
                     body.size(), body);
}

}  // namespace

StandInOrg::StandInOrg()
    : server_(loop_, [this](const std::string& request, int) { return std::optional(answer(request)); }),
      thread_([this] { loop_.run(); }) {}

StandInOrg::~StandInOrg() {
  loop_.stop();
  thread_.join();
}

std::string StandInOrg::url() const {
  std::string url = server_.url();
  if (url.ends_with('/')) url.pop_back();
  return url;
}

void StandInOrg::let_tokens_work(bool they_do) {
  const std::lock_guard lock(mutex_);
  tokens_work_ = they_do;
}

std::vector<std::string> StandInOrg::secrets() const {
  const std::lock_guard lock(mutex_);
  return secrets_;
}

// Every data call finds its token expired; the org's words repeat the request, whose header held the token.
std::string StandInOrg::answer(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  if (request.starts_with("POST /services/oauth2/token")) return answer_token_request(body);
  if (request.starts_with("POST /services/oauth2/revoke")) return answer_of(200, "");
  if (request.starts_with("GET /id/"))
    return answer_of(
        200,
        json{{"organization_id", stand_in_org_id}, {"user_id", stand_in_user_id}, {"username", "stand-in@example.com"}}
            .dump());
  if (request.starts_with("GET /services/data/") && request.find("Organization") != std::string::npos)
    return answer_of(
        200,
        json{{"totalSize", 1}, {"done", true}, {"records", {{{"Id", stand_in_org_id}, {"IsSandbox", false}}}}}.dump());
  return answer_of(
      401, json::array({{{"errorCode", "INVALID_SESSION_ID"}, {"message", "Session expired: " + request}}}).dump());
}

std::string StandInOrg::answer_token_request(const std::string& text) {
  const base::http::Form form = base::http::parse_form(text).value();
  for (const auto& [name, value] : form) {
    if (name == "code_verifier" || name == "assertion") secrets_.push_back(value);
  }
  if (!tokens_work_) {
    return answer_of(
        400, json{{"error", "invalid_grant"}, {"error_description", "expired access/refresh token: " + text}}.dump());
  }
  const std::string number = std::to_string(++logins_);
  const json tokens{{"access_token", stand_in_org_id + "!AQ.canary/access+" + number + "/7Qm2ZsT9vLw4RxKb"},
                    {"refresh_token", "5Aep861.canary/refresh+" + number + "/Hn5YpD8cJu3GfWqE"},
                    {"instance_url", url()},
                    {"id", url() + "/id/" + stand_in_org_id + "/" + stand_in_user_id},
                    {"token_type", "Bearer"},
                    {"scope", "api refresh_token"},
                    {"issued_at", "1777620000000"}};
  secrets_.push_back(tokens.at("access_token"));
  secrets_.push_back(tokens.at("refresh_token"));
  return answer_of(200, tokens.dump());
}

}  // namespace promises
