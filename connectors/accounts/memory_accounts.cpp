#include "connectors/accounts/memory_accounts.hpp"

#include <algorithm>
#include <utility>

namespace connectors {

LinkedAccount* MemoryAccounts::known(std::string_view account_id) {
  auto at =
      std::find_if(accounts_.begin(), accounts_.end(), [&](const LinkedAccount& one) { return one.id == account_id; });
  return at == accounts_.end() ? nullptr : &*at;
}

std::optional<LinkedAccount> MemoryAccounts::find(std::string_view account_id) const {
  for (const LinkedAccount& account : accounts_) {
    if (account.id == account_id && account.state != AccountState::removed) return account;
  }
  return std::nullopt;
}

base::awaitable<void> MemoryAccounts::logged_in(std::string account_id, Login login, std::string org_id,
                                                std::string user) {
  if (LinkedAccount* account = known(account_id)) {
    account->login = std::move(login);
    account->org_id = std::move(org_id);
    account->salesforce_user = std::move(user);
    account->last_success = clock_.now();
  }
  co_return;
}

base::awaitable<void> MemoryAccounts::expired(std::string account_id, std::string reason) {
  if (LinkedAccount* account = known(account_id)) {
    account->state = AccountState::expired;
    account->state_reason = std::move(reason);
  }
  co_return;
}

}  // namespace connectors
