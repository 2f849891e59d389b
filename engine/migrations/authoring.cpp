// What authoring keeps beside the versions.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

constexpr std::string_view authoring_step = R"sql(
)sql";

}  // namespace

base::sql::Migration authoring_migration(int number) { return {number, "authoring", authoring_step}; }

}  // namespace engine
