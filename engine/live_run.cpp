#include "engine/live_run.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "engine/errors.hpp"
#include "engine/for_each.hpp"
#include "engine/run_id.hpp"

namespace engine {

namespace {

base::Result<std::shared_ptr<const Inherited>> inherit(const WorkflowDefinition& definition, const ItemOfRun& item,
                                                       const std::vector<std::string>& parent_log) {
  Run parent;
  parent.tasks.resize(definition.tasks.size());
  for (const std::string& row : parent_log) {
    const base::Result<std::vector<Fact>> facts = read_facts(row);
    if (!facts) return facts.error();
    for (const Fact& fact : *facts) apply(parent, fact);
  }
  std::optional<Item> found = frozen_item(parent.tasks.at(item.task).items, item.number);
  if (!found)
    return base::Error{internal_error,
                       fmt::format("the parent's log has no item {} of '{}'", item.number, item.task_id)};
  auto inherited = std::make_shared<Inherited>();
  inherited->item = *std::move(found);
  inherited->number = item.number;
  inherited->fetched_body = std::move(parent.fetched_body);
  inherited->carried = std::move(parent.carried);
  for (TaskProgress& task : parent.tasks) inherited->outputs.push_back(std::move(task.output));
  return std::shared_ptr<const Inherited>(std::move(inherited));
}

// To be asked before the fact is applied: what was sent stands in the progress so far.
std::optional<CauseChange> change_of_cause(const LiveRun& live, const Fact& fact) {
  static const TaskDefinition the_response{};
  const bool is_response = fact.task < 0;
  const auto index = static_cast<std::size_t>(fact.task);
  const TaskProgress& task = is_response ? live.run.fetch : live.run.tasks.at(index);
  const TaskDefinition& definition = is_response ? the_response : live.definition().tasks[index];
  if (fact.what == What::failed || fact.what == What::held) {
    std::optional<FailureCause> cause = cause_of(fact, definition, task.step ? task.step->content.text : "");
    if (!cause) return std::nullopt;
    return CauseChange{.task = definition.id,
                       .cause = std::move(cause),
                       .is_hold = fact.what == What::held,
                       .needs_epoch = needs_epoch(fact)};
  }
  if (task.state == TaskState::held) return CauseChange{.task = definition.id};
  return std::nullopt;
}

}  // namespace

std::string LiveRun::key_of_write(std::size_t task) const {
  return effect_key(run.effect_root, definition().tasks[task].id, run.item ? run.item->id : "", run.tasks[task].writes);
}

const CarriedWrite* LiveRun::carried_write(std::size_t task) const {
  const std::vector<CarriedWrite>& known = values.inherited() ? values.inherited()->carried : run.carried;
  if (known.empty()) return nullptr;
  return find_carried(known, definition().tasks[task].id, run.item ? run.item->id : "", run.tasks[task].writes);
}

void decide(LiveRun& live, Fact fact, std::vector<Fact>& facts) {
  if (std::optional<CauseChange> change = change_of_cause(live, fact)) live.causes.push_back(std::move(*change));
  apply(live.run, fact);
  facts.push_back(std::move(fact));
}

base::Result<std::shared_ptr<const Inherited>> take_item(LiveRun& live, const std::vector<std::string>& parent_log) {
  ItemOfRun& item = *live.run.item;
  const std::optional<std::size_t> task = live.definition().index_of(item.task_id);
  if (!task || !live.definition().tasks[*task].for_each)
    return base::Error{internal_error, fmt::format("its version has no list at '{}'", item.task_id)};
  item.task = *task;
  base::Result<std::shared_ptr<const Inherited>> inherited = inherit(live.definition(), item, parent_log);
  if (!inherited) return inherited;
  item.id = (*inherited)->item.id;
  live.values.set_inherited(*inherited);
  return inherited;
}

base::Result<base::Value> RunValues::value(const Pipe& pipe) const {
  if (pipe.scheme == "item") return item_value(pipe.path);
  if (pipe.scheme != "task") {
    if (event_) return event_->value(pipe);
    return base::Value{};
  }
  const base::Result<std::size_t> index = task_at(pipe);
  if (!index) return index.error();
  const std::size_t slash = pipe.path.find('/');
  const std::string_view member =
      slash == std::string::npos ? std::string_view{} : std::string_view(pipe.path).substr(slash + 1);
  return member_of(inherited_ ? inherited_->outputs.at(*index) : run_.tasks[*index].output, member);
}

base::Result<Items> RunValues::items(const Pipe& pipe) const {
  if (pipe.scheme != "task") return event_ ? event_->items(pipe) : base::Result<Items>(Items{});
  const base::Result<std::size_t> index = task_at(pipe);
  if (!index) return index.error();
  const std::size_t slash = pipe.path.find('/');
  const std::string_view member =
      slash == std::string::npos ? std::string_view{} : std::string_view(pipe.path).substr(slash + 1);
  return items_at(run_.tasks[*index].whole_output, member);
}

base::Result<base::Value> RunValues::item_value(std::string_view member) const {
  if (!inherited_) return base::Error{piped_text_broken, "there is no item here: the task has no for_each"};
  if (member == "number") return base::number(static_cast<double>(inherited_->number));
  const Item& item = inherited_->item;
  if (const base::Value* kept = find_member(item.members, member)) return *kept;
  const Pipe& list = definition_.tasks[run_.item->task].for_each->list;
  return event_ && list.scheme != "task" ? event_->in_item(list, item, member) : base::Value{};
}

base::Result<std::size_t> RunValues::task_at(const Pipe& pipe) const {
  const std::string_view id = task_of(pipe);
  const std::optional<std::size_t> index = definition_.index_of(id);
  if (!index) return base::Error{piped_text_broken, fmt::format("there is no task '{}'", id)};
  return *index;
}

}  // namespace engine
