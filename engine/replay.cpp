#include "engine/replay.hpp"

#include <algorithm>
#include <utility>

#include "engine/transition.hpp"

namespace engine {
namespace {

Run fold(const WorkflowDefinition& definition, const std::vector<Fact>& log) {
  Run run;
  run.tasks.resize(definition.tasks.size());
  for (const Fact& fact : log) apply(run, fact);
  return run;
}

// Skipped because of a task that is open again. What a condition has decided stays decided.
bool was_skipped_for(const TaskDefinition& task, const TaskProgress& progress, const std::vector<bool>& is_open) {
  if (progress.state != TaskState::skipped) return false;
  if (progress.code == "run_stopped") return true;
  if (progress.code != "edge_not_taken") return false;
  return std::any_of(task.after.begin(), task.after.end(), [&](const Edge& edge) { return is_open[edge.from]; });
}

std::vector<bool> tasks_to_open(const WorkflowDefinition& definition, const Run& run,
                                std::optional<std::size_t> item_of) {
  std::vector<bool> is_open(run.tasks.size());
  for (std::size_t i = 0; i < run.tasks.size(); ++i) {
    const bool is_its_own = !item_of || *item_of == i;
    is_open[i] = is_its_own && run.tasks[i].state == TaskState::failed && !is_made_good(definition, run, i);
  }
  if (item_of) return is_open;
  for (bool changed = true; std::exchange(changed, false);) {
    for (std::size_t i = 0; i < run.tasks.size(); ++i) {
      if (is_open[i] || !was_skipped_for(definition.tasks[i], run.tasks[i], is_open)) continue;
      changed = is_open[i] = true;
    }
  }
  return is_open;
}

// A write that has an answer was carried out, whatever came of its task afterwards; one whose last try has none may
// have been.
void collect_write(const EarlierRun& run, const Run& before, const Fact& fact, std::vector<CarriedWrite>& writes) {
  if (fact.task < 0) return;
  const auto index = static_cast<std::size_t>(fact.task);
  const TaskProgress& task = before.tasks.at(index);
  CarriedWrite write{.task = run.definition.tasks.at(index).id, .item = run.item, .number = task.writes, .run = run.id};
  const bool is_at_write = task.step && task.step->is_write;
  if (fact.what == What::answered && (is_at_write || fact.is_write)) {
    write.effect = is_at_write ? task.step->effect : fact.effect;
    write.answer = fact.content;
    take_carried(writes, std::move(write));
  }
}

}  // namespace

std::string_view to_string(ReplayVersion version) { return version == ReplayVersion::original ? "original" : "latest"; }

std::optional<ReplayVersion> read_replay_version(std::string_view word) {
  for (const ReplayVersion version : {ReplayVersion::original, ReplayVersion::latest})
    if (word == to_string(version)) return version;
  return std::nullopt;
}

Reopening reopening(const WorkflowDefinition& definition, const std::vector<Fact>& log,
                    std::optional<std::size_t> item_of, base::TimePoint now) {
  const Run run = fold(definition, log);
  const std::vector<bool> is_open = tasks_to_open(definition, run, item_of);
  Reopening opened;
  opened.facts.push_back(Fact{.what = What::reopened, .at = now});
  for (std::size_t i = 0; i < is_open.size(); ++i) {
    if (!is_open[i]) continue;
    opened.facts.push_back(Fact{.what = What::reopened, .task = static_cast<int>(i), .at = now});
    if (!item_of && definition.tasks[i].for_each) opened.lists.push_back(definition.tasks[i].id);
  }
  return opened;
}

void collect_writes(const EarlierRun& run, std::vector<CarriedWrite>& writes) {
  Run state;
  state.tasks.resize(run.definition.tasks.size());
  for (const Fact& fact : run.log) {
    collect_write(run, state, fact, writes);
    apply(state, fact);
  }
  for (std::size_t i = 0; i < state.tasks.size(); ++i) {
    const TaskProgress& task = state.tasks[i];
    if (!task.unclear_before || !task.step || !task.step->is_write) continue;
    take_carried(writes, {.task = run.definition.tasks[i].id,
                          .item = run.item,
                          .number = task.writes,
                          .effect = task.step->effect,
                          .run = run.id});
  }
}

std::vector<Fact> beginning_of_replay(const WorkflowDefinition& definition, std::string of,
                                      const std::vector<CarriedWrite>& writes, std::string fetched_body,
                                      base::TimePoint now) {
  std::vector<Fact> facts;
  facts.push_back(Fact{.what = What::replays, .at = now, .message = std::move(of)});
  for (const CarriedWrite& write : writes) {
    const std::optional<std::size_t> task = definition.index_of(write.task);
    if (!task) continue;
    facts.push_back(Fact{.what = What::carried, .task = static_cast<int>(*task), .at = now, .content = to_json(write)});
  }
  if (!fetched_body.empty())
    facts.push_back(Fact{.what = What::fetched, .at = now, .content = {std::move(fetched_body)}});
  return facts;
}

}  // namespace engine
