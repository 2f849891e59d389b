#include "app/linking_rules.hpp"

#include <algorithm>

#include "app/services.hpp"
#include "connectors/errors.hpp"
#include "engine/errors.hpp"

namespace app {
namespace {

using connectors::LoginPurpose;

constexpr base::ErrorCode brand_admin_only{"brand_admin_only", base::Kind::permanent};
constexpr base::ErrorCode workflow_unknown{"workflow_unknown", base::Kind::permanent};

}  // namespace

base::Status LinkingRules::may_log_in(const connectors::LoginAttempt& attempt) const {
  const engine::BrandId brand_no = services_.brand_no(attempt.brand);
  const engine::Brand* brand = services_.people.brand(brand_no);
  const std::optional<engine::User> user = services_.people.user(brand_no, attempt.user);
  if (!brand || !user) return base::Error{connectors::login_unknown, "the user is not there any more"};
  const std::vector<std::string>& licensed = brand->extensions;
  if (std::ranges::find(licensed, "salesforce") == licensed.end()) {
    return base::Error{engine::extension_not_licensed, "the brand's licence has no extension 'salesforce'"};
  }
  const bool is_admin = user->role == engine::Role::brand_admin;
  if (attempt.purpose == LoginPurpose::share && !is_admin)
    return base::Error{brand_admin_only, "only a brand admin may link an account to share"};
  if (attempt.purpose == LoginPurpose::refresh) {
    const std::optional<connectors::LinkedAccount> account = services_.accounts.look_up(attempt.brand, attempt.account);
    const bool is_own = account && account->owner == attempt.user;
    const bool is_shared_kind = account && account->origin == connectors::Origin::extensions;
    // A personal account is nobody else's to see.
    if (!account || account->state == connectors::AccountState::removed || (!is_own && !is_shared_kind))
      return base::Error{connectors::account_removed, "there is no such account"};
    if (is_shared_kind && !is_admin) return base::Error{brand_admin_only, "only a brand admin may refresh it"};
  }
  return may_bind(attempt);
}

base::Status LinkingRules::may_bind(const connectors::LoginAttempt& attempt) const {
  if (attempt.bind_workflow.empty()) return base::Ok{};
  const engine::BrandId brand = services_.brand_no(attempt.brand);
  const engine::Workflow* workflow = services_.workflows.find(brand, attempt.bind_workflow);
  if (!workflow || services_.people.right_of(brand, workflow->project, attempt.user) < engine::Right::edit)
    return base::Error{workflow_unknown, "there is no such workflow, or you may not edit it"};
  return base::Ok{};
}

std::vector<std::string> LinkingRules::orgs_to_prove(const std::string& brand, const std::string& user) const {
  return services_.bindings.orgs_to_prove(services_.brand_no(brand), user);
}

base::awaitable<void> LinkingRules::org_proved(std::string brand, std::string user, std::string org_id) {
  const engine::BrandId brand_no = services_.brand_no(brand);
  std::vector<std::string> keys = co_await services_.bindings.prove_org(brand_no, std::move(user), std::move(org_id));
  co_await services_.lift(brand_no, std::move(keys));
}

base::awaitable<void> LinkingRules::account_linked(connectors::LoginAttempt attempt) {
  const engine::BrandId brand = services_.brand_no(attempt.brand);
  std::vector<std::string> keys{"account:" + attempt.account};
  if (attempt.purpose == LoginPurpose::refresh) {
    const std::vector<std::string> proved = co_await services_.bindings.refreshed(brand, attempt.user, attempt.account);
    keys.insert(keys.end(), proved.begin(), proved.end());
  }
  if (const engine::Workflow* workflow =
          attempt.bind_workflow.empty() ? nullptr : services_.workflows.find(brand, attempt.bind_workflow)) {
    base::Result<std::vector<std::string>> bound =
        co_await services_.bindings.bind(attempt.user, *workflow, attempt.bind_alias, attempt.account);
    if (bound)
      keys.insert(keys.end(), bound->begin(), bound->end());
    else
      services_.log.warning("the new account was not bound", {{"account", attempt.account}});
  }
  co_await services_.lift(brand, std::move(keys));
}

}  // namespace app
