#include "engine/migrations/migrations.hpp"

#include <array>

namespace engine {
namespace {

// Integer keys in insertion order everywhere: rows clustered by a hash cost eight times the bytes written (measured).
// The one hash stands in the trigger event's unique index, and public run ids derive from it. The log is no clustered
// table on purpose: its rows are appended, whichever run they belong to, and only its small index is written in the
// middle.
constexpr std::string_view first_step = R"sql(
CREATE TABLE brand (
  no BIGINT NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, extensions TEXT NOT NULL, auth_epoch BIGINT NOT NULL,
  PRIMARY KEY (no)) WITHOUT ROWID;
CREATE TABLE brand_user (
  brand BIGINT NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (brand, id)) WITHOUT ROWID;
CREATE TABLE api_token (
  hash TEXT NOT NULL, brand BIGINT NOT NULL, user_id TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (hash)) WITHOUT ROWID;
CREATE TABLE project (
  brand BIGINT NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL,
  PRIMARY KEY (brand, id)) WITHOUT ROWID;
CREATE TABLE workflow (
  no BIGINT NOT NULL, brand BIGINT NOT NULL, id TEXT NOT NULL UNIQUE, project TEXT NOT NULL, name TEXT NOT NULL, creator TEXT NOT NULL,
  enabled BIGINT NOT NULL, version_no BIGINT NOT NULL, hook TEXT NOT NULL, file TEXT NOT NULL,
  PRIMARY KEY (no)) WITHOUT ROWID;
CREATE TABLE workflow_version (
  no BIGINT NOT NULL, brand BIGINT NOT NULL, workflow BIGINT NOT NULL, number BIGINT NOT NULL, fingerprint TEXT NOT NULL,
  document TEXT NOT NULL, author TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (no)) WITHOUT ROWID;
CREATE UNIQUE INDEX workflow_version_number ON workflow_version (workflow, number);
CREATE TABLE binding (
  brand BIGINT NOT NULL, workflow BIGINT NOT NULL, alias TEXT NOT NULL, account TEXT NOT NULL, org_id TEXT NOT NULL,
  PRIMARY KEY (workflow, alias)) WITHOUT ROWID;
CREATE TABLE trigger_event (
  no BIGINT NOT NULL, brand BIGINT NOT NULL, hash TEXT NOT NULL, source TEXT NOT NULL, dedup_key TEXT NOT NULL,
  content TEXT NOT NULL, body TEXT NOT NULL, received_at BIGINT NOT NULL,
  PRIMARY KEY (no)) WITHOUT ROWID;
CREATE UNIQUE INDEX trigger_event_hash ON trigger_event (brand, hash);
CREATE TABLE not_started (
  brand BIGINT NOT NULL, event BIGINT NOT NULL, workflow BIGINT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (event, workflow)) WITHOUT ROWID;
CREATE TABLE run (
  no BIGINT NOT NULL, brand BIGINT NOT NULL, event BIGINT NOT NULL, workflow BIGINT NOT NULL, version_no BIGINT NOT NULL,
  replay BIGINT NOT NULL, root BIGINT NOT NULL, parent BIGINT, task TEXT, item BIGINT,
  state TEXT NOT NULL, due_at BIGINT, lease TEXT NOT NULL, worker TEXT NOT NULL,
  project TEXT NOT NULL, owner TEXT NOT NULL, creator TEXT NOT NULL, auth_epoch BIGINT NOT NULL,
  cancel_requested BIGINT NOT NULL DEFAULT 0, children_open BIGINT NOT NULL DEFAULT 0,
  code TEXT NOT NULL DEFAULT '', started_at BIGINT NOT NULL, ended_at BIGINT,
  PRIMARY KEY (no)) WITHOUT ROWID;
CREATE UNIQUE INDEX run_identity ON run (event, workflow, replay);
CREATE INDEX run_due ON run (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX run_leased ON run (no) WHERE worker <> '';
CREATE TABLE run_wait (
  brand BIGINT NOT NULL, key TEXT NOT NULL, run BIGINT NOT NULL,
  PRIMARY KEY (brand, key, run)) WITHOUT ROWID;
CREATE INDEX run_wait_run ON run_wait (run);
CREATE TABLE log (
  run BIGINT NOT NULL, seq BIGINT NOT NULL, facts TEXT NOT NULL,
  PRIMARY KEY (run, seq));
)sql";

}  // namespace

base::sql::Migration first_migration(int number) { return {number, "the first whole path", first_step}; }

// The numbers between are those of the other rooms: all steps stand in one row.
std::span<const base::sql::Migration> migrations() {
  static const std::array steps{
      first_migration(1),   people_migration(3), authoring_migration(4), audit_migration(7),
      notices_migration(8), items_migration(10), causes_migration(12),
  };
  return steps;
}

}  // namespace engine
