#include "app/api/account_problem.hpp"

#include "connectors/accounts/account_linking.hpp"
#include "connectors/errors.hpp"
#include "connectors/oauth/authorization.hpp"

namespace app::api {

base::http::Response account_problem(const base::Error& error) {
  struct Row {
    std::string_view code;
    int status;
  };
  static constexpr Row rows[] = {
      {"brand_admin_only", 403},       {"account_removed", 404},        {"workflow_unknown", 404},
      {"host_not_allowed", 422},       {"login_refused", 422},          {"environment_mismatch", 422},
      {"account_token_expired", 422},  {"account_blocked_by_org", 422}, {"private_key_unreadable", 422},
      {"salesforce_unavailable", 503}, {"salesforce_rate_limit", 503},  {"salesforce_unclear", 503},
  };
  for (const Row& row : rows) {
    if (row.code == error.code.name) return problem(row.status, error);
  }
  return problem(409, error);
}

}  // namespace app::api
