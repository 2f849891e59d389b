// The rows of one step of a run: its facts, its child runs, what becomes of the run. For whoever carries them out, all
// in one transaction.
#pragma once

#include <cstdint>
#include <string>

#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/people.hpp"
#include "engine/run_ledger.hpp"

namespace engine {

// The first writes the facts, or nothing where the lease is lost or the epoch has moved; the last wakes the parent
// where the step ends an item. None but the first two writes anything that the first has not.
base::sql::Batch rows_of(const StepRecord& step);
// Whether the second of them writes what is true although the epoch has moved.
bool has_second_row(const StepRecord& step);
bool ends_item(const StepRecord& step);

// A parent is due as soon as the last child run of one of its tasks has ended; one that is in a worker's hands is told.
base::sql::Statement wake_parent(BrandId brand, std::int64_t parent, const std::string& task, base::TimePoint now);

}  // namespace engine
