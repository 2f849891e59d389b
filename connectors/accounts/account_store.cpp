#include "connectors/accounts/account_store.hpp"

#include <algorithm>
#include <utility>

#include "base/id.hpp"

namespace connectors {

namespace {

using base::sql::Batch;
using base::sql::Row;
using base::sql::Statement;

// client_secret and refresh_token stand here as they are: who can read the data directory can read them. Sealed at rest
// arrives with linking.
constexpr std::string_view accounts_ddl = R"(
CREATE TABLE linked_account (
  no INTEGER PRIMARY KEY,
  brand TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  environment TEXT NOT NULL,
  owner TEXT NOT NULL,
  login_kind TEXT NOT NULL,
  token_url TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret TEXT NOT NULL,
  refresh_token TEXT NOT NULL,
  instance_url TEXT NOT NULL,
  state TEXT NOT NULL,
  state_reason TEXT NOT NULL,
  org_id TEXT NOT NULL,
  salesforce_user TEXT NOT NULL,
  last_success BIGINT,
  linked_at BIGINT NOT NULL,
  UNIQUE (brand, id)
);
CREATE TABLE account_share (
  no INTEGER PRIMARY KEY,
  brand TEXT NOT NULL,
  account_id TEXT NOT NULL,
  shared_with TEXT NOT NULL,
  revoked BIGINT NOT NULL,
  UNIQUE (brand, account_id, shared_with),
  FOREIGN KEY (brand, account_id) REFERENCES linked_account (brand, id)
);
)";

// The pair through which secrets go to the table and come back.
std::string stored_secret(const base::Secret& secret) { return secret.reveal(); }
base::Secret secret_from_store(const std::string& stored) { return base::Secret(stored); }

LinkedAccount account_from_row(const Row& row) {
  LinkedAccount account;
  account.id = row.text(1);
  account.name = row.text(2);
  account.origin = row.text(3) == to_string(Origin::workflows) ? Origin::workflows : Origin::extensions;
  account.environment = row.text(4) == to_string(Environment::sandbox) ? Environment::sandbox : Environment::production;
  account.owner = row.text(5);
  account.login.kind =
      row.text(6) == to_string(LoginKind::refresh_token) ? LoginKind::refresh_token : LoginKind::client_credentials;
  account.login.token_url = row.text(7);
  account.login.client_id = row.text(8);
  account.login.client_secret = secret_from_store(row.text(9));
  account.login.refresh_token = secret_from_store(row.text(10));
  account.login.instance_url = row.text(11);
  account.state = row.text(12) == to_string(AccountState::ok)        ? AccountState::ok
                  : row.text(12) == to_string(AccountState::expired) ? AccountState::expired
                                                                     : AccountState::removed;
  account.state_reason = row.text(13);
  account.org_id = row.text(14);
  account.salesforce_user = row.text(15);
  if (!row.is_null(16)) account.last_success = base::from_millis(row.integer(16));
  return account;
}

base::sql::Value millis_or_null(const std::optional<base::TimePoint>& at) {
  return at ? base::sql::Value(base::to_millis(*at)) : base::sql::Value(base::sql::Null{});
}

Statement insert_account(const std::string& brand, const LinkedAccount& account, base::TimePoint now) {
  return {R"(INSERT INTO linked_account (brand, id, name, origin, environment, owner, login_kind, token_url, client_id,
               client_secret, refresh_token, instance_url, state, state_reason, org_id, salesforce_user, last_success, linked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18))",
          {brand, account.id, account.name, std::string(to_string(account.origin)),
           std::string(to_string(account.environment)), account.owner, std::string(to_string(account.login.kind)),
           account.login.token_url, account.login.client_id, stored_secret(account.login.client_secret),
           stored_secret(account.login.refresh_token), account.login.instance_url,
           std::string(to_string(account.state)), account.state_reason, account.org_id, account.salesforce_user,
           millis_or_null(account.last_success), base::to_millis(now)}};
}

Statement upsert_share(const std::string& brand, const std::string& account_id, const Share& share) {
  return {R"(INSERT INTO account_share (brand, account_id, shared_with, revoked) VALUES ($1, $2, $3, $4)
             ON CONFLICT (brand, account_id, shared_with) DO UPDATE SET revoked = excluded.revoked)",
          {brand, account_id, share.with, std::int64_t{share.revoked}}};
}

Statement update_login(const std::string& brand, const std::string& account_id, const Login& login) {
  return {R"(UPDATE linked_account SET login_kind = $3, token_url = $4, client_id = $5, client_secret = $6,
               refresh_token = $7, instance_url = $8, state = 'ok', state_reason = ''
             WHERE brand = $1 AND id = $2)",
          {brand, account_id, std::string(to_string(login.kind)), login.token_url, login.client_id,
           stored_secret(login.client_secret), stored_secret(login.refresh_token), login.instance_url}};
}

void put_share(std::vector<Share>& shares, const Share& share) {
  auto at = std::find_if(shares.begin(), shares.end(), [&](const Share& one) { return one.with == share.with; });
  if (at == shares.end())
    shares.push_back(share);
  else
    *at = share;
}

}  // namespace

base::sql::Migration accounts_migration(int number) {
  return {number, "linked accounts and their shares", accounts_ddl};
}

AccountStore::AccountStore(base::sql::Database& database, base::Clock& clock, base::Random& random,
                           RaiseAuthEpoch raise_auth_epoch)
    : database_(database), clock_(clock), random_(random), raise_auth_epoch_(std::move(raise_auth_epoch)) {}

void AccountStore::on_change(std::function<void(const std::string&, const std::string&, bool)> observer) {
  observer_ = std::move(observer);
}

// Reads the tables of all brands: this store keeps them in memory for all.
base::awaitable<void> AccountStore::load() {
  Statement all_accounts{
      R"(SELECT brand, id, name, origin, environment, owner, login_kind, token_url, client_id, client_secret,
                              refresh_token, instance_url, state, state_reason, org_id, salesforce_user, last_success
                            FROM linked_account ORDER BY no)"};
  Statement all_shares{"SELECT brand, account_id, shared_with, revoked FROM account_share ORDER BY no"};
  base::sql::Rows accounts = co_await database_.read(std::move(all_accounts));
  base::sql::Rows shares = co_await database_.read(std::move(all_shares));
  order_.clear();
  accounts_.clear();
  for (const Row& row : accounts) {
    order_.push_back(row.text(1));
    accounts_[row.text(1)] = {row.text(0), account_from_row(row)};
  }
  for (const Row& row : shares) {
    auto at = accounts_.find(row.text(1));
    if (at != accounts_.end()) at->second.account.shares.push_back({row.text(2), row.integer(3) != 0});
  }
}

base::awaitable<std::string> AccountStore::create(std::string brand, LinkedAccount account) {
  account.id = base::random_id("acc_", random_);
  account.state = AccountState::ok;
  account.state_reason.clear();
  Batch batch{insert_account(brand, account, clock_.now())};
  for (const Share& share : account.shares) batch.push_back(upsert_share(brand, account.id, share));
  std::string id = account.id;
  co_await commit(brand, std::move(batch));
  order_.push_back(id);
  accounts_[id] = {brand, std::move(account)};
  tell(brand, id, /*remade=*/false);
  co_return id;
}

base::awaitable<bool> AccountStore::share(std::string brand, std::string account_id, std::string with) {
  if (!usable(brand, account_id)) co_return false;
  Share share{std::move(with), false};
  Batch batch{upsert_share(brand, account_id, share)};
  co_await commit(brand, std::move(batch));
  if (Kept* kept = usable(brand, account_id)) put_share(kept->account.shares, share);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::unshare(std::string brand, std::string account_id, std::string with) {
  Kept* kept = usable(brand, account_id);
  if (!kept) co_return false;
  const std::vector<Share>& shares = kept->account.shares;
  if (std::none_of(shares.begin(), shares.end(), [&](const Share& one) { return one.with == with && !one.revoked; })) {
    co_return false;
  }
  Share share{std::move(with), true};
  Batch batch{upsert_share(brand, account_id, share)};
  co_await commit(brand, std::move(batch));
  if (Kept* still = usable(brand, account_id)) put_share(still->account.shares, share);
  tell(brand, account_id, /*remade=*/false);
  co_return true;
}

base::awaitable<bool> AccountStore::refresh(std::string brand, std::string account_id, Login login) {
  Kept* before = usable(brand, account_id);
  if (!before) co_return false;
  // Entries are never erased, so `before` stays where it is.
  Refreshing refreshing(*before);
  Batch batch{update_login(brand, account_id, login)};
  co_await commit(brand, std::move(batch));
  if (Kept* kept = usable(brand, account_id)) {
    kept->account.login = std::move(login);
    kept->account.state = AccountState::ok;
    kept->account.state_reason.clear();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

base::awaitable<bool> AccountStore::remove(std::string brand, std::string account_id) {
  if (!usable(brand, account_id)) co_return false;
  Batch batch{{R"(UPDATE linked_account SET state = 'removed', state_reason = '', client_secret = '', refresh_token = ''
                  WHERE brand = $1 AND id = $2)",
               {brand, account_id}}};
  co_await commit(brand, std::move(batch));
  if (Kept* kept = usable(brand, account_id)) {
    kept->account.state = AccountState::removed;
    kept->account.state_reason.clear();
    kept->account.login.client_secret = base::Secret();
    kept->account.login.refresh_token = base::Secret();
  }
  tell(brand, account_id, /*remade=*/true);
  co_return true;
}

std::vector<LinkedAccount> AccountStore::list(std::string_view brand) const {
  std::vector<LinkedAccount> accounts;
  for (const std::string& id : order_) {
    const Kept& kept = accounts_.at(id);
    if (kept.brand == brand) accounts.push_back(kept.account);
  }
  return accounts;
}

std::optional<LinkedAccount> AccountStore::look_up(std::string_view brand, std::string_view account_id) const {
  auto at = accounts_.find(std::string(account_id));
  if (at == accounts_.end() || at->second.brand != brand) return std::nullopt;
  return at->second.account;
}

std::optional<LinkedAccount> AccountStore::find(std::string_view account_id) const {
  auto at = accounts_.find(std::string(account_id));
  if (at == accounts_.end() || at->second.account.state == AccountState::removed) return std::nullopt;
  return at->second.account;
}

base::awaitable<void> AccountStore::logged_in(std::string account_id, Login login, std::string org_id,
                                              std::string user) {
  auto at = accounts_.find(account_id);
  if (at == accounts_.end() || at->second.account.state == AccountState::removed) co_return;
  if (at->second.refreshes_under_way > 0) co_return;
  const std::string brand = at->second.brand;
  const LinkedAccount& before = at->second.account;
  // The gate judges the org; who has just logged in again as before changes nothing for it.
  bool is_same = before.org_id == org_id && before.salesforce_user == user && before.state == AccountState::ok;
  base::TimePoint now = clock_.now();
  Batch batch{{R"(UPDATE linked_account SET refresh_token = $3, instance_url = $4, org_id = $5, salesforce_user = $6,
                    last_success = $7, state = 'ok', state_reason = ''
                  WHERE brand = $1 AND id = $2 AND state <> 'removed')",
               {brand, account_id, stored_secret(login.refresh_token), login.instance_url, org_id, user,
                base::to_millis(now)}}};
  if (is_same)
    co_await database_.apply(std::move(batch));
  else
    co_await commit(brand, std::move(batch));
  if (Kept* kept = usable(brand, account_id)) {
    kept->account.login.refresh_token = login.refresh_token;
    kept->account.login.instance_url = login.instance_url;
    kept->account.org_id = std::move(org_id);
    kept->account.salesforce_user = std::move(user);
    kept->account.last_success = now;
    kept->account.state = AccountState::ok;
    kept->account.state_reason.clear();
  }
  if (!is_same) tell(brand, account_id, /*remade=*/false);
}

base::awaitable<void> AccountStore::expired(std::string account_id, std::string reason) {
  auto at = accounts_.find(account_id);
  if (at == accounts_.end() || at->second.account.state == AccountState::removed) co_return;
  if (at->second.refreshes_under_way > 0) co_return;
  const std::string brand = at->second.brand;
  Batch batch{{R"(UPDATE linked_account SET state = 'expired', state_reason = $3
                  WHERE brand = $1 AND id = $2 AND state <> 'removed')",
               {brand, account_id, reason}}};
  co_await commit(brand, std::move(batch));
  if (Kept* kept = usable(brand, account_id)) {
    kept->account.state = AccountState::expired;
    kept->account.state_reason = std::move(reason);
  }
  tell(brand, account_id, /*remade=*/false);
}

AccountStore::Kept* AccountStore::usable(std::string_view brand, std::string_view account_id) {
  auto at = accounts_.find(std::string(account_id));
  if (at == accounts_.end() || at->second.brand != brand || at->second.account.state == AccountState::removed)
    return nullptr;
  return &at->second;
}

base::awaitable<void> AccountStore::commit(std::string brand, Batch batch) {
  batch.push_back(raise_auth_epoch_(brand));
  co_await database_.apply(std::move(batch));
}

void AccountStore::tell(const std::string& brand, const std::string& account_id, bool remade) {
  if (observer_) observer_(brand, account_id, remade);
}

}  // namespace connectors
