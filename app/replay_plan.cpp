#include "app/replay_plan.hpp"

#include <algorithm>
#include <utility>

#include "app/plan_outlook.hpp"
#include "base/json_writer.hpp"
#include "engine/rehearsal.hpp"
#include "engine/run_replay.hpp"
#include "tasks/catalog.hpp"
#include "tasks/planned_task.hpp"

namespace app {
namespace {

std::vector<ReplayAccount> accounts_of(const engine::RehearsedRun& rehearsed) {
  std::vector<ReplayAccount> accounts;
  const std::vector<engine::TaskDefinition>& tasks = rehearsed.run->definition().tasks;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const engine::BoundAccount& bound = rehearsed.run->accounts[i];
    const bool is_told = std::any_of(accounts.begin(), accounts.end(),
                                     [&](const ReplayAccount& one) { return one.alias == tasks[i].account; });
    if (tasks[i].account.empty() || bound.org_id.empty() || is_told) continue;
    accounts.push_back({tasks[i].account, bound.environment, bound.org_id});
  }
  return accounts;
}

base::awaitable<engine::RehearsedRun> rehearse(Services& services, engine::BrandId brand, engine::RunRow run,
                                               engine::ReplayProspect prospect, tasks::PlannedWrites& writes) {
  // A catalogue of its own, which sends no writes; of orgs it knows what the server knows.
  tasks::Collaborators collaborators;
  collaborators.salesforce = &services.salesforce;
  collaborators.surveys = &services.surveys;
  collaborators.clock = &services.clock;
  collaborators.knowledge = services.org_knowledge;
  collaborators.plan = &writes;
  const engine::Catalog catalog = tasks::make_catalog(collaborators);
  engine::Rehearsal rehearsal(catalog, services.gate, services.clock, services.random, services.log);
  engine::Run next;
  next.brand = brand;
  next.id = prospect.id;
  next.effect_root = prospect.effect_root;
  next.workflow_no = run.workflow_no;
  next.version_no = prospect.version->no;
  co_return co_await rehearsal.carry_through(prospect.version, std::move(next), std::move(prospect.beginning),
                                             prospect.values);
}

}  // namespace

base::awaitable<base::Result<ReplayPlan>> plan_replay(Services& services, engine::BrandId brand, engine::RunRow run) {
  base::Result<engine::ReplayProspect> prospect = co_await services.replay.prospect(brand, run);
  if (!prospect) co_return prospect.error();
  ReplayPlan plan{.run = run.id, .ran = run.version, .live = prospect->version->number};
  if (prospect->ran) plan.differences = engine::document_diff(prospect->ran->definition, prospect->version->definition);
  plan.is_fetched = prospect->values != nullptr;
  if (!plan.is_fetched) co_return plan;
  tasks::PlannedWrites writes(tasks::PlannedWrites::OwnKeys::may_be_there);
  const engine::RehearsedRun rehearsed =
      co_await rehearse(services, brand, std::move(run), *std::move(prospect), writes);
  plan.accounts = accounts_of(rehearsed);
  plan.planned.tasks = outlooks_of(rehearsed, services.catalog, writes);
  co_return plan;
}

base::JsonText to_json(const ReplayPlan& plan, bool shows_values) {
  PlanTally tally;
  tally.add(plan.planned);
  base::JsonWriter json;
  json.begin_object();
  json.field("run", plan.run);
  json.key("version");
  json.begin_object();
  json.field("ran", plan.ran);
  json.field("live", plan.live);
  json.end_object();
  json.field("differences", engine::to_json(plan.differences));
  json.key("accounts");
  json.begin_array();
  for (const ReplayAccount& account : plan.accounts) {
    json.begin_object();
    json.field("alias", account.alias);
    json.field("environment", account.environment);
    json.field("org_id", account.org_id);
    json.end_object();
  }
  json.end_array();
  json.field("fetched", plan.is_fetched);
  json.key("tasks");
  json.begin_array();
  for (const PlannedTask& task : plan.planned.tasks) write_planned_task(json, task, shows_values);
  json.end_array();
  json.field("calls", plan.planned.calls());
  json.field("has_changes", tally.has_changes());
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace app
