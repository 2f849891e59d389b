// Profiles and permission sets as JSON: as the store keeps them, as /_local shows them, and what a PUT asks for.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json_writer.hpp"
#include "local_org/permissions.hpp"
#include "local_org/rights_json.hpp"

namespace local_org {

// Id, name, own set's id and login ranges, as members of the object that is open.
void write_profile_names(base::JsonWriter& json, const Profile& profile);
// A whole object: names and rights.
void write_profile(base::JsonWriter& json, const Profile& profile, const PermissionSet& own_set);
void write_permission_set(base::JsonWriter& json, const PermissionSet& set);

// What this org has written itself.
Profile read_profile(const nlohmann::json& json);
PermissionSet read_permission_set(const nlohmann::json& json);

// The body of a PUT, but for the rights.
struct PermissionWish {
  std::string name;
  std::string label{};
  std::string like{};  // the profile or permission set to start a new one from
  std::vector<std::string> faults{};

  void add_faults(std::vector<std::string> more);
};

// `own_members`: those that only this kind of document has.
PermissionWish read_wish(const nlohmann::json& wanted, std::initializer_list<std::string_view> own_members);
// Takes over "login_ip_ranges" when it is there. Returns every fault.
std::vector<std::string> change_login_ranges(std::vector<LoginRange>& ranges, const nlohmann::json& wanted);

}  // namespace local_org
