#include "connectors/oauth/identity.hpp"

#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "connectors/oauth/authorization.hpp"

namespace connectors {

namespace {

base::http::Request read_with_token(std::string url, const base::Secret& access_token) {
  base::http::Request request;
  request.url = std::move(url);
  request.headers = {{"Authorization", "Bearer " + access_token.reveal()}, {"Accept", "application/json"}};
  request.timeout = std::chrono::seconds(20);
  request.response_bytes_max = 1u << 20;
  return request;
}

std::string text_of_identity(const nlohmann::json& object, const char* name) {
  auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// Salesforce's own words where an answer has some: an array of errors, or one bare word such as Bad_OAuth_Token.
std::string words_of(const base::http::Response& response) {
  base::Result<nlohmann::json> tree = base::parse_json(response.body);
  if (tree && tree->is_array() && !tree->empty() && tree->front().is_object()) {
    return fmt::format("{}: {}", text_of_identity(tree->front(), "errorCode"),
                       text_of_identity(tree->front(), "message"));
  }
  return response.body.size() <= 60 ? response.body : "";
}

base::Error unreadable(std::string_view what, const base::http::Response& response) {
  return {login_refused, fmt::format("the login worked, but the org does not say {} (status {}{}{})", what,
                                     response.status, response.body.empty() ? "" : ": ", words_of(response))};
}

}  // namespace

base::http::Request identity_request(std::string_view instance_url, const std::string& org_id,
                                     const std::string& user_id, const base::Secret& access_token) {
  return read_with_token(fmt::format("{}/id/{}/{}?format=json", instance_url, base::http::percent_encode(org_id),
                                     base::http::percent_encode(user_id)),
                         access_token);
}

base::Result<OrgIdentity> read_identity(const base::http::Response& response) {
  base::Result<nlohmann::json> tree = base::parse_json(response.body);
  if (response.status == 200 && tree && tree->is_object()) {
    OrgIdentity identity{text_of_identity(*tree, "organization_id"), text_of_identity(*tree, "user_id"),
                         text_of_identity(*tree, "username")};
    if (!identity.org_id.empty() && !identity.user_id.empty()) return identity;
  }
  return unreadable("who has logged in", response);
}

base::http::Request organization_request(std::string_view instance_url, std::string_view api_version,
                                         const base::Secret& access_token) {
  return read_with_token(fmt::format("{}/services/data/v{}/query?q={}", instance_url, api_version,
                                     base::http::percent_encode("SELECT Id, IsSandbox FROM Organization")),
                         access_token);
}

base::Result<Environment> read_organization(const base::http::Response& response) {
  base::Result<nlohmann::json> tree = base::parse_json(response.body);
  if (response.status == 200 && tree && tree->is_object() && tree->contains("records")) {
    const nlohmann::json& records = (*tree)["records"];
    if (records.is_array() && records.size() == 1 && records[0].is_object() && records[0].contains("IsSandbox") &&
        records[0]["IsSandbox"].is_boolean()) {
      return records[0]["IsSandbox"].get<bool>() ? Environment::sandbox : Environment::production;
    }
  }
  return unreadable("whether it is a sandbox", response);
}

bool is_same_id(std::string_view a, std::string_view b) {
  return a.size() >= 15 && b.size() >= 15 && a.substr(0, 15) == b.substr(0, 15);
}

}  // namespace connectors
