// `sluice runs replay`: a failed run goes on, or a run of the live version follows one that has ended, after it was
// shown what that would change.
#pragma once

#include "app/cli/verb.hpp"

namespace app::cli {

void add_runs_replay(VerbGroup& runs);

}  // namespace app::cli
