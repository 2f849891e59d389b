// What each task of a run that was rehearsed would change, told from the run's facts and the writes it would have made.
#pragma once

#include <vector>

#include "app/plan.hpp"
#include "engine/catalog.hpp"
#include "engine/rehearsal.hpp"
#include "tasks/planned_task.hpp"

namespace app {

// In the document's order; a task with a list does what its items do.
std::vector<PlannedTask> outlooks_of(const engine::RehearsedRun& rehearsed, const engine::Catalog& catalog,
                                     const tasks::PlannedWrites& writes);

}  // namespace app
