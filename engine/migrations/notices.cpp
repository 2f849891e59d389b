// Notices: what people are told in the product.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

constexpr std::string_view notices_step = R"sql(
)sql";

}  // namespace

base::sql::Migration notices_migration(int number) { return {number, "notices", notices_step}; }

}  // namespace engine
