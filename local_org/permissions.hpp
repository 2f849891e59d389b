// The org's profiles and permission sets, and who has which.
//
// To enumerate them: profiles(), permission_sets() (each profile's own set is among them, as in Salesforce: its
// `profile_id` is not empty) and assignments() (every user's profile's set, and the sets assigned beside it).
// PermissionSet::rights holds what one grants, wildcards included; Rights::object() and Rights::field() answer for one
// name. What a user has of all of them is access_of().
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/ip_range.hpp"
#include "local_org/access.hpp"
#include "local_org/record_store.hpp"
#include "local_org/rights.hpp"

namespace local_org {

inline constexpr std::string_view first_profile_name = "System Administrator";
// The profile of users that have been given none.
std::string first_profile_id();

struct PermissionSet {
  std::string id;            // 0PS…
  std::string name;          // as in the API, unique
  std::string label;         // for people
  std::string profile_id{};  // of the set that holds a profile's rights; else ""
  Rights rights{};
};

struct LoginRange {
  std::string start;  // addresses as they were written
  std::string end;
  std::string description{};
};

struct Profile {
  std::string id;                 // 00e…
  std::string name;               // unique
  std::string permission_set_id;  // of its own set
  std::vector<LoginRange> login_ranges{};
};

struct Assignment {
  std::string user_id;
  std::string permission_set_id;
};

struct PermissionWish;  // of permissions_json.hpp

class Permissions {
 public:
  // Takes over what the store remembers. At first there is one profile, which grants everything.
  Permissions(RecordStore& store, const Schema& schema);

  const std::vector<Profile>& profiles() const { return profiles_; }
  const std::vector<PermissionSet>& permission_sets() const { return sets_; }
  std::vector<Assignment> assignments();

  // Null when there is none such.
  const Profile* find_profile(std::string_view name) const;
  const Profile* profile_of(std::string_view user_id);
  const PermissionSet* find_permission_set(std::string_view name) const;
  const PermissionSet* permission_set(std::string_view id) const;

  // Makes or changes the one that `wanted` names; see docs/http-api.md. Returns every fault, and changes nothing then.
  std::vector<std::string> put_profile(const nlohmann::json& wanted);
  std::vector<std::string> put_permission_set(const nlohmann::json& wanted);
  // The same, and it grants nothing but what `wanted` says.
  std::vector<std::string> reset_permission_set(const nlohmann::json& wanted);
  // The user has these sets beside its profile from now on.
  void assign(const std::string& user_id, std::vector<std::string> set_ids);
  // Ids of the sets assigned beside the profile.
  const std::vector<std::string>& assigned_to(std::string_view user_id) const;

  // Counts until the next call: what has changed since the last one is seen.
  const Access& access_of(const std::string& user_id);

 private:
  void load();
  void save();
  Profile& add_profile(const std::string& name);
  PermissionSet& add_set(const std::string& name);
  PermissionSet& set_of(const Profile& profile);
  std::vector<std::string> put_permission_set(const nlohmann::json& wanted, bool keeps_rights);
  Rights rights_like(PermissionWish& wish) const;
  Access compute(const std::string& user_id);

  RecordStore& store_;
  const Schema& schema_;
  const Object& users_;
  std::vector<Profile> profiles_;  // oldest first
  std::vector<PermissionSet> sets_;
  std::map<std::string, std::vector<std::string>, std::less<>> assigned_;  // set ids by user id
  std::map<std::string, Access, std::less<>> known_;                       // by user id
  std::uint64_t user_writes_known_ = 0;
};

}  // namespace local_org
