#include "connectors/accounts/secret_store.hpp"

#include <fmt/format.h>

#include "base/sql/sqlite_connection.hpp"
#include "connectors/errors.hpp"

namespace connectors {

namespace {

using base::sql::Row;
using base::sql::Rows;
using base::sql::Statement;

void seal_plain_rows(base::sql::Connection& connection, SecretVault& vault, int& sealed) {
  Rows rows = connection
                  .execute({R"(SELECT brand, id, generation, client_secret, refresh_token FROM linked_account
                               WHERE client_secret <> '' OR refresh_token <> '')"})
                  .rows;
  for (const Row& row : rows) {
    SealContext context{row.text(0), row.text(1), "", row.integer(2)};
    for (auto [column, field] : {std::pair{3, "client_secret"}, std::pair{4, "refresh_token"}}) {
      const std::string& plain = row.text(static_cast<std::size_t>(column));
      if (plain.empty()) continue;
      context.field = field;
      connection.execute(keep_secret(vault, context, base::Secret(plain)));
      ++sealed;
    }
    connection.execute({R"(UPDATE linked_account SET client_secret = '', refresh_token = ''
                           WHERE brand = $1 AND id = $2)",
                        {row.text(0), row.text(1)}});
  }
}

}  // namespace

Statement keep_secret(SecretVault& vault, const SealContext& context, const base::Secret& secret) {
  if (secret.empty()) {
    return {"DELETE FROM sealed_secret WHERE brand = $1 AND account = $2 AND field = $3",
            {context.brand, context.account, context.field}};
  }
  std::string sealed = vault.seal(secret, context);
  return {
      R"(INSERT INTO sealed_secret (brand, account, field, generation, key_id, sealed) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (brand, account, field)
             DO UPDATE SET generation = excluded.generation, key_id = excluded.key_id, sealed = excluded.sealed)",
      {context.brand, context.account, context.field, context.generation, vault.keys().active().id, std::move(sealed)}};
}

Statement wipe_secrets(const std::string& brand, const std::string& account) {
  return {"DELETE FROM sealed_secret WHERE brand = $1 AND account = $2", {brand, account}};
}

Statement select_secrets(const std::string& brand, const std::string& account) {
  return {"SELECT field, generation, sealed FROM sealed_secret WHERE brand = $1 AND account = $2", {brand, account}};
}

base::Result<std::map<std::string, base::Secret>> open_secrets(const SecretVault& vault, const std::string& brand,
                                                               const std::string& account, std::int64_t generation,
                                                               const Rows& rows) {
  std::map<std::string, base::Secret> secrets;
  for (const Row& row : rows) {
    // Not the generation that stands in the row: an old row that was put back must not open.
    SealContext context{brand, account, row.text(0), generation};
    base::Result<base::Secret> secret = vault.open(row.text(2), context);
    if (!secret) return secret.error();
    secrets.emplace(row.text(0), *std::move(secret));
  }
  return secrets;
}

base::Result<std::vector<std::string>> check_keys(base::sql::Connection& connection, const KeyRing& keys) {
  for (const Row& row : connection.execute({"SELECT DISTINCT key_id FROM sealed_secret"}).rows) {
    if (keys.find(row.text(0))) continue;
    return base::Error{
        key_missing,
        fmt::format("secrets of this data directory are sealed by the key '{}', which was not given", row.text(0))};
  }
  const Statement noted{
      "SELECT id, check_value, id IN (SELECT key_id FROM sealed_secret) FROM sealing_key ORDER BY id"};
  for (const Row& row : connection.execute(noted).rows) {
    const SealingKey* key = keys.find(row.text(0));
    if (key && key_check_value(*key) == row.text(1)) continue;
    const bool is_used = row.integer(2) != 0;
    if (is_used) {
      return base::Error{
          key_wrong, fmt::format("the key '{}' is not the one of that name that this data directory was sealed with",
                                 row.text(0))};
    }
    // A key that seals nothing any more may leave its name to another.
    connection.execute({"DELETE FROM sealing_key WHERE id = $1", {row.text(0)}});
  }
  std::vector<std::string> first_seen;
  for (const SealingKey& key : keys.keys()) {
    const Statement note{"INSERT INTO sealing_key (id, check_value) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
                         {key.id, key_check_value(key)}};
    if (connection.execute(note).changes == 1) first_seen.push_back(key.id);
  }
  return first_seen;
}

int seal_plain_secrets(base::sql::SqliteConnection& connection, SecretVault& vault) {
  if (connection.execute({"SELECT no FROM plain_text_left"}).rows.empty()) return 0;
  int sealed = 0;
  // Overwrites what it frees, where it would only be forgotten; VACUUM takes what was freed before.
  connection.run_script("PRAGMA secure_delete = ON");
  base::sql::in_transaction(connection,
                            [&](base::sql::SqliteConnection& step) { seal_plain_rows(step, vault, sealed); });
  connection.run_script("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
  connection.execute({"DELETE FROM plain_text_left"});
  return sealed;
}

}  // namespace connectors
