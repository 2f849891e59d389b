#include "connectors/accounts/memory_accounts.hpp"

#include <utility>

#include <fmt/format.h>

namespace connectors {

std::size_t MemoryAccounts::place_of(std::string_view account_id) const {
  std::size_t place = 0;
  while (place < accounts_.size() && accounts_[place].id != account_id) ++place;
  return place;
}

std::size_t MemoryAccounts::place_of_claim(std::string_view account_id, const RefreshClaim& claim) const {
  std::size_t place = place_of(account_id);
  bool stands = place < accounts_.size() && refreshes_[place].attempt == claim.attempt;
  return stands ? place : accounts_.size();
}

std::optional<LinkedAccount> MemoryAccounts::find(std::string_view account_id) const {
  std::size_t place = place_of(account_id);
  if (place == accounts_.size() || accounts_[place].state == AccountState::removed) return std::nullopt;
  LinkedAccount account = accounts_[place];
  account.login = without_secrets(std::move(account.login));
  return account;
}

base::awaitable<Standing> MemoryAccounts::claim_refresh(std::string account_id, std::int64_t newer_than) {
  Standing standing;
  standing.account.state = AccountState::removed;
  std::size_t place = place_of(account_id);
  if (place == accounts_.size()) co_return standing;
  LinkedAccount& account = accounts_[place];
  Refresh& refresh = refreshes_[place];
  base::TimePoint now = clock_.now();
  RefreshRow row{.state = account.state,
                 .kind = account.login.kind,
                 .rotation = account.rotation,
                 .generation = account.generation,
                 .refresh_state = refresh.state,
                 .attempt = refresh.attempt,
                 .deadline = refresh.deadline,
                 .has_access_token = !account.login.access_token.empty()};
  RefreshDecision decision = decide_refresh(row, newer_than, now);
  if (decision == RefreshDecision::first_try || decision == RefreshDecision::second_try) {
    refresh = {state_of_claim(decision), fmt::format("try_{}", ++attempts_), now + refresh_claim_life};
    standing.claim = RefreshClaim{refresh.attempt, account.generation, refresh.deadline};
  } else if (decision == RefreshDecision::busy) {
    standing.busy_until = refresh.deadline + token_request_timeout;
  } else if (decision == RefreshDecision::give_up) {
    account.state = AccountState::expired;
    account.state_reason = asked_twice_in_vain;
  }
  standing.account = account;
  co_return standing;
}

base::awaitable<std::optional<std::int64_t>> MemoryAccounts::logged_in(std::string account_id, RefreshClaim claim,
                                                                       Login login, OrgIdentity identity,
                                                                       Rotation rotation) {
  std::size_t place = place_of_claim(account_id, claim);
  if (place == accounts_.size()) co_return std::nullopt;
  LinkedAccount& account = accounts_[place];
  account.login = std::move(login);
  fill_identity(account, identity);
  account.rotation = rotation;
  account.last_success = clock_.now();
  account.generation = claim.generation + 1;
  refreshes_[place] = {};
  co_return account.generation;
}

base::awaitable<bool> MemoryAccounts::refused(std::string account_id, RefreshClaim claim, AccountState state,
                                              std::string reason) {
  std::size_t place = place_of_claim(account_id, claim);
  if (place == accounts_.size()) co_return false;
  accounts_[place].state = state;
  accounts_[place].state_reason = std::move(reason);
  refreshes_[place] = {};
  co_return true;
}

base::awaitable<bool> MemoryAccounts::blocked(std::string account_id, std::int64_t generation, std::string reason) {
  std::size_t place = place_of(account_id);
  bool stands = place < accounts_.size() && accounts_[place].state == AccountState::ok &&
                accounts_[place].generation == generation && refreshes_[place].attempt.empty();
  if (!stands) co_return false;
  accounts_[place].state = AccountState::blocked_by_org;
  accounts_[place].state_reason = std::move(reason);
  co_return true;
}

base::awaitable<void> MemoryAccounts::not_refreshed(std::string account_id, RefreshClaim claim) {
  std::size_t place = place_of_claim(account_id, claim);
  if (place < accounts_.size()) refreshes_[place] = {};
  co_return;
}

}  // namespace connectors
