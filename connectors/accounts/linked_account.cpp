#include "connectors/accounts/linked_account.hpp"

#include <array>
#include <utility>

namespace connectors {

namespace {

// Every value with its word in JSON, SQL and output.
template <class Value, std::size_t count>
using Words = std::array<std::pair<Value, std::string_view>, count>;

constexpr Words<Origin, 2> origin_words{{{Origin::workflows, "workflows"}, {Origin::extensions, "extensions"}}};
constexpr Words<Environment, 2> environment_words{
    {{Environment::production, "production"}, {Environment::sandbox, "sandbox"}}};
constexpr Words<LoginKind, 3> login_kind_words{{{LoginKind::client_credentials, "client_credentials"},
                                                {LoginKind::refresh_token, "refresh_token"},
                                                {LoginKind::jwt_bearer, "jwt_bearer"}}};
constexpr Words<AccountState, 5> account_state_words{{{AccountState::ok, "ok"},
                                                      {AccountState::refreshing, "refreshing"},
                                                      {AccountState::expired, "expired"},
                                                      {AccountState::blocked_by_org, "blocked_by_org"},
                                                      {AccountState::removed, "removed"}}};
constexpr Words<Rotation, 3> rotation_words{
    {{Rotation::unknown, "unknown"}, {Rotation::on, "on"}, {Rotation::off, "off"}}};

template <class Value, std::size_t count>
std::string_view word_of(const Words<Value, count>& words, Value value) {
  for (const auto& [known, word] : words) {
    if (known == value) return word;
  }
  return {};
}

template <class Value, std::size_t count>
Value value_of(const Words<Value, count>& words, std::string_view wanted) {
  for (const auto& [value, word] : words) {
    if (word == wanted) return value;
  }
  return words.front().first;
}

}  // namespace

Login without_secrets(Login login) {
  login.client_secret = {};
  login.refresh_token = {};
  login.private_key = {};
  login.access_token = {};
  return login;
}

void fill_identity(LinkedAccount& account, const OrgIdentity& identity) {
  if (!identity.org_id.empty()) account.org_id = identity.org_id;
  if (!identity.user_id.empty()) account.salesforce_user = identity.user_id;
  if (!identity.username.empty()) account.salesforce_username = identity.username;
}

std::string_view to_string(Origin origin) { return word_of(origin_words, origin); }
std::string_view to_string(Environment environment) { return word_of(environment_words, environment); }
std::string_view to_string(LoginKind kind) { return word_of(login_kind_words, kind); }
std::string_view to_string(AccountState state) { return word_of(account_state_words, state); }
std::string_view to_string(Rotation rotation) { return word_of(rotation_words, rotation); }

Origin origin_from(std::string_view word) { return value_of(origin_words, word); }
Environment environment_from(std::string_view word) { return value_of(environment_words, word); }
LoginKind login_kind_from(std::string_view word) { return value_of(login_kind_words, word); }
AccountState account_state_from(std::string_view word) { return value_of(account_state_words, word); }
Rotation rotation_from(std::string_view word) { return value_of(rotation_words, word); }

}  // namespace connectors
