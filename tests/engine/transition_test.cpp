#include "engine/transition.hpp"

#include <catch2/catch.hpp>

#include "engine/errors.hpp"
#include "tests/support/engine_builders.hpp"

using namespace std::chrono_literals;

namespace {

using base::Kind;
using engine::Effect;
using engine::Fact;
using engine::On;
using engine::OnUnclear;
using engine::RunState;
using engine::TaskState;
using engine::What;
using support::a_run;
using support::a_task;
using support::a_workflow;
using support::an_attempt_at;
using support::an_attempt_at_a_read;
using support::noon;
using support::Telling;

base::Error an_error(Kind kind) { return base::Error{{"broke", kind}, "it broke"}; }

Fact after(const engine::TaskDefinition& definition, const engine::TaskProgress& task, const base::Error& error,
           base::TimePoint now = noon()) {
  base::SeededRandom random(1);
  return engine::after_error(definition, task, 0, "run_a", error, now, random);
}

engine::TaskDefinition with_attempts(int attempts) {
  engine::TaskDefinition definition = a_task("a");
  definition.retry.attempts = attempts;
  return definition;
}

}  // namespace

TEST_CASE("an edge holds, may still hold, or never will") {
  using engine::EdgeState;
  struct Case {
    On on;
    TaskState from;
    EdgeState state;
  };
  for (On on : {On::succeeded, On::failed, On::finished}) {
    for (TaskState from :
         {TaskState::pending, TaskState::ready, TaskState::running, TaskState::waiting, TaskState::held}) {
      CHECK(engine::edge_state(on, from) == EdgeState::open);
    }
  }
  for (const Case& example : {Case{On::succeeded, TaskState::succeeded, EdgeState::holds},
                              {On::succeeded, TaskState::failed, EdgeState::never},
                              {On::succeeded, TaskState::skipped, EdgeState::never},
                              {On::failed, TaskState::succeeded, EdgeState::never},
                              {On::failed, TaskState::failed, EdgeState::holds},
                              {On::failed, TaskState::skipped, EdgeState::never},
                              {On::finished, TaskState::succeeded, EdgeState::holds},
                              {On::finished, TaskState::failed, EdgeState::holds},
                              {On::finished, TaskState::skipped, EdgeState::holds}}) {
    CHECK(engine::edge_state(example.on, example.from) == example.state);
  }
}

TEST_CASE("one edge that never holds decides, however open the others are") {
  const engine::TaskDefinition task = a_task("c", {{.from = 0}, {.from = 1}});
  CHECK(engine::edges_of(task, a_run({TaskState::running, TaskState::failed, TaskState::pending})) ==
        engine::EdgeState::never);
  CHECK(engine::edges_of(task, a_run({TaskState::running, TaskState::succeeded, TaskState::pending})) ==
        engine::EdgeState::open);
  CHECK(engine::edges_of(task, a_run({TaskState::succeeded, TaskState::succeeded, TaskState::pending})) ==
        engine::EdgeState::holds);
}

TEST_CASE("what follows an error is decided by its kind, the write's effect and the author") {
  struct Case {
    Kind kind;
    std::optional<Effect> effect;  // nothing: a read
    OnUnclear on_unclear;
    What what;
  };
  const OnUnclear hold = OnUnclear::hold;
  const OnUnclear retry = OnUnclear::retry;
  std::vector<Case> cases{{Kind::uncertain, std::nullopt, hold, What::tried},
                          {Kind::uncertain, Effect::repeatable, hold, What::tried},
                          {Kind::uncertain, Effect::keyed, hold, What::tried},
                          {Kind::uncertain, Effect::author_decides, hold, What::held},
                          {Kind::uncertain, Effect::author_decides, retry, What::tried}};
  for (std::optional<Effect> effect : {std::optional<Effect>{}, std::optional(Effect::repeatable),
                                       std::optional(Effect::keyed), std::optional(Effect::author_decides)}) {
    for (OnUnclear on_unclear : {hold, retry}) {
      cases.push_back({Kind::transient, effect, on_unclear, What::tried});
      cases.push_back({Kind::throttled, effect, on_unclear, What::tried});
      cases.push_back({Kind::blocked, effect, on_unclear, What::held});
      cases.push_back({Kind::permanent, effect, on_unclear, What::failed});
    }
  }
  for (const Case& example : cases) {
    engine::TaskDefinition definition = a_task("a");
    definition.on_unclear = example.on_unclear;
    const engine::TaskProgress task = example.effect ? an_attempt_at(*example.effect) : an_attempt_at_a_read();
    CHECK(after(definition, task, an_error(example.kind)).what == example.what);
  }
}

TEST_CASE("an unclear write is held on the run itself, and says that it is unclear") {
  const Fact fact = after(a_task("a"), an_attempt_at(Effect::author_decides), an_error(Kind::uncertain));
  CHECK(fact.code == "outcome_unclear");
  CHECK(fact.keys == std::vector<std::string>{"run:run_a"});
  CHECK(fact.unclear);
  CHECK(fact.epoch == 0);
}

TEST_CASE("a block keeps the keys that could lift it") {
  base::Error error = an_error(Kind::blocked);
  error.waits_on = {"account:acc_1"};
  const Fact fact = after(a_task("a"), an_attempt_at(Effect::keyed), error);
  CHECK(fact.keys == error.waits_on);
  CHECK(fact.code == "broke");
}

TEST_CASE("the last of the allowed attempts fails, unless it was throttled") {
  CHECK(after(with_attempts(3), an_attempt_at(Effect::keyed, 2), an_error(Kind::transient)).what == What::tried);
  CHECK(after(with_attempts(3), an_attempt_at(Effect::keyed, 3), an_error(Kind::transient)).what == What::failed);
  CHECK(after(with_attempts(3), an_attempt_at(Effect::keyed, 3), an_error(Kind::uncertain)).what == What::failed);
  CHECK(after(with_attempts(3), an_attempt_at(Effect::keyed, 3), an_error(Kind::throttled)).what == What::tried);
}

TEST_CASE("the other side's wish for patience is kept where it is longer than the pause") {
  base::Error error = an_error(Kind::throttled);
  error.retry_after = 30s;
  CHECK(after(a_task("a"), an_attempt_at(Effect::keyed), error).due_at == noon() + 30s);
  error.retry_after = 0ms;
  CHECK(*after(a_task("a"), an_attempt_at(Effect::keyed), error).due_at <= noon() + 1s);
}

TEST_CASE("a task is given up when it has failed for as long as `within` says") {
  engine::TaskDefinition definition = a_task("a");
  definition.retry.within = 1h;
  engine::TaskProgress task = an_attempt_at(Effect::keyed, 9);
  task.failing_since = noon();
  CHECK(after(definition, task, an_error(Kind::transient), noon() + 59min).what == What::tried);
  CHECK(after(definition, task, an_error(Kind::transient), noon() + 60min).what == What::failed);
  task.left_out = 30min;
  CHECK(after(definition, task, an_error(Kind::transient), noon() + 60min).what == What::tried);
  CHECK(after(definition, task, an_error(Kind::transient), noon() + 90min).what == What::failed);
}

TEST_CASE("a throttled attempt does not count, and its pause is left out of `within`") {
  Telling story(1);
  story.started(1).tried(Kind::transient, 1s).started(2).tried(Kind::throttled, 10min);
  CHECK(story.task().attempt == 2);
  CHECK(story.task().attempts_counted == 1);
  CHECK(story.task().left_out == 10min);
}

TEST_CASE("an attempt cut by a crash counts") {
  Telling story(1);
  story.started(1).then({.what = What::taken}).started(2);
  CHECK(story.task().attempts_counted == 2);
}

TEST_CASE("a try that never began, of a compilation or a fetch, counts all the same") {
  Telling story(1);
  story.tried(Kind::transient, 1s).tried(Kind::transient, 1s);
  CHECK(story.task().attempts_counted == 2);
  engine::TaskProgress third = story.task();
  third.state = TaskState::ready;
  CHECK(after(with_attempts(3), third, an_error(Kind::transient)).what == What::failed);
  CHECK(after(with_attempts(4), third, an_error(Kind::transient)).what == What::tried);
}

TEST_CASE("held time is left out of `within`, but only since the task began to fail") {
  Telling story(1);
  story.then({.what = What::held, .task = 0, .code = "x"}).then({.what = What::released, .task = 0}, 5h);
  CHECK(story.task().left_out == 0ms);
  story.started(1)
      .tried(Kind::transient)
      .then({.what = What::held, .task = 0, .code = "x"})
      .then({.what = What::released, .task = 0}, 2h);
  CHECK(story.task().left_out == 2h);
}

TEST_CASE("the time in which the program was down is left out of `within`") {
  Telling running(1);
  running.started(1).tried(Kind::transient).started(2).then({.what = What::taken}, 3h);
  CHECK(running.task().left_out == 3h);

  Telling waiting(1);
  waiting.started(1).tried(Kind::transient, 1h).then({.what = What::taken}, 4h);  // it was due after one hour
  CHECK(waiting.task().left_out == 3h);
}

TEST_CASE("an answer ends the failing: the next step starts afresh") {
  Telling story(1);
  story.started(1).tried(Kind::uncertain).started(2).then({.what = What::answered, .task = 0, .content = {"{}"}});
  CHECK(story.task().state == TaskState::ready);
  CHECK(story.task().writes == 1);
  CHECK(story.task().attempts_counted == 0);
  CHECK_FALSE(story.task().unclear_before);
  CHECK_FALSE(story.task().failing_since);
  CHECK_FALSE(story.task().step);
}

TEST_CASE("only a write becomes unclear: a read whose answer was lost is read again") {
  Telling read(1);
  read.started(1, Effect::repeatable, false).tried(Kind::uncertain);
  CHECK_FALSE(read.task().unclear_before);
  read.started(2, Effect::repeatable, false).then({.what = What::taken});
  CHECK_FALSE(read.task().unclear_before);

  Telling write(1);
  write.started(1).tried(Kind::uncertain);
  CHECK(write.task().unclear_before);
}

TEST_CASE("a taken write is unclear, unless the log says that it had not left yet") {
  Telling unsent(1);
  unsent.started(1, Effect::author_decides).then({.what = What::taken});
  CHECK_FALSE(unsent.task().unclear_before);
  Telling sent(1);
  sent.started(1, Effect::author_decides).then({.what = What::sent, .task = 0}).then({.what = What::taken});
  CHECK(sent.task().unclear_before);
  Telling keyed(1);
  keyed.started(1, Effect::keyed).then({.what = What::taken});
  CHECK(keyed.task().unclear_before);
}

TEST_CASE("a sent write that nothing protects is held after a crash, and repeated only when a person said so") {
  const engine::TaskDefinition definition = a_task("a");
  Telling story(1);
  story.started(1, Effect::author_decides).then({.what = What::sent, .task = 0}).then({.what = What::taken});
  CHECK(engine::hold_if_unclear(definition, story.task(), 0, "run_a", noon()));
  story.then({.what = What::held, .task = 0, .code = "outcome_unclear", .unclear = true});
  story.then({.what = What::repeated, .task = 0});
  CHECK(story.task().state == TaskState::ready);
  CHECK_FALSE(engine::hold_if_unclear(definition, story.task(), 0, "run_a", noon()));

  // Not done for sure: the person's word still stands.
  story.started(2, Effect::author_decides).tried(Kind::throttled);
  CHECK_FALSE(engine::hold_if_unclear(definition, story.task(), 0, "run_a", noon()));
  // Unclear anew: another decision.
  story.started(3, Effect::author_decides).tried(Kind::uncertain);
  CHECK(engine::hold_if_unclear(definition, story.task(), 0, "run_a", noon()));
}

TEST_CASE("an author who says retry gets no hold for an unclear write") {
  engine::TaskDefinition definition = a_task("a");
  definition.on_unclear = OnUnclear::retry;
  engine::TaskProgress task = an_attempt_at(Effect::author_decides);
  task.unclear_before = true;
  CHECK_FALSE(engine::hold_if_unclear(definition, task, 0, "run_a", noon()));
}

TEST_CASE("a task whose edge can never hold is skipped, with the reason in a sentence") {
  const engine::WorkflowDefinition workflow =
      a_workflow({a_task("a"), a_task("b", {{.from = 0}}), a_task("c", {{.from = 1}})});
  const std::optional<Fact> fact = engine::skip_if_impossible(
      workflow, a_run({TaskState::failed, TaskState::pending, TaskState::pending}), 1, noon());
  REQUIRE(fact);
  CHECK(fact->code == "edge_not_taken");
  CHECK(fact->message == "it runs when 'a' has succeeded, and that has failed");
  const std::optional<Fact> behind = engine::skip_if_impossible(
      workflow, a_run({TaskState::failed, TaskState::skipped, TaskState::pending}), 2, noon());
  REQUIRE(behind);
  CHECK(behind->message == "it runs when 'b' has succeeded, and that was skipped");
}

TEST_CASE("a failure that stops the run skips what has not begun, but not its own handler") {
  engine::WorkflowDefinition workflow =
      a_workflow({a_task("a"), a_task("other"), a_task("handler", {{.from = 0, .on = On::failed}})});
  workflow.tasks[0].on_failure = engine::OnFailure::stop;
  for (TaskState not_begun : {TaskState::pending, TaskState::ready, TaskState::held, TaskState::waiting}) {
    const engine::Run run = a_run({TaskState::failed, not_begun, TaskState::pending});
    const std::optional<Fact> fact = engine::skip_if_impossible(workflow, run, 1, noon());
    REQUIRE(fact);
    CHECK(fact->code == "run_stopped");
    CHECK_FALSE(engine::skip_if_impossible(workflow, run, 2, noon()));
  }
  engine::Run begun = a_run({TaskState::failed, TaskState::waiting, TaskState::pending});
  begun.tasks[1] = an_attempt_at(Effect::keyed);
  begun.tasks[1].state = TaskState::waiting;
  CHECK_FALSE(engine::skip_if_impossible(workflow, begun, 1, noon()));
}

TEST_CASE("a handler of one of two stopping failures runs") {
  engine::WorkflowDefinition workflow =
      a_workflow({a_task("a"), a_task("b"), a_task("handler", {{.from = 1, .on = On::failed}})});
  workflow.tasks[0].on_failure = workflow.tasks[1].on_failure = engine::OnFailure::stop;
  CHECK_FALSE(engine::skip_if_impossible(workflow, a_run({TaskState::failed, TaskState::failed, TaskState::pending}), 2,
                                         noon()));
}

TEST_CASE("what a run has come to") {
  const engine::WorkflowDefinition workflow =
      a_workflow({a_task("a"), a_task("b"), a_task("handler", {{.from = 0, .on = On::failed}})});
  using Kind = engine::Rest::Kind;
  struct Case {
    std::initializer_list<TaskState> states;
    Kind kind;
    RunState state;
  };
  const TaskState done = TaskState::succeeded;
  const TaskState failed = TaskState::failed;
  const TaskState skipped = TaskState::skipped;
  const Case cases[] = {
      {{done, TaskState::running, skipped}, Kind::moving, RunState::running},
      {{TaskState::held, TaskState::ready, TaskState::pending}, Kind::moving, RunState::running},
      {{TaskState::held, done, TaskState::pending}, Kind::held, RunState::held},
      {{done, done, skipped}, Kind::over, RunState::succeeded},
      {{failed, done, skipped}, Kind::over, RunState::failed},
      {{failed, done, failed}, Kind::over, RunState::failed},
      {{failed, done, done}, Kind::over, RunState::succeeded},  // made good
      {{failed, failed, done}, Kind::over, RunState::failed},   // the second was not
  };
  for (const Case& example : cases) {
    const engine::Rest rest = engine::rest_of(workflow, a_run(example.states));
    CHECK(rest.kind == example.kind);
    CHECK(rest.state == example.state);
  }
}

TEST_CASE("a failure that only a task on `finished` follows is not made good") {
  const engine::WorkflowDefinition workflow = a_workflow({a_task("a"), a_task("b", {{.from = 0, .on = On::finished}})});
  CHECK(engine::rest_of(workflow, a_run({TaskState::failed, TaskState::succeeded})).state == RunState::failed);
}

TEST_CASE("a run waits for the earliest of its timers, and a hold's keys are told once each") {
  const engine::WorkflowDefinition workflow = a_workflow({a_task("a"), a_task("b"), a_task("c")});
  engine::Run run = a_run({TaskState::waiting, TaskState::waiting, TaskState::held});
  run.tasks[0].due_at = noon() + 9s;
  run.tasks[1].due_at = noon() + 7s;
  run.tasks[2].keys = {"k2", "k1"};
  const engine::Rest rest = engine::rest_of(workflow, run);
  CHECK(rest.kind == engine::Rest::Kind::waits);
  CHECK(rest.due_at == noon() + 7s);
  CHECK(rest.keys == std::vector<std::string>{"k1", "k2"});

  engine::Run held = a_run({TaskState::held, TaskState::succeeded, TaskState::held});
  held.tasks[0].keys = held.tasks[2].keys = {"account:1"};
  held.tasks[0].code = "first";
  CHECK(engine::rest_of(workflow, held).keys == std::vector<std::string>{"account:1"});
  CHECK(engine::rest_of(workflow, held).code == "first");
}
