#include "engine/rehearsal.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/run_id.hpp"

namespace engine {
namespace {

std::vector<Fact> facts_of_row(const std::string& row) {
  base::Result<std::vector<Fact>> facts = read_facts(row);
  if (!facts) throw std::runtime_error("a step that was rehearsed cannot be read: " + facts.error().message);
  return *std::move(facts);
}

bool awaits_children(const Run& run) {
  return std::any_of(run.tasks.begin(), run.tasks.end(),
                     [](const TaskProgress& task) { return task.has_children && task.state == TaskState::waiting; });
}

ItemEnd end_of_item(int number, const RunTurn& turn, const std::vector<Fact>& facts) {
  ItemEnd end{.number = number, .state = turn.state, .code = turn.code};
  for (const Fact& fact : facts) {
    if (fact.what == What::done) end.output = fact.content;
    if (fact.what == What::failed || fact.what == What::ended) end.message = fact.message;
  }
  return end;
}

}  // namespace

// Nobody else has a lease here, and an epoch that has moved is noticed before anything is sent.
base::awaitable<Recorded> Rehearsal::Ledger::record(StepRecord step) {
  logs_[step.run_no].push_back(std::move(step.facts));
  if (step.turn.to == RunTurn::To::over) ends_[step.run_no] = std::move(step.turn);
  for (NewChild& child : step.children) {
    children_.push_back(child);
    waiting_.push_back(std::move(child));
  }
  co_return Recorded::whole;
}

base::awaitable<std::vector<std::string>> Rehearsal::Ledger::read_log(BrandId, std::int64_t run_no) {
  co_return logs_[run_no];
}

base::awaitable<std::optional<std::vector<ItemEnd>>> Rehearsal::Ledger::ended_children(BrandId, std::int64_t,
                                                                                       std::string task) {
  std::vector<ItemEnd> ends;
  for (const NewChild& child : children_) {
    if (child.task != task) continue;
    const auto end = ends_.find(child.no);
    if (end == ends_.end()) co_return std::nullopt;
    ends.push_back(end_of_item(child.number, end->second, facts_of(child.no)));
  }
  co_return ends;
}

void Rehearsal::Ledger::forget() {
  logs_.clear();
  ends_.clear();
  children_.clear();
  waiting_.clear();
}

void Rehearsal::Ledger::begin(std::int64_t run_no, const std::vector<Fact>& facts) {
  if (!facts.empty()) logs_[run_no].push_back(to_json(facts));
}

std::vector<Fact> Rehearsal::Ledger::facts_of(std::int64_t run_no) const {
  std::vector<Fact> all;
  const auto log = logs_.find(run_no);
  if (log == logs_.end()) return all;
  for (const std::string& row : log->second) {
    std::vector<Fact> facts = facts_of_row(row);
    all.insert(all.end(), std::make_move_iterator(facts.begin()), std::make_move_iterator(facts.end()));
  }
  return all;
}

std::shared_ptr<LiveRun> Rehearsal::make_live(std::shared_ptr<LiveVersion> version, Run run,
                                              std::shared_ptr<const ValueSource> values) {
  run.state = RunState::running;
  auto live = std::make_shared<LiveRun>(std::move(version), std::move(run), std::string(), clock_);
  live->values.set_event(std::move(values));
  return live;
}

base::awaitable<RehearsedRun> Rehearsal::carry_through(std::shared_ptr<LiveVersion> version, Run run,
                                                       std::vector<Fact> beginning,
                                                       std::shared_ptr<const ValueSource> values) {
  ledger_.forget();
  run.no = ledger_.next_run_no();
  ledger_.begin(run.no, beginning);
  RehearsedRun rehearsed;
  rehearsed.run = make_live(version, std::move(run), values);
  LiveRun& parent = *rehearsed.run;
  for (const Fact& fact : beginning) apply(parent.run, fact);
  co_await executor_.execute(rehearsed.run, {});
  while (awaits_children(parent.run)) {
    const std::vector<NewChild> children = ledger_.take_children();
    if (children.empty()) break;  // one of those that were begun is held, or waits for long
    for (const NewChild& child : children) {
      Run item{.no = child.no, .brand = parent.run.brand, .id = item_run_id(parent.run.id, child.task, child.number)};
      item.workflow_no = parent.run.workflow_no;
      item.version_no = parent.run.version_no;
      item.effect_root = parent.run.effect_root;
      item.item = ItemOfRun{.parent = parent.run.no, .task_id = child.task, .number = child.number};
      const std::shared_ptr<LiveRun> live = make_live(version, std::move(item), values);
      const auto inherited = take_item(*live, ledger_.log_of(parent.run.no));
      if (!inherited) throw std::runtime_error(inherited.error().message);
      co_await executor_.execute(live, {});
      rehearsed.children.push_back({live, ledger_.facts_of(child.no)});
    }
    parent.looks_at_children = true;
    co_await executor_.execute(rehearsed.run, {});
  }
  rehearsed.facts = ledger_.facts_of(parent.run.no);
  co_return rehearsed;
}

}  // namespace engine
