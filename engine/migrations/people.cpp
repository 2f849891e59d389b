// Groups, collaborators, named tokens, and bindings that wait for a proof.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

// A token that was made before tokens had ids gets one from its hash, which tells nothing about the token.
constexpr std::string_view people_step = R"sql(
CREATE TABLE brand_group (
  brand BIGINT NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  PRIMARY KEY (brand, id)) WITHOUT ROWID;
CREATE TABLE group_member (
  brand BIGINT NOT NULL, group_id TEXT NOT NULL, user_id TEXT NOT NULL,
  PRIMARY KEY (brand, group_id, user_id)) WITHOUT ROWID;
CREATE TABLE project_collaborator (
  brand BIGINT NOT NULL, project TEXT NOT NULL, user_id TEXT NOT NULL, access TEXT NOT NULL,
  PRIMARY KEY (brand, project, user_id)) WITHOUT ROWID;
ALTER TABLE api_token ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE api_token ADD COLUMN label TEXT NOT NULL DEFAULT '';
UPDATE api_token SET id = 'tok_' || substr(hash, 1, 26);
CREATE UNIQUE INDEX api_token_id ON api_token (id);
CREATE TABLE operator_token (
  hash TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (hash)) WITHOUT ROWID;
ALTER TABLE binding ADD COLUMN awaits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE binding ADD COLUMN awaits_editor TEXT NOT NULL DEFAULT '';
ALTER TABLE binding ADD COLUMN awaits_version BIGINT NOT NULL DEFAULT 0;
)sql";

}  // namespace

base::sql::Migration people_migration(int number) {
  return {number, "groups, collaborators and named tokens", people_step};
}

}  // namespace engine
