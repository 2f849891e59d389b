// Linked accounts of the verbs without a server: they come from account files and live as long as the program.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "connectors/accounts/account_sessions.hpp"

namespace connectors {

class MemoryAccounts final : public Accounts {
 public:
  explicit MemoryAccounts(base::Clock& clock) : clock_(clock) {}

  void add(LinkedAccount account) { accounts_.push_back(std::move(account)); }
  const std::vector<LinkedAccount>& all() const { return accounts_; }

  std::optional<LinkedAccount> find(std::string_view account_id) const override;
  base::awaitable<void> logged_in(std::string account_id, Login login, std::string org_id, std::string user) override;
  base::awaitable<void> expired(std::string account_id, std::string reason) override;

 private:
  LinkedAccount* known(std::string_view account_id);

  base::Clock& clock_;
  std::vector<LinkedAccount> accounts_;
};

}  // namespace connectors
