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
#include "engine/run_decisions.hpp"
#include "engine/run_ledger.hpp"

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
  RunExecutor(const Catalog& catalog, Gate& gate, RunLedger& ledger, base::Clock& clock, base::Random& random,
              base::Log& log)
      : catalog_(catalog),
        gate_(gate),
        ledger_(ledger),
        clock_(clock),
        random_(random),
        log_(log),
        decisions_(catalog, gate, ledger, clock, random) {}

  // What can be decided without waiting; for whoever writes down a run's first step.
  Preparation prepare(LiveRun& live) { return decisions_.prepare(live); }

  // Runs it until it is over, held, or waits longer than a lease is worth. `starts`: attempts whose facts stand
  // already.
  base::awaitable<void> execute(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts);

  const RunCounters& counters() const { return counters_; }

 private:
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
  void count_end(const RunTurn& turn);

  const Catalog& catalog_;
  Gate& gate_;
  RunLedger& ledger_;
  base::Clock& clock_;
  base::Random& random_;
  base::Log& log_;
  RunDecisions decisions_;
  RunCounters counters_;
};

}  // namespace engine
