#include "connectors/accounts/refresh_decision.hpp"

namespace connectors {

std::string_view to_string(RefreshState state) {
  switch (state) {
    case RefreshState::idle: return "idle";
    case RefreshState::sending: return "sending";
    case RefreshState::second: return "second";
  }
  return "idle";
}

RefreshState refresh_state_from(std::string_view word) {
  for (RefreshState state : {RefreshState::sending, RefreshState::second}) {
    if (to_string(state) == word) return state;
  }
  return RefreshState::idle;
}

RefreshDecision decide_refresh(const RefreshRow& row, std::int64_t newer_than, base::TimePoint now) {
  if (row.state != AccountState::ok) return RefreshDecision::lost;
  if (row.generation > newer_than && row.has_access_token) return RefreshDecision::newer;
  if (row.refresh_state == RefreshState::idle) return RefreshDecision::first_try;
  if (now < row.deadline + token_request_timeout) return RefreshDecision::busy;
  // Whoever held the claim is gone, or never learnt what came of it.
  if (!may_be_spent(row.kind, row.rotation)) return RefreshDecision::first_try;
  // If the first request never arrived, the second one works. If it did, the grant was lost with its answer.
  return row.refresh_state == RefreshState::sending ? RefreshDecision::second_try : RefreshDecision::give_up;
}

RefreshState state_of_claim(RefreshDecision decision) {
  return decision == RefreshDecision::second_try ? RefreshState::second : RefreshState::sending;
}

bool may_be_spent(LoginKind kind, Rotation rotation) {
  return kind == LoginKind::refresh_token && rotation != Rotation::off;
}

}  // namespace connectors
