#include "app/plan_outlook.hpp"

#include <utility>

#include <fmt/format.h>

#include "connectors/salesforce/record.hpp"
#include "engine/run_id.hpp"
#include "tasks/record_question.hpp"

namespace app {
namespace {

using connectors::salesforce::RecordChange;

Outlook outlook_of_state(engine::TaskState state) {
  switch (state) {
    case engine::TaskState::failed: return Outlook::fails;
    case engine::TaskState::skipped: return Outlook::skipped;
    case engine::TaskState::held: return Outlook::held;
    default: return Outlook::undecided;
  }
}

Outlook outlook_of_change(tasks::PlannedDoing doing) {
  switch (doing) {
    case tasks::PlannedDoing::creates: return Outlook::creates;
    case tasks::PlannedDoing::updates: return Outlook::updates;
    case tasks::PlannedDoing::removes: return Outlook::removes;
    case tasks::PlannedDoing::posts: return Outlook::posts;
    case tasks::PlannedDoing::changes_nothing: break;
  }
  return Outlook::changes_nothing;
}

// Reads a task's facts in their order.
class TaskTeller {
 public:
  TaskTeller(PlannedTask& task, const tasks::PlannedWrites& writes) : task_(task), writes_(writes) {}

  // `effect_key` is that of the task's next write.
  void tell(const engine::Fact& fact, const std::string& effect_key) {
    switch (fact.what) {
      case engine::What::started: return tell_step(fact, effect_key);
      case engine::What::answered:
        if (!is_write_ && !fact.is_write) tell_rows(fact.content.text);
        return;
      case engine::What::tried:
      case engine::What::failed:
      case engine::What::skipped:
      case engine::What::held:
        task_.code = fact.code;
        task_.message = writes_.in_words(fact.message);
        return;
      default: return;
    }
  }

 private:
  void tell_step(const engine::Fact& fact, const std::string& effect_key) {
    if (fact.content.empty()) return;  // another attempt at the same
    task_.notes.insert(task_.notes.end(), fact.notes.begin(), fact.notes.end());
    ++task_.calls;
    is_write_ = fact.is_write;
    if (is_write_)
      tell_change(fact.content.text, effect_key);
    else
      tell_question(fact.content.text);
  }

  void tell_question(const std::string& text) {
    const base::Result<tasks::RecordQuestion> question = tasks::read_record_question(text);
    if (!question) return;
    task_.object = question->object;
    task_.is_list = question->limit > tasks::RecordQuestion{}.limit;
    for (const tasks::RecordQuestion::Equals& part : question->where)
      task_.key.emplace_back(part.field, in_words(part.value));
  }

  void tell_rows(const std::string& text) {
    const base::Result<std::vector<tasks::NamedValues>> rows = tasks::read_rows(text);
    if (!rows) return;
    task_.matched = static_cast<std::int64_t>(rows->size());
    if (rows->size() != 1) return;
    for (const auto& [name, value] : rows->front())
      if (name == "Id") task_.record = writes_.in_words(base::to_text(value));
  }

  void tell_change(const std::string& text, const std::string& effect_key) {
    const base::Result<RecordChange> change = connectors::salesforce::read_record_change(text);
    if (!change) return;
    task_.object = change->object;
    if (!change->id.empty()) task_.record = writes_.in_words(change->id);
    if (change->key_value == effect_key)
      task_.own_key = change->key_field;
    else if (!change->key_field.empty())  // by which the record may have been looked at before
      task_.key = {{change->key_field, in_words(base::Value(change->key_value))}};
    if (const tasks::PlannedChange* planned = writes_.find(effect_key)) tell_planned(*planned);
  }

  void tell_planned(const tasks::PlannedChange& planned) {
    task_.outlook = outlook_of_change(planned.doing);
    task_.object = planned.object;
    // A post is about a record, whose id stands in the change.
    if (planned.doing != tasks::PlannedDoing::posts) task_.record = writes_.in_words(planned.id);
    task_.text = writes_.in_words(base::to_text(planned.text));
    if (planned.matched) task_.matched = planned.matched;
    for (const tasks::FieldDifference& one : planned.fields)
      task_.fields.push_back({one.field, in_words(one.before), in_words(one.after)});
  }

  base::Value in_words(base::Value value) const {
    if (auto* text = std::get_if<std::string>(&value.data)) *text = writes_.in_words(std::move(*text));
    return value;
  }

  PlannedTask& task_;
  const tasks::PlannedWrites& writes_;
  bool is_write_ = false;
};

PlannedTask outlook_of(const engine::RehearsedRun& rehearsed, std::size_t index, const engine::Catalog& catalog,
                       const tasks::PlannedWrites& writes) {
  const engine::LiveRun& live = *rehearsed.run;
  const engine::TaskDefinition& definition = live.definition().tasks[index];
  PlannedTask task{.id = definition.id, .type = definition.type, .account = definition.account};
  const std::string item = live.run.item ? live.run.item->id : "";
  if (live.run.item) task.item = live.run.item->number;
  TaskTeller teller(task, writes);
  int written = 0;
  bool is_write = false;
  std::string sent_before;
  for (const engine::Fact& fact : rehearsed.facts) {
    if (fact.task != static_cast<int>(index)) continue;
    if (fact.what == engine::What::answered && fact.is_write && !fact.message.empty())
      sent_before = fmt::format("not sent again: {} has sent it", fact.message);
    teller.tell(fact, engine::effect_key(live.run.effect_root, definition.id, item, written));
    if (fact.what == engine::What::started && !fact.content.empty()) is_write = fact.is_write;
    if (fact.what == engine::What::answered && (is_write || fact.is_write)) ++written;
  }
  const engine::TaskState state = live.run.tasks[index].state;
  if (state != engine::TaskState::succeeded) {
    task.outlook = outlook_of_state(state);
    if (task.message.empty()) task.message = "it waits for tasks before it";
    return task;
  }
  task.code.clear();
  task.message = std::move(sent_before);
  if (!catalog.task(definition.type)->effect(definition))
    task.outlook = Outlook::finds;
  else if (task.outlook == Outlook::undecided)
    task.outlook = Outlook::changes_nothing;  // there was nothing to write
  return task;
}

}  // namespace

std::vector<PlannedTask> outlooks_of(const engine::RehearsedRun& rehearsed, const engine::Catalog& catalog,
                                     const tasks::PlannedWrites& writes) {
  std::vector<PlannedTask> outlooks;
  for (std::size_t i = 0; i < rehearsed.run->run.tasks.size(); ++i) {
    const std::size_t before = outlooks.size();
    for (const engine::RehearsedRun& child : rehearsed.children)
      if (child.run->run.item->task == i) outlooks.push_back(outlook_of(child, i, catalog, writes));
    if (outlooks.size() == before) outlooks.push_back(outlook_of(rehearsed, i, catalog, writes));
  }
  return outlooks;
}

}  // namespace app
