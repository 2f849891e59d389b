#include "app/response_rehearsal.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/run_id.hpp"

namespace app {

base::awaitable<RehearsedResponse> ResponseRehearsal::rehearse(std::int64_t workflow_no, engine::TriggerEvent event,
                                                               std::vector<engine::Fact> beginning) {
  const engine::Workflow& workflow = *services_.workflows.find(workflow_no);
  event.source = workflow.hook;
  event.received_at = services_.clock.now();
  RehearsedResponse rehearsed;
  rehearsed.not_started = co_await services_.intake.why_not(workflow, event);
  if (rehearsed.not_started) co_return rehearsed;

  const std::string& brand = services_.people.brand(workflow.brand)->id;
  const std::string hash = engine::event_hash(brand, workflow.hook, fmt::format("rehearsed {}", ++rehearsed_));
  engine::Run run;
  run.brand = workflow.brand;
  run.id = run.effect_root = engine::run_id(hash, workflow.id, 0);
  run.workflow_no = workflow.no;
  run.version_no = workflow.version_no;
  std::shared_ptr<engine::LiveVersion> version = co_await services_.workflows.version(workflow.version_no);
  rehearsed.run =
      co_await rehearsal_.carry_through(std::move(version), std::move(run), std::move(beginning), event.values);
  co_return rehearsed;
}

}  // namespace app
