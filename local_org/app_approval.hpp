// Whom an administrator has approved for an app that is for approved users only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local_org/app_policies.hpp"
#include "local_org/permissions.hpp"

namespace local_org {

// Ids of the permission sets whose users are approved; a profile stands for the set that holds its rights.
std::vector<std::string> approved_sets(const AppPolicies& policies, const Permissions& permissions);

// By name, by profile or by permission set; nobody while all users may authorise the app themselves.
bool is_preapproved(const AppPolicies& policies, Permissions& permissions, std::string_view user_id,
                    const std::string& username);
// Whether the user may use the app.
bool may_use_app(const AppPolicies& policies, Permissions& permissions, std::string_view user_id,
                 const std::string& username);

}  // namespace local_org
