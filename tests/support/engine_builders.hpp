// Runs, tasks and workflows for tests of pure code: what does not matter is filled in.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "engine/definition.hpp"
#include "engine/fact.hpp"
#include "engine/run.hpp"

namespace support {

inline base::TimePoint noon() { return base::from_millis(1'767'614'400'000); }  // 2026-01-05T12:00:00Z

inline engine::TaskDefinition a_task(std::string id, std::vector<engine::Edge> after = {}) {
  return engine::TaskDefinition{.id = std::move(id), .type = "fake", .account = "crm", .after = std::move(after)};
}

inline engine::WorkflowDefinition a_workflow(std::vector<engine::TaskDefinition> tasks) {
  return engine::WorkflowDefinition{.name = "a workflow",
                                    .fingerprint = "f",
                                    .document = {"{}"},
                                    .trigger = {.type = "fake_response"},
                                    .tasks = std::move(tasks)};
}

// A run whose tasks stand as said, in the definition's order.
inline engine::Run a_run(std::initializer_list<engine::TaskState> states) {
  engine::Run run{.no = 1, .brand = {1}, .id = "run_a"};
  for (engine::TaskState state : states) run.tasks.push_back(engine::TaskProgress{.state = state});
  return run;
}

// A task in the middle of an attempt at a write.
inline engine::TaskProgress an_attempt_at(engine::Effect effect, int attempt = 1) {
  engine::TaskProgress task{.state = engine::TaskState::running, .attempt = attempt, .attempts_counted = attempt};
  task.step = engine::FrozenStep{true, effect, {R"({"record":1})"}};
  return task;
}

inline engine::TaskProgress an_attempt_at_a_read(int attempt = 1) {
  engine::TaskProgress task{.state = engine::TaskState::running, .attempt = attempt, .attempts_counted = attempt};
  task.step = engine::FrozenStep{false, engine::Effect::repeatable, {R"({"question":1})"}};
  return task;
}

// Folds facts, each of them `step` after the one before, into a run.
class Telling {
 public:
  explicit Telling(std::size_t tasks) { run_.tasks.resize(tasks); }

  Telling& then(engine::Fact fact, base::Duration after = base::Duration{1'000}) {
    now_ += after;
    fact.at = now_;
    if (fact.due_at) fact.due_at = now_ + (*fact.due_at - base::TimePoint{});
    engine::apply(run_, fact);
    return *this;
  }
  Telling& started(int attempt, engine::Effect effect = engine::Effect::repeatable, bool is_write = true) {
    engine::Fact fact{
        .what = engine::What::started, .task = 0, .attempt = attempt, .is_write = is_write, .effect = effect};
    if (attempt == 1) fact.content = {R"({"record":1})"};
    return then(fact);
  }
  Telling& tried(base::Kind kind, base::Duration pause = base::Duration{0},
                 base::Duration after = base::Duration{1'000}) {
    return then(
        {.what = engine::What::tried, .task = 0, .code = "broke", .kind = kind, .due_at = base::TimePoint{pause}},
        after);
  }
  const engine::TaskProgress& task() const { return run_.tasks.front(); }
  engine::Run& run() { return run_; }
  base::TimePoint now() const { return now_; }

 private:
  engine::Run run_;
  base::TimePoint now_ = noon();
};

}  // namespace support
