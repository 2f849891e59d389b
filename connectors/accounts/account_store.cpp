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

void put_share(std::vector<Share>& shares, const Share& share) {
  auto at = std::find_if(shares.begin(), shares.end(), [&](const Share& one) { return one.with == share.with; });
  if (at == shares.end())
    shares.push_back(share);
  else
    *at = share;
}

base::JsonText details_of_link(const LinkedAccount& account) {
  return change_details({{"origin", to_string(account.origin)},
                         {"environment", to_string(account.environment)},
                         {"login", to_string(account.login.kind)},
                         {"org_id", account.org_id},
                         {"owner", account.owner}});
}

}  // namespace

base::JsonText change_details(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  base::JsonWriter json;
  json.begin_object();
  for (const auto& [name, text] : members) json.field(name, text);
  json.end_object();
  return {json.take()};
}

AccountStore::AccountStore(base::sql::Database& database, base::Clock& clock, base::Random& random, SecretVault& vault,
                           CommitChange commit_change)
    : database_(database), clock_(clock), random_(random), vault_(vault), commit_change_(std::move(commit_change)) {}

void AccountStore::on_change(std::function<void(const std::string&, const std::string&, bool)> observer) {
  observer_ = std::move(observer);
}

base::awaitable<void> AccountStore::load() {
  base::sql::Rows accounts = co_await database_.read(account_rows::select_accounts());
  base::sql::Rows shares = co_await database_.read(account_rows::select_shares());
  kept_.clear();
  for (const base::sql::Row& row : accounts) kept_.add(account_rows::stored_account(row));
  for (const base::sql::Row& row : shares) {
    if (KeptAccount* kept = kept_.find(row.text(1))) kept->account.shares.push_back({row.text(2), row.integer(3) != 0});
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
  kept_.add({.brand = brand, .account = std::move(account)});
  tell(brand, id, /*remade=*/false);
  co_return id;
}

base::awaitable<bool> AccountStore::relink(std::string who, std::string brand, std::string account_id, Login login,
                                           OrgIdentity identity) {
  KeptAccount* before = kept_.usable(brand, account_id);
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
  if (KeptAccount* kept = kept_.usable(brand, account_id)) {
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
  KeptAccount* before = kept_.usable(brand, account_id);
  if (!before) co_return false;
  // Without the access token that is there: only a login that works shows that the account does.
  SealContext access_token{brand, account_id, "access_token", before->account.generation};
  Batch batch{account_rows::update_as_ok(brand, account_id), keep_secret(vault_, access_token, base::Secret())};
  AccountChange change{std::move(who), "account.tried_again", account_id, {}};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (KeptAccount* kept = kept_.usable(brand, account_id)) {
    kept->account.state = AccountState::ok;
    kept->account.state_reason.clear();
    kept->refresh_attempt.clear();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

base::awaitable<bool> AccountStore::rename(std::string who, std::string brand, std::string account_id,
                                           std::string name) {
  if (!kept_.usable(brand, account_id)) co_return false;
  Batch batch{account_rows::update_name(brand, account_id, name)};
  AccountChange change{std::move(who), "account.renamed", account_id, change_details({{"name", name}})};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (KeptAccount* kept = kept_.usable(brand, account_id)) kept->account.name = std::move(name);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::share(std::string who, std::string brand, std::string account_id,
                                          std::string with) {
  if (!kept_.usable(brand, account_id)) co_return false;
  Share share{std::move(with), false};
  Batch batch{account_rows::upsert_share(brand, account_id, share)};
  AccountChange change{std::move(who), "account.shared", account_id, change_details({{"with", share.with}})};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (KeptAccount* kept = kept_.usable(brand, account_id)) put_share(kept->account.shares, share);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::unshare(std::string who, std::string brand, std::string account_id,
                                            std::string with) {
  KeptAccount* kept = kept_.usable(brand, account_id);
  if (!kept) co_return false;
  const std::vector<Share>& shares = kept->account.shares;
  if (std::none_of(shares.begin(), shares.end(), [&](const Share& one) { return one.with == with && !one.revoked; })) {
    co_return false;
  }
  Share share{std::move(with), true};
  Batch batch{account_rows::upsert_share(brand, account_id, share)};
  AccountChange change{std::move(who), "account.unshared", account_id, change_details({{"with", share.with}})};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (KeptAccount* still = kept_.usable(brand, account_id)) put_share(still->account.shares, share);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::remove(std::string who, std::string brand, std::string account_id) {
  if (!kept_.usable(brand, account_id)) co_return false;
  Batch batch{account_rows::update_as_removed(brand, account_id), wipe_secrets(brand, account_id),
              account_rows::free_slot_of(brand, account_id)};
  AccountChange change{std::move(who), "account.removed", account_id, {}};
  co_await commit_change_(brand, std::move(change), std::move(batch), /*raises_epoch=*/true);
  if (KeptAccount* kept = kept_.usable(brand, account_id)) {
    kept->account.state = AccountState::removed;
    kept->account.state_reason.clear();
    kept->account.slot = 0;
    kept->refresh_attempt.clear();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

// ---- looking up

std::vector<LinkedAccount> AccountStore::list(std::string_view brand) const { return kept_.list(brand, clock_.now()); }

std::optional<LinkedAccount> AccountStore::look_up(std::string_view brand, std::string_view account_id) const {
  const KeptAccount* kept = kept_.find(account_id);
  if (!kept || kept->brand != brand) return std::nullopt;
  return kept->as_told(clock_.now());
}

std::optional<LinkedAccount> AccountStore::find(std::string_view account_id) const {
  const KeptAccount* kept = kept_.find(account_id);
  if (!kept || kept->account.state == AccountState::removed) return std::nullopt;
  return kept->as_told(clock_.now());
}

base::awaitable<base::Result<Login>> AccountStore::open_login(std::string brand, std::string account_id) {
  KeptAccount* kept = kept_.usable(brand, account_id);
  if (!kept) co_return base::Error{account_removed, fmt::format("the account {} is not linked any more", account_id)};
  base::sql::Rows rows = co_await database_.read(select_secrets(brand, account_id));
  auto secrets = open_secrets(vault_, brand, account_id, kept->account.generation, rows);
  if (!secrets) co_return secrets.error();
  co_return account_rows::with_secrets(kept->account.login, *std::move(secrets));
}

void AccountStore::tell(const std::string& brand, const std::string& account_id, bool remade) {
  if (observer_) observer_(brand, account_id, remade);
}

}  // namespace connectors
