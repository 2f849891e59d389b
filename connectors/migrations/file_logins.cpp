// Which login an account file had when it was last taken.
#include "connectors/migrations/migrations.hpp"

namespace connectors {
namespace {

constexpr std::string_view file_logins_step = R"sql(
ALTER TABLE linked_account ADD COLUMN file_login TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace

base::sql::Migration file_logins_migration(int number) { return {number, "logins of account files", file_logins_step}; }

}  // namespace connectors
