// The rows that a replay writes, within somebody's transaction: a failed run opened again, or a new run beside those
// before it.
#pragma once

#include <cstdint>
#include <string>

#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/people.hpp"
#include "engine/run_queue.hpp"

namespace engine {

// Makes a failed run due again, with these facts in its log. False, and nothing is written, when it is not failed (any
// more), or a run that replays it has come after it.
bool reopen_run(base::sql::Connection& sql, BrandId brand, std::int64_t run_no, const std::string& facts,
                base::TimePoint now);

// A queued run of the same event and workflow under the next replay number. False, and nothing is written, when one of
// the runs before it has not ended, or `newest` is not the last of them. `run.facts` are its first log row, whatever
// the epoch.
bool add_replay(base::sql::Connection& sql, BrandId brand, std::int64_t newest, const NewRun& run, base::TimePoint now);

}  // namespace engine
