#include "local_org/app_policies.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"

namespace local_org {
namespace {

const std::vector<std::string> permitted_users_words{"AllSelfAuthorized", "AdminApprovedPreAuthorized"};
const std::vector<std::string> refresh_policy_words{"Infinite", "Zero", "SpecificLifetime", "SpecificInactivity"};

struct Taken {
  bool known = false;
  bool fits = false;
};

template <class Value>
Taken take_member(const nlohmann::json& value, Value& member, bool fits) {
  if (fits) member = value.get<Value>();
  return {true, fits};
}

bool is_text_list(const nlohmann::json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const nlohmann::json& one) { return one.is_string(); });
}

bool is_one_of(const nlohmann::json& value, const std::vector<std::string>& words) {
  return value.is_string() && std::find(words.begin(), words.end(), value.get<std::string>()) != words.end();
}

bool is_seconds(const nlohmann::json& value) { return value.is_number_integer() && value.get<std::int64_t>() >= 0; }

Taken take(AppPolicies& policies, const std::string& name, const nlohmann::json& value) {
  const bool flag = value.is_boolean();
  if (name == "rotates_refresh_tokens") return take_member(value, policies.rotates_refresh_tokens, flag);
  if (name == "detects_reuse") return take_member(value, policies.detects_reuse, flag);
  if (name == "requires_pkce") return take_member(value, policies.requires_pkce, flag);
  if (name == "installed") return take_member(value, policies.installed, flag);
  if (name == "client_credentials_enabled") return take_member(value, policies.client_credentials_enabled, flag);
  if (name == "has_run_as_user") return take_member(value, policies.has_run_as_user, flag);
  if (name == "permitted_users")
    return take_member(value, policies.permitted_users, is_one_of(value, permitted_users_words));
  if (name == "approved_users") return take_member(value, policies.approved_users, is_text_list(value));
  if (name == "refresh_token_policy")
    return take_member(value, policies.refresh_token_policy, is_one_of(value, refresh_policy_words));
  if (name == "refresh_token_seconds") return take_member(value, policies.refresh_token_seconds, is_seconds(value));
  if (name == "access_token_seconds") return take_member(value, policies.access_token_seconds, is_seconds(value));
  if (name == "redirect_uris") return take_member(value, policies.redirect_uris, is_text_list(value));
  return {};
}

bool is_on_this_machine(const std::string& uri) {
  constexpr std::string_view places[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
  return std::any_of(std::begin(places), std::end(places), [&](std::string_view place) {
    return uri.starts_with(place) &&
           (uri.size() == place.size() || uri[place.size()] == ':' || uri[place.size()] == '/');
  });
}

}  // namespace

bool AppPolicies::permits(const std::string& username) const {
  if (permitted_users == "AllSelfAuthorized") return true;
  return std::find(approved_users.begin(), approved_users.end(), username) != approved_users.end();
}

bool AppPolicies::trusts(const std::string& redirect_uri) const {
  if (redirect_uris.empty()) return is_on_this_machine(redirect_uri);
  return std::find(redirect_uris.begin(), redirect_uris.end(), redirect_uri) != redirect_uris.end();
}

std::string AppPolicies::to_json() const {
  return nlohmann::json{{"rotates_refresh_tokens", rotates_refresh_tokens},
                        {"detects_reuse", detects_reuse},
                        {"requires_pkce", requires_pkce},
                        {"installed", installed},
                        {"client_credentials_enabled", client_credentials_enabled},
                        {"has_run_as_user", has_run_as_user},
                        {"permitted_users", permitted_users},
                        {"approved_users", approved_users},
                        {"refresh_token_policy", refresh_token_policy},
                        {"refresh_token_seconds", refresh_token_seconds},
                        {"access_token_seconds", access_token_seconds},
                        {"redirect_uris", redirect_uris}}
      .dump();
}

std::string AppPolicies::change(std::string_view body) {
  const base::Result<nlohmann::json> wanted = base::parse_json(body);
  if (!wanted || !wanted->is_object()) return "policies are a JSON object";
  AppPolicies changed = *this;
  for (const auto& [name, value] : wanted->items()) {
    const Taken taken = take(changed, name, value);
    if (!taken.known) return fmt::format("there is no policy '{}'", name);
    if (!taken.fits) return fmt::format("'{}' cannot be {}", name, value.dump());
  }
  *this = std::move(changed);
  return "";
}

}  // namespace local_org
