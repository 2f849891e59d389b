// What the orgs behind a workflow's accounts would not take of its tasks, told before anything runs.
#pragma once

#include <string>
#include <vector>

#include "app/api/context.hpp"
#include "base/findings.hpp"
#include "engine/definition.hpp"

namespace app::api {

// Every fault at its task: a record type or a written field that is not the linked user's. Only orgs whose account the
// gate lets the task use are asked, those behind the aliases of `leave_out` not; what an org does not answer for now is
// no fault.
base::awaitable<base::Findings> org_misfits(Context& context, const engine::Workflow& workflow,
                                            const engine::WorkflowDefinition& definition,
                                            std::vector<std::string> leave_out);

}  // namespace app::api
