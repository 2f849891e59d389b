// What replaying a run by the live version would come to: how the versions differ, and what would change in the orgs.
#pragma once

#include <string>
#include <vector>

#include "app/plan.hpp"
#include "app/services.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "engine/document_diff.hpp"

namespace app {

// Where a task would write.
struct ReplayAccount {
  std::string alias{};
  std::string environment{};
  std::string org_id{};
};

struct ReplayPlan {
  std::string run{};
  int ran = 0;   // its version
  int live = 0;  // the version that would run now
  std::vector<engine::DocumentChange> differences{};
  std::vector<ReplayAccount> accounts{};
  bool is_fetched = true;     // false: the replay fetches the response first, and nothing more is known
  PlannedResponse planned{};  // without tasks where it is not fetched
};

// Reads the orgs and writes nothing. run_not_replayable says why there is nothing to plan.
base::awaitable<base::Result<ReplayPlan>> plan_replay(Services& services, engine::BrandId brand, engine::RunRow run);

// {"run", "version": {"ran", "live"}, "differences": [{op, path, from?, to?}], "accounts": […], "fetched", "tasks":
// […],
//  "calls", "has_changes"}
base::JsonText to_json(const ReplayPlan& plan, bool shows_values);

}  // namespace app
