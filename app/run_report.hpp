// A run's document with what only the whole program knows: account names and the addresses of records.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/services.hpp"
#include "engine/run_history.hpp"

namespace app {

// nullopt: no such run in the brand. `viewer`: the user it is told to; nullopt: whoever reads the data directory
// itself. `shows_content`: with what was sent and answered.
base::awaitable<std::optional<base::JsonText>> run_report(Services& services, engine::BrandId brand, std::string run_id,
                                                          std::optional<std::string> viewer = {},
                                                          bool shows_content = true);

// {"runs": [{id, workflow, state, code?, parent?, dedup_key, received_at, due_at?, ended_at?}], "next_before"?}; the
// latter where there are more.
base::JsonText runs_document(const std::vector<engine::RunRow>& rows, bool has_more);

// {"not_started": [{event, hook, dedup_key, workflow, code, message, at}]}
base::JsonText not_started_document(const std::vector<engine::EventWithoutRun>& events);

}  // namespace app
