// Sealed secrets and their keys; slots of personal accounts; refreshes.
#include "connectors/migrations/migrations.hpp"

namespace connectors {
namespace {

// client_secret and refresh_token of linked_account held plain texts until this step; they are empty from now on. Those
// that an older program has left are sealed at the first start, and the row of plain_text_left goes when they are gone
// from the file too. The key's id stands beside the sealed text that names it, for the index that a change of keys goes
// by. The limit of personal accounts is the key and the check of account_slot, never a count.
constexpr std::string_view sealed_secrets_step = R"sql(
ALTER TABLE linked_account ADD COLUMN username TEXT NOT NULL DEFAULT '';
ALTER TABLE linked_account ADD COLUMN audience TEXT NOT NULL DEFAULT '';
ALTER TABLE linked_account ADD COLUMN salesforce_username TEXT NOT NULL DEFAULT '';
ALTER TABLE linked_account ADD COLUMN app TEXT NOT NULL DEFAULT '';
ALTER TABLE linked_account ADD COLUMN generation BIGINT NOT NULL DEFAULT 1;
ALTER TABLE linked_account ADD COLUMN rotation TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE linked_account ADD COLUMN refresh_state TEXT NOT NULL DEFAULT 'idle';
ALTER TABLE linked_account ADD COLUMN refresh_attempt TEXT NOT NULL DEFAULT '';
ALTER TABLE linked_account ADD COLUMN refresh_deadline BIGINT NOT NULL DEFAULT 0;
CREATE TABLE account_slot (
  brand TEXT NOT NULL,
  owner TEXT NOT NULL,
  slot BIGINT NOT NULL CHECK (slot BETWEEN 1 AND 5),
  reservation TEXT NOT NULL,
  account TEXT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (brand, owner, slot)
);
CREATE TABLE sealed_secret (
  no INTEGER PRIMARY KEY,
  brand TEXT NOT NULL,
  account TEXT NOT NULL,
  field TEXT NOT NULL,
  generation BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  UNIQUE (brand, account, field)
);
CREATE INDEX sealed_secret_key ON sealed_secret (key_id, no);
CREATE TABLE sealing_key (
  id TEXT NOT NULL PRIMARY KEY,
  check_value TEXT NOT NULL
);
CREATE TABLE key_rotation (
  no INTEGER PRIMARY KEY,
  from_keys TEXT NOT NULL,
  to_key TEXT NOT NULL,
  state TEXT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  unreadable BIGINT NOT NULL,
  reached BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE TABLE plain_text_left (no INTEGER PRIMARY KEY);
INSERT INTO plain_text_left (no) SELECT 1 WHERE EXISTS (SELECT 1 FROM linked_account);
)sql";

}  // namespace

base::sql::Migration sealed_secrets_migration(int number) { return {number, "sealed secrets", sealed_secrets_step}; }

}  // namespace connectors
