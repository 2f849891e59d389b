// One fact of a run's log. A log row holds the facts of one commit; a run's position is the fold of its facts, and its
// history is their telling.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/task.hpp"

namespace engine {

enum class What {
  started,   // an attempt begins; with the frozen step at its first attempt
  sent,      // an author_decides write is about to leave
  answered,  // the step at hand has its answer
  tried,     // the attempt failed; another one is due
  waiting,   // the task waits for a point in time
  done,      // the task succeeded, with its output
  failed,
  skipped,
  held,      // waits for a person
  released,  // was lifted, or a person asked for it
  repeated,  // a person decided that an unclear write is sent again
  taken,     // the run was taken over from a worker that is gone
  fetched,   // the whole behind a notice has arrived
  ended,     // of the run
  spread,    // one child run for each item of a list; the items
  reopened,  // a person lets a failed run go on: the run, and each task that is open again
  replays,   // this run replays another one, whose id it holds
  carried,   // a write that a run before this one has sent: CarriedWrite
};

struct Fact {
  What what = What::started;
  int task = -1;  // index; -1: the run itself, or the fetching of its event
  base::TimePoint at{};
  int attempt = 0;
  bool is_write = false;
  Effect effect = Effect::repeatable;
  base::JsonText content{};  // record, question, answer, output; of a hold or a failure on an account: the diagnosis
  std::string code{};        // of an error, hold, skip; the state of an end
  base::Kind kind = base::Kind::permanent;
  std::string message{};
  std::string details{};      // JSON kept from the other side
  std::vector<Note> notes{};  // of the step that a start freezes
  std::string lifted_by{};
  std::vector<std::string> keys{};
  std::optional<base::TimePoint> due_at{};
  std::int64_t epoch = 0;                          // of the verdict an attempt stands under; 0: no gate was asked
  std::string account{};                           // it was allowed on, and
  std::string environment{}, org_id{}, grounds{};  // where that led to, and why it may be used (Verdict::grounds)
  bool unclear = false;                            // an earlier attempt may have been carried out
};

// Starts and the gate's holds are true only under the epoch of their verdict; every other fact is true whatever
// happens.
bool needs_epoch(const Fact& fact);
// Of `facts`, those that are true whatever the gate says now. An attempt that was blocked has ended all the same; then
// the gate is asked again at once.
void keep_without_epoch(std::vector<Fact>& facts);
// What is left of an attempt that was blocked when the verdict on the block does not stand any more.
Fact end_without_hold(const Fact& held);

std::string to_json(std::span<const Fact> facts);
base::Result<std::vector<Fact>> read_facts(std::string_view json);
std::string_view to_string(What what);

}  // namespace engine
