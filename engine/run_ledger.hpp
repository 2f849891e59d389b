// Where a run's steps are written down while it is carried through: the database's queue, or memory where nothing is to
// be left of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/time.hpp"
#include "engine/failure_cause.hpp"
#include "engine/for_each.hpp"
#include "engine/people.hpp"
#include "engine/run.hpp"

namespace engine {

// What follows for the run row when a step is recorded.
struct RunTurn {
  enum class To { goes_on, over, held, queued } to = To::goes_on;
  RunState state = RunState::running;       // of over
  std::string code{};                       // of held, and of what it failed or was cancelled for
  std::vector<std::string> keys{};          // of held, and of a queued run part of which is: they make it due earlier
  std::optional<base::TimePoint> due_at{};  // of queued; none where only child runs are waited for
  std::vector<std::string> children_of{};   // of queued: tasks, the end of whose last child run makes it due
};

// A child run that begins with a step of its parent.
struct NewChild {
  std::int64_t no = 0;
  std::string task{};  // id
  int number = 0;      // the item's place in the list
};

// The child run that a step is of.
struct StepOfItem {
  std::int64_t parent = 0;
  std::string task{};
};
std::optional<StepOfItem> step_of_item(const Run& run);

struct StepRecord {
  std::int64_t run_no = 0;
  BrandId brand{};
  std::string lease;
  int seq = 0;
  base::TimePoint at{};
  std::string facts{};                // all; written only under `epoch` where that is not 0
  std::string facts_without_epoch{};  // those that are true whatever the gate says now; may be empty
  std::int64_t epoch = 0;
  RunTurn turn{};
  std::vector<NewChild> children{};  // queued with it, whether the epoch has moved or not
  std::optional<StepOfItem> item{};
  std::int64_t workflow_no = 0;
  std::vector<CauseChange> causes{};     // in the order in which they came about
  std::vector<std::string> made_good{};  // of a run that is over: tasks whose failures do not count
};

enum class Recorded {
  whole,        // everything stands
  epoch_moved,  // only facts_without_epoch stand, the turn was not made: decide again
  lease_lost,   // nothing stands: the run is somebody else's
};

class RunLedger {
 public:
  virtual ~RunLedger() = default;

  // Numbers a run that is still to be written down.
  virtual std::int64_t next_run_no() = 0;
  // The fenced write: it stands only while the lease is ours.
  virtual base::awaitable<Recorded> record(StepRecord step) = 0;
  // The facts of a run's rows, in order.
  virtual base::awaitable<std::vector<std::string>> read_log(BrandId brand, std::int64_t run_no) = 0;
  // How the child runs of a task ended, in the order of the list; nullopt while one of them has not.
  virtual base::awaitable<std::optional<std::vector<ItemEnd>>> ended_children(BrandId brand, std::int64_t run_no,
                                                                              std::string task) = 0;
};

}  // namespace engine
