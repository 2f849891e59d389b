// The port through which the gate learns of an account: what it needs to decide, and nothing that opens it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

enum class AccountState {
  ok,
  expired,         // Salesforce refuses its login
  blocked_by_org,  // the org lets it in no more: API off, IP range, permitted users
};

struct AccountFacts {
  std::string id{};
  std::string name{};
  std::string environment{};               // production, sandbox
  std::string owner{};                     // user id of its holder
  bool shared_kind = false;                // origin `extensions`: usable by whom it is shared with
  std::vector<std::string> shared_with{};  // ids of users and groups, or "brand"
  std::vector<std::string> unshared{};     // was shared with, is no longer
  AccountState state = AccountState::ok;
  std::string state_reason{};  // e.g. Salesforce's own words
  std::string org_id{};
  std::string salesforce_user{};
  std::string last_success{};  // ISO 8601, or empty
};

// Who does not hold a personal account sees of it only environment and org id.
inline bool may_be_shown(const AccountFacts& account, std::string_view viewer) {
  return account.shared_kind || account.owner == viewer;
}

class AccountDirectory {
 public:
  virtual ~AccountDirectory() = default;
  // nullopt: there is no such account (any more). From memory; never waits.
  virtual std::optional<AccountFacts> find(std::string_view account_id) const = 0;
};

}  // namespace engine
