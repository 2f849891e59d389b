// A run that is carried through in memory and leaves nothing behind but its telling: the same decisions, the same gate.
// What it does in the world is up to the task types of the catalogue that it is given.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "engine/catalog.hpp"
#include "engine/gate.hpp"
#include "engine/live_run.hpp"
#include "engine/run_executor.hpp"
#include "engine/run_ledger.hpp"

namespace engine {

// A run as it has come to rest: over, held, or waiting for long.
struct RehearsedRun {
  std::shared_ptr<LiveRun> run{};
  std::vector<Fact> facts{};
  std::vector<RehearsedRun> children{};  // of its lists, in their order
};

class Rehearsal {
 public:
  Rehearsal(const Catalog& catalog, Gate& gate, base::Clock& clock, base::Random& random, base::Log& log)
      : clock_(clock), executor_(catalog, gate, ledger_, clock, random, log) {}

  // `run` says who and what it is; its number is given here. `beginning`: facts that stand before it starts.
  base::awaitable<RehearsedRun> carry_through(std::shared_ptr<LiveVersion> version, Run run,
                                              std::vector<Fact> beginning, std::shared_ptr<const ValueSource> values);

 private:
  // Keeps what it is told of one run and its child runs.
  class Ledger final : public RunLedger {
   public:
    std::int64_t next_run_no() override { return ++last_no_; }
    base::awaitable<Recorded> record(StepRecord step) override;
    base::awaitable<std::vector<std::string>> read_log(BrandId brand, std::int64_t run_no) override;
    base::awaitable<std::optional<std::vector<ItemEnd>>> ended_children(BrandId brand, std::int64_t run_no,
                                                                        std::string task) override;

    void forget();
    void begin(std::int64_t run_no, const std::vector<Fact>& facts);
    const std::vector<std::string>& log_of(std::int64_t run_no) { return logs_[run_no]; }
    std::vector<Fact> facts_of(std::int64_t run_no) const;
    // Child runs that nobody has taken yet.
    std::vector<NewChild> take_children() { return std::exchange(waiting_, {}); }

   private:
    std::int64_t last_no_ = 0;
    std::map<std::int64_t, std::vector<std::string>> logs_{};
    std::map<std::int64_t, RunTurn> ends_{};
    std::vector<NewChild> children_{};
    std::vector<NewChild> waiting_{};
  };

  std::shared_ptr<LiveRun> make_live(std::shared_ptr<LiveVersion> version, Run run,
                                     std::shared_ptr<const ValueSource> values);

  base::Clock& clock_;
  Ledger ledger_{};
  RunExecutor executor_;
};

}  // namespace engine
