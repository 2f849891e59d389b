#include "engine/run_replay.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/crash_point.hpp"
#include "engine/errors.hpp"
#include "engine/for_each.hpp"
#include "engine/replay_rows.hpp"
#include "engine/run_id.hpp"

namespace engine {
namespace {

base::Error not_replayable(std::string why) { return {run_not_replayable, std::move(why)}; }

// Of either kind.
std::optional<base::Error> why_no_replay(const RunRow& run, const std::vector<RunRow>& all) {
  if (!run.parent.empty())
    return not_replayable(
        fmt::format("it is item {} of '{}' in {}: replay that run; its items that succeeded are not sent again",
                    run.item, run.task, run.parent));
  if (all.back().id != run.id) return not_replayable(fmt::format("{} follows it: replay that one", all.back().id));
  return std::nullopt;
}

// The ids of a list's items, by their places.
std::string item_id(const std::vector<Fact>& parent_log, const WorkflowDefinition& definition, const RunRow& child) {
  const std::optional<std::size_t> task = definition.index_of(child.task);
  for (const Fact& fact : parent_log) {
    const bool is_its_list = task && fact.what == What::spread && fact.task == static_cast<int>(*task);
    if (!is_its_list) continue;
    if (const std::optional<Item> item = frozen_item(fact.content, child.item)) return item->id;
  }
  return "";
}

}  // namespace

base::awaitable<base::Status> RunReplay::go_on(std::string who, BrandId brand, RunRow run) {
  const std::vector<RunRow> all = co_await history_.replays(brand, run);
  if (std::optional<base::Error> refusal = why_no_replay(run, all)) co_return *std::move(refusal);
  if (run.state != RunState::failed)
    co_return not_replayable(fmt::format(
        "only a failed run goes on from where it failed, and this one is {}. The version 'latest' begins anew",
        to_string(run.state)));
  const std::shared_ptr<LiveVersion> version = co_await workflows_.version(run.version_no);
  if (!version) co_return not_replayable("its version is not understood by this program; the version 'latest' may be");

  const std::vector<Fact> log = co_await history_.facts(brand, run.no);
  const Reopening opened = reopening(version->definition, log, std::nullopt, clock_.now());
  std::vector<std::pair<std::int64_t, std::string>> rows{{run.no, to_json(opened.facts)}};
  for (const RunRow& child : co_await history_.children(brand, run.no)) {
    const bool goes_on = child.state == RunState::failed &&
                         std::find(opened.lists.begin(), opened.lists.end(), child.task) != opened.lists.end();
    if (!goes_on) continue;
    const std::vector<Fact> log_of_child = co_await history_.facts(brand, child.no);
    const Reopening of_child =
        reopening(version->definition, log_of_child, version->definition.index_of(child.task), clock_.now());
    rows.emplace_back(child.no, to_json(of_child.facts));
  }

  AuditLog::Change change = [&](base::sql::Connection& sql) {
    for (const auto& [no, facts] : rows)
      if (!reopen_run(sql, brand, no, facts, clock_.now())) return false;
    return true;
  };
  AuditEntry entry{std::move(who), "run.replayed", run.id,
                   audit_details({{"workflow", run.workflow_id}, {"version", to_string(ReplayVersion::original)}})};
  base::crash_point("replay.before_commit");
  const bool is_written = co_await audit_.commit_if(brand, std::move(entry), std::move(change), /*raises_epoch=*/false);
  base::crash_point("replay.after_commit");
  if (!is_written) co_return not_replayable("it has been replayed meanwhile");
  worker_.ring();
  co_return base::Ok{};
}

base::awaitable<base::Result<std::string>> RunReplay::follow(std::string who, BrandId brand, RunRow run,
                                                             int live_version) {
  base::Result<ReplayProspect> planned = co_await prospect(brand, run);
  if (!planned) co_return planned.error();
  if (live_version != 0 && live_version != planned->version->number)
    co_return base::Error{version_moved, fmt::format("version {} is live by now", planned->version->number)};
  const Workflow* workflow = workflows_.find(run.workflow_no);
  const std::optional<Project> project = people_.project(brand, workflow->project);
  NewRun next;
  next.no = queue_.next_run_no();
  next.workflow_no = workflow->no;
  next.version_no = planned->version->no;
  next.ownership = {workflow->project, project ? project->owner : "", workflow->creator, gate_.epoch(brand)};
  next.facts = to_json(planned->beginning);
  const std::int64_t newest = planned->follows_no;
  AuditLog::Change change = [&](base::sql::Connection& sql) {
    return add_replay(sql, brand, newest, next, clock_.now());
  };
  AuditEntry entry{
      std::move(who), "run.replayed", run.id,
      audit_details(
          {{"workflow", run.workflow_id}, {"version", to_string(ReplayVersion::latest)}, {"run", planned->id}})};
  base::crash_point("replay.before_commit");
  const bool is_written = co_await audit_.commit_if(brand, std::move(entry), std::move(change), /*raises_epoch=*/false);
  base::crash_point("replay.after_commit");
  if (!is_written) co_return not_replayable("it has been replayed meanwhile");
  worker_.ring();
  co_return planned->id;
}

base::awaitable<base::Result<ReplayProspect>> RunReplay::prospect(BrandId brand, RunRow run) {
  const std::vector<RunRow> all = co_await history_.replays(brand, run);
  if (std::optional<base::Error> refusal = why_no_replay(run, all)) co_return *std::move(refusal);
  if (!is_over(run.state))
    co_return not_replayable(
        fmt::format("it has not ended, it is {}: let it end, resume it or cancel it first", to_string(run.state)));
  const Workflow* workflow = workflows_.find(run.workflow_no);
  if (!workflow || workflow->removed) co_return not_replayable("its workflow has been removed");
  ReplayProspect prospect;
  prospect.follows = run.id;
  prospect.follows_no = run.no;
  const std::string hash = event_hash_of(run.id).value_or("");
  prospect.id = run_id(hash, run.workflow_id, run.replay + 1);
  prospect.effect_root = run_id(hash, run.workflow_id, 0);
  prospect.ran = co_await workflows_.version(run.version_no);
  prospect.version = co_await workflows_.version(workflow->version_no);
  if (!prospect.version) co_return not_replayable("the live version is not understood by this program");
  const base::Status may_start = co_await judge_response(brand, run, *workflow, prospect);
  if (!may_start) co_return may_start.error();
  const base::Result<std::vector<CarriedWrite>> writes = co_await writes_of(brand, all);
  if (!writes) co_return writes.error();
  std::string fetched;
  for (const Fact& fact : co_await history_.facts(brand, run.no))
    if (fact.what == What::fetched) fetched = fact.content.text;
  prospect.beginning =
      beginning_of_replay(prospect.version->definition, run.id, *writes, std::move(fetched), clock_.now());
  co_return prospect;
}

// The live version decides anew whether the response is meant, as for one that arrives.
base::awaitable<base::Status> RunReplay::judge_response(BrandId brand, const RunRow& run, const Workflow& workflow,
                                                        ReplayProspect& prospect) {
  const std::string response = co_await history_.response(brand, run.no);
  if (!response.empty()) {  // otherwise it is judged once it has been fetched
    base::Result<std::shared_ptr<const ValueSource>> values =
        catalog_.trigger(prospect.version->definition.trigger.type)->read(response);
    if (!values) co_return not_replayable("the response cannot be read: " + values.error().message);
    prospect.values = *std::move(values);
  }
  TriggerEvent event;
  event.values = prospect.values;
  const std::optional<NotStarted> reason = co_await intake_.why_not(workflow, event);
  if (reason) co_return not_replayable(fmt::format("it would not start by the live version: {}", reason->message));
  co_return base::Ok{};
}

base::awaitable<base::Result<std::vector<CarriedWrite>>> RunReplay::writes_of(BrandId brand, std::vector<RunRow> runs) {
  std::vector<CarriedWrite> writes;
  for (const RunRow& run : runs) {
    const std::shared_ptr<LiveVersion> version = co_await workflows_.version(run.version_no);
    if (!version)
      co_return not_replayable(
          fmt::format("the version of {} is not understood by this program: what it has sent is not known", run.id));
    const std::vector<Fact> log = co_await history_.facts(brand, run.no);
    collect_writes({run.id, version->definition, log}, writes);
    for (const RunRow& child : co_await history_.children(brand, run.no)) {
      const std::vector<Fact> log_of_child = co_await history_.facts(brand, child.no);
      collect_writes({child.id, version->definition, log_of_child, item_id(log, version->definition, child)}, writes);
    }
  }
  co_return writes;
}

}  // namespace engine
