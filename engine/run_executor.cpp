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

namespace engine {
namespace {

// Nothing but the end of an attempt is waited for; a point far away keeps the wait simple.
constexpr base::Duration no_timer{3'600'000};

// The oldest epoch that any of `facts` stands under; 0: none.
std::int64_t epoch_of(std::span<const Fact> facts) {
  std::int64_t oldest = 0;
  for (const Fact& fact : facts) {
    if (fact.epoch != 0 && (oldest == 0 || fact.epoch < oldest)) oldest = fact.epoch;
  }
  return oldest;
}

// Ids of the tasks whose failures others have made good.
std::vector<std::string> made_good_in(const LiveRun& live) {
  std::vector<std::string> tasks;
  for (std::size_t i = 0; i < live.run.tasks.size(); ++i) {
    const bool has_failed = live.run.tasks[i].state == TaskState::failed;
    if (has_failed && is_made_good(live.definition(), live.run, i)) tasks.push_back(live.definition().tasks[i].id);
  }
  return tasks;
}

// Of a run that ends before any of its tasks.
CauseChange end_before_tasks(const base::Error& refusal) {
  const Fact failed{.what = What::failed, .code = std::string(refusal.code.name), .message = refusal.message};
  return CauseChange{.cause = cause_of(failed, TaskDefinition{}, "")};
}

}  // namespace

base::awaitable<void> RunExecutor::execute(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts) {
  if (!live->values.has_event()) {
    const bool obtained = co_await obtain_values(live);
    if (!obtained) co_return;
  }
  co_await launch(live, std::move(starts), {});
  while (!live->abandoned) {
    if (std::exchange(live->looks_at_children, false)) co_await look_at_children(*live);
    std::vector<Fact> facts;
    counters_.attempts_failed += decisions_.take_outcomes(*live, facts);
    Preparation preparation;
    if (!live->cancelled)
      preparation = decisions_.prepare(*live);
    else if (live->in_flight == 0)
      preparation.facts = decisions_.end_cancelled(*live);
    facts.insert(facts.end(), std::make_move_iterator(preparation.facts.begin()),
                 std::make_move_iterator(preparation.facts.end()));

    const RunTurn turn = decisions_.turn_of(*live);
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
  if (!is_condition) live->causes.push_back(end_before_tasks(*refusal));
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
        co_await ledger_.ended_children(live.run.brand, live.run.no, live.definition().tasks[i].id);
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
  step.workflow_no = live.run.workflow_no;
  step.causes = std::exchange(live.causes, {});
  if (turn.to == RunTurn::To::over) step.made_good = made_good_in(live);
  step.epoch = epoch_of(facts);
  // Whoever lifts a key looks for runs that wait on it; a run that starts to wait after that must notice.
  if (step.epoch == 0 && !turn.keys.empty()) step.epoch = gate_.epoch(live.run.brand);
  if (step.epoch != 0) {
    keep_without_epoch(facts);
    if (!facts.empty()) step.facts_without_epoch = to_json(facts);
  }
  step.turn = std::move(turn);
  co_return co_await ledger_.record(std::move(step));
}

// What was decided under an epoch that has moved does not stand: the log says what does.
base::awaitable<void> RunExecutor::reload(LiveRun& live) {
  // Memory learns of a new epoch after its commit: without a turn of the loop for that, the same would be decided
  // again.
  co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  const std::vector<std::string> log = co_await ledger_.read_log(live.run.brand, live.run.no);
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
  call.definition = &definition;
  call.account = live->accounts[index];
  call.is_write = task.step->is_write;
  call.content = task.step->content;
  call.effect = task.step->effect;
  call.effect_key = live->key_of_write(index);
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
  const Fact sent{.what = What::sent, .task = static_cast<int>(index), .at = clock_.now()};
  StepRecord step{
      .run_no = live->run.no, .brand = live->run.brand, .lease = live->lease, .seq = live->next_seq++, .at = sent.at};
  step.facts = to_json(std::span(&sent, 1));
  step.epoch = live->verdict_epochs[index];
  const Recorded recorded = co_await ledger_.record(std::move(step));
  if (recorded == Recorded::lease_lost) live->abandoned = true;
  if (recorded != Recorded::whole) co_return changed;
  apply(live->run, sent);
  base::crash_point("attempt.after_sent_mark");
  co_return base::Ok{};
}

void RunExecutor::count_end(const RunTurn& turn) {
  if (turn.to == RunTurn::To::held) ++counters_.runs_held;
  if (turn.to != RunTurn::To::over) return;
  if (turn.state == RunState::succeeded) ++counters_.runs_succeeded;
  if (turn.state == RunState::failed) ++counters_.runs_failed;
  if (turn.state == RunState::cancelled) ++counters_.runs_cancelled;
}

}  // namespace engine
