// What accounts' orgs said of their objects when mappings last fitted them.
#include "connectors/migrations/migrations.hpp"

namespace connectors {
namespace {

constexpr std::string_view schema_memory_step = R"sql(
CREATE TABLE org_object (
  account TEXT NOT NULL, object TEXT NOT NULL, description TEXT NOT NULL,
  PRIMARY KEY (account, object)) WITHOUT ROWID;
)sql";

}  // namespace

base::sql::Migration schema_memory_migration(int number) { return {number, "schema memory", schema_memory_step}; }

}  // namespace connectors
