// Handing a project to another owner: what would become of every task and run, and the doing of it.
#pragma once

#include <string>

#include "app/cli/terminal_text.hpp"
#include "app/cli/verb.hpp"
#include "base/json_text.hpp"

namespace app::cli {

// `projects transfer`
void add_project_transfer(VerbGroup& projects);
// `workflows transfer`: the same, for the project of a workflow.
void add_workflow_transfer(VerbGroup& workflows);

}  // namespace app::cli
