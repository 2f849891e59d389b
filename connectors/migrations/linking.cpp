// Login apps, and logins under way.
#include "connectors/migrations/migrations.hpp"

namespace connectors {
namespace {

constexpr std::string_view linking_step = R"sql(
)sql";

}  // namespace

base::sql::Migration linking_migration(int number) { return {number, "linking", linking_step}; }

}  // namespace connectors
