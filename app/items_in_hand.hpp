// The child runs of a run that is taken through its tasks by whoever waits for it, and not by the worker.
#pragma once

#include <map>
#include <memory>

#include "app/services.hpp"
#include "engine/live_run.hpp"

namespace app {

// A run as it then is, and its child runs by their numbers.
struct RunInHand {
  std::shared_ptr<engine::LiveRun> run;
  std::map<std::int64_t, std::shared_ptr<engine::LiveRun>> children{};
};

// Takes the child runs that `live` waits for through their task, and it through the rest. Precondition: nobody else
// works on runs (ServiceOptions::runs_in_flight_max is 0).
base::awaitable<RunInHand> items_in_hand(Services& services, std::shared_ptr<engine::LiveRun> live,
                                         std::shared_ptr<const engine::ValueSource> values);

}  // namespace app
