// What the gate may know of linked accounts: the engine's port, filled from the account store.
#pragma once

#include "connectors/accounts/account_store.hpp"
#include "engine/account_facts.hpp"

namespace app {

class AccountDirectory final : public engine::AccountDirectory {
 public:
  explicit AccountDirectory(const connectors::AccountStore& accounts) : accounts_(accounts) {}
  std::optional<engine::AccountFacts> find(std::string_view account_id) const override;

 private:
  const connectors::AccountStore& accounts_;
};

}  // namespace app
