// The paths that only tests use, below /_local.
#pragma once

#include <string>
#include <string_view>

#include "base/http/server.hpp"
#include "local_org/app_policies.hpp"
#include "local_org/call_log.hpp"
#include "local_org/faults.hpp"
#include "local_org/org.hpp"
#include "local_org/permission_paths.hpp"
#include "local_org/sessions.hpp"
#include "local_org/users.hpp"

namespace local_org {

// Where the store keeps the policies.
inline constexpr std::string_view policies_setting = "policies";

class LocalPaths {
 public:
  LocalPaths(Org& org, Sessions& sessions, Users& users, Permissions& permissions, AppPolicies& policies,
             CallLog& calls, Faults& faults)
      : org_(org),
        sessions_(sessions),
        users_(users),
        policies_(policies),
        calls_(calls),
        faults_(faults),
        permission_paths_(users, permissions) {}

  // What was called, what shall expire, what shall fail, what the org's administrator decides, and its users.
  base::http::Response answer(const base::http::ServerRequest& request);

 private:
  base::http::Response expire(const std::string& body);
  base::http::Response policies(const base::http::ServerRequest& request);

  Org& org_;
  Sessions& sessions_;
  Users& users_;
  AppPolicies& policies_;
  CallLog& calls_;
  Faults& faults_;
  PermissionPaths permission_paths_;
};

}  // namespace local_org
