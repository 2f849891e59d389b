// Bringing a workflow document to a server, and what stands in the way: `workflows push` and `workflows diff`.
#pragma once

#include "app/cli/verb.hpp"

namespace app::cli {

void add_workflow_push(VerbGroup& workflows);
void add_workflow_diff(VerbGroup& workflows);

}  // namespace app::cli
