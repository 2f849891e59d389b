// A run that is taken through its tasks at once, with its child runs, by whoever waits for it, and not by the worker.
// Precondition of all of it: nobody else works on runs (ServiceOptions::runs_in_flight_max is 0).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "app/services.hpp"
#include "engine/live_run.hpp"

namespace app {

// A run as it has come to rest, and its child runs by their numbers.
struct RunInHand {
  std::shared_ptr<engine::LiveRun> run;
  std::map<std::int64_t, std::shared_ptr<engine::LiveRun>> children{};
};

// A run that was accepted just now; nothing of it has begun.
base::awaitable<std::shared_ptr<engine::LiveRun>> take_in_hand(Services& services, std::string run_id,
                                                               std::shared_ptr<const engine::ValueSource> values);
// Until it is over, held, or waits for long.
base::awaitable<RunInHand> carry_through(Services& services, std::shared_ptr<engine::LiveRun> live,
                                         std::shared_ptr<const engine::ValueSource> values);
// Both.
base::awaitable<RunInHand> run_in_hand(Services& services, std::string run_id,
                                       std::shared_ptr<const engine::ValueSource> values);

}  // namespace app
