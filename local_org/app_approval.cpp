#include "local_org/app_approval.hpp"

#include <algorithm>

namespace local_org {
namespace {

bool are_all_let_in(const AppPolicies& policies) { return policies.permitted_users == "AllSelfAuthorized"; }

}  // namespace

std::vector<std::string> approved_sets(const AppPolicies& policies, const Permissions& permissions) {
  std::vector<std::string> ids;
  for (const std::string& name : policies.approved_permission_sets) {
    if (const Profile* profile = permissions.find_profile(name)) {
      ids.push_back(profile->permission_set_id);
    } else if (const PermissionSet* set = permissions.find_permission_set(name)) {
      ids.push_back(set->id);
    }
  }
  return ids;
}

bool is_preapproved(const AppPolicies& policies, Permissions& permissions, std::string_view user_id,
                    const std::string& username) {
  if (are_all_let_in(policies)) return false;
  const std::vector<std::string>& by_name = policies.approved_users;
  if (std::find(by_name.begin(), by_name.end(), username) != by_name.end()) return true;
  std::vector<std::string> has = permissions.assigned_to(user_id);
  if (const Profile* profile = permissions.profile_of(user_id)) has.push_back(profile->permission_set_id);
  const std::vector<std::string> approved = approved_sets(policies, permissions);
  return std::find_first_of(has.begin(), has.end(), approved.begin(), approved.end()) != has.end();
}

bool may_use_app(const AppPolicies& policies, Permissions& permissions, std::string_view user_id,
                 const std::string& username) {
  return are_all_let_in(policies) || is_preapproved(policies, permissions, user_id, username);
}

}  // namespace local_org
