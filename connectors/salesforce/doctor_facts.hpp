// What an org has told about itself and the linked user: typed, and for each fact that is missing, why it is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ip_range.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"

namespace connectors::salesforce {

// The answer to one question; an answer that could not be had is kept as its error.
template <class T>
struct Told {
  bool asked = false;
  std::optional<T> value{};
  std::optional<base::Error> refusal{};

  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
};

struct OrgUser {
  std::string username;
  bool active = true;
  std::string profile_id;
  std::string profile_name;
};

struct UserPermissions {
  bool api_enabled = false;
  bool view_all_data = false;
  bool modify_all_data = false;
};

struct ObjectPermission {
  std::string object;
  bool view_all = false;
  bool modify_all = false;
};

struct LoginRange {
  base::IpRange range;
  std::string description;
};

struct SessionSettings {
  bool lock_to_ip = false;
  bool lock_to_domain = false;
  bool enforce_login_ranges = false;  // on every request, not only at login
};

// What an app's owner or the org's admin has set for logins through it, be it a Connected App or an External Client
// App.
struct AppPolicy {
  std::string id;
  std::optional<bool> admin_approved_only{};
  enum class RefreshToken { unknown, until_revoked, until_unused, fixed_lifetime, at_once };
  RefreshToken refresh_token = RefreshToken::unknown;
  std::string lifetime{};  // as Salesforce gives it, e.g. "30 Days"
  bool relaxes_login_ranges = false;
};

struct RequestLimit {
  std::int64_t max = 0;
  std::int64_t remaining = 0;
};

struct DescribedField {
  std::string name;
  bool createable = false;
  bool updateable = false;
  std::string relationship{};  // "Account" of AccountId
  std::vector<std::string> points_to{};
};

struct DescribedRecordType {
  std::string id;
  std::string developer_name;
  std::string name;
  bool available = false;  // to the linked user, and active
};

// An object as the linked user sees it: Salesforce cuts a describe to its caller.
struct DescribedObject {
  std::string name;
  bool createable = false;
  bool updateable = false;
  bool deletable = false;
  bool queryable = false;
  std::vector<DescribedField> fields{};
  std::vector<DescribedRecordType> record_types{};

  const DescribedField* field(std::string_view api_name) const;
  const DescribedField* lookup(std::string_view relationship) const;  // of a path's step
};

// Of an org's own list, whoever may use it.
struct RecordType {
  std::string id;
  std::string developer_name;
  bool active = false;
};

// Names of objects as keys, in lower case.
using ByObject = std::string;

struct OrgFacts {
  Told<std::string> user_id{};
  Told<bool> is_sandbox{};
  Told<OrgUser> user{};
  Told<UserPermissions> permissions{};
  Told<bool> approves_uninstalled_apps{};
  Told<std::vector<std::string>> permission_sets{};  // ids; the profile's own one is among them
  Told<std::vector<ObjectPermission>> object_permissions{};
  Told<std::vector<std::string>> login_addresses{};  // of logins that worked, newest first
  Told<std::vector<LoginRange>> login_ranges{};      // of the user's profile
  Told<SessionSettings> session_settings{};
  Told<std::vector<std::string>> apps{};         // that hold a token of the user, the last used one first
  Told<std::vector<AppPolicy>> connected_app{};  // one or none
  Told<std::vector<AppPolicy>> client_app{};     // its id alone; client_app_policy has the rest
  Told<AppPolicy> client_app_policy{};
  Told<bool> app_access{};  // an admin has approved the app for the user
  Told<RequestLimit> requests{};
  std::map<ByObject, Told<DescribedObject>> objects{};
  std::map<ByObject, Told<std::vector<RecordType>>> record_types{};
};

std::string object_key(std::string_view object);
// Nothing told where the object was never asked about.
const Told<DescribedObject>& object_of(const OrgFacts& facts, std::string_view object);

// An answer to a question, read; what cannot be read is a refusal too.
using OrgAnswer = base::Result<base::JsonText>;

void learn_user_id(OrgFacts& facts, const OrgAnswer& resources);
void learn_organization(OrgFacts& facts, const OrgAnswer& rows);
void learn_user(OrgFacts& facts, const OrgAnswer& rows);
void learn_permissions(OrgFacts& facts, const OrgAnswer& rows);
void learn_uninstalled_apps(OrgFacts& facts, const OrgAnswer& rows);
void learn_permission_sets(OrgFacts& facts, const OrgAnswer& rows);
void learn_object_permissions(OrgFacts& facts, const OrgAnswer& rows);
void learn_logins(OrgFacts& facts, const OrgAnswer& rows);
void learn_profile(OrgFacts& facts, const OrgAnswer& rows);
void learn_session_settings(OrgFacts& facts, const OrgAnswer& settings);
void learn_apps(OrgFacts& facts, const OrgAnswer& rows);
void learn_connected_app(OrgFacts& facts, const OrgAnswer& rows);
void learn_client_app(OrgFacts& facts, const OrgAnswer& rows);
void learn_client_app_policy(OrgFacts& facts, const OrgAnswer& rows);
void learn_app_access(OrgFacts& facts, const OrgAnswer& rows);
void learn_limits(OrgFacts& facts, const OrgAnswer& limits);
void learn_object(OrgFacts& facts, std::string_view object, const OrgAnswer& describe);
void learn_record_types(OrgFacts& facts, std::string_view object, const OrgAnswer& rows);

}  // namespace connectors::salesforce
