// What follows from what happened: pure decisions over a run's state. No I/O, no clock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "engine/definition.hpp"
#include "engine/fact.hpp"
#include "engine/run.hpp"

namespace engine {

enum class EdgeState { open, holds, never };

// Whether a task behind an `on: failed` edge of this failed one has succeeded: that makes the failure good.
bool is_made_good(const WorkflowDefinition& definition, const Run& run, std::size_t failed);

// Whether an edge's wish is fulfilled, can still be, or never will be.
EdgeState edge_state(On on, TaskState from);

// What the edges of a pending task say together.
EdgeState edges_of(const TaskDefinition& task, const Run& run);

// The fact that follows from a failed attempt: tried (with a later time), held, or failed. `uncertain` attempts of a
// write that nothing protects go by the author's on_unclear.
Fact after_error(const TaskDefinition& definition, const TaskProgress& task, int index, const std::string& run_id,
                 const base::Error& error, base::TimePoint now, base::Random& random);

// The fact that holds a write of which it is unclear whether it was carried out. `why` goes on the sentence.
Fact hold_as_unclear(const TaskProgress& task, int index, const std::string& run_id, base::TimePoint now,
                     std::string why);

// A write that may have been sent and must not be sent again by itself: the fact that holds it; nullopt when it may go
// on.
std::optional<Fact> hold_if_unclear(const TaskDefinition& definition, const TaskProgress& task, int index,
                                    const std::string& run_id, base::TimePoint now);

// The fact that skips a task which has not begun and can never run any more, and why; nullopt while it still may.
std::optional<Fact> skip_if_impossible(const WorkflowDefinition& definition, const Run& run, std::size_t index,
                                       base::TimePoint now);

// What the run as a whole has come to.
struct Rest {
  enum class Kind { moving, waits, held, over } kind = Kind::moving;
  RunState state = RunState::running;  // of an end
  std::optional<base::TimePoint>
      due_at{};  // the earliest timer, also of a moving run; none where only child runs are waited for
  std::vector<std::size_t> children_of{};  // tasks that wait for the child runs of their items
  std::vector<std::string> keys{};         // whatever could lift any of its holds
  std::string code{};                      // of the first hold
};

// moving: something is ready or running. A run has failed if a failed task has no succeeded `on: failed` successor; it
// is held only when nothing else in it can move.
Rest rest_of(const WorkflowDefinition& definition, const Run& run);

// The facts with which a person lets a held run go on: every held task is released. Where it is unclear whether a write
// was carried out, `unclear` must say "done" (go on as if it were) or "repeat" (send it again); without it that is
// outcome_unclear.
base::Result<std::vector<Fact>> resumption(const WorkflowDefinition& definition, const std::vector<Fact>& log,
                                           std::string_view unclear, base::TimePoint now);

}  // namespace engine
