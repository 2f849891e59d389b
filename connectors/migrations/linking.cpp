// Login apps, and logins under way.
#include "connectors/migrations/migrations.hpp"

namespace connectors {
namespace {

// Of a login under way only hashes are kept: of the ticket that starts it, the state and the session that answer it.
constexpr std::string_view linking_step = R"sql(
CREATE TABLE login_app (
  no INTEGER PRIMARY KEY,
  brand TEXT NOT NULL,
  id TEXT NOT NULL,
  login_url TEXT NOT NULL,
  environment TEXT NOT NULL,
  client_id TEXT NOT NULL,
  has_secret BIGINT NOT NULL,
  UNIQUE (brand, id),
  UNIQUE (brand, login_url)
);
CREATE TABLE login_attempt (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  brand TEXT NOT NULL,
  user_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  environment TEXT NOT NULL,
  app TEXT NOT NULL,
  login_url TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  name TEXT NOT NULL,
  account TEXT NOT NULL,
  bind_workflow TEXT NOT NULL,
  bind_alias TEXT NOT NULL,
  return_to TEXT NOT NULL,
  confirm_user BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  error_code TEXT NOT NULL,
  message TEXT NOT NULL,
  ticket_hash TEXT NOT NULL,
  state_hash TEXT NOT NULL,
  session_hash TEXT NOT NULL
);
CREATE INDEX login_attempt_state ON login_attempt (state_hash);
CREATE INDEX login_attempt_age ON login_attempt (brand, expires_at);
)sql";

}  // namespace

base::sql::Migration linking_migration(int number) { return {number, "linking", linking_step}; }

}  // namespace connectors
