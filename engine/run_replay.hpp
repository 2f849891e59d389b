// Carrying a response through once more because a person says so: the failed run goes on where it failed, or a new run
// follows it by the version that is live now. Effect keys are those of the first run, so what has a key in the org is
// changed and never made twice, and what has none and was sent is not sent again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/audit_log.hpp"
#include "engine/catalog.hpp"
#include "engine/gate.hpp"
#include "engine/intake.hpp"
#include "engine/people_store.hpp"
#include "engine/replay.hpp"
#include "engine/run_history.hpp"
#include "engine/run_queue.hpp"
#include "engine/worker.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

// The run that would follow.
struct ReplayProspect {
  std::string id{};           // of the new run
  std::string effect_root{};  // id of the first run
  std::string follows{};      // id of the newest so far
  std::int64_t follows_no = 0;
  std::shared_ptr<LiveVersion> ran{};      // the version of that one; null: this program does not understand it
  std::shared_ptr<LiveVersion> version{};  // the live one
  std::vector<Fact> beginning{};
  std::shared_ptr<const ValueSource> values{};  // null: the response behind a notice is still to be fetched
};

class RunReplay {
 public:
  RunReplay(AuditLog& audit, const PeopleStore& people, WorkflowStore& workflows, const Catalog& catalog, Gate& gate,
            RunQueue& queue, Intake& intake, RunHistory& history, Worker& worker, base::Clock& clock)
      : audit_(audit),
        people_(people),
        workflows_(workflows),
        catalog_(catalog),
        gate_(gate),
        queue_(queue),
        intake_(intake),
        history_(history),
        worker_(worker),
        clock_(clock) {}

  // `original`: durable when it resumes. run_not_replayable says why it cannot be.
  base::awaitable<base::Status> go_on(std::string who, BrandId brand, RunRow run);
  // `latest`: the new run's id. `live_version`: the number of the version that the person has seen; another one by now
  // is version_moved. 0: whichever is live.
  base::awaitable<base::Result<std::string>> follow(std::string who, BrandId brand, RunRow run, int live_version);
  // What follow() would begin with; nothing is written.
  base::awaitable<base::Result<ReplayProspect>> prospect(BrandId brand, RunRow run);

 private:
  base::awaitable<base::Result<std::vector<CarriedWrite>>> writes_of(BrandId brand, std::vector<RunRow> runs);
  base::awaitable<base::Status> judge_response(BrandId brand, const RunRow& run, const Workflow& workflow,
                                               ReplayProspect& prospect);

  AuditLog& audit_;
  const PeopleStore& people_;
  WorkflowStore& workflows_;
  const Catalog& catalog_;
  Gate& gate_;
  RunQueue& queue_;
  Intake& intake_;
  RunHistory& history_;
  Worker& worker_;
  base::Clock& clock_;
};

}  // namespace engine
