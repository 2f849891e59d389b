// Whether a session may be asked for now: the rules of a refresh token that dies at its first use. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "connectors/accounts/linked_account.hpp"

namespace connectors {

// A claim stands for a minute. Its request ends by itself after 20 s, so 20 s after the deadline nothing that was sent
// under it can still arrive.
inline constexpr base::Duration refresh_claim_life{60'000};
inline constexpr base::Duration token_request_timeout{20'000};

enum class RefreshState { idle, sending, second };  // second: the other try after an unclear one
std::string_view to_string(RefreshState state);
RefreshState refresh_state_from(std::string_view word);

// What an account's row says when somebody wants to log in.
struct RefreshRow {
  AccountState state = AccountState::ok;
  std::string state_reason{};
  LoginKind kind = LoginKind::client_credentials;
  Rotation rotation = Rotation::unknown;
  std::int64_t generation = 0;
  RefreshState refresh_state = RefreshState::idle;
  std::string attempt{};  // of the claim that stands
  base::TimePoint deadline{};
  bool has_access_token = false;
};

enum class RefreshDecision {
  lost,        // the account is expired, blocked or removed
  newer,       // there is a newer access token
  busy,        // somebody else asks, or has asked and may still be heard
  first_try,   // nothing that was sent can do harm
  second_try,  // the one repetition after an unclear outcome
  give_up,     // that was unclear as well
};

// `newer_than`: the generation whose access token was refused, 0 for none.
RefreshDecision decide_refresh(const RefreshRow& row, std::int64_t newer_than, base::TimePoint now);
// Why an account is expired that was given up.
inline constexpr std::string_view asked_twice_in_vain =
    "the token was asked for twice and no answer came, so its refresh token may be spent";
// What the row says once the claim of that decision (first_try or second_try) is taken.
RefreshState state_of_claim(RefreshDecision decision);
// Whether asking again could use a refresh token a second time.
bool may_be_spent(LoginKind kind, Rotation rotation);

}  // namespace connectors
