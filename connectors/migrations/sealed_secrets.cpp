// Secrets sealed at rest, and how an account logs in.
#include "connectors/migrations/migrations.hpp"

namespace connectors {
namespace {

constexpr std::string_view sealed_secrets_step = R"sql(
)sql";

}  // namespace

base::sql::Migration sealed_secrets_migration(int number) { return {number, "sealed secrets", sealed_secrets_step}; }

}  // namespace connectors
