// The workflow that a request is about, for who may do what the request asks, and its parts as JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/api/context.hpp"
#include "base/json_writer.hpp"
#include "engine/edit.hpp"

namespace app::api {

// The workflow of the route's {id}; the route table has let nobody come here who may not.
const engine::Workflow& workflow_in(Context& context, const Principal& who, const Request& request);

// {id, name, file, project, creator, enabled, hook, version, bindings{alias: account}, accounts{…}}: the account ids of
// personal accounts only for their holder.
base::awaitable<void> write_workflow(Context& context, const Principal& who, const engine::Workflow& workflow,
                                     base::JsonWriter& json);
base::awaitable<base::http::Response> workflow_answer(Context& context, const Principal& who,
                                                      const engine::Workflow& workflow, int status);

// [{alias, account, environment, org_id, why}], as this reader may see it.
base::JsonText invalidated_json(const Principal& who, const std::vector<engine::Invalidated>& invalidated);

// One alias of a workflow before the gate: its tasks, and the verdict with the diagnosis.
struct GateReport {
  engine::UsedAlias used;
  engine::Verdict verdict;
  base::JsonText diagnosis;  // as this reader may see it
};
std::vector<GateReport> gate_reports(Context& context, const Principal& who, const engine::Workflow& workflow,
                                     const engine::WorkflowDefinition& definition);

}  // namespace app::api
