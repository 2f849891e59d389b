#include "connectors/accounts/account_store.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/id.hpp"
#include "base/json_writer.hpp"
#include "connectors/accounts/account_rows.hpp"
#include "connectors/accounts/secret_store.hpp"
#include "connectors/errors.hpp"

namespace connectors {

namespace {

using base::sql::Batch;

constexpr const char* system_itself = "system";

void put_share(std::vector<Share>& shares, const Share& share) {
  auto at = std::find_if(shares.begin(), shares.end(), [&](const Share& one) { return one.with == share.with; });
  if (at == shares.end())
    shares.push_back(share);
  else
    *at = share;
}

base::JsonText one_detail(std::string_view name, std::string_view value) {
  base::JsonWriter json;
  json.begin_object();
  json.field(name, std::string(value));
  json.end_object();
  return {json.take()};
}

base::JsonText details_of_link(const LinkedAccount& account) {
  base::JsonWriter json;
  json.begin_object();
  json.field("origin", to_string(account.origin));
  json.field("environment", to_string(account.environment));
  json.field("login", to_string(account.login.kind));
  json.field("org_id", account.org_id);
  json.field("owner", account.owner);
  json.end_object();
  return {json.take()};
}

// nullopt when they could not be opened.
std::optional<Login> with_secrets(Login login, const base::Result<std::map<std::string, base::Secret>>& secrets) {
  if (!secrets) return std::nullopt;
  auto field = [&](const char* name) {
    auto at = secrets->find(name);
    return at == secrets->end() ? base::Secret() : at->second;
  };
  login.client_secret = field("client_secret");
  login.refresh_token = field("refresh_token");
  login.private_key = field("private_key");
  login.access_token = field("access_token");
  return login;
}

}  // namespace

AccountStore::AccountStore(base::sql::Database& database, base::Clock& clock, base::Random& random, SecretVault& vault,
                           CommitChange commit_change)
    : database_(database), clock_(clock), random_(random), vault_(vault), commit_change_(std::move(commit_change)) {}

void AccountStore::on_change(std::function<void(const std::string&, const std::string&, bool)> observer) {
  observer_ = std::move(observer);
}

void AccountStore::on_lost(std::function<void(const std::string&, const LinkedAccount&)> observer) {
  lost_observer_ = std::move(observer);
}

base::awaitable<void> AccountStore::load() {
  base::sql::Rows accounts = co_await database_.read(account_rows::select_accounts());
  base::sql::Rows shares = co_await database_.read(account_rows::select_shares());
  order_.clear();
  accounts_.clear();
  for (const base::sql::Row& row : accounts) {
    account_rows::StoredAccount stored = account_rows::stored_account(row);
    std::string id = stored.account.id;
    order_.push_back(id);
    accounts_[id] = {std::move(stored.brand), std::move(stored.account), std::move(stored.refresh_attempt),
                     stored.refresh_deadline};
  }
  for (const base::sql::Row& row : shares) {
    auto at = accounts_.find(row.text(1));
    if (at != accounts_.end()) at->second.account.shares.push_back({row.text(2), row.integer(3) != 0});
  }
}

// ---- linking

base::awaitable<base::Result<SlotReservation>> AccountStore::reserve_slot(std::string brand, std::string user) {
  SlotReservation reservation{std::move(brand), std::move(user), 0, base::random_id("slot_", random_)};
  base::TimePoint now = clock_.now();
  bool is_taken = false;
  auto take_first_free = [&](base::sql::Connection& connection) {
    connection.execute(account_rows::free_slots_run_out(reservation.brand, reservation.user, now));
    for (int slot = 1; slot <= personal_accounts_max && !is_taken; ++slot) {
      reservation.slot = slot;
      is_taken = connection.execute(account_rows::take_slot(reservation, now + slot_reservation_life)).changes == 1;
    }
  };
  co_await database_.transact(std::ref(take_first_free));
  if (is_taken) co_return reservation;
  co_return base::Error{account_limit_reached,
                        fmt::format("a user can have at most {} personal accounts; remove one, or use a shared account",
                                    personal_accounts_max)};
}

base::awaitable<void> AccountStore::release(SlotReservation reservation) {
  Batch batch{account_rows::free_slot(reservation)};
  co_await database_.apply(std::move(batch));
}

base::awaitable<base::Result<std::string>> AccountStore::link(std::string who, SlotReservation reservation,
                                                              LinkedAccount account) {
  base::TimePoint now = clock_.now();
  Batch prolong{account_rows::prolong_slot(reservation, now, now + slot_reservation_life)};
  std::vector<base::sql::Outcome> held = co_await database_.apply(std::move(prolong));
  if (held.front().changes != 1) {
    co_return base::Error{account_slot_lost,
                          "the login took too long; its place among the personal accounts is free "
                          "again"};
  }
  account.id = base::random_id("acc_", random_);
  account.origin = Origin::workflows;
  account.owner = reservation.user;
  account.slot = reservation.slot;
  account.shares.clear();
  Batch batch{account_rows::fill_slot(reservation, account.id)};
  co_return co_await insert(std::move(who), std::move(reservation.brand), std::move(account), std::move(batch));
}

base::awaitable<std::string> AccountStore::link_shared(std::string who, std::string brand, LinkedAccount account) {
  account.id = base::random_id("acc_", random_);
  account.origin = Origin::extensions;
  account.slot = 0;
  Batch batch;
  co_return co_await insert(std::move(who), std::move(brand), std::move(account), std::move(batch));
}

base::awaitable<std::string> AccountStore::insert(std::string who, std::string brand, LinkedAccount account,
                                                  Batch batch) {
  account.state = AccountState::ok;
  account.state_reason.clear();
  account.generation = 1;
  account.linked_at = clock_.now();
  batch.push_back(account_rows::insert_account(brand, account));
  for (const Share& share : account.shares) batch.push_back(account_rows::upsert_share(brand, account.id, share));
  account_rows::keep_secrets(batch, vault_, brand, account, account.login);
  std::string id = account.id;
  account.login = without_secrets(std::move(account.login));
  AccountChange change{std::move(who), "account.linked", id, details_of_link(account)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  order_.push_back(id);
  accounts_[id] = {brand, std::move(account)};
  tell(brand, id, /*remade=*/false);
  co_return id;
}

base::awaitable<bool> AccountStore::relink(std::string who, std::string brand, std::string account_id, Login login,
                                           OrgIdentity identity) {
  Kept* before = usable(brand, account_id);
  if (!before) co_return false;
  LinkedAccount account = before->account;
  // A refresh that is being stored at this moment takes the next generation.
  account.generation += before->refresh_attempt.empty() ? 1 : 2;
  account.login = std::move(login);
  account.state = AccountState::ok;
  account.state_reason.clear();
  account.rotation = Rotation::unknown;
  if (!account.login.access_token.empty()) account.last_success = clock_.now();
  fill_identity(account, identity);
  Batch batch{account_rows::update_login(brand, account)};
  account_rows::keep_secrets(batch, vault_, brand, account, account.login);
  batch.push_back(account_rows::wipe_secrets_of_removed(brand, account_id));
  account.login = without_secrets(std::move(account.login));
  base::JsonText details = details_of_link(account);
  AccountChange change{std::move(who), "account.refreshed", account_id, std::move(details)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (Kept* kept = usable(brand, account_id)) {
    // What may have been changed beside the login stays.
    account.name = kept->account.name;
    account.shares = kept->account.shares;
    kept->account = std::move(account);
    kept->refresh_attempt.clear();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

base::awaitable<bool> AccountStore::try_again(std::string who, std::string brand, std::string account_id) {
  Kept* before = usable(brand, account_id);
  if (!before) co_return false;
  // Without the access token that is there: only a login that works shows that the account does.
  SealContext access_token{brand, account_id, "access_token", before->account.generation};
  Batch batch{account_rows::update_as_ok(brand, account_id), keep_secret(vault_, access_token, base::Secret())};
  AccountChange change{std::move(who), "account.tried_again", account_id, {}};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (Kept* kept = usable(brand, account_id)) {
    kept->account.state = AccountState::ok;
    kept->account.state_reason.clear();
    kept->refresh_attempt.clear();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

base::awaitable<bool> AccountStore::rename(std::string who, std::string brand, std::string account_id,
                                           std::string name) {
  if (!usable(brand, account_id)) co_return false;
  Batch batch{account_rows::update_name(brand, account_id, name)};
  AccountChange change{std::move(who), "account.renamed", account_id, one_detail("name", name)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (Kept* kept = usable(brand, account_id)) kept->account.name = std::move(name);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::share(std::string who, std::string brand, std::string account_id,
                                          std::string with) {
  if (!usable(brand, account_id)) co_return false;
  Share share{std::move(with), false};
  Batch batch{account_rows::upsert_share(brand, account_id, share)};
  AccountChange change{std::move(who), "account.shared", account_id, one_detail("with", share.with)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (Kept* kept = usable(brand, account_id)) put_share(kept->account.shares, share);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::unshare(std::string who, std::string brand, std::string account_id,
                                            std::string with) {
  Kept* kept = usable(brand, account_id);
  if (!kept) co_return false;
  const std::vector<Share>& shares = kept->account.shares;
  if (std::none_of(shares.begin(), shares.end(), [&](const Share& one) { return one.with == with && !one.revoked; })) {
    co_return false;
  }
  Share share{std::move(with), true};
  Batch batch{account_rows::upsert_share(brand, account_id, share)};
  AccountChange change{std::move(who), "account.unshared", account_id, one_detail("with", share.with)};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (Kept* still = usable(brand, account_id)) put_share(still->account.shares, share);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::remove(std::string who, std::string brand, std::string account_id) {
  if (!usable(brand, account_id)) co_return false;
  Batch batch{account_rows::update_as_removed(brand, account_id), wipe_secrets(brand, account_id),
              account_rows::free_slot_of(brand, account_id)};
  AccountChange change{std::move(who), "account.removed", account_id, {}};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (Kept* kept = usable(brand, account_id)) {
    kept->account.state = AccountState::removed;
    kept->account.state_reason.clear();
    kept->account.slot = 0;
    kept->refresh_attempt.clear();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

// ---- looking up

std::vector<LinkedAccount> AccountStore::list(std::string_view brand) const {
  std::vector<LinkedAccount> accounts;
  for (const std::string& id : order_) {
    const Kept& kept = accounts_.at(id);
    if (kept.brand == brand) accounts.push_back(as_told(kept));
  }
  return accounts;
}

std::optional<LinkedAccount> AccountStore::look_up(std::string_view brand, std::string_view account_id) const {
  auto at = accounts_.find(std::string(account_id));
  if (at == accounts_.end() || at->second.brand != brand) return std::nullopt;
  return as_told(at->second);
}

std::optional<LinkedAccount> AccountStore::find(std::string_view account_id) const {
  auto at = accounts_.find(std::string(account_id));
  if (at == accounts_.end() || at->second.account.state == AccountState::removed) return std::nullopt;
  return as_told(at->second);
}

LinkedAccount AccountStore::as_told(const Kept& kept) const {
  LinkedAccount account = kept.account;
  bool is_asking = !kept.refresh_attempt.empty() && clock_.now() < kept.refresh_deadline;
  if (account.state == AccountState::ok && is_asking) account.state = AccountState::refreshing;
  return account;
}

base::awaitable<base::Result<Login>> AccountStore::open_login(std::string brand, std::string account_id) {
  Kept* kept = usable(brand, account_id);
  if (!kept) co_return base::Error{account_removed, fmt::format("the account {} is not linked any more", account_id)};
  base::sql::Rows rows = co_await database_.read(select_secrets(brand, account_id));
  auto secrets = open_secrets(vault_, brand, account_id, kept->account.generation, rows);
  std::optional<Login> login = with_secrets(kept->account.login, secrets);
  if (!login) co_return secrets.error();
  co_return *std::move(login);
}

// ---- refreshes

base::awaitable<Standing> AccountStore::claim_refresh(std::string account_id, std::int64_t newer_than) {
  Standing standing;
  standing.account.id = account_id;
  standing.account.state = AccountState::removed;
  auto at = accounts_.find(account_id);
  if (at == accounts_.end()) co_return standing;
  const std::string brand = at->second.brand;
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

  Kept& kept = at->second;
  kept.account.generation = row.generation;
  if (decision == RefreshDecision::give_up) {
    co_await lose(account_id, row.attempt, AccountState::expired, std::string(asked_twice_in_vain));
  } else if (decision == RefreshDecision::busy) {
    standing.busy_until = std::max(row.deadline + token_request_timeout, now + std::chrono::seconds(1));
  } else if (decision != RefreshDecision::lost) {
    bool is_claimed = decision != RefreshDecision::newer;
    if (is_claimed) {
      kept.refresh_attempt = claim.attempt;
      kept.refresh_deadline = claim.deadline;
      claim.generation = row.generation;
    }
    auto secrets = open_secrets(vault_, brand, account_id, row.generation, sealed);
    if (std::optional<Login> login = with_secrets(kept.account.login, secrets)) {
      standing.account = kept.account;
      standing.account.login = *std::move(login);
      if (is_claimed) standing.claim = std::move(claim);
      co_return standing;
    }
    co_await lose(account_id, kept.refresh_attempt, AccountState::expired, secrets.error().message);
  }
  standing.account = kept.account;
  co_return standing;
}

base::awaitable<std::optional<std::int64_t>> AccountStore::logged_in(std::string account_id, RefreshClaim claim,
                                                                     Login login, OrgIdentity identity,
                                                                     Rotation rotation) {
  Kept* before = claimed(account_id, claim.attempt);
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
  Kept* kept = claimed(account_id, claim.attempt);
  if (!is_kept || !kept) co_return std::nullopt;
  account.name = kept->account.name;
  account.shares = kept->account.shares;
  kept->account = std::move(account);
  kept->refresh_attempt.clear();
  if (!is_same) {
    // The epoch may follow the change: a verdict that did not know the org yet refuses nothing that this one allows.
    base::JsonText details = one_detail("org_id", kept->account.org_id);
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
  auto at = accounts_.find(account_id);
  if (at == accounts_.end() || at->second.account.generation != generation) co_return false;
  co_return co_await lose(std::move(account_id), "", AccountState::blocked_by_org, std::move(reason));
}

base::awaitable<bool> AccountStore::lose(std::string account_id, std::string attempt, AccountState state,
                                         std::string reason) {
  auto at = accounts_.find(account_id);
  if (at == accounts_.end() || at->second.account.state != AccountState::ok) co_return false;
  const std::string brand = at->second.brand;
  bool is_lost = false;
  auto mark = [&](base::sql::Connection& connection) {
    is_lost = connection.execute(account_rows::update_as_lost(brand, account_id, attempt, state, reason)).changes == 1;
  };
  co_await database_.transact(std::ref(mark));
  if (!is_lost) co_return false;
  Kept& kept = at->second;
  kept.account.state = state;
  kept.account.state_reason = std::move(reason);
  kept.refresh_attempt.clear();
  // The epoch may follow the change: until it does, a call under an old verdict finds no session.
  Batch nothing_more;
  std::string what = state == AccountState::expired ? "account.expired" : "account.blocked_by_org";
  AccountChange change{system_itself, std::move(what), account_id, {}};
  co_await commit_change_(brand, std::move(change), std::move(nothing_more), /*raises_epoch=*/true);
  tell(brand, account_id, /*remade=*/false);
  if (lost_observer_) lost_observer_(brand, as_told(at->second));
  co_return true;
}

base::awaitable<void> AccountStore::not_refreshed(std::string account_id, RefreshClaim claim) {
  Kept* before = claimed(account_id, claim.attempt);
  if (!before) co_return;
  Batch batch{account_rows::give_claim_back(before->brand, account_id, claim.attempt)};
  co_await database_.apply(std::move(batch));
  if (Kept* kept = claimed(account_id, claim.attempt)) kept->refresh_attempt.clear();
}

// ---- the parts of a change

AccountStore::Kept* AccountStore::usable(std::string_view brand, std::string_view account_id) {
  auto at = accounts_.find(std::string(account_id));
  if (at == accounts_.end() || at->second.brand != brand || at->second.account.state == AccountState::removed)
    return nullptr;
  return &at->second;
}

AccountStore::Kept* AccountStore::claimed(const std::string& account_id, const std::string& attempt) {
  auto at = accounts_.find(account_id);
  return at == accounts_.end() || at->second.refresh_attempt != attempt ? nullptr : &at->second;
}

void AccountStore::tell(const std::string& brand, const std::string& account_id, bool remade) {
  if (observer_) observer_(brand, account_id, remade);
}

}  // namespace connectors
