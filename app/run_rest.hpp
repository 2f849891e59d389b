// Waiting for a run until it rests: it has ended, or a person has to do something for it or for its items.
#pragma once

#include <functional>
#include <string>

#include "app/services.hpp"
#include "engine/run_history.hpp"

namespace app {

// Looks again and again; `on_wait` is told once about each later point in time that a queued run waits for.
// Precondition: there is such a run, and the worker runs.
base::awaitable<engine::RunRow> until_at_rest(Services& services, engine::BrandId brand, std::string run_id,
                                              std::function<void(const engine::RunRow&)> on_wait = {});

}  // namespace app
