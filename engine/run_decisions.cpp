#include "engine/run_decisions.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/errors.hpp"
#include "engine/for_each.hpp"

namespace engine {
namespace {

Fact fact_about(What what, std::size_t index, base::TimePoint now) {
  return Fact{.what = what, .task = static_cast<int>(index), .at = now};
}

Fact failure(std::size_t index, base::TimePoint now, const base::Error& error) {
  Fact fact = fact_about(What::failed, index, now);
  fact.code = std::string(error.code.name);
  fact.kind = error.code.kind;
  fact.message = error.message;
  fact.details = error.details;
  return fact;
}

// Spread over child runs, which this run itself is not.
bool is_spread(const LiveRun& live, std::size_t index) {
  return live.definition().tasks[index].for_each && !live.run.item;
}

// nullptr: it has to be compiled first.
std::shared_ptr<const CompiledTask> compiled_task(const LiveRun& live, std::size_t index) {
  if (is_spread(live, index)) return std::make_shared<const ForEachTask>(live.definition().tasks[index]);
  auto found = live.version->compiled.find({index, live.accounts[index].account_id});
  return found == live.version->compiled.end() ? nullptr : found->second;
}

RunTurn queued_turn(const WorkflowDefinition& definition, const Rest& rest) {
  RunTurn turn{.to = RunTurn::To::queued, .keys = rest.keys, .due_at = rest.due_at};
  for (const std::size_t task : rest.children_of) turn.children_of.push_back(definition.tasks[task].id);
  return turn;
}

}  // namespace

Preparation RunDecisions::prepare(LiveRun& live) {
  Preparation preparation;
  const WorkflowDefinition& definition = live.definition();
  for (bool changed = true; changed;) {
    changed = false;
    preparation.to_compile.clear();
    for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
      if (!live.run.does(i)) continue;
      TaskProgress& task = live.run.tasks[i];
      const TaskState state_before = task.state;
      const std::size_t facts_before = preparation.facts.size();
      if (std::optional<Fact> skipped = skip_if_impossible(definition, live.run, i, clock_.now())) {
        decide(live, std::move(*skipped), preparation.facts);
      } else if (task.state == TaskState::pending &&
                 (live.run.item || edges_of(definition.tasks[i], live.run) == EdgeState::holds)) {
        task.state = TaskState::ready;
      }
      if (task.state == TaskState::waiting && task.due_at && *task.due_at <= clock_.now())
        task.state = TaskState::ready;
      if (may_be_lifted(live, i)) decide(live, fact_about(What::released, i, clock_.now()), preparation.facts);
      if (task.state == TaskState::ready) advance(live, i, preparation);
      changed = changed || task.state != state_before || preparation.facts.size() != facts_before;
    }
  }
  return preparation;
}

// A hold stands as long as the epoch that it was decided under: whatever lifts it raises the epoch. Only a person ends
// the doubt about a write.
bool RunDecisions::may_be_lifted(const LiveRun& live, std::size_t index) const {
  const TaskProgress& task = live.run.tasks[index];
  return task.state == TaskState::held && task.code != outcome_unclear.name &&
         live.verdict_epochs[index] != gate_.epoch(live.run.brand);
}

void RunDecisions::advance(LiveRun& live, std::size_t index, Preparation& preparation) {
  const TaskDefinition& definition = live.definition().tasks[index];
  TaskProgress& task = live.run.tasks[index];
  if (skips_by_condition(live, index, preparation) || is_refused(live, index, preparation)) return;
  if (std::optional<Fact> held =
          hold_if_unclear(definition, task, static_cast<int>(index), live.run.id, clock_.now())) {
    return decide(live, std::move(*held), preparation.facts);
  }
  if (task.step) return start(live, index, std::nullopt, preparation);
  const std::shared_ptr<const CompiledTask> compiled = compiled_task(live, index);
  // A task that has begun goes on by what it began with.
  if (!compiled || (task.answers.empty() && !compiled->still_holds(clock_.now()))) {
    if (!live.compiling[index]) preparation.to_compile.push_back(index);
    return;
  }
  decide_next(live, index, *compiled, preparation);
}

// A condition is the workflow's own and reads no mapping: a task that is not meant to run needs no account. One that
// looks at items is judged for each of them where the list is spread, and a child run's has been.
bool RunDecisions::skips_by_condition(LiveRun& live, std::size_t index, Preparation& preparation) {
  const TaskDefinition& definition = live.definition().tasks[index];
  const TaskProgress& task = live.run.tasks[index];
  if (!definition.when || task.step || !task.answers.empty() || live.run.item) return false;
  if (definition.for_each && looks_at_item(*definition.when)) return false;
  base::Result<bool> met = holds(*definition.when, live.values);
  if (met && *met) return false;
  Fact fact = met ? fact_about(What::skipped, index, clock_.now()) : failure(index, clock_.now(), met.error());
  if (met) {
    fact.code = "condition_false";
    fact.message = "its condition does not hold";
  }
  decide(live, std::move(fact), preparation.facts);
  return true;
}

bool RunDecisions::is_refused(LiveRun& live, std::size_t index, Preparation& preparation) {
  const TaskDefinition& definition = live.definition().tasks[index];
  const std::string_view extension = catalog_.task(definition.type)->extension();
  live.verdict_epochs[index] = 0;
  if (extension.empty()) return false;
  const Gate::Answer& answer = gate_.ask(live.run.workflow_no, extension, definition.account);
  live.verdict_epochs[index] = gate_.epoch(live.run.brand);
  live.accounts[index] = answer.account;
  live.grounds[index] = answer.verdict.grounds;
  if (answer.verdict.allowed()) return false;
  const base::Error& refusal = *answer.verdict.refusal;
  Fact fact = fact_about(What::held, index, clock_.now());
  fact.code = std::string(refusal.code.name);
  fact.message = refusal.message;
  fact.lifted_by = answer.verdict.lifted_by;
  fact.keys = refusal.waits_on;
  fact.content = answer.diagnosis;
  fact.epoch = live.verdict_epochs[index];
  decide(live, std::move(fact), preparation.facts);
  return true;
}

void RunDecisions::decide_next(LiveRun& live, std::size_t index, const CompiledTask& compiled,
                               Preparation& preparation) {
  TaskProgress& task = live.run.tasks[index];
  const std::string key = live.key_of_write(index);
  base::Result<Step> next = compiled.next(TaskInput{live.values, key}, task.answers);
  if (!next && compiled.doubts(next.error(), clock_.now())) {
    if (!live.compiling[index]) preparation.to_compile.push_back(index);
    return;
  }
  if (!next) {
    Fact fact = failure(index, clock_.now(), next.error());
    fact.content = diagnosis_of(live, index);
    return decide(live, std::move(fact), preparation.facts);
  }
  if (Read* read = std::get_if<Read>(&*next)) {
    return start(live, index, FrozenStep{false, Effect::repeatable, std::move(read->question)}, preparation);
  }
  if (Write* write = std::get_if<Write>(&*next)) {
    if (was_sent_before(live, index, write->effect, preparation)) return;
    return start(live, index, FrozenStep{true, write->effect, std::move(write->record), std::move(write->notes)},
                 preparation);
  }
  if (Done* done = std::get_if<Done>(&*next)) {
    Fact fact = fact_about(What::done, index, clock_.now());
    fact.content = std::move(done->output);
    return decide(live, std::move(fact), preparation.facts);
  }
  if (Wait* wait = std::get_if<Wait>(&*next)) {
    if (wait->until > clock_.now()) {
      Fact fact = fact_about(What::waiting, index, clock_.now());
      fact.due_at = wait->until;
      return decide(live, std::move(fact), preparation.facts);
    }
    Fact fact = fact_about(What::answered, index, clock_.now());
    fact.content.text = "{}";
    return decide(live, std::move(fact), preparation.facts);
  }
  if (is_spread(live, index)) return spread(live, index, std::get<Children>(std::move(*next)), preparation);
  decide(live,
         failure(index, clock_.now(),
                 base::Error{step_not_available, "only a task with for_each is spread over child runs"}),
         preparation.facts);
}

// A write that a run before this one has sent, and that would be done twice: its answer stands, and where there is none
// a person looks into the org first, unless the author has said that it may be repeated.
bool RunDecisions::was_sent_before(LiveRun& live, std::size_t index, Effect effect, Preparation& preparation) {
  const CarriedWrite* sent = live.carried_write(index);
  const TaskProgress& task = live.run.tasks[index];
  if (!sent || !is_done_by(*sent, effect) || task.repeat_allowed) return false;
  if (!sent->answer && live.definition().tasks[index].on_unclear == OnUnclear::retry) return false;
  Fact fact = sent->answer ? fact_about(What::answered, index, clock_.now())
                           : hold_as_unclear(task, static_cast<int>(index), live.run.id, clock_.now(),
                                             fmt::format(": {} sent it and had no answer", sent->run));
  if (sent->answer) {
    fact.is_write = true;
    fact.effect = sent->effect;
    fact.content = *sent->answer;
    fact.message = sent->run;
  }
  decide(live, std::move(fact), preparation.facts);
  return true;
}

void RunDecisions::spread(LiveRun& live, std::size_t index, Children children, Preparation& preparation) {
  Fact fact = fact_about(What::spread, index, clock_.now());
  fact.content = freeze_items(children);
  decide(live, std::move(fact), preparation.facts);
  const std::string& task = live.definition().tasks[index].id;
  for (const ChildItem& one : children.items)
    preparation.children.push_back({.no = ledger_.next_run_no(), .task = task, .number = one.number});
}

void RunDecisions::start(LiveRun& live, std::size_t index, std::optional<FrozenStep> step, Preparation& preparation) {
  const TaskProgress& task = live.run.tasks[index];
  Fact fact = fact_about(What::started, index, clock_.now());
  fact.attempt = task.attempt + 1;
  fact.epoch = live.verdict_epochs[index];
  fact.account = live.accounts[index].account_id;
  fact.environment = live.accounts[index].environment;
  fact.org_id = live.accounts[index].org_id;
  fact.grounds = live.grounds[index];
  fact.unclear = task.unclear_before;
  if (step) {
    fact.is_write = step->is_write;
    fact.effect = step->effect;
    fact.content = std::move(step->content);
    fact.notes = std::move(step->notes);
  }
  decide(live, std::move(fact), preparation.facts);
  preparation.starts.push_back(index);
}

// What was sent and answered is told as done where nothing more was to be sent for it; all else is skipped by the end.
std::vector<Fact> RunDecisions::end_cancelled(LiveRun& live) {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < live.run.tasks.size(); ++i) {
    const TaskProgress& task = live.run.tasks[i];
    if (task.state != TaskState::ready || task.answers.empty()) continue;
    const std::shared_ptr<const CompiledTask> compiled = compiled_task(live, i);
    if (!compiled) continue;
    const std::string key = live.key_of_write(i);
    base::Result<Step> next = compiled->next(TaskInput{live.values, key}, task.answers);
    if (!next || !std::holds_alternative<Done>(*next)) continue;
    Fact done = fact_about(What::done, i, clock_.now());
    done.content = std::move(std::get<Done>(*next).output);
    decide(live, std::move(done), facts);
  }
  facts.push_back(end_by_person(clock_.now()));
  return facts;
}

int RunDecisions::take_outcomes(LiveRun& live, std::vector<Fact>& facts) {
  int failed = 0;
  for (auto& [index, result] : std::exchange(live.outcomes, {})) {
    if (result) {
      Fact fact = fact_about(What::answered, index, clock_.now());
      fact.attempt = live.run.tasks[index].attempt;
      fact.content = std::move(result->content);
      decide(live, std::move(fact), facts);
    } else {
      ++failed;
      decide(live, fact_after(live, index, result.error()), facts);
    }
  }
  return failed;
}

Fact RunDecisions::fact_after(LiveRun& live, std::size_t index, const base::Error& error) {
  const TaskDefinition& definition = live.definition().tasks[index];
  Fact fact = after_error(definition, live.run.tasks[index], static_cast<int>(index), live.run.id, error, clock_.now(),
                          random_);
  // Nothing was sent: the gate is asked again at once and says why, or the run ends.
  const bool was_stopped = error.code == gate_changed || error.code == run_cancelled;
  if (was_stopped) fact.due_at = clock_.now();
  const std::string_view extension = catalog_.task(definition.type)->extension();
  if (!extension.empty() && !was_stopped) fact.content = diagnosis_of(live, index);
  if (fact.what != What::held || fact.code == outcome_unclear.name) return fact;

  // What blocked it may have been lifted since, or is known to the gate by now.
  const std::int64_t epoch = gate_.epoch(live.run.brand);
  if (live.verdict_epochs[index] != 0 && live.verdict_epochs[index] != epoch) return end_without_hold(fact);
  const Gate::Answer& answer = gate_.ask(live.run.workflow_no, extension, definition.account);
  if (!answer.verdict.allowed()) fact.lifted_by = answer.verdict.lifted_by;
  // The gate's text names no personal account.
  if (!answer.verdict.allowed() && answer.verdict.refusal->code.name == fact.code)
    fact.message = answer.verdict.refusal->message;
  fact.epoch = live.verdict_epochs[index] = epoch;
  return fact;
}

// What failed on an account carries the facts that a person looks at first; empty for ordinary tasks.
base::JsonText RunDecisions::diagnosis_of(const LiveRun& live, std::size_t index) {
  const TaskDefinition& definition = live.definition().tasks[index];
  const std::string_view extension = catalog_.task(definition.type)->extension();
  if (extension.empty()) return {};
  return gate_.ask(live.run.workflow_no, extension, definition.account).diagnosis;
}

RunTurn RunDecisions::turn_of(const LiveRun& live) const {
  if (live.in_flight > 0) return {};
  if (live.cancelled)
    return {.to = RunTurn::To::over, .state = RunState::cancelled, .code = std::string(run_cancelled.name)};
  const Rest rest = rest_of(live.definition(), live.run);
  switch (rest.kind) {
    case Rest::Kind::moving: return {};
    case Rest::Kind::waits:
      if (rest.due_at && *rest.due_at - clock_.now() < lease_worth) return {};
      return queued_turn(live.definition(), rest);
    case Rest::Kind::held:
      return RunTurn{.to = RunTurn::To::held, .state = RunState::held, .code = rest.code, .keys = rest.keys};
    case Rest::Kind::over: break;
  }
  RunTurn turn{.to = RunTurn::To::over, .state = rest.state};
  for (const TaskProgress& task : live.run.tasks) {
    if (rest.state == RunState::failed && task.state == TaskState::failed && turn.code.empty()) turn.code = task.code;
  }
  return turn;
}

}  // namespace engine
