#include "engine/run_executor.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/crash_point.hpp"
#include "base/json_writer.hpp"
#include "engine/errors.hpp"
#include "engine/for_each.hpp"
#include "engine/run_id.hpp"

namespace engine {
namespace {

// A shorter pause is waited out in memory; a longer one is not worth keeping the run from other workers.
constexpr base::Duration lease_worth{5'000};
// Nothing but the end of an attempt is waited for; a point far away keeps the wait simple.
constexpr base::Duration no_timer{3'600'000};

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

void decide(LiveRun& live, Fact fact, std::vector<Fact>& facts) {
  apply(live.run, fact);
  facts.push_back(std::move(fact));
}

// Of the task's next write.
std::string key_of_write(const LiveRun& live, std::size_t index) {
  return effect_key(live.run.effect_root, live.definition().tasks[index].id, live.run.item ? live.run.item->id : "",
                    live.run.tasks[index].writes);
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

// What is left of an attempt that was blocked when the verdict on the block does not stand any more: it has ended, and
// the gate is asked again at once.
Fact end_without_hold(const Fact& held) {
  return Fact{.what = What::tried,
              .task = held.task,
              .at = held.at,
              .attempt = held.attempt,
              .code = held.code,
              .kind = held.kind,
              .message = held.message,
              .details = held.details,
              .due_at = held.at};
}

// Of `facts`, those that are true whatever the gate says now.
void keep_what_stands(std::vector<Fact>& facts) {
  for (Fact& fact : facts) {
    if (fact.what == What::held && needs_epoch(fact) && fact.attempt > 0) fact = end_without_hold(fact);
  }
  std::erase_if(facts, needs_epoch);
}

RunTurn queued_turn(const WorkflowDefinition& definition, const Rest& rest) {
  RunTurn turn{.to = RunTurn::To::queued, .keys = rest.keys, .due_at = rest.due_at};
  for (const std::size_t task : rest.children_of) turn.children_of.push_back(definition.tasks[task].id);
  return turn;
}

// The oldest epoch that any of `facts` stands under; 0: none.
std::int64_t epoch_of(std::span<const Fact> facts) {
  std::int64_t oldest = 0;
  for (const Fact& fact : facts) {
    if (fact.epoch != 0 && (oldest == 0 || fact.epoch < oldest)) oldest = fact.epoch;
  }
  return oldest;
}

}  // namespace

// ---- what can be decided without waiting

RunExecutor::Preparation RunExecutor::prepare(LiveRun& live) {
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
bool RunExecutor::may_be_lifted(const LiveRun& live, std::size_t index) const {
  const TaskProgress& task = live.run.tasks[index];
  return task.state == TaskState::held && task.code != outcome_unclear.name &&
         live.verdict_epochs[index] != gate_.epoch(live.run.brand);
}

void RunExecutor::advance(LiveRun& live, std::size_t index, Preparation& preparation) {
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
bool RunExecutor::skips_by_condition(LiveRun& live, std::size_t index, Preparation& preparation) {
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

bool RunExecutor::is_refused(LiveRun& live, std::size_t index, Preparation& preparation) {
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

void RunExecutor::decide_next(LiveRun& live, std::size_t index, const CompiledTask& compiled,
                              Preparation& preparation) {
  TaskProgress& task = live.run.tasks[index];
  const std::string key = key_of_write(live, index);
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
    return start(live, index, FrozenStep{true, write->effect, std::move(write->record)}, preparation);
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

void RunExecutor::spread(LiveRun& live, std::size_t index, Children children, Preparation& preparation) {
  Fact fact = fact_about(What::spread, index, clock_.now());
  fact.content = freeze_items(children);
  decide(live, std::move(fact), preparation.facts);
  const std::string& task = live.definition().tasks[index].id;
  for (const ChildItem& one : children.items)
    preparation.children.push_back({.no = queue_.next_run_no(), .task = task, .number = one.number});
}

void RunExecutor::start(LiveRun& live, std::size_t index, std::optional<FrozenStep> step, Preparation& preparation) {
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
  }
  decide(live, std::move(fact), preparation.facts);
  preparation.starts.push_back(index);
}

// What was sent and answered is told as done where nothing more was to be sent for it; all else is skipped by the end.
std::vector<Fact> RunExecutor::end_cancelled(LiveRun& live) {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < live.run.tasks.size(); ++i) {
    const TaskProgress& task = live.run.tasks[i];
    if (task.state != TaskState::ready || task.answers.empty()) continue;
    const std::shared_ptr<const CompiledTask> compiled = compiled_task(live, i);
    if (!compiled) continue;
    const std::string key = key_of_write(live, i);
    base::Result<Step> next = compiled->next(TaskInput{live.values, key}, task.answers);
    if (!next || !std::holds_alternative<Done>(*next)) continue;
    Fact done = fact_about(What::done, i, clock_.now());
    done.content = std::move(std::get<Done>(*next).output);
    decide(live, std::move(done), facts);
  }
  facts.push_back(end_by_person(clock_.now()));
  return facts;
}

// ---- the life of a run in this process

base::awaitable<void> RunExecutor::execute(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts) {
  if (!live->values.has_event()) {
    const bool obtained = co_await obtain_values(live);
    if (!obtained) co_return;
  }
  co_await launch(live, std::move(starts), {});
  while (!live->abandoned) {
    if (std::exchange(live->looks_at_children, false)) co_await look_at_children(*live);
    std::vector<Fact> facts;
    take_outcomes(*live, facts);
    Preparation preparation;
    if (!live->cancelled)
      preparation = prepare(*live);
    else if (live->in_flight == 0)
      preparation.facts = end_cancelled(*live);
    facts.insert(facts.end(), std::make_move_iterator(preparation.facts.begin()),
                 std::make_move_iterator(preparation.facts.end()));

    const RunTurn turn = turn_of(*live);
    if (!facts.empty() || turn.to != RunTurn::To::goes_on) {
      const Recorded recorded = co_await record(*live, std::move(facts), turn, std::move(preparation.children));
      if (recorded == Recorded::lease_lost) live->abandoned = true;
      if (recorded == Recorded::epoch_moved) co_await reload(*live);
      if (recorded != Recorded::whole) continue;
      if (turn.to != RunTurn::To::goes_on) {
        count_end(turn);
        co_return;
      }
    }
    // After the record, so that what has happened is never written later because something else has to be waited for.
    co_await launch(live, std::move(preparation.starts), std::move(preparation.to_compile));
    if (live->outcomes.empty() && !live->looks_at_children) {
      std::optional<base::TimePoint> due_at = rest_of(live->definition(), live->run).due_at;
      if (live->cancelled) due_at.reset();  // its timers mean nothing any more
      co_await live->bell.wait_until(due_at.value_or(clock_.now() + no_timer));
    }
  }
}

// The whole behind a platform's notice: fetched, stored, and only then is the trigger's condition judged.
base::awaitable<bool> RunExecutor::obtain_values(std::shared_ptr<LiveRun> live) {
  const TriggerDefinition& trigger = live->definition().trigger;
  TriggerType& type = *catalog_.trigger(trigger.type);
  while (!live->run.event_fetched && !live->cancelled) {
    const base::TimePoint due_at = live->run.fetch.due_at.value_or(clock_.now());
    if (clock_.now() < due_at) {
      co_await live->bell.wait_until(due_at);
      continue;
    }
    const bool goes_on = co_await fetch(*live, type);
    if (!goes_on) co_return false;
  }

  if (live->cancelled) co_return true;  // what follows ends it

  base::Result<std::shared_ptr<const ValueSource>> values = type.read(live->run.fetched_body);
  std::optional<base::Error> refusal;
  if (!values) {
    refusal = values.error();
  } else {
    live->values.set_event(*values);
    if (trigger.when) {
      base::Result<bool> met = holds(*trigger.when, live->values);
      if (!met)
        refusal = met.error();
      else if (!*met)
        refusal = base::Error{trigger_condition_false, "the trigger's condition does not hold"};
    }
  }
  if (!refusal) co_return true;
  const bool is_condition = refusal->code == trigger_condition_false;
  const RunState state = is_condition ? RunState::cancelled : RunState::failed;
  std::vector<Fact> facts{end_of_run(state, clock_.now(), refusal->message)};
  const RunTurn turn{.to = RunTurn::To::over, .state = state, .code = std::string(refusal->code.name)};
  const Recorded recorded = co_await record(*live, std::move(facts), turn);
  if (recorded == Recorded::whole) count_end(turn);
  co_return false;
}

// One try at the whole behind a notice; false when the run has left this worker's hands.
base::awaitable<bool> RunExecutor::fetch(LiveRun& live, TriggerType& type) {
  const TaskDefinition as_task{.id = "the response", .type = live.definition().trigger.type};
  const std::int64_t epoch = gate_.epoch(live.run.brand);
  std::vector<Fact> facts;
  if (live.run.fetch.state == TaskState::held) decide(live, Fact{.what = What::released, .at = clock_.now()}, facts);
  base::Result<std::string> whole = base::Error{internal_error, "the fetching did not end"};
  try {
    whole = co_await type.fetch(live.notice);
    // Only what can be read gets into the log, which has to be readable itself.
    if (whole) {
      base::Result<std::shared_ptr<const ValueSource>> values = type.read(*whole);
      if (!values) whole = values.error();
    }
  } catch (const std::exception& error) {
    log_.error("fetching threw", {{"run", live.run.id}, {"what", error.what()}});
    whole = base::Error{internal_error, "an error inside the program ended the fetching; its log says more"};
  }

  RunTurn turn;
  if (whole) {
    decide(live, Fact{.what = What::fetched, .at = clock_.now(), .content = {std::move(*whole)}}, facts);
  } else {
    Fact fact = after_error(as_task, live.run.fetch, -1, live.run.id, whole.error(), clock_.now(), random_);
    if (fact.what == What::held) fact.epoch = epoch;
    if (fact.what == What::failed)
      turn = RunTurn{.to = RunTurn::To::over, .state = RunState::failed, .code = fact.code};
    if (fact.what == What::held) turn = RunTurn{.to = RunTurn::To::held, .code = fact.code, .keys = fact.keys};
    if (fact.what == What::tried && *fact.due_at - clock_.now() >= lease_worth)
      turn = RunTurn{.to = RunTurn::To::queued, .due_at = fact.due_at};
    decide(live, std::move(fact), facts);
  }
  const Recorded recorded = co_await record(live, std::move(facts), turn);
  if (recorded == Recorded::epoch_moved) co_await reload(live);
  if (recorded == Recorded::whole) count_end(turn);
  co_return recorded == Recorded::epoch_moved || (recorded == Recorded::whole && turn.to == RunTurn::To::goes_on);
}

// A task whose child runs have all ended has its answer.
base::awaitable<void> RunExecutor::look_at_children(LiveRun& live) {
  for (std::size_t i = 0; i < live.run.tasks.size(); ++i) {
    if (!live.run.tasks[i].has_children || live.run.tasks[i].state != TaskState::waiting) continue;
    const std::optional<std::vector<ItemEnd>> ends =
        co_await queue_.ended_children(live.run.brand, live.run.no, live.definition().tasks[i].id);
    if (ends) live.outcomes.emplace_back(i, Answer{answer_of_children(live.run.tasks[i].items, *ends)});
  }
}

base::awaitable<Recorded> RunExecutor::record(LiveRun& live, std::vector<Fact> facts, RunTurn turn,
                                              std::vector<NewChild> children) {
  StepRecord step{
      .run_no = live.run.no, .brand = live.run.brand, .lease = live.lease, .seq = live.next_seq++, .at = clock_.now()};
  step.facts = to_json(facts);
  step.children = std::move(children);
  step.item = step_of_item(live.run);
  step.epoch = epoch_of(facts);
  // Whoever lifts a key looks for runs that wait on it; a run that starts to wait after that must notice.
  if (step.epoch == 0 && !turn.keys.empty()) step.epoch = gate_.epoch(live.run.brand);
  if (step.epoch != 0) {
    keep_what_stands(facts);
    if (!facts.empty()) step.facts_without_epoch = to_json(facts);
  }
  step.turn = std::move(turn);
  co_return co_await queue_.record(std::move(step));
}

// What was decided under an epoch that has moved does not stand: the log says what does.
base::awaitable<void> RunExecutor::reload(LiveRun& live) {
  // Memory learns of a new epoch after its commit: without a turn of the loop for that, the same would be decided
  // again.
  co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  const std::vector<std::string> log = co_await queue_.read_log(live.run.brand, live.run.no);
  live.forget_progress();
  for (const std::string& row : log) {
    base::Result<std::vector<Fact>> facts = read_facts(row);
    if (!facts)
      throw std::runtime_error(fmt::format("the log of run {} cannot be read: {}", live.run.id, facts.error().message));
    for (const Fact& fact : *facts) apply(live.run, fact);
  }
}

// What is alone is awaited here; otherwise each is a coroutine of its own, so that several run side by side, and a
// timer of another task or the end of its child runs is not missed.
base::awaitable<void> RunExecutor::launch(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts,
                                          std::vector<std::size_t> to_compile) {
  const int count = static_cast<int>(starts.size() + to_compile.size());
  const Rest rest = rest_of(live->definition(), live->run);
  const bool is_alone = count == 1 && live->in_flight == 0 && !rest.due_at && rest.children_of.empty();
  live->in_flight += count;
  for (std::size_t index : to_compile) live->compiling[index] = true;
  if (is_alone && !starts.empty()) {
    co_await attempt(live, starts.front());
  } else if (is_alone) {
    co_await compile(live, to_compile.front());
  } else if (count > 0) {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (std::size_t index : starts) boost::asio::co_spawn(executor, attempt(live, index), boost::asio::detached);
    for (std::size_t index : to_compile) boost::asio::co_spawn(executor, compile(live, index), boost::asio::detached);
  }
}

// Counts as in flight, and only its failure is an outcome: a success is found where it was looked for.
base::awaitable<void> RunExecutor::compile(std::shared_ptr<LiveRun> live, std::size_t index) {
  const TaskDefinition& definition = live->definition().tasks[index];
  const BoundAccount account = live->accounts[index];
  base::Result<std::shared_ptr<const CompiledTask>> compiled =
      base::Error{internal_error, "the preparation did not end"};
  try {
    compiled = co_await catalog_.task(definition.type)->compile(definition, account);
  } catch (const std::exception& error) {
    log_.error("compile threw", {{"run", live->run.id}, {"task", definition.id}, {"what", error.what()}});
    compiled = base::Error{internal_error, "an error inside the program ended the preparation; its log says more"};
  }
  --live->in_flight;
  live->compiling[index] = false;
  if (compiled) {
    live->version->compiled[{index, account.account_id}] = std::move(*compiled);
  } else {
    live->outcomes.emplace_back(index, std::move(compiled).error());
  }
  live->bell.ring();
}

base::awaitable<void> RunExecutor::attempt(std::shared_ptr<LiveRun> live, std::size_t index) {
  const TaskDefinition& definition = live->definition().tasks[index];
  const TaskProgress& task = live->run.tasks[index];
  TaskCall call;
  call.account = live->accounts[index];
  call.is_write = task.step->is_write;
  call.content = task.step->content;
  call.effect = task.step->effect;
  call.effect_key = key_of_write(*live, index);
  call.attempt = task.attempt;
  call.unclear_before = task.unclear_before;
  call.before_sending = [this, live, index] { return before_sending(live, index); };

  ++counters_.attempts;
  base::Result<Answer> result = base::Error{internal_error, "the attempt did not end"};
  try {
    base::crash_point("attempt.before_perform");
    result = co_await catalog_.task(definition.type)->perform(call);
    base::crash_point("attempt.after_perform");
  } catch (const std::exception& error) {
    log_.error("attempt threw", {{"run", live->run.id}, {"task", definition.id}, {"what", error.what()}});
    result = base::Error{internal_error, "an error inside the program ended the attempt; its log says more"};
  }
  --live->in_flight;
  live->outcomes.emplace_back(index, std::move(result));
  live->bell.ring();
}

// The last moment before bytes leave: the gate's epoch is compared again, and a write that nothing protects is written
// down as sent. After this a sent call never looks unsent.
base::awaitable<base::Status> RunExecutor::before_sending(std::shared_ptr<LiveRun> live, std::size_t index) {
  const base::Error changed{gate_changed, "people, shares or accounts changed before the request was sent"};
  const TaskDefinition& definition = live->definition().tasks[index];
  const std::string_view extension = catalog_.task(definition.type)->extension();
  if (live->abandoned) co_return changed;
  if (live->cancelled) co_return base::Error{run_cancelled, "the run was cancelled before the request was sent"};
  if (!extension.empty() && gate_.epoch(live->run.brand) != live->verdict_epochs[index]) {
    const Gate::Answer& answer = gate_.ask(live->run.workflow_no, extension, definition.account);
    if (!answer.verdict.allowed() || answer.account.account_id != live->accounts[index].account_id) co_return changed;
    live->verdict_epochs[index] = gate_.epoch(live->run.brand);
  }
  const TaskProgress& task = live->run.tasks[index];
  const bool needs_mark = task.step && task.step->is_write && task.step->effect == Effect::author_decides;
  if (!needs_mark || task.sent) co_return base::Ok{};
  const Fact sent = fact_about(What::sent, index, clock_.now());
  StepRecord step{
      .run_no = live->run.no, .brand = live->run.brand, .lease = live->lease, .seq = live->next_seq++, .at = sent.at};
  step.facts = to_json(std::span(&sent, 1));
  step.epoch = live->verdict_epochs[index];
  const Recorded recorded = co_await queue_.record(std::move(step));
  if (recorded == Recorded::lease_lost) live->abandoned = true;
  if (recorded != Recorded::whole) co_return changed;
  apply(live->run, sent);
  base::crash_point("attempt.after_sent_mark");
  co_return base::Ok{};
}

void RunExecutor::take_outcomes(LiveRun& live, std::vector<Fact>& facts) {
  for (auto& [index, result] : std::exchange(live.outcomes, {})) {
    if (result) {
      Fact fact = fact_about(What::answered, index, clock_.now());
      fact.attempt = live.run.tasks[index].attempt;
      fact.content = std::move(result->content);
      decide(live, std::move(fact), facts);
    } else {
      ++counters_.attempts_failed;
      decide(live, fact_after(live, index, result.error()), facts);
    }
  }
}

Fact RunExecutor::fact_after(LiveRun& live, std::size_t index, const base::Error& error) {
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
  fact.lifted_by = answer.verdict.lifted_by;
  // The gate's text names no personal account.
  if (!answer.verdict.allowed() && answer.verdict.refusal->code.name == fact.code)
    fact.message = answer.verdict.refusal->message;
  fact.epoch = live.verdict_epochs[index] = epoch;
  return fact;
}

// What failed on an account carries the facts that a person looks at first; empty for ordinary tasks.
base::JsonText RunExecutor::diagnosis_of(const LiveRun& live, std::size_t index) {
  const TaskDefinition& definition = live.definition().tasks[index];
  const std::string_view extension = catalog_.task(definition.type)->extension();
  if (extension.empty()) return {};
  return gate_.ask(live.run.workflow_no, extension, definition.account).diagnosis;
}

RunTurn RunExecutor::turn_of(const LiveRun& live) const {
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

void RunExecutor::count_end(const RunTurn& turn) {
  if (turn.to == RunTurn::To::held) ++counters_.runs_held;
  if (turn.to != RunTurn::To::over) return;
  if (turn.state == RunState::succeeded) ++counters_.runs_succeeded;
  if (turn.state == RunState::failed) ++counters_.runs_failed;
  if (turn.state == RunState::cancelled) ++counters_.runs_cancelled;
}

}  // namespace engine
