// Takes trigger events in: one transaction for the event and its runs, durable before the sender hears of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/log.hpp"
#include "engine/gate.hpp"
#include "engine/people_store.hpp"
#include "engine/run_executor.hpp"
#include "engine/run_queue.hpp"
#include "engine/worker.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

struct IntakeAnswer {
  std::string event_id;  // evt_…
  std::vector<std::string> run_ids{};
  std::vector<NotStarted> not_started{};  // of a new event
  bool repeated = false;                  // it had been delivered before: nothing was started
  bool body_differs = false;              // … with another body; the first one stands
};

class Intake {
 public:
  Intake(const PeopleStore& people, WorkflowStore& workflows, Gate& gate, RunQueue& queue, RunExecutor& executor,
         Worker& worker, base::Clock& clock, base::Log& log)
      : people_(people),
        workflows_(workflows),
        gate_(gate),
        queue_(queue),
        executor_(executor),
        worker_(worker),
        clock_(clock),
        log_(log) {}

  // Durable when it resumes; never waits for an org. The same explicit key with another body is
  // key_reused_with_other_body.
  base::awaitable<base::Result<IntakeAnswer>> accept(BrandId brand, TriggerEvent event);
  // Why a workflow that the event's hook feeds does not start for it; nullopt: it does.
  base::awaitable<std::optional<NotStarted>> why_not(const Workflow& workflow, const TriggerEvent& event);

 private:
  struct Candidate {
    NewRun run;
    std::shared_ptr<LiveRun> live;  // null: only queued
    Worker::Room room;
    std::vector<std::size_t> starts;
  };

  base::awaitable<Candidate> make_run(const Workflow& workflow, const TriggerEvent& event, std::string hash);
  base::awaitable<RunQueue::Accepted> write_down(BrandId brand, const std::string& hash, const TriggerEvent& event,
                                                 const std::vector<Candidate>& candidates,
                                                 const std::vector<NotStarted>& not_started);
  void hand_over(Candidate candidate, bool facts_written);
  base::awaitable<base::Result<IntakeAnswer>> answer_again(BrandId brand, TriggerEvent event, std::string hash);

  const PeopleStore& people_;
  WorkflowStore& workflows_;
  Gate& gate_;
  RunQueue& queue_;
  RunExecutor& executor_;
  Worker& worker_;
  base::Clock& clock_;
  base::Log& log_;
};

}  // namespace engine
