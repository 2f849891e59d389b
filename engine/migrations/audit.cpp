// The audit log's entries, and the newest of each brand's chain.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

constexpr std::string_view audit_step = R"sql(
CREATE TABLE audit_entry (
  brand BIGINT NOT NULL, no BIGINT NOT NULL, at BIGINT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
  subject TEXT NOT NULL, details TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (brand, no)) WITHOUT ROWID;
CREATE INDEX audit_entry_subject ON audit_entry (brand, subject, no);
CREATE TABLE audit_head (
  brand BIGINT NOT NULL, no BIGINT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (brand)) WITHOUT ROWID;
)sql";

}  // namespace

base::sql::Migration audit_migration(int number) { return {number, "the audit log", audit_step}; }

}  // namespace engine
