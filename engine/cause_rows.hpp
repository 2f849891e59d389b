// The rows that say which run stands under which cause. Every function here is for somebody's transaction, the one that
// writes the facts.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/sql/database.hpp"
#include "engine/failure_cause.hpp"
#include "engine/people.hpp"
#include "engine/run_ledger.hpp"

namespace engine {

// Whether a step changes them at all: one that does not shall cost nothing.
bool touches_causes(const StepRecord& step);

// After the step's facts were written: all of them, or only those that are true whatever the gate says.
void write_causes(base::sql::Connection& sql, const StepRecord& step, bool is_whole);

// Ids and causes that the run's failed tasks stand under.
std::vector<std::pair<std::string, FailureCause>> failures_of(base::sql::Connection& sql, BrandId brand,
                                                              std::int64_t run_no);

// A person has released what was held of the run.
void forget_holds(base::sql::Connection& sql, BrandId brand, std::int64_t run_no);
// The run goes on: it stands under none any more.
void forget_causes(base::sql::Connection& sql, BrandId brand, std::int64_t run_no);
// The run has been cancelled or is followed by another, and so have and are its child runs.
void forget_causes_of_all(base::sql::Connection& sql, BrandId brand, std::int64_t run_no);

}  // namespace engine
