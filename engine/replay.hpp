// What a replay begins with: pure decisions over the logs of the runs that it continues. No I/O, no clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "engine/carried_write.hpp"
#include "engine/definition.hpp"
#include "engine/fact.hpp"
#include "engine/run.hpp"

namespace engine {

// With which version a run is replayed.
enum class ReplayVersion {
  original,  // the failed run itself goes on from its failed tasks, by the version it began with
  latest,    // a new run of the version that is live now; it knows what the runs before it have sent
};
std::string_view to_string(ReplayVersion version);
std::optional<ReplayVersion> read_replay_version(std::string_view word);

// The facts with which a failed run goes on: its failed tasks are ready again, save those whose failure a task behind
// an `on: failed` edge has made good, and what was skipped on their account is open again. Finished tasks stay as they
// are. `item`: of a child run, the place of its task.
struct Reopening {
  std::vector<Fact> facts{};
  std::vector<std::string> lists{};  // tasks whose child runs that have not succeeded go on with it
};
Reopening reopening(const WorkflowDefinition& definition, const std::vector<Fact>& log,
                    std::optional<std::size_t> item_of, base::TimePoint now);

// One run about the response that is replayed.
struct EarlierRun {
  std::string id{};
  const WorkflowDefinition& definition;
  const std::vector<Fact>& log;
  std::string item{};  // id of a child run's item
};

// Adds what the run has sent, or may have sent.
void collect_writes(const EarlierRun& run, std::vector<CarriedWrite>& writes);

// The first facts of a new run that replays `of`: that it does, what was sent before, and the response where a notice's
// was fetched already. Writes of tasks that the version does not have any more are left out.
std::vector<Fact> beginning_of_replay(const WorkflowDefinition& definition, std::string of,
                                      const std::vector<CarriedWrite>& writes, std::string fetched_body,
                                      base::TimePoint now);

}  // namespace engine
