#include "engine/intake.hpp"

#include <fmt/format.h>

#include "engine/errors.hpp"
#include "engine/run_id.hpp"

namespace engine {

base::awaitable<base::Result<IntakeAnswer>> Intake::accept(BrandId brand, TriggerEvent event) {
  const std::string hash = event_hash(people_.brand(brand)->id, event.source, event.dedup_key);
  IntakeAnswer answer{.event_id = "evt_" + hash};
  std::vector<Candidate> candidates;
  for (const Workflow* workflow : workflows_.fed_by(brand, event.source)) {
    if (std::optional<NotStarted> reason = co_await why_not(*workflow, event)) {
      answer.not_started.push_back(std::move(*reason));
      continue;
    }
    candidates.push_back(co_await make_run(*workflow, event, hash));
    answer.run_ids.push_back(run_id(hash, workflow->id, 0));
  }
  if (candidates.empty() && answer.not_started.empty()) {
    answer.not_started.push_back(NotStarted{0, hook_without_workflow, "no workflow's trigger names this hook"});
  }

  const RunQueue::Accepted accepted = co_await write_down(brand, hash, event, candidates, answer.not_started);
  if (!accepted.is_new) co_return co_await answer_again(brand, std::move(event), hash);
  for (std::size_t i = 0; i < candidates.size(); ++i) hand_over(std::move(candidates[i]), accepted.facts_written[i]);
  co_return answer;
}

base::awaitable<std::optional<NotStarted>> Intake::why_not(const Workflow& workflow, const TriggerEvent& event) {
  if (!workflow.enabled)
    co_return NotStarted{workflow.no, workflow_disabled, fmt::format("workflow '{}' is not enabled", workflow.name)};
  std::shared_ptr<LiveVersion> version = co_await workflows_.version(workflow.version_no);
  if (!version)
    co_return NotStarted{workflow.no, workflow_disabled,
                         fmt::format("workflow '{}' has no version that this program understands", workflow.name)};
  const TriggerDefinition& trigger = version->definition.trigger;
  if (!trigger.survey.empty() && !event.survey.empty() && trigger.survey != event.survey) {
    co_return NotStarted{
        workflow.no, survey_differs,
        fmt::format("the response is of survey {}, the workflow's trigger names {}", event.survey, trigger.survey)};
  }
  if (!trigger.when || !event.values) co_return std::nullopt;
  base::Result<bool> met = holds(*trigger.when, *event.values);
  if (!met) co_return NotStarted{workflow.no, trigger_condition_unreadable, met.error().message};
  if (!*met) co_return NotStarted{workflow.no, trigger_condition_false, "the trigger's condition does not hold"};
  co_return std::nullopt;
}

base::awaitable<Intake::Candidate> Intake::make_run(const Workflow& workflow, const TriggerEvent& event,
                                                    std::string hash) {
  Candidate candidate;
  NewRun& run = candidate.run;
  run.no = queue_.next_run_no();
  run.workflow_no = workflow.no;
  run.version_no = workflow.version_no;
  const std::optional<Project> project = people_.project(workflow.brand, workflow.project);
  run.ownership =
      RunOwnership{workflow.project, project ? project->owner : "", workflow.creator, gate_.epoch(workflow.brand)};
  // A notice is fetched first, and beyond the cap a run only queues: the sender's answer waits for neither.
  if (!event.values) co_return candidate;
  candidate.room = worker_.take_room();
  if (!candidate.room) co_return candidate;

  std::shared_ptr<LiveVersion> version = co_await workflows_.version(workflow.version_no);
  Run state{.no = run.no, .brand = workflow.brand, .id = run_id(hash, workflow.id, 0)};
  state.workflow_no = run.workflow_no;
  state.version_no = run.version_no;
  state.state = RunState::running;
  state.effect_root = state.id;
  run.lease = worker_.new_lease();
  candidate.live = std::make_shared<LiveRun>(std::move(version), std::move(state), run.lease, clock_);
  candidate.live->values.set_event(event.values);
  Preparation preparation = executor_.prepare(*candidate.live);
  // Only what needs no waiting goes into the first commit; a run that ends in it, or is held, is recorded by the
  // executor.
  const bool is_moving = rest_of(candidate.live->definition(), candidate.live->run).kind == Rest::Kind::moving;
  const bool needs_nothing_more =
      preparation.to_compile.empty() && preparation.children.empty() && candidate.live->causes.empty();
  if (needs_nothing_more && is_moving && !preparation.facts.empty()) {
    run.facts = to_json(preparation.facts);
    run.ownership.epoch = gate_.epoch(workflow.brand);
    candidate.starts = std::move(preparation.starts);
  } else {
    candidate.live->forget_progress();
  }
  co_return candidate;
}

base::awaitable<RunQueue::Accepted> Intake::write_down(BrandId brand, const std::string& hash,
                                                       const TriggerEvent& event,
                                                       const std::vector<Candidate>& candidates,
                                                       const std::vector<NotStarted>& not_started) {
  std::vector<NewRun> runs;
  for (const Candidate& candidate : candidates) runs.push_back(candidate.run);
  try {
    co_return co_await queue_.accept(brand, queue_.next_event_no(), hash, event, std::move(runs), not_started);
  } catch (const std::exception&) {
    // It may have been committed all the same, and then the sender's next try starts nothing.
    for (const Candidate& candidate : candidates) {
      if (candidate.live) worker_.give_back_later(brand, candidate.run.no, candidate.run.lease);
    }
    throw;
  }
}

void Intake::hand_over(Candidate candidate, bool facts_written) {
  if (!candidate.live) return worker_.ring();
  if (facts_written) {
    candidate.live->next_seq = 2;
  } else {
    candidate.live->forget_progress();
    candidate.starts.clear();
  }
  worker_.adopt(std::move(candidate.live), std::move(candidate.starts), std::move(candidate.room));
}

base::awaitable<base::Result<IntakeAnswer>> Intake::answer_again(BrandId brand, TriggerEvent event, std::string hash) {
  RunQueue::Earlier earlier = co_await queue_.earlier(brand, hash);
  IntakeAnswer answer{.event_id = "evt_" + hash, .run_ids = std::move(earlier.run_ids), .repeated = true};
  answer.body_differs = earlier.body != event.body;
  if (answer.body_differs && event.key_is_explicit) {
    co_return base::Error{key_reused_with_other_body,
                          fmt::format("the key '{}' came with another body before", event.dedup_key)};
  }
  if (answer.body_differs)
    log_.warning("a repeated event has another body; the first one stands", {{"event", answer.event_id}});
  co_return answer;
}

}  // namespace engine
