// The port through which the gate learns of an account: what it needs to decide, and nothing that opens it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

struct AccountFacts {
  std::string id;
  std::string name;
  std::string environment;               // production, sandbox
  std::string owner;                     // user id of its holder
  bool shared_kind = false;              // origin `extensions`: usable by whom it is shared with
  std::vector<std::string> shared_with;  // user ids, or "brand"
  std::vector<std::string> unshared;     // was shared with, is no longer
  bool expired = false;
  std::string org_id;
  std::string salesforce_user;
  std::string last_success;  // ISO 8601, or empty
};

class AccountDirectory {
 public:
  virtual ~AccountDirectory() = default;
  // nullopt: there is no such account (any more). From memory; never waits.
  virtual std::optional<AccountFacts> find(std::string_view account_id) const = 0;
};

}  // namespace engine
