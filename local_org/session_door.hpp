// Who may use the API with a token: whose session it is, from where it is used, and whether its user has the API at
// all.
#pragma once

#include <string_view>

#include "base/http/server.hpp"
#include "local_org/app_policies.hpp"
#include "local_org/call_log.hpp"
#include "local_org/permissions.hpp"
#include "local_org/sessions.hpp"

namespace local_org {

class SessionDoor {
 public:
  SessionDoor(Sessions& sessions, Permissions& permissions, const AppPolicies& policies)
      : sessions_(sessions), permissions_(permissions), policies_(policies) {}

  // Notes in `call` who it is. Throws INVALID_SESSION_ID, API_DISABLED_FOR_ORG or API_CURRENTLY_DISABLED.
  const Session& admit(std::string_view token, const base::http::ServerRequest& request, Call& call);

 private:
  void check_place(const base::http::ServerRequest& request, Session& session, const Access& access) const;

  Sessions& sessions_;
  Permissions& permissions_;
  const AppPolicies& policies_;
};

}  // namespace local_org
