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

  void add(LinkedAccount account) {
    accounts_.push_back(std::move(account));
    refreshes_.emplace_back();
  }
  const std::vector<LinkedAccount>& all() const { return accounts_; }

  std::optional<LinkedAccount> find(std::string_view account_id) const override;
  base::awaitable<Standing> claim_refresh(std::string account_id, std::int64_t newer_than) override;
  base::awaitable<std::optional<std::int64_t>> logged_in(std::string account_id, RefreshClaim claim, Login login,
                                                         OrgIdentity identity, Rotation rotation) override;
  base::awaitable<bool> refused(std::string account_id, RefreshClaim claim, AccountState state,
                                std::string reason) override;
  base::awaitable<bool> blocked(std::string account_id, std::int64_t generation, std::string reason) override;
  base::awaitable<void> not_refreshed(std::string account_id, RefreshClaim claim) override;

 private:
  struct Refresh {
    RefreshState state = RefreshState::idle;
    std::string attempt{};
    base::TimePoint deadline{};
  };

  // Where it stands among the accounts; their number when there is none.
  std::size_t place_of(std::string_view account_id) const;
  // The same while that claim stands.
  std::size_t place_of_claim(std::string_view account_id, const RefreshClaim& claim) const;

  base::Clock& clock_;
  std::vector<LinkedAccount> accounts_;
  std::vector<Refresh> refreshes_;  // of the account at the same place
  std::int64_t attempts_ = 0;
};

}  // namespace connectors
