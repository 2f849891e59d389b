#include "engine/run.hpp"

#include <array>
#include <utility>

#include "base/json_reader.hpp"
#include "engine/errors.hpp"

namespace engine {
namespace {

constexpr std::array run_state_names{"queued", "running", "succeeded", "failed", "cancelled", "held"};
constexpr std::array task_state_names{"pending",   "ready",  "running", "waiting",
                                      "succeeded", "failed", "skipped", "held"};

void begin_attempt(TaskProgress& task, const Fact& fact) {
  task.state = TaskState::running;
  task.attempt = fact.attempt;
  ++task.attempts_counted;
  task.sent = false;
  task.due_at.reset();
  if (!fact.content.empty()) task.step = FrozenStep{fact.is_write, fact.effect, fact.content};
}

bool is_at_write(const TaskProgress& task) { return task.step && task.step->is_write; }

// Only a write leaves anything behind; a read whose answer was lost is read again.
void become_unclear(TaskProgress& task) {
  if (!is_at_write(task)) return;
  task.unclear_before = true;
  task.repeat_allowed = false;
}

// The answer to a write that an earlier run has sent says so: there is no step for it here.
void take_answer(TaskProgress& task, const Fact& fact) {
  if (is_at_write(task) || fact.is_write) ++task.writes;
  task.answers.push_back(Answer{fact.content});
  task.step.reset();
  task.state = TaskState::ready;
  task.attempt = 0;
  task.attempts_counted = 0;
  task.sent = task.unclear_before = task.repeat_allowed = false;
  task.held_at.reset();
  task.failing_since.reset();
  task.left_out = base::Duration{0};
  task.has_children = false;
  task.code.clear();
  task.keys.clear();
}

void plan_retry(TaskProgress& task, const Fact& fact) {
  // A compile or a fetch that failed has no start in the log; it is a try all the same.
  if (task.state != TaskState::running) ++task.attempts_counted;
  task.state = TaskState::waiting;
  task.due_at = fact.due_at;
  task.code = fact.code;
  if (!task.failing_since) task.failing_since = fact.at;
  if (fact.kind == base::Kind::uncertain) become_unclear(task);
  if (fact.kind == base::Kind::throttled) {
    --task.attempts_counted;
    if (fact.due_at) task.left_out += *fact.due_at - fact.at;
  }
}

void hold(TaskProgress& task, const Fact& fact) {
  task.state = TaskState::held;
  task.code = fact.code;
  task.keys = fact.keys;
  task.held_at = fact.at;
  task.due_at.reset();
  if (fact.unclear) become_unclear(task);
}

void release(TaskProgress& task, const Fact& fact) {
  if (task.state != TaskState::held) return;
  if (task.held_at && task.failing_since) task.left_out += fact.at - *task.held_at;
  task.held_at.reset();
  task.state = TaskState::ready;
  task.code.clear();
  task.keys.clear();
}

// An attempt that has no recorded end may have been carried out, unless its start says that it had not left yet. The
// time in which nobody worked on it, although it was due, is left out of `within`.
void take_over(TaskProgress& task, base::TimePoint last_at, base::TimePoint now) {
  const base::TimePoint idle_since = task.state == TaskState::waiting && task.due_at ? *task.due_at : last_at;
  const bool was_due = task.state == TaskState::waiting || task.state == TaskState::running;
  if (was_due && task.failing_since && idle_since < now) task.left_out += now - idle_since;
  if (task.state != TaskState::running) return;
  const bool needs_mark = is_at_write(task) && task.step->effect == Effect::author_decides;
  if (!needs_mark || task.sent) become_unclear(task);
  task.state = TaskState::ready;
}

// A write that may have been carried out stays frozen: a replay sends the same under its key.
void end_task(TaskProgress& task, TaskState state, const Fact& fact) {
  if (state == TaskState::failed && fact.kind == base::Kind::uncertain) become_unclear(task);
  task.state = state;
  task.code = fact.code;
  if (state != TaskState::failed || !task.unclear_before) task.step.reset();
  task.due_at.reset();
  if (state != TaskState::succeeded) return;
  task.output = read_output(fact.content.text);
  task.whole_output = fact.content;
}

void wait_for_children(TaskProgress& task, const Fact& fact) {
  task.state = TaskState::waiting;
  task.due_at.reset();
  task.has_children = true;
  task.items = fact.content;
}

// A list waits for its child runs again, and the answer that they failed is forgotten. What else a task has read it
// reads again, unless it has written, or may have written, by what it read.
void reopen(TaskProgress& task) {
  const bool was_begun = task.state == TaskState::failed;
  const bool was_spread = was_begun && !task.items.empty();
  task.state = was_begun ? TaskState::ready : TaskState::pending;
  task.attempts_counted = 0;
  task.failing_since.reset();
  task.left_out = base::Duration{0};
  task.repeat_allowed = false;
  task.code.clear();
  if (!was_spread) {
    if (task.writes == 0 && !task.unclear_before) task.answers.clear();
    return;
  }
  if (!task.answers.empty()) task.answers.pop_back();
  task.state = TaskState::waiting;
  task.has_children = true;
}

void reopen(Run& run) {
  run.state = RunState::running;
  if (run.fetch.state == TaskState::failed) run.fetch = TaskProgress{};
}

// What had not ended when its run was cancelled never will. What it has sent stays in its attempts.
void cancel_task(TaskProgress& task) {
  if (is_over(task.state)) return;
  task.state = TaskState::skipped;
  task.code = run_cancelled.name;
  task.keys.clear();
  task.due_at.reset();
}

void apply_to_task(TaskProgress& task, const Fact& fact) {
  switch (fact.what) {
    case What::started: return begin_attempt(task, fact);
    case What::sent: task.sent = true; return;
    case What::answered: return take_answer(task, fact);
    case What::tried: return plan_retry(task, fact);
    case What::waiting:
      task.state = TaskState::waiting;
      task.due_at = fact.due_at;
      return;
    case What::spread: return wait_for_children(task, fact);
    case What::done: return end_task(task, TaskState::succeeded, fact);
    case What::failed: return end_task(task, TaskState::failed, fact);
    case What::skipped: return end_task(task, TaskState::skipped, fact);
    case What::held: return hold(task, fact);
    case What::released: return release(task, fact);
    case What::repeated:
      release(task, fact);
      task.repeat_allowed = true;
      return;
    case What::reopened:
    case What::taken:
    case What::fetched:
    case What::ended:
    case What::replays:
    case What::carried: return;
  }
}

// Flattens objects into `a/b`; a list stays a list of its scalar items.
class OutputReader final : public base::JsonSink {
 public:
  Output take() { return std::move(output_); }

  bool null() override { return put(base::Value{}); }
  bool boolean(bool yes) override { return put(base::Value(yes)); }
  bool number(std::string_view text, double value) override {
    return put(base::Value(base::Number{std::string(text), value}));
  }
  bool string(std::string&& text) override { return put(base::Value(std::move(text))); }
  bool key(std::string&& name) override {
    if (lists_ == 0) name_ = std::move(name);  // a list goes under its own name, whatever stands in it
    return true;
  }
  bool start_object() override {
    if (lists_ > 0) {
      ++lists_;
      return true;
    }
    prefixes_.push_back(prefixes_.empty() ? "" : prefixes_.back() + name_ + "/");
    return true;
  }
  bool end_object() override {
    if (lists_ > 0)
      --lists_;
    else
      prefixes_.pop_back();
    return true;
  }
  bool start_array() override {
    if (lists_++ == 0) list_.clear();
    return true;
  }
  bool end_array() override {
    if (--lists_ == 0) return put(base::Value(std::move(list_)));
    return true;
  }

 private:
  bool put(base::Value value) {
    if (lists_ > 0) {
      if (lists_ == 1) list_.push_back(std::move(value));
    } else if (!prefixes_.empty()) {
      output_.emplace_back(prefixes_.back() + name_, std::move(value));
    }
    return true;
  }

  Output output_;
  std::vector<std::string> prefixes_;
  std::string name_;
  base::List list_;
  int lists_ = 0;
};

}  // namespace

std::string_view to_string(RunState state) { return run_state_names[static_cast<std::size_t>(state)]; }
std::string_view to_string(TaskState state) { return task_state_names[static_cast<std::size_t>(state)]; }

std::optional<RunState> read_run_state(std::string_view text) {
  for (std::size_t i = 0; i < run_state_names.size(); ++i) {
    if (text == run_state_names[i]) return static_cast<RunState>(i);
  }
  return std::nullopt;
}

bool is_over(RunState state) {
  return state == RunState::succeeded || state == RunState::failed || state == RunState::cancelled;
}

bool is_over(TaskState state) {
  return state == TaskState::succeeded || state == TaskState::failed || state == TaskState::skipped;
}

Fact end_of_run(RunState state, base::TimePoint at, std::string message) {
  return {.what = What::ended, .at = at, .code = std::string(to_string(state)), .message = std::move(message)};
}

Fact end_by_person(base::TimePoint at) { return end_of_run(RunState::cancelled, at, "a person has cancelled the run"); }

void apply(Run& run, const Fact& fact) {
  const base::TimePoint last_at = std::exchange(run.last_at, fact.at);
  switch (fact.what) {
    case What::taken:
      for (TaskProgress& task : run.tasks) take_over(task, last_at, fact.at);
      take_over(run.fetch, last_at, fact.at);
      return;
    case What::fetched:
      run.event_fetched = true;
      run.fetched_body = fact.content.text;
      run.fetch.state = TaskState::succeeded;
      return;
    case What::ended:
      if (std::optional<RunState> state = read_run_state(fact.code)) run.state = *state;
      if (run.state == RunState::cancelled) {
        for (TaskProgress& task : run.tasks) cancel_task(task);
      }
      return;
    case What::carried:
      if (base::Result<CarriedWrite> write = read_carried_write(fact.content.text))
        take_carried(run.carried, *std::move(write));
      return;
    case What::reopened:
      if (fact.task < 0) return reopen(run);
      return reopen(run.tasks.at(static_cast<std::size_t>(fact.task)));
    default: apply_to_task(fact.task < 0 ? run.fetch : run.tasks.at(static_cast<std::size_t>(fact.task)), fact);
  }
}

Output read_output(std::string_view json) {
  OutputReader reader;
  if (json.empty() || !base::read_json(json, reader)) return {};
  return reader.take();
}

}  // namespace engine
