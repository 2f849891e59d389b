// A run: one execution of one version for one trigger event, and how far each of its tasks has come. Values and the
// pure fold of the run's log; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_text.hpp"
#include "base/time.hpp"
#include "base/value.hpp"
#include "engine/carried_write.hpp"
#include "engine/fact.hpp"
#include "engine/item.hpp"
#include "engine/people.hpp"
#include "engine/task.hpp"

namespace engine {

enum class RunState { queued, running, succeeded, failed, cancelled, held };
enum class TaskState { pending, ready, running, waiting, succeeded, failed, skipped, held };

std::string_view to_string(RunState state);
std::string_view to_string(TaskState state);
std::optional<RunState> read_run_state(std::string_view text);
bool is_over(RunState state);   // succeeded, failed, cancelled
bool is_over(TaskState state);  // succeeded, failed, skipped

// The step at hand, frozen by its first attempt.
struct FrozenStep {
  bool is_write = false;
  Effect effect = Effect::repeatable;
  base::JsonText content{};
  std::vector<Note> notes{};  // for the fact that freezes it; not kept after that
};

// A task's output, flat.
using Output = Members;

struct TaskProgress {
  TaskState state = TaskState::pending;
  int attempt = 0;              // of the step at hand; the last one begun
  int attempts_counted = 0;     // throttled ones are not
  bool sent = false;            // an author_decides write: its first byte may have left
  bool unclear_before = false;  // an earlier attempt of this step may have been carried out
  bool repeat_allowed = false;  // a person said: send it again although it is unclear; until it is unclear anew
  std::optional<FrozenStep> step{};
  std::vector<Answer> answers{};
  int writes = 0;                           // answered so far; numbers the effect keys
  std::optional<base::TimePoint> due_at{};  // of a waiting task
  std::optional<base::TimePoint> failing_since{};
  base::Duration left_out{0};  // throttled and held time, which `within` does not count
  std::optional<base::TimePoint> held_at{};
  std::string code{};               // of the last error, hold or skip
  std::vector<std::string> keys{};  // that could lift a hold
  bool has_children = false;        // waits for the child runs of its items
  base::JsonText items{};           // of those, frozen
  Output output{};
  base::JsonText whole_output{};  // as it was given: `output` keeps no objects of a list
};

// What a child run is there for: one task, for one item.
struct ItemOfRun {
  std::int64_t parent = 0;  // number of the run it belongs to
  std::size_t task = 0;
  std::string task_id{};
  int number = 0;    // the item's place in the list, from 1
  std::string id{};  // the item's own; known once its parent's log is read
};

struct Run {
  std::int64_t no = 0;
  BrandId brand{};
  std::string id{};  // run_…
  std::int64_t event_no = 0;
  std::int64_t workflow_no = 0;
  std::int64_t version_no = 0;
  int replay = 0;
  RunState state = RunState::queued;
  int seq = 0;                // of the last log row
  base::TimePoint last_at{};  // of the last fact
  std::string effect_root{};  // id of the root run: effect keys derive from it
  std::optional<ItemOfRun> item{};
  bool event_fetched = false;  // a notice whose whole has arrived; fetched_body holds it
  std::string fetched_body{};
  TaskProgress fetch{};                 // progress of that fetching
  std::vector<TaskProgress> tasks{};    // as in the definition
  std::vector<CarriedWrite> carried{};  // what runs before this one have sent

  // A child run does its one task; the others are its parent's.
  bool does(std::size_t task) const { return !item || item->task == task; }
};

// The fact that ends a run.
Fact end_of_run(RunState state, base::TimePoint at, std::string message);
// The same of one that a person has ended; the audit log says who.
Fact end_by_person(base::TimePoint at);

// Takes one fact of the log into account.
void apply(Run& run, const Fact& fact);

// The object of a task's output as `${task://…}` sees it.
Output read_output(std::string_view json);

}  // namespace engine
