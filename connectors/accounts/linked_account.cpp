#include "connectors/accounts/linked_account.hpp"

namespace connectors {

std::string_view to_string(Origin origin) { return origin == Origin::workflows ? "workflows" : "extensions"; }

std::string_view to_string(Environment environment) {
  return environment == Environment::sandbox ? "sandbox" : "production";
}

std::string_view to_string(LoginKind kind) {
  return kind == LoginKind::refresh_token ? "refresh_token" : "client_credentials";
}

std::string_view to_string(AccountState state) {
  switch (state) {
    case AccountState::ok: return "ok";
    case AccountState::expired: return "expired";
    case AccountState::removed: return "removed";
  }
  return "removed";
}

}  // namespace connectors
