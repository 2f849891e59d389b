// The causes that runs stand under, as the API tells them.
#pragma once

#include <vector>

#include "base/json_text.hpp"
#include "engine/cause_history.hpp"

namespace app {

// {"causes": [{id, workflow {id, name}, task?, code, org_code?, fields?, message, runs, states, first_at, last_at,
// example}], "next"?}; the latter where there are more.
base::JsonText causes_document(const std::vector<engine::CauseRow>& rows, bool has_more);

}  // namespace app
