// Child runs, one for each item of a list.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

// One run per event, workflow and replay; one child run per parent, task and item. The third index holds the open ones
// only: whether there is one left is asked at the end of each.
constexpr std::string_view items_step = R"sql(
DROP INDEX run_identity;
CREATE UNIQUE INDEX run_identity ON run (event, workflow, replay) WHERE parent IS NULL;
CREATE UNIQUE INDEX run_item ON run (parent, task, item) WHERE parent IS NOT NULL;
CREATE INDEX run_item_open ON run (parent, task) WHERE parent IS NOT NULL AND ended_at IS NULL;
)sql";

}  // namespace

base::sql::Migration items_migration(int number) { return {number, "child runs", items_step}; }

}  // namespace engine
