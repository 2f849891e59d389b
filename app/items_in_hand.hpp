// The child runs of a run that is taken through its tasks by whoever waits for it, and not by the worker.
#pragma once

#include <memory>

#include "app/services.hpp"
#include "engine/live_run.hpp"

namespace app {

// Takes the child runs that `live` waits for through their task, and it through the rest; the run as it then is, which
// is `live` itself when it waits for none. Precondition: nobody else works on runs
// (ServiceOptions::runs_in_flight_max is 0).
base::awaitable<std::shared_ptr<engine::LiveRun>> items_in_hand(Services& services,
                                                                std::shared_ptr<engine::LiveRun> live,
                                                                std::shared_ptr<const engine::ValueSource> values);

}  // namespace app
