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
#include "engine/fact.hpp"
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
};

// A task's output, flat: "Id", or "a/b" for a member of a member.
using Output = std::vector<std::pair<std::string, base::Value>>;

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
  Output output{};
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
  int seq = 0;                 // of the last log row
  base::TimePoint last_at{};   // of the last fact
  std::string effect_root{};   // id of the root run: effect keys derive from it
  bool event_fetched = false;  // a notice whose whole has arrived; fetched_body holds it
  std::string fetched_body{};
  TaskProgress fetch{};               // progress of that fetching
  std::vector<TaskProgress> tasks{};  // as in the definition
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
