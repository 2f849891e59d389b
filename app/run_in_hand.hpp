// A run that is taken through its tasks at once, by whoever waits for it, and not by the worker.
#pragma once

#include <memory>
#include <string>

#include "app/items_in_hand.hpp"
#include "app/services.hpp"
#include "engine/live_run.hpp"

namespace app {

// Until it is over, held, or waits for long. Precondition: it was accepted just now, and nobody else works on runs
// (ServiceOptions::runs_in_flight_max is 0).
base::awaitable<RunInHand> run_in_hand(Services& services, std::string run_id,
                                       std::shared_ptr<const engine::ValueSource> values);

}  // namespace app
