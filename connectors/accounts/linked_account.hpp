// A linked Salesforce instance: where it is, how it logs in, who may use it, and whether it still can.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace connectors {

enum class Origin { workflows, extensions };  // personal, or shared by a brand admin
enum class Environment { production, sandbox };
enum class LoginKind { client_credentials, refresh_token };
enum class AccountState { ok, expired, removed };

// How it logs in. Server-to-server needs client id, client secret and token endpoint, all three.
struct Login {
  LoginKind kind = LoginKind::client_credentials;
  std::string token_url;
  std::string client_id;
  base::Secret client_secret{};
  base::Secret refresh_token{};
  std::string instance_url{};  // known after the first login
};

// With whom it is shared: a user id, or the whole brand ("brand").
struct Share {
  std::string with;
  bool revoked = false;  // kept, so that "was shared" can be told from "never was"
};

struct LinkedAccount {
  std::string id;  // acc_…
  std::string name;
  Origin origin = Origin::extensions;
  Environment environment = Environment::production;
  std::string owner;  // user id
  Login login{};
  std::vector<Share> shares{};
  AccountState state = AccountState::ok;
  std::string state_reason{};  // e.g. Salesforce's own words when it expired
  std::string org_id{};
  std::string salesforce_user{};
  std::optional<base::TimePoint> last_success{};
};

std::string_view to_string(Origin origin);
std::string_view to_string(Environment environment);
std::string_view to_string(LoginKind kind);
std::string_view to_string(AccountState state);

}  // namespace connectors
