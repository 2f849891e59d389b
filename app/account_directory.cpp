#include "app/account_directory.hpp"

namespace app {

std::optional<engine::AccountFacts> AccountDirectory::find(std::string_view account_id) const {
  const std::optional<connectors::LinkedAccount> account = accounts_.find(account_id);
  if (!account) return std::nullopt;
  engine::AccountFacts facts;
  facts.id = account->id;
  facts.name = account->name;
  facts.environment = connectors::to_string(account->environment);
  facts.owner = account->owner;
  facts.shared_kind = account->origin == connectors::Origin::extensions;
  for (const connectors::Share& share : account->shares)
    (share.revoked ? facts.unshared : facts.shared_with).push_back(share.with);
  if (account->state == connectors::AccountState::expired) facts.state = engine::AccountState::expired;
  if (account->state == connectors::AccountState::blocked_by_org) facts.state = engine::AccountState::blocked_by_org;
  facts.state_reason = account->state_reason;
  facts.org_id = account->org_id;
  facts.salesforce_user = account->salesforce_user;
  if (account->last_success) facts.last_success = base::to_iso8601(*account->last_success);
  return facts;
}

}  // namespace app
