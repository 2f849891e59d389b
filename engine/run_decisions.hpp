// What can be decided about a run without waiting: which tasks are skipped, held, over, or begin, and what that comes
// to.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "engine/catalog.hpp"
#include "engine/gate.hpp"
#include "engine/live_run.hpp"
#include "engine/run_ledger.hpp"
#include "engine/transition.hpp"

namespace engine {

// A shorter pause is waited out in memory; a longer one is not worth keeping the run from other workers.
inline constexpr base::Duration lease_worth{5'000};

// The facts are applied to the run already; they are true once they are recorded.
struct Preparation {
  std::vector<Fact> facts{};
  std::vector<std::size_t> starts{};      // tasks whose attempt begins once the facts stand
  std::vector<std::size_t> to_compile{};  // tasks that cannot go on before they are compiled
  std::vector<NewChild> children{};       // child runs that begin once the facts stand
};

class RunDecisions {
 public:
  // `ledger` numbers child runs; nothing else of it is used.
  RunDecisions(const Catalog& catalog, Gate& gate, RunLedger& ledger, base::Clock& clock, base::Random& random)
      : catalog_(catalog), gate_(gate), ledger_(ledger), clock_(clock), random_(random) {}

  Preparation prepare(LiveRun& live);
  // Of a run that a person has ended and of which nothing is under way.
  std::vector<Fact> end_cancelled(LiveRun& live);
  // What attempts and compilations have brought. How many of them have failed.
  int take_outcomes(LiveRun& live, std::vector<Fact>& facts);
  // What follows for the run as a whole.
  RunTurn turn_of(const LiveRun& live) const;

 private:
  void advance(LiveRun& live, std::size_t index, Preparation& preparation);
  void start(LiveRun& live, std::size_t index, std::optional<FrozenStep> step, Preparation& preparation);
  bool may_be_lifted(const LiveRun& live, std::size_t index) const;
  bool is_refused(LiveRun& live, std::size_t index, Preparation& preparation);
  bool skips_by_condition(LiveRun& live, std::size_t index, Preparation& preparation);
  void decide_next(LiveRun& live, std::size_t index, const CompiledTask& task, Preparation& preparation);
  bool was_sent_before(LiveRun& live, std::size_t index, Effect effect, Preparation& preparation);
  void spread(LiveRun& live, std::size_t index, Children children, Preparation& preparation);
  Fact fact_after(LiveRun& live, std::size_t index, const base::Error& error);
  base::JsonText diagnosis_of(const LiveRun& live, std::size_t index);

  const Catalog& catalog_;
  Gate& gate_;
  RunLedger& ledger_;
  base::Clock& clock_;
  base::Random& random_;
};

}  // namespace engine
