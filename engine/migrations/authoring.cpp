// What authoring keeps beside the versions: how a version came about, and the text as it was pushed.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

// A draft is a proposal; one that is adopted becomes live. `base` is the number of the live version that it was made
// from, `source` the document byte for byte as it came (empty: of a version that is older than this step).
constexpr std::string_view authoring_step = R"sql(
ALTER TABLE workflow ADD COLUMN removed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE workflow_version ADD COLUMN kind TEXT NOT NULL DEFAULT 'live';
ALTER TABLE workflow_version ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE workflow_version ADD COLUMN base BIGINT NOT NULL DEFAULT 0;
ALTER TABLE workflow_version ADD COLUMN decision TEXT NOT NULL DEFAULT '';
ALTER TABLE workflow_version ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE workflow_version ADD COLUMN decided_at BIGINT;
ALTER TABLE workflow_version ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX run_waiting ON run (workflow) WHERE state IN ('held', 'queued');
)sql";

}  // namespace

base::sql::Migration authoring_migration(int number) { return {number, "authoring", authoring_step}; }

}  // namespace engine
