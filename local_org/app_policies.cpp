// What the org's administrator has decided about the connected app and about sessions.
#include "local_org/app_policies.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace local_org {
namespace {

using Words = std::vector<std::string>;

// Calls `visit(name, member, allowed words)` for each policy; no words: anything goes.
template <class Policies, class Visit>
void visit_policies(Policies& policies, Visit visit) {
  const Words any;
  visit("app_name", policies.app_name, any);
  visit("app_kind", policies.app_kind, Words{"ExternalClientApplication", "ConnectedApplication"});
  visit("installed", policies.installed, any);
  visit("flows", policies.flows, Words{"authorization_code", "refresh_token", "password", "jwt_bearer"});
  visit("scopes", policies.scopes, any);
  visit("redirect_uris", policies.redirect_uris, any);
  visit("requires_pkce", policies.requires_pkce, any);
  visit("requires_secret", policies.requires_secret, any);
  visit("certificate", policies.certificate, any);
  visit("client_credentials_enabled", policies.client_credentials_enabled, any);
  visit("has_run_as_user", policies.has_run_as_user, any);
  visit("run_as_user", policies.run_as_user, any);
  visit("permitted_users", policies.permitted_users, Words{"AllSelfAuthorized", "AdminApprovedPreAuthorized"});
  visit("approved_users", policies.approved_users, any);
  visit("approved_permission_sets", policies.approved_permission_sets, any);
  visit("ip_relaxation", policies.ip_relaxation, Words{"Enforce", "Enforce_relaxrefresh", "Bypass", "Bypass_2factor"});
  visit("rotates_refresh_tokens", policies.rotates_refresh_tokens, any);
  visit("detects_reuse", policies.detects_reuse, any);
  visit("refresh_token_policy", policies.refresh_token_policy,
        Words{"Infinite", "Zero", "SpecificLifetime", "SpecificInactivity"});
  visit("refresh_token_seconds", policies.refresh_token_seconds, any);
  visit("access_token_seconds", policies.access_token_seconds, any);
  visit("is_login_host", policies.is_login_host, any);
  visit("lockSessionsToIp", policies.lockSessionsToIp, any);
  visit("lockSessionsToDomain", policies.lockSessionsToDomain, any);
  visit("enforceIpRangesEveryRequest", policies.enforceIpRangesEveryRequest, any);
  visit("api_enabled", policies.api_enabled, any);
  visit("duplicate_rules", policies.duplicate_rules, any);
  visit("assignment_rules", policies.assignment_rules, any);
}

bool read_policy(const nlohmann::json& value, const Words&, bool& policy) {
  if (value.is_boolean()) policy = value.get<bool>();
  return value.is_boolean();
}

bool read_policy(const nlohmann::json& value, const Words&, std::int64_t& policy) {
  const bool fits = value.is_number_integer() && value.get<std::int64_t>() >= 0;
  if (fits) policy = value.get<std::int64_t>();
  return fits;
}

bool read_policy(const nlohmann::json& value, const Words& allowed, std::string& policy) {
  if (!value.is_string() && !value.is_null()) return false;
  std::string text = value.is_null() ? "" : value.get<std::string>();
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), text) == allowed.end()) return false;
  policy = std::move(text);
  return true;
}

bool read_policy(const nlohmann::json& value, const Words& allowed, Words& policy) {
  if (!value.is_array()) return false;
  Words words(value.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!value[i].is_string() || !read_policy(value[i], allowed, words[i])) return false;
  }
  policy = std::move(words);
  return true;
}

void write_policy(base::JsonWriter& json, const Words& words) {
  json.begin_array();
  for (const std::string& word : words) json.string(word);
  json.end_array();
}
void write_policy(base::JsonWriter& json, const std::string& text) { json.string(text); }
void write_policy(base::JsonWriter& json, bool yes) { json.boolean(yes); }
void write_policy(base::JsonWriter& json, std::int64_t number) { json.number(number); }

// The address without the port of a loopback host; "" when its host is another.
std::string without_loopback_port(const std::string& uri) {
  for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!uri.starts_with(host)) continue;
    std::string_view rest = std::string_view(uri).substr(host.size());
    if (!rest.empty() && rest.front() != ':' && rest.front() != '/') continue;
    if (rest.starts_with(':')) rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    if (rest.empty() || rest.front() == '/') return std::string(host).append(rest);
  }
  return "";
}

}  // namespace

bool AppPolicies::allows_flow(std::string_view flow) const {
  return std::find(flows.begin(), flows.end(), flow) != flows.end();
}

bool AppPolicies::has_scope(std::string_view scope) const {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

bool AppPolicies::trusts_redirect(const std::string& uri) const {
  const std::string loopback = without_loopback_port(uri);
  if (redirect_uris.empty()) return !loopback.empty();
  return std::any_of(redirect_uris.begin(), redirect_uris.end(), [&](const std::string& known) {
    return known == uri || (!loopback.empty() && without_loopback_port(known) == loopback);
  });
}

base::JsonText to_json(const AppPolicies& policies) {
  base::JsonWriter json;
  json.begin_object();
  visit_policies(policies, [&](std::string_view name, const auto& policy, const Words&) {
    json.key(name);
    write_policy(json, policy);
  });
  json.end_object();
  return {json.take()};
}

base::Result<AppPolicies> changed(AppPolicies policies, std::string_view json) {
  const base::Result<nlohmann::json> wanted = base::parse_json(json);
  if (!wanted || !wanted->is_object()) return base::Error{org_policy_invalid, "policies are a JSON object"};
  for (const auto& [key, value] : wanted->items()) {
    bool known = false;
    bool fits = false;
    visit_policies(policies,
                   [&, &name = key, &given = value](std::string_view policy_name, auto& policy, const Words& allowed) {
                     if (policy_name != name) return;
                     known = true;
                     fits = read_policy(given, allowed, policy);
                   });
    if (!known) return base::Error{org_policy_invalid, fmt::format("there is no policy '{}'", key)};
    if (!fits) return base::Error{org_policy_invalid, fmt::format("policy '{}' cannot be {}", key, value.dump())};
  }
  return policies;
}

}  // namespace local_org
