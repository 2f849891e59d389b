#include "connectors/salesforce/doctor_facts.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "connectors/errors.hpp"
#include "connectors/salesforce/org_needs.hpp"

namespace connectors::salesforce {

namespace {

base::Error unreadable_answer(std::string_view what) {
  return {salesforce_unavailable, fmt::format("Salesforce's answer holds no {}", what)};
}

const nlohmann::json* found_member(const nlohmann::json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  auto at = object.find(name);
  return at == object.end() || at->is_null() ? nullptr : &*at;
}

std::string text_in(const nlohmann::json& object, std::string_view name) {
  const nlohmann::json* at = found_member(object, name);
  return at && at->is_string() ? at->get<std::string>() : "";
}

std::optional<bool> flag_in(const nlohmann::json& object, std::string_view name) {
  const nlohmann::json* at = found_member(object, name);
  return at && at->is_boolean() ? std::optional(at->get<bool>()) : std::nullopt;
}

std::optional<std::int64_t> number_in(const nlohmann::json& object, std::string_view name) {
  const nlohmann::json* at = found_member(object, name);
  return at && at->is_number() ? std::optional(at->get<std::int64_t>()) : std::nullopt;
}

const nlohmann::json& list_in(const nlohmann::json& object, std::string_view name) {
  static const nlohmann::json none = nlohmann::json::array();
  const nlohmann::json* at = found_member(object, name);
  return at && at->is_array() ? *at : none;
}

// Fills `into` with what `read` makes of the answer. `read` gives nullopt for an answer without what was asked for.
template <class T>
void tell(Told<T>& into, const OrgAnswer& answer, std::string_view what,
          const std::function<std::optional<T>(const nlohmann::json&)>& read) {
  into.asked = true;
  if (!answer) {
    into.refusal = answer.error();
    return;
  }
  base::Result<nlohmann::json> document = base::parse_json(answer->text, {.bytes = 16u << 20});
  if (!document) {
    into.refusal = document.error();
    return;
  }
  into.value = read(*document);
  if (!into.value) into.refusal = unreadable_answer(what);
}

// The same for the answer to a query; `read` is given its rows.
template <class T>
void tell_rows(Told<T>& into, const OrgAnswer& answer, std::string_view what,
               const std::function<std::optional<T>(const nlohmann::json&)>& read) {
  tell<T>(into, answer, what, [&](const nlohmann::json& document) -> std::optional<T> {
    return found_member(document, "records") ? read(list_in(document, "records")) : std::nullopt;
  });
}

// The same for a query that finds exactly one row.
template <class T>
void tell_row(Told<T>& into, const OrgAnswer& answer, std::string_view what,
              const std::function<std::optional<T>(const nlohmann::json&)>& read) {
  tell_rows<T>(into, answer, what, [&](const nlohmann::json& rows) -> std::optional<T> {
    return rows.empty() ? std::nullopt : read(rows.front());
  });
}

// `30` and `Days`, or nothing.
std::string lifetime_of(std::optional<std::int64_t> period, std::string_view unit) {
  return period ? fmt::format("{}{}{}", *period, unit.empty() ? "" : " ", unit) : "";
}

// The metric says what the period counts from: the last use (true) or the login (false).
AppPolicy read_connected_app(const nlohmann::json& row) {
  using RefreshToken = AppPolicy::RefreshToken;
  AppPolicy policy{.id = text_in(row, "Id")};
  policy.admin_approved_only = flag_in(row, "OptionsAllowAdminApprovedUsersOnly");
  const std::optional<std::int64_t> period = number_in(row, "RefreshTokenValidityPeriod");
  policy.lifetime = lifetime_of(period, "");
  const std::optional<bool> counts_from_last_use = flag_in(row, "OptionsRefreshTokenValidityMetric");
  if (!counts_from_last_use) return policy;
  if (!period)
    policy.refresh_token = RefreshToken::until_revoked;
  else if (*period == 0)
    policy.refresh_token = RefreshToken::at_once;
  else
    policy.refresh_token = *counts_from_last_use ? RefreshToken::until_unused : RefreshToken::fixed_lifetime;
  return policy;
}

AppPolicy read_client_app_policy(const nlohmann::json& row) {
  using RefreshToken = AppPolicy::RefreshToken;
  const std::pair<std::string_view, RefreshToken> words[] = {{"Infinite", RefreshToken::until_revoked},
                                                             {"SpecificInactivity", RefreshToken::until_unused},
                                                             {"SpecificLifetime", RefreshToken::fixed_lifetime},
                                                             {"Zero", RefreshToken::at_once}};
  AppPolicy policy{.id = text_in(row, "ExternalClientApplicationId")};
  if (const std::string users = text_in(row, "PermittedUsersPolicyType"); !users.empty())
    policy.admin_approved_only = users != "AllSelfAuthorized";
  const std::string refresh = text_in(row, "RefreshTokenPolicyType");
  for (const auto& [word, meaning] : words) {
    if (refresh == word) policy.refresh_token = meaning;
  }
  policy.lifetime = lifetime_of(number_in(row, "RefreshTokenValidityPeriod"), text_in(row, "RefreshTokenValidityUnit"));
  policy.relaxes_login_ranges = text_in(row, "IpRelaxationPolicyType") == "Bypass";
  return policy;
}

std::optional<std::vector<LoginRange>> read_login_ranges(const nlohmann::json& profile) {
  const nlohmann::json* metadata = found_member(profile, "Metadata");
  if (!metadata) return std::nullopt;
  std::vector<LoginRange> ranges;
  for (const nlohmann::json& item : list_in(*metadata, "loginIpRanges")) {
    std::optional<base::IpRange> range =
        base::parse_ip_range(text_in(item, "startAddress"), text_in(item, "endAddress"));
    if (!range) return std::nullopt;
    ranges.push_back({*range, text_in(item, "description")});
  }
  return ranges;
}

DescribedField read_described_field(const nlohmann::json& item) {
  DescribedField field;
  field.name = text_in(item, "name");
  field.createable = flag_in(item, "createable").value_or(false);
  field.updateable = flag_in(item, "updateable").value_or(false);
  field.relationship = text_in(item, "relationshipName");
  for (const nlohmann::json& target : list_in(item, "referenceTo")) {
    if (target.is_string()) field.points_to.push_back(target.get<std::string>());
  }
  return field;
}

DescribedRecordType read_described_record_type(const nlohmann::json& item) {
  return {.id = text_in(item, "recordTypeId"),
          .developer_name = text_in(item, "developerName"),
          .name = text_in(item, "name"),
          .available = flag_in(item, "active").value_or(false) && flag_in(item, "available").value_or(false)};
}

std::optional<DescribedObject> read_described_object(const nlohmann::json& describe) {
  if (!found_member(describe, "fields")) return std::nullopt;
  DescribedObject object;
  object.name = text_in(describe, "name");
  object.createable = flag_in(describe, "createable").value_or(false);
  object.updateable = flag_in(describe, "updateable").value_or(false);
  object.deletable = flag_in(describe, "deletable").value_or(false);
  object.queryable = flag_in(describe, "queryable").value_or(false);
  for (const nlohmann::json& item : list_in(describe, "fields")) object.fields.push_back(read_described_field(item));
  for (const nlohmann::json& item : list_in(describe, "recordTypeInfos"))
    object.record_types.push_back(read_described_record_type(item));
  return object;
}

}  // namespace

const DescribedField* DescribedObject::field(std::string_view api_name) const {
  auto at = std::find_if(fields.begin(), fields.end(),
                         [&](const DescribedField& known) { return same_api_name(known.name, api_name); });
  return at == fields.end() ? nullptr : &*at;
}

const DescribedField* DescribedObject::lookup(std::string_view relationship) const {
  auto at = std::find_if(fields.begin(), fields.end(),
                         [&](const DescribedField& known) { return same_api_name(known.relationship, relationship); });
  return at == fields.end() ? nullptr : &*at;
}

std::string object_key(std::string_view object) {
  std::string key(object);
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

const Told<DescribedObject>& object_of(const OrgFacts& facts, std::string_view object) {
  static const Told<DescribedObject> never_asked;
  auto at = facts.objects.find(object_key(object));
  return at == facts.objects.end() ? never_asked : at->second;
}

// {"identity": "https://login.salesforce.com/id/00D…/005…", …}
void learn_user_id(OrgFacts& facts, const OrgAnswer& resources) {
  tell<std::string>(facts.user_id, resources, "identity of the user", [](const nlohmann::json& document) {
    const std::string url = text_in(document, "identity");
    const std::size_t slash = url.rfind('/');
    const bool has_id = slash != std::string::npos && slash + 1 < url.size();
    return has_id ? std::optional(url.substr(slash + 1)) : std::nullopt;
  });
}

void learn_organization(OrgFacts& facts, const OrgAnswer& rows) {
  tell_row<bool>(facts.is_sandbox, rows, "IsSandbox",
                 [](const nlohmann::json& row) { return flag_in(row, "IsSandbox"); });
}

void learn_user(OrgFacts& facts, const OrgAnswer& rows) {
  tell_row<OrgUser>(facts.user, rows, "user", [](const nlohmann::json& row) {
    OrgUser user{.username = text_in(row, "Username"),
                 .active = flag_in(row, "IsActive").value_or(true),
                 .profile_id = text_in(row, "ProfileId"),
                 .profile_name = {}};
    if (const nlohmann::json* profile = found_member(row, "Profile")) user.profile_name = text_in(*profile, "Name");
    return std::optional(std::move(user));
  });
}

void learn_permissions(OrgFacts& facts, const OrgAnswer& rows) {
  tell_row<UserPermissions>(facts.permissions, rows, "permissions", [](const nlohmann::json& row) {
    return std::optional(UserPermissions{.api_enabled = flag_in(row, "PermissionsApiEnabled").value_or(false),
                                         .view_all_data = flag_in(row, "PermissionsViewAllData").value_or(false),
                                         .modify_all_data = flag_in(row, "PermissionsModifyAllData").value_or(false)});
  });
}

void learn_uninstalled_apps(OrgFacts& facts, const OrgAnswer& rows) {
  tell_row<bool>(facts.approves_uninstalled_apps, rows, "permission",
                 [](const nlohmann::json& row) { return flag_in(row, "PermissionsApproveUninstalledConnectedApps"); });
}

void learn_permission_sets(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<std::vector<std::string>>(facts.permission_sets, rows, "permission sets", [](const nlohmann::json& list) {
    std::vector<std::string> ids;
    for (const nlohmann::json& row : list) ids.push_back(text_in(row, "PermissionSetId"));
    return std::optional(std::move(ids));
  });
}

void learn_object_permissions(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<std::vector<ObjectPermission>>(
      facts.object_permissions, rows, "object permissions", [](const nlohmann::json& list) {
        std::vector<ObjectPermission> permissions;
        for (const nlohmann::json& row : list) {
          permissions.push_back({.object = text_in(row, "SobjectType"),
                                 .view_all = flag_in(row, "PermissionsViewAllRecords").value_or(false),
                                 .modify_all = flag_in(row, "PermissionsModifyAllRecords").value_or(false)});
        }
        return std::optional(std::move(permissions));
      });
}

void learn_logins(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<std::vector<std::string>>(facts.login_addresses, rows, "logins", [](const nlohmann::json& list) {
    std::vector<std::string> addresses;
    for (const nlohmann::json& row : list) {
      if (text_in(row, "Status") == "Success") addresses.push_back(text_in(row, "SourceIp"));
    }
    return std::optional(std::move(addresses));
  });
}

void learn_profile(OrgFacts& facts, const OrgAnswer& rows) {
  tell_row<std::vector<LoginRange>>(facts.login_ranges, rows, "login IP ranges", read_login_ranges);
}

void learn_session_settings(OrgFacts& facts, const OrgAnswer& settings) {
  tell<SessionSettings>(facts.session_settings, settings, "session settings", [](const nlohmann::json& document) {
    const std::optional<bool> ip = flag_in(document, "lockSessionsToIp");
    const std::optional<bool> domain = flag_in(document, "lockSessionsToDomain");
    const std::optional<bool> every_request = flag_in(document, "enforceIpRangesEveryRequest");
    if (!ip || !domain || !every_request) return std::optional<SessionSettings>();
    return std::optional(
        SessionSettings{.lock_to_ip = *ip, .lock_to_domain = *domain, .enforce_login_ranges = *every_request});
  });
}

void learn_apps(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<std::vector<std::string>>(facts.apps, rows, "apps", [](const nlohmann::json& list) {
    std::vector<std::string> names;
    for (const nlohmann::json& row : list) {
      std::string name = text_in(row, "AppName");
      if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    return std::optional(std::move(names));
  });
}

void learn_connected_app(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<std::vector<AppPolicy>>(facts.connected_app, rows, "connected app", [](const nlohmann::json& list) {
    std::vector<AppPolicy> apps;
    for (const nlohmann::json& row : list) apps.push_back(read_connected_app(row));
    return std::optional(std::move(apps));
  });
}

void learn_client_app(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<std::vector<AppPolicy>>(facts.client_app, rows, "external client app", [](const nlohmann::json& list) {
    std::vector<AppPolicy> apps;
    for (const nlohmann::json& row : list) apps.push_back({.id = text_in(row, "Id")});
    return std::optional(std::move(apps));
  });
}

void learn_client_app_policy(OrgFacts& facts, const OrgAnswer& rows) {
  tell_row<AppPolicy>(facts.client_app_policy, rows, "policy of the app",
                      [](const nlohmann::json& row) { return std::optional(read_client_app_policy(row)); });
}

void learn_app_access(OrgFacts& facts, const OrgAnswer& rows) {
  tell_rows<bool>(facts.app_access, rows, "access settings",
                  [](const nlohmann::json& list) { return std::optional(!list.empty()); });
}

void learn_limits(OrgFacts& facts, const OrgAnswer& limits) {
  tell<RequestLimit>(facts.requests, limits, "DailyApiRequests", [](const nlohmann::json& document) {
    const nlohmann::json* daily = found_member(document, "DailyApiRequests");
    const std::optional<std::int64_t> max = daily ? number_in(*daily, "Max") : std::nullopt;
    const std::optional<std::int64_t> remaining = daily ? number_in(*daily, "Remaining") : std::nullopt;
    if (!max || !remaining) return std::optional<RequestLimit>();
    return std::optional(RequestLimit{.max = *max, .remaining = *remaining});
  });
}

void learn_object(OrgFacts& facts, std::string_view object, const OrgAnswer& describe) {
  tell<DescribedObject>(facts.objects[object_key(object)], describe, "fields", read_described_object);
}

void learn_record_types(OrgFacts& facts, std::string_view object, const OrgAnswer& rows) {
  tell_rows<std::vector<RecordType>>(facts.record_types[object_key(object)], rows, "record types",
                                     [](const nlohmann::json& list) {
                                       std::vector<RecordType> types;
                                       for (const nlohmann::json& row : list) {
                                         types.push_back({.id = text_in(row, "Id"),
                                                          .developer_name = text_in(row, "DeveloperName"),
                                                          .active = flag_in(row, "IsActive").value_or(false)});
                                       }
                                       return std::optional(std::move(types));
                                     });
}

}  // namespace connectors::salesforce
