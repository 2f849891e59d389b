// Causes of failures and holds, and which run stands under which.
#include "engine/migrations/migrations.hpp"

namespace engine {
namespace {

// A row of run_cause is true now: it goes when the task is released, reopened or made good, and when its run is
// cancelled or replayed.
constexpr std::string_view causes_step = R"sql(
CREATE TABLE cause (
  no INTEGER PRIMARY KEY,
  brand BIGINT NOT NULL, id TEXT NOT NULL, workflow BIGINT NOT NULL, task TEXT NOT NULL, code TEXT NOT NULL,
  org_code TEXT NOT NULL, fields TEXT NOT NULL, message TEXT NOT NULL, first_at BIGINT NOT NULL,
  UNIQUE (brand, id));
CREATE TABLE run_cause (
  run BIGINT NOT NULL, task TEXT NOT NULL, brand BIGINT NOT NULL, cause BIGINT NOT NULL, state TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (run, task)) WITHOUT ROWID;
CREATE INDEX run_cause_of ON run_cause (cause, run);
)sql";

}  // namespace

base::sql::Migration causes_migration(int number) { return {number, "causes of failures", causes_step}; }

}  // namespace engine
