#include "engine/transition.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/errors.hpp"

namespace engine {
namespace {

Fact fact_of(What what, int index, const TaskProgress& task, const base::Error& error, base::TimePoint now) {
  return Fact{.what = what,
              .task = index,
              .at = now,
              .attempt = task.attempt,
              .code = std::string(error.code.name),
              .kind = error.code.kind,
              .message = error.message,
              .details = error.details};
}

bool is_unprotected_write(const TaskProgress& task) {
  return task.step && task.step->is_write && task.step->effect == Effect::author_decides;
}

// The tries so far with the one that has just failed: a compile or a fetch has no start in the log and counts all the
// same.
int tries_of(const TaskProgress& task) { return task.attempts_counted + (task.state == TaskState::running ? 0 : 1); }

bool is_exhausted(const RetryPolicy& policy, const TaskProgress& task, base::TimePoint now) {
  if (policy.attempts > 0 && tries_of(task) >= policy.attempts) return true;
  return task.failing_since && now - *task.failing_since - task.left_out >= policy.within;
}

bool stops_run(const WorkflowDefinition& definition, const Run& run, std::size_t index) {
  return run.tasks[index].state == TaskState::failed && definition.tasks[index].on_failure == OnFailure::stop;
}

// The failed task that keeps this one from beginning; none when this one is there to handle such a failure.
std::optional<std::size_t> stopped_by(const WorkflowDefinition& definition, const Run& run,
                                      const TaskDefinition& task) {
  for (const Edge& edge : task.after) {
    if (edge.on == On::failed && stops_run(definition, run, edge.from)) return std::nullopt;
  }
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
    if (stops_run(definition, run, i)) return i;
  }
  return std::nullopt;
}

// What has begun is brought to its end, also in a run that stops.
bool has_begun(const TaskProgress& task) {
  return task.attempt > 0 || task.step || task.has_children || !task.answers.empty();
}

Fact skip(std::size_t index, base::TimePoint now, std::string code, std::string message) {
  Fact fact{.what = What::skipped, .task = static_cast<int>(index), .at = now};
  fact.code = std::move(code);
  fact.message = std::move(message);
  return fact;
}

}  // namespace

bool is_made_good(const WorkflowDefinition& definition, const Run& run, std::size_t failed) {
  for (std::size_t i = 0; i < definition.tasks.size(); ++i) {
    if (run.tasks[i].state != TaskState::succeeded) continue;
    for (const Edge& edge : definition.tasks[i].after) {
      if (edge.from == failed && edge.on == On::failed) return true;
    }
  }
  return false;
}

Fact hold_as_unclear(const TaskProgress& task, int index, const std::string& run_id, base::TimePoint now,
                     std::string why) {
  Fact fact{.what = What::held, .task = index, .at = now, .attempt = task.attempt};
  fact.code = std::string(outcome_unclear.name);
  fact.message =
      "it is unclear whether this was carried out, and nothing would keep a second try from doing it twice" + why;
  fact.lifted_by =
      "whoever may run the workflow: look into the org, then resume the run with unclear=done or unclear=repeat";
  fact.keys = {"run:" + run_id};
  fact.unclear = true;
  return fact;
}

EdgeState edge_state(On on, TaskState from) {
  if (!is_over(from)) return EdgeState::open;
  if (on == On::finished) return EdgeState::holds;
  const TaskState wanted = on == On::succeeded ? TaskState::succeeded : TaskState::failed;
  return from == wanted ? EdgeState::holds : EdgeState::never;
}

EdgeState edges_of(const TaskDefinition& task, const Run& run) {
  EdgeState all = EdgeState::holds;
  for (const Edge& edge : task.after) {
    const EdgeState state = edge_state(edge.on, run.tasks[edge.from].state);
    if (state == EdgeState::never) return EdgeState::never;
    if (state == EdgeState::open) all = EdgeState::open;
  }
  return all;
}

Fact after_error(const TaskDefinition& definition, const TaskProgress& task, int index, const std::string& run_id,
                 const base::Error& error, base::TimePoint now, base::Random& random) {
  if (error.code.kind == base::Kind::permanent) return fact_of(What::failed, index, task, error, now);
  if (error.code.kind == base::Kind::blocked) {
    Fact fact = fact_of(What::held, index, task, error, now);
    fact.keys = error.waits_on;
    fact.lifted_by = error.lifted_by;
    return fact;
  }
  if (error.code.kind == base::Kind::uncertain && is_unprotected_write(task) &&
      definition.on_unclear == OnUnclear::hold) {
    Fact fact = hold_as_unclear(task, index, run_id, now, ": " + error.message);
    fact.details = error.details;
    return fact;
  }
  if (is_exhausted(definition.retry, task, now) && error.code.kind != base::Kind::throttled) {
    return fact_of(What::failed, index, task, error, now);
  }
  Fact fact = fact_of(What::tried, index, task, error, now);
  const base::Duration pause = delay_after(definition.retry, tries_of(task), random);
  fact.due_at = now + std::max(pause, error.retry_after.value_or(base::Duration{0}));
  return fact;
}

std::optional<Fact> hold_if_unclear(const TaskDefinition& definition, const TaskProgress& task, int index,
                                    const std::string& run_id, base::TimePoint now) {
  const bool must_hold = is_unprotected_write(task) && task.unclear_before && definition.on_unclear == OnUnclear::hold;
  if (!must_hold || task.repeat_allowed) return std::nullopt;
  return hold_as_unclear(task, index, run_id, now, ": the program ended before the answer came");
}

std::optional<Fact> skip_if_impossible(const WorkflowDefinition& definition, const Run& run, std::size_t index,
                                       base::TimePoint now) {
  const TaskDefinition& task = definition.tasks[index];
  if (run.item) return std::nullopt;  // its edges are its parent's business
  if (is_over(run.tasks[index].state) || has_begun(run.tasks[index])) return std::nullopt;
  if (edges_of(task, run) == EdgeState::never) {
    for (const Edge& edge : task.after) {
      const TaskState from = run.tasks[edge.from].state;
      if (edge_state(edge.on, from) != EdgeState::never) continue;
      return skip(
          index, now, "edge_not_taken",
          fmt::format("it runs when '{}' has {}, and that {}", definition.tasks[edge.from].id, to_string(edge.on),
                      from == TaskState::skipped ? "was skipped" : fmt::format("has {}", to_string(from))));
    }
  }
  if (std::optional<std::size_t> stopper = stopped_by(definition, run, task)) {
    return skip(index, now, "run_stopped", fmt::format("'{}' failed and stops the run", definition.tasks[*stopper].id));
  }
  return std::nullopt;
}

Rest rest_of(const WorkflowDefinition& definition, const Run& run) {
  Rest rest;
  bool any_moving = false;
  bool any_open = false;
  bool any_failed = false;
  for (std::size_t i = 0; i < run.tasks.size(); ++i) {
    if (!run.does(i)) continue;
    const TaskProgress& task = run.tasks[i];
    any_moving = any_moving || task.state == TaskState::ready || task.state == TaskState::running;
    if (task.has_children && task.state == TaskState::waiting) {
      rest.children_of.push_back(i);
    } else if (task.state == TaskState::waiting && (!rest.due_at || *task.due_at < *rest.due_at)) {
      rest.due_at = task.due_at;
    }
    if (task.state == TaskState::held) {
      if (rest.code.empty()) rest.code = task.code;
      rest.keys.insert(rest.keys.end(), task.keys.begin(), task.keys.end());
    }
    any_open = any_open || !is_over(task.state);
    any_failed = any_failed || (task.state == TaskState::failed && !is_made_good(definition, run, i));
  }
  std::sort(rest.keys.begin(), rest.keys.end());
  rest.keys.erase(std::unique(rest.keys.begin(), rest.keys.end()), rest.keys.end());
  if (any_moving) {
    rest.kind = Rest::Kind::moving;
  } else if (rest.due_at || !rest.children_of.empty()) {
    rest.kind = Rest::Kind::waits;
  } else if (any_open) {
    rest.kind = Rest::Kind::held;
    rest.state = RunState::held;
  } else {
    rest.kind = Rest::Kind::over;
    rest.state = any_failed ? RunState::failed : RunState::succeeded;
  }
  return rest;
}

base::Result<std::vector<Fact>> resumption(const WorkflowDefinition& definition, const std::vector<Fact>& log,
                                           std::string_view unclear, base::TimePoint now) {
  Run run;
  run.tasks.resize(definition.tasks.size());
  for (const Fact& fact : log) apply(run, fact);
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < run.tasks.size(); ++i) {
    const TaskProgress& task = run.tasks[i];
    if (task.state != TaskState::held) continue;
    Fact fact{.what = What::released, .task = static_cast<int>(i), .at = now};
    if (task.code == outcome_unclear.name) {
      if (unclear.empty()) {
        return base::Error{
            outcome_unclear,
            fmt::format("it is unclear whether '{}' was carried out: look into the org, then say unclear=done or "
                        "unclear=repeat",
                        definition.tasks[i].id)};
      }
      fact.what = unclear == "done" ? What::answered : What::repeated;
      if (fact.what == What::answered) {
        fact.is_write = true;
        fact.effect = Effect::author_decides;
        fact.content.text = R"({"id":null,"created":null,"said_by_a_person":true})";
      }
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace engine
