#include "connectors/accounts/account_rows.hpp"

#include "connectors/accounts/secret_store.hpp"

namespace connectors {

namespace {

// client_secret and refresh_token are empty since secrets are sealed.
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

}  // namespace

base::sql::Migration accounts_migration(int number) {
  return {number, "linked accounts and their shares", accounts_ddl};
}

}  // namespace connectors

namespace connectors::account_rows {

namespace {

using base::sql::Row;
using base::sql::Statement;

std::string word(auto value) { return std::string(to_string(value)); }

base::sql::Value millis_or_null(const std::optional<base::TimePoint>& at) {
  return at ? base::sql::Value(base::to_millis(*at)) : base::sql::Value(base::sql::Null{});
}

}  // namespace

// Of all brands: the store keeps them in memory for all.
Statement select_accounts() {
  return {R"(SELECT a.brand, a.id, a.name, a.origin, a.environment, a.owner, a.login_kind, a.token_url, a.client_id,
               a.instance_url, a.state, a.state_reason, a.org_id, a.salesforce_user, a.last_success, a.linked_at,
               a.username, a.audience, a.salesforce_username, a.app, a.generation, a.rotation, a.refresh_attempt,
               a.refresh_deadline, a.file_login, s.slot
             FROM linked_account a LEFT JOIN account_slot s ON s.brand = a.brand AND s.owner = a.owner AND s.account = a.id
             ORDER BY a.no)"};
}

KeptAccount stored_account(const Row& row) {
  KeptAccount stored{.brand = row.text(0)};
  LinkedAccount& account = stored.account;
  account.id = row.text(1);
  account.name = row.text(2);
  account.origin = origin_from(row.text(3));
  account.environment = environment_from(row.text(4));
  account.owner = row.text(5);
  account.login.kind = login_kind_from(row.text(6));
  account.login.token_url = row.text(7);
  account.login.client_id = row.text(8);
  account.login.instance_url = row.text(9);
  account.state = account_state_from(row.text(10));
  account.state_reason = row.text(11);
  account.org_id = row.text(12);
  account.salesforce_user = row.text(13);
  if (!row.is_null(14)) account.last_success = base::from_millis(row.integer(14));
  account.linked_at = base::from_millis(row.integer(15));
  account.login.username = row.text(16);
  account.login.audience = row.text(17);
  account.salesforce_username = row.text(18);
  account.app = row.text(19);
  account.generation = row.integer(20);
  account.rotation = rotation_from(row.text(21));
  stored.refresh_attempt = row.text(22);
  stored.refresh_deadline = base::from_millis(row.integer(23));
  account.login.file_login = row.text(24);
  account.slot = static_cast<int>(row.integer_or(25, 0));
  return stored;
}

Statement select_shares() { return {"SELECT brand, account_id, shared_with, revoked FROM account_share ORDER BY no"}; }

Statement insert_account(const std::string& brand, const LinkedAccount& account) {
  return {R"(INSERT INTO linked_account (brand, id, name, origin, environment, owner, login_kind, token_url, client_id,
               client_secret, refresh_token, instance_url, state, state_reason, org_id, salesforce_user, last_success,
               linked_at, username, audience, salesforce_username, app, generation, rotation, file_login)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10, 'ok', '', $11, $12, $13, $14, $15, $16, $17, $18,
               $19, $20, $21))",
          {brand,
           account.id,
           account.name,
           word(account.origin),
           word(account.environment),
           account.owner,
           word(account.login.kind),
           account.login.token_url,
           account.login.client_id,
           account.login.instance_url,
           account.org_id,
           account.salesforce_user,
           millis_or_null(account.last_success),
           millis_or_null(account.linked_at),
           account.login.username,
           account.login.audience,
           account.salesforce_username,
           account.app,
           account.generation,
           word(account.rotation),
           account.login.file_login}};
}

Statement update_name(const std::string& brand, const std::string& id, const std::string& name) {
  return {"UPDATE linked_account SET name = $3 WHERE brand = $1 AND id = $2 AND state <> 'removed'", {brand, id, name}};
}

Statement update_login(const std::string& brand, const LinkedAccount& account) {
  return {
      R"(UPDATE linked_account SET login_kind = $3, token_url = $4, client_id = $5, instance_url = $6, username = $7,
               audience = $8, org_id = $9, salesforce_user = $10, salesforce_username = $11, last_success = $12, app = $13,
               generation = $14, rotation = $15, state = 'ok', state_reason = '', refresh_state = 'idle',
               refresh_attempt = '', file_login = $16
             WHERE brand = $1 AND id = $2 AND state <> 'removed')",
      {brand, account.id, word(account.login.kind), account.login.token_url, account.login.client_id,
       account.login.instance_url, account.login.username, account.login.audience, account.org_id,
       account.salesforce_user, account.salesforce_username, millis_or_null(account.last_success), account.app,
       account.generation, word(account.rotation), account.login.file_login}};
}

Statement update_as_ok(const std::string& brand, const std::string& id) {
  return {R"(UPDATE linked_account SET state = 'ok', state_reason = '', refresh_state = 'idle', refresh_attempt = ''
             WHERE brand = $1 AND id = $2 AND state <> 'removed')",
          {brand, id}};
}

Statement update_as_removed(const std::string& brand, const std::string& id) {
  return {
      R"(UPDATE linked_account SET state = 'removed', state_reason = '', refresh_state = 'idle', refresh_attempt = ''
             WHERE brand = $1 AND id = $2)",
      {brand, id}};
}

Statement update_as_logged_in(const std::string& brand, const LinkedAccount& account, const std::string& attempt) {
  return {
      R"(UPDATE linked_account SET instance_url = $4, org_id = $5, salesforce_user = $6, salesforce_username = $7,
               last_success = $8, generation = $9, rotation = $10, state = 'ok', state_reason = '', refresh_state = 'idle',
               refresh_attempt = ''
             WHERE brand = $1 AND id = $2 AND refresh_attempt = $3 AND state <> 'removed')",
      {brand, account.id, attempt, account.login.instance_url, account.org_id, account.salesforce_user,
       account.salesforce_username, millis_or_null(account.last_success), account.generation, word(account.rotation)}};
}

Statement update_as_lost(const std::string& brand, const std::string& id, const std::string& attempt,
                         AccountState state, const std::string& reason) {
  return {R"(UPDATE linked_account SET state = $4, state_reason = $5, refresh_state = 'idle', refresh_attempt = ''
             WHERE brand = $1 AND id = $2 AND refresh_attempt = $3 AND state = 'ok')",
          {brand, id, attempt, word(state), reason}};
}

Statement upsert_share(const std::string& brand, const std::string& id, const Share& share) {
  return {R"(INSERT INTO account_share (brand, account_id, shared_with, revoked) VALUES ($1, $2, $3, $4)
             ON CONFLICT (brand, account_id, shared_with) DO UPDATE SET revoked = excluded.revoked)",
          {brand, id, share.with, std::int64_t{share.revoked}}};
}

void keep_secrets(base::sql::Batch& batch, SecretVault& vault, const std::string& brand, const LinkedAccount& account,
                  const Login& login) {
  auto keep = [&](const char* field, const base::Secret& secret) {
    batch.push_back(keep_secret(vault, {brand, account.id, field, account.generation}, secret));
  };
  keep("client_secret", login.client_secret);
  keep("refresh_token", login.refresh_token);
  keep("private_key", login.private_key);
  keep("access_token", login.access_token);
}

Login with_secrets(Login login, std::map<std::string, base::Secret> secrets) {
  login.client_secret = std::move(secrets["client_secret"]);
  login.refresh_token = std::move(secrets["refresh_token"]);
  login.private_key = std::move(secrets["private_key"]);
  login.access_token = std::move(secrets["access_token"]);
  return login;
}

Statement wipe_secrets_of_removed(const std::string& brand, const std::string& id) {
  return {R"(DELETE FROM sealed_secret WHERE brand = $1 AND account = $2
               AND EXISTS (SELECT 1 FROM linked_account a WHERE a.brand = $1 AND a.id = $2 AND a.state = 'removed'))",
          {brand, id}};
}

Statement select_refresh(const std::string& brand, const std::string& id) {
  return {
      R"(SELECT a.state, a.state_reason, a.login_kind, a.rotation, a.generation, a.refresh_state, a.refresh_attempt,
               a.refresh_deadline,
               EXISTS (SELECT 1 FROM sealed_secret s
                       WHERE s.brand = a.brand AND s.account = a.id AND s.field = 'access_token')
             FROM linked_account a WHERE a.brand = $1 AND a.id = $2)",
      {brand, id}};
}

RefreshRow refresh_row(const Row& row) {
  return {.state = account_state_from(row.text(0)),
          .state_reason = row.text(1),
          .kind = login_kind_from(row.text(2)),
          .rotation = rotation_from(row.text(3)),
          .generation = row.integer(4),
          .refresh_state = refresh_state_from(row.text(5)),
          .attempt = row.text(6),
          .deadline = base::from_millis(row.integer(7)),
          .has_access_token = row.integer(8) != 0};
}

Statement take_claim(const std::string& brand, const std::string& id, const RefreshRow& row, const RefreshClaim& claim,
                     RefreshDecision decision) {
  return {R"(UPDATE linked_account SET refresh_state = $5, refresh_attempt = $6, refresh_deadline = $7
             WHERE brand = $1 AND id = $2 AND generation = $3 AND refresh_attempt = $4 AND state = 'ok')",
          {brand, id, row.generation, row.attempt, std::string(to_string(state_of_claim(decision))), claim.attempt,
           base::to_millis(claim.deadline)}};
}

Statement give_claim_back(const std::string& brand, const std::string& id, const std::string& attempt) {
  return {R"(UPDATE linked_account SET refresh_state = 'idle', refresh_attempt = ''
             WHERE brand = $1 AND id = $2 AND refresh_attempt = $3)",
          {brand, id, attempt}};
}

Statement free_slots_run_out(const std::string& brand, const std::string& user, base::TimePoint now) {
  return {"DELETE FROM account_slot WHERE brand = $1 AND owner = $2 AND account = '' AND expires_at <= $3",
          {brand, user, base::to_millis(now)}};
}

Statement take_slot(const SlotReservation& reservation, base::TimePoint until) {
  return {
      R"(INSERT INTO account_slot (brand, owner, slot, reservation, account, expires_at) VALUES ($1, $2, $3, $4, '', $5)
             ON CONFLICT (brand, owner, slot) DO NOTHING)",
      {reservation.brand, reservation.user, std::int64_t{reservation.slot}, reservation.id, base::to_millis(until)}};
}

Statement prolong_slot(const SlotReservation& reservation, base::TimePoint now, base::TimePoint until) {
  return {R"(UPDATE account_slot SET expires_at = $5
             WHERE brand = $1 AND owner = $2 AND reservation = $3 AND account = '' AND expires_at > $4)",
          {reservation.brand, reservation.user, reservation.id, base::to_millis(now), base::to_millis(until)}};
}

Statement fill_slot(const SlotReservation& reservation, const std::string& account_id) {
  return {R"(UPDATE account_slot SET account = $4, expires_at = NULL
             WHERE brand = $1 AND owner = $2 AND reservation = $3 AND account = '')",
          {reservation.brand, reservation.user, reservation.id, account_id}};
}

Statement free_slot(const SlotReservation& reservation) {
  return {"DELETE FROM account_slot WHERE brand = $1 AND owner = $2 AND reservation = $3 AND account = ''",
          {reservation.brand, reservation.user, reservation.id}};
}

Statement free_slot_of(const std::string& brand, const std::string& account_id) {
  return {"DELETE FROM account_slot WHERE brand = $1 AND account = $2", {brand, account_id}};
}

}  // namespace connectors::account_rows
