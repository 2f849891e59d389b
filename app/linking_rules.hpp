// What linking asks of people, licences and bindings, answered from the engine's stores.
#pragma once

#include <string>
#include <vector>

#include "connectors/accounts/account_linking.hpp"

namespace app {

class Services;

class LinkingRules final : public connectors::LinkingRules {
 public:
  explicit LinkingRules(Services& services) : services_(services) {}

  base::Status may_log_in(const connectors::LoginAttempt& attempt) const override;
  std::vector<std::string> orgs_to_prove(const std::string& brand, const std::string& user) const override;
  base::awaitable<void> org_proved(std::string brand, std::string user, std::string org_id) override;
  base::awaitable<void> account_linked(connectors::LoginAttempt attempt) override;

 private:
  base::Status may_bind(const connectors::LoginAttempt& attempt) const;

  Services& services_;
};

}  // namespace app
