// Takes a leased run through its tasks: for each ready one authorise, compile, next, perform; one commit per step.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/async.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "engine/catalog.hpp"
#include "engine/gate.hpp"
#include "engine/live_run.hpp"
#include "engine/run_queue.hpp"
#include "engine/transition.hpp"

namespace engine {

// What happened since the start, for /metrics.
struct RunCounters {
  std::int64_t runs_succeeded = 0;
  std::int64_t runs_failed = 0;
  std::int64_t runs_cancelled = 0;
  std::int64_t runs_held = 0;
  std::int64_t attempts = 0;
  std::int64_t attempts_failed = 0;
};

class RunExecutor {
 public:
  RunExecutor(const Catalog& catalog, Gate& gate, RunQueue& queue, base::Clock& clock, base::Random& random,
              base::Log& log)
      : catalog_(catalog), gate_(gate), queue_(queue), clock_(clock), random_(random), log_(log) {}

  // What can be decided about a run without waiting: skips, holds, ends of tasks, and the attempts to begin. The facts
  // are applied to the run already; they are true once they are recorded.
  struct Preparation {
    std::vector<Fact> facts{};
    std::vector<std::size_t> starts{};      // tasks whose attempt begins once the facts stand
    std::vector<std::size_t> to_compile{};  // tasks that cannot go on before compile() has been awaited
    std::vector<NewChild> children{};       // child runs that begin once the facts stand
  };
  Preparation prepare(LiveRun& live);

  // Runs it until it is over, held, or waits longer than a lease is worth. `starts`: attempts whose facts stand
  // already.
  base::awaitable<void> execute(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts);

  const RunCounters& counters() const { return counters_; }

 private:
  std::vector<Fact> end_cancelled(LiveRun& live);
  void advance(LiveRun& live, std::size_t index, Preparation& preparation);
  void start(LiveRun& live, std::size_t index, std::optional<FrozenStep> step, Preparation& preparation);
  bool may_be_lifted(const LiveRun& live, std::size_t index) const;
  bool is_refused(LiveRun& live, std::size_t index, Preparation& preparation);
  bool skips_by_condition(LiveRun& live, std::size_t index, Preparation& preparation);
  void decide_next(LiveRun& live, std::size_t index, const CompiledTask& task, Preparation& preparation);
  void spread(LiveRun& live, std::size_t index, Children children, Preparation& preparation);

  base::awaitable<bool> obtain_values(std::shared_ptr<LiveRun> live);
  base::awaitable<bool> fetch(LiveRun& live, TriggerType& type);
  base::awaitable<Recorded> record(LiveRun& live, std::vector<Fact> facts, RunTurn turn,
                                   std::vector<NewChild> children = {});
  base::awaitable<void> look_at_children(LiveRun& live);
  base::awaitable<void> reload(LiveRun& live);
  base::awaitable<void> launch(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts,
                               std::vector<std::size_t> to_compile);
  base::awaitable<void> compile(std::shared_ptr<LiveRun> live, std::size_t index);
  base::awaitable<void> attempt(std::shared_ptr<LiveRun> live, std::size_t index);
  base::awaitable<base::Status> before_sending(std::shared_ptr<LiveRun> live, std::size_t index);
  void take_outcomes(LiveRun& live, std::vector<Fact>& facts);
  Fact fact_after(LiveRun& live, std::size_t index, const base::Error& error);
  base::JsonText diagnosis_of(const LiveRun& live, std::size_t index);
  RunTurn turn_of(const LiveRun& live) const;
  void count_end(const RunTurn& turn);

  const Catalog& catalog_;
  Gate& gate_;
  RunQueue& queue_;
  base::Clock& clock_;
  base::Random& random_;
  base::Log& log_;
  RunCounters counters_;
};

}  // namespace engine
