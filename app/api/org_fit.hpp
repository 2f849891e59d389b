// What the orgs behind a workflow's accounts would refuse of its tasks, told before anything runs.
#pragma once

#include <string>
#include <vector>

#include "app/api/context.hpp"
#include "base/findings.hpp"
#include "engine/definition.hpp"

namespace app::api {

// What `sluice validate --org` says, by the orgs themselves: every fault at its place in the document. Only an org
// whose account the gate lets the tasks use is asked, one behind an alias of `leave_out` not. An org that was not
// asked, or does not answer for now, is a warning and no fault.
base::awaitable<base::Findings> org_findings(Context& context, const engine::Workflow& workflow,
                                             const engine::WorkflowDefinition& definition,
                                             std::vector<std::string> leave_out);

}  // namespace app::api
