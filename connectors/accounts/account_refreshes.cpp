// The account store as AccountSessions sees it: the rows that refreshes are fought over.
#include <algorithm>
#include <utility>

#include "base/id.hpp"
#include "connectors/accounts/account_rows.hpp"
#include "connectors/accounts/account_store.hpp"
#include "connectors/accounts/secret_store.hpp"

namespace connectors {

namespace {

using base::sql::Batch;

constexpr const char* system_itself = "system";
// Somebody else has just changed the row.
constexpr base::Duration look_again{1'000};

}  // namespace

base::awaitable<Standing> AccountStore::claim_refresh(std::string account_id, std::int64_t newer_than) {
  Standing standing;
  standing.account.id = account_id;
  standing.account.state = AccountState::removed;
  KeptAccount* known = kept_.find(account_id);
  if (!known) co_return standing;
  KeptAccount& kept = *known;
  const std::string brand = kept.brand;
  base::TimePoint now = clock_.now();
  RefreshClaim claim{base::random_id("try_", random_), 0, now + refresh_claim_life};
  RefreshRow row;
  RefreshDecision decision = RefreshDecision::lost;
  base::sql::Rows sealed;
  // Decided on the row and not on the copy in memory: another process may have refreshed.
  auto decide_and_take = [&](base::sql::Connection& connection) {
    row = account_rows::refresh_row(connection.execute(account_rows::select_refresh(brand, account_id)).rows.at(0));
    decision = decide_refresh(row, newer_than, now);
    bool is_mine = decision == RefreshDecision::first_try || decision == RefreshDecision::second_try;
    if (is_mine && connection.execute(account_rows::take_claim(brand, account_id, row, claim, decision)).changes != 1) {
      decision = RefreshDecision::busy;
    }
    sealed = connection.execute(select_secrets(brand, account_id)).rows;
  };
  co_await database_.transact(std::ref(decide_and_take));

  kept.account.generation = row.generation;
  kept.account.rotation = row.rotation;
  kept.account.state = row.state;
  kept.account.state_reason = row.state_reason;
  if (decision == RefreshDecision::give_up) {
    const bool is_lost =
        co_await lose(account_id, row.attempt, AccountState::expired, std::string(asked_twice_in_vain));
    if (!is_lost) standing.busy_until = now + look_again;
  } else if (decision == RefreshDecision::busy) {
    standing.busy_until = std::max(row.deadline + token_request_timeout, now + look_again);
  } else if (decision != RefreshDecision::lost) {
    bool is_claimed = decision != RefreshDecision::newer;
    if (is_claimed) {
      kept.refresh_attempt = claim.attempt;
      kept.refresh_deadline = claim.deadline;
      claim.generation = row.generation;
    }
    auto secrets = open_secrets(vault_, brand, account_id, row.generation, sealed);
    if (secrets) {
      standing.account = kept.account;
      standing.account.login = account_rows::with_secrets(kept.account.login, *std::move(secrets));
      if (is_claimed) standing.claim = std::move(claim);
      co_return standing;
    }
    const bool is_lost =
        co_await lose(account_id, kept.refresh_attempt, AccountState::expired, secrets.error().message);
    if (!is_lost) standing.busy_until = now + look_again;
  }
  standing.account = kept.account;
  co_return standing;
}

base::awaitable<std::optional<std::int64_t>> AccountStore::logged_in(std::string account_id, RefreshClaim claim,
                                                                     Login login, OrgIdentity identity,
                                                                     Rotation rotation) {
  KeptAccount* before = kept_.claimed(account_id, claim.attempt);
  if (!before) co_return std::nullopt;
  const std::string brand = before->brand;
  LinkedAccount account = before->account;
  account.login.instance_url = login.instance_url;
  account.generation = claim.generation + 1;
  account.rotation = rotation;
  account.last_success = clock_.now();
  fill_identity(account, identity);
  // The gate judges the org; who has just logged in again as before changes nothing for it.
  bool is_same = before->account.org_id == account.org_id && before->account.salesforce_user == account.salesforce_user;
  Batch secrets;
  account_rows::keep_secrets(secrets, vault_, brand, account, login);
  bool is_kept = false;
  auto keep_all_or_nothing = [&](base::sql::Connection& connection) {
    is_kept = connection.execute(account_rows::update_as_logged_in(brand, account, claim.attempt)).changes == 1;
    if (!is_kept) return;
    for (const base::sql::Statement& statement : secrets) connection.execute(statement);
  };
  co_await database_.transact(std::ref(keep_all_or_nothing));
  KeptAccount* kept = kept_.claimed(account_id, claim.attempt);
  if (!is_kept || !kept) co_return std::nullopt;
  account.name = kept->account.name;
  account.shares = kept->account.shares;
  kept->account = std::move(account);
  kept->refresh_attempt.clear();
  if (!is_same) {
    // The epoch may follow the change: a verdict that did not know the org yet refuses nothing that this one allows.
    base::JsonText details = change_details({{"org_id", kept->account.org_id}});
    Batch nothing_more;
    AccountChange change{system_itself, "account.identified", account_id, std::move(details)};
    co_await commit_change_(brand, std::move(change), std::move(nothing_more), /*raises_epoch=*/true);
    tell(brand, account_id, /*remade=*/false);
  }
  co_return claim.generation + 1;
}

base::awaitable<bool> AccountStore::refused(std::string account_id, RefreshClaim claim, AccountState state,
                                            std::string reason) {
  return lose(std::move(account_id), std::move(claim.attempt), state, std::move(reason));
}

// While somebody asks for its token nothing is changed: the new one would be lost.
base::awaitable<bool> AccountStore::blocked(std::string account_id, std::int64_t generation, std::string reason) {
  const KeptAccount* kept = kept_.find(account_id);
  if (!kept || kept->account.generation != generation) co_return false;
  co_return co_await lose(std::move(account_id), "", AccountState::blocked_by_org, std::move(reason));
}

base::awaitable<bool> AccountStore::lose(std::string account_id, std::string attempt, AccountState state,
                                         std::string reason) {
  KeptAccount* known = kept_.find(account_id);
  if (!known || known->account.state != AccountState::ok) co_return false;
  KeptAccount& kept = *known;
  const std::string brand = kept.brand;
  bool is_lost = false;
  auto mark = [&](base::sql::Connection& connection) {
    is_lost = connection.execute(account_rows::update_as_lost(brand, account_id, attempt, state, reason)).changes == 1;
  };
  co_await database_.transact(std::ref(mark));
  if (!is_lost) co_return false;
  kept.account.state = state;
  kept.account.state_reason = std::move(reason);
  kept.refresh_attempt.clear();
  // The epoch may follow the change: until it does, a call under an old verdict finds no session.
  Batch nothing_more;
  std::string what = state == AccountState::expired ? "account.expired" : "account.blocked_by_org";
  AccountChange change{system_itself, std::move(what), account_id, {}};
  co_await commit_change_(brand, std::move(change), std::move(nothing_more), /*raises_epoch=*/true);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<void> AccountStore::not_refreshed(std::string account_id, RefreshClaim claim) {
  KeptAccount* before = kept_.claimed(account_id, claim.attempt);
  if (!before) co_return;
  Batch batch{account_rows::give_claim_back(before->brand, account_id, claim.attempt)};
  co_await database_.apply(std::move(batch));
  if (KeptAccount* kept = kept_.claimed(account_id, claim.attempt)) kept->refresh_attempt.clear();
}

}  // namespace connectors
