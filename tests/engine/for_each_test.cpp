// A task for every item of a list: one child run each, with a key, tries, holds and a history of its own.
#include "engine/for_each.hpp"

#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "engine/run_id.hpp"
#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using nlohmann::json;
using support::EngineFixture;
using support::Fault;

const std::string rows_task =
    R"("rows":{"type":"fake","account":"crm","for_each":"${q://rows}","with":{"steps":["keyed"],"say":"${item://value}"}})";

std::string only_rows() { return "{" + rows_task + "}"; }

// A delivery whose list has these items; the id of its run.
std::string start_with(EngineFixture& engine, const std::string& tasks, const std::string& list = R"(["a","b","c"])") {
  engine.add_workflow(tasks);
  return engine.start("R_1", R"({"rows":)" + list + "}");
}

json task_of(EngineFixture& engine, const std::string& run, std::size_t task = 0) {
  return engine.document(run)["tasks"][task];
}

// What was sent for items, each once.
std::multiset<std::string> said(const EngineFixture& engine) {
  std::multiset<std::string> texts;
  for (const auto& [key, bodies] : engine.elsewhere.bodies) {
    const json body = json::parse(bodies.front());
    if (body.contains("said")) texts.insert(body.at("said"));
  }
  return texts;
}

std::string child_state(EngineFixture& engine, const std::string& run, int number) {
  return engine.state(engine::item_run_id(run, "rows", number));
}

}  // namespace

TEST_CASE("a task with a list is done once for each item, each under a key of its own") {
  EngineFixture engine;
  const std::string run = start_with(engine, only_rows());
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(said(engine) == std::multiset<std::string>{"a", "b", "c"});
  CHECK(engine.elsewhere.effects.size() == 3);
  CHECK(engine.told(run, 0) == "spread answered done");
  for (int number : {1, 2, 3}) CHECK(child_state(engine, run, number) == "succeeded");
  CHECK(task_of(engine, run)["output"] == json::parse(R"({"count":3,"left_out":0,"ids":["003","003","003"]})"));
}

TEST_CASE("an empty list, a blank and a list of blanks are done at once, and nothing is sent") {
  for (const std::string list : {"[]", "null", R"([null,""])"}) {
    EngineFixture engine;
    const std::string run = start_with(engine, only_rows(), list);
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(run) == "succeeded");
    CHECK(task_of(engine, run)["output"]["count"] == 0);
    CHECK(engine.elsewhere.performs.empty());
  }
}

TEST_CASE("a single value is a list of one, and a text that is a JSON list is read") {
  struct Case {
    std::string list;
    std::multiset<std::string> sent;
  };
  for (const Case& example : {Case{R"("alone")", {"alone"}},
                              {"7", {"7"}},
                              {R"("[\"x\",\"y\"]")", {"x", "y"}},
                              {R"(["a",null,"c"])", {"a", "c"}},
                              {R"(["a","a"])", {"a", "a"}}}) {
    EngineFixture engine;
    start_with(engine, only_rows(), example.list);
    REQUIRE(engine.run_to_end());
    CHECK(said(engine) == example.sent);
  }
}

TEST_CASE("a condition that looks at the item leaves items out; another one skips the whole task") {
  const std::string with_when =
      R"({"rows":{"type":"plain","for_each":"${q://rows}","when":%,"with":{"say":"${item://value} of ${item://number}"}}})";
  const auto tasks_when = [&](const std::string& when) {
    std::string tasks = with_when;
    return tasks.replace(tasks.find('%'), 1, when);
  };
  EngineFixture engine;
  const std::string run = start_with(engine, tasks_when(R"({"value":"${item://value}","at_least":5})"), "[3,5,9]");
  REQUIRE(engine.run_to_end());
  CHECK(said(engine) == std::multiset<std::string>{"5 of 2", "9 of 3"});
  CHECK(task_of(engine, run)["output"]["left_out"] == 1);

  EngineFixture other;
  const std::string skipped = start_with(other, tasks_when(R"({"value":"${q://no}","equals":1})"));
  REQUIRE(other.run_to_end());
  CHECK(task_of(other, skipped)["code"] == "condition_false");
  CHECK(other.elsewhere.performs.empty());
}

TEST_CASE("a list that is longer than it may be fails the task, and nothing of it is begun") {
  EngineFixture engine;
  const std::string run = start_with(engine, R"({"rows":{"type":"plain","for_each":{"value":"${q://rows}","max":2}}})");
  REQUIRE(engine.run_to_end());
  CHECK(engine.row(run).code == "too_many_items");
  CHECK(engine.elsewhere.performs.empty());
}

TEST_CASE("items fail and are tried again by themselves; the task has failed when all have ended, and names them") {
  EngineFixture engine;
  engine.elsewhere.script["rows"] = {support::answers("{}"), support::refuses(), support::is_down()};
  const std::string run = start_with(engine, "{" + rows_task + R"(,"after":{"type":"plain","after":["rows"]},
      "alarm":{"type":"plain","after":[{"task":"rows","on":"failed"}]}})");
  REQUIRE(engine.run_to_end());

  CHECK(child_state(engine, run, 1) == "succeeded");
  CHECK(child_state(engine, run, 2) == "failed");
  CHECK(child_state(engine, run, 3) == "succeeded");
  CHECK(engine.told(engine::item_run_id(run, "rows", 3), 0) == "started tried started answered done");
  const json rows = task_of(engine, run);
  CHECK(rows["code"] == "items_failed");
  CHECK(rows["message"] == "1 of 3 items did not succeed: item 2: other_side_refuses: the other side says no");
  CHECK(task_of(engine, run, 1)["state"] == "skipped");
  CHECK(task_of(engine, run, 2)["state"] == "succeeded");
}

TEST_CASE("a run whose list is under way waits without a lease, and its other branches go on") {
  EngineFixture engine;
  engine.elsewhere.script["rows"] = {support::waits()};
  const std::string run = start_with(engine, "{" + rows_task + R"(,"aside":{"type":"plain"}})");
  engine.settle();
  CHECK(engine.state(run) == "queued");
  CHECK_FALSE(engine.row(run).due_at);
  CHECK(task_of(engine, run, 1)["state"] == "succeeded");
  CHECK(task_of(engine, run, 0)["state"] == "waiting");
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a run that has a branch under way learns of the end of its list all the same") {
  EngineFixture engine;
  engine.elsewhere.script["aside"] = {support::waits()};
  const std::string run =
      start_with(engine, "{" + rows_task + R"(,"aside":{"type":"plain"},"after":{"type":"plain","after":["rows"]}})");
  engine.settle();
  CHECK(engine.state(run) == "running");
  CHECK(engine.elsewhere.performs["after"] == 1);
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("several lists of one run end by themselves") {
  EngineFixture engine;
  engine.elsewhere.script["slow"] = {support::waits()};
  const std::string run = start_with(engine, "{" + rows_task + R"(,"slow":{"type":"plain","for_each":"${q://rows}"},
      "after":{"type":"plain","after":["rows"]}})");
  engine.settle();
  CHECK(engine.elsewhere.performs["after"] == 1);
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("a later task takes its items from an earlier one's output") {
  EngineFixture engine;
  const std::string run = start_with(engine, R"({
      "find":{"type":"plain","with":{"output":{"records":[{"Id":"001","Name":"x"},{"Id":"002","Name":"y"}]}}},
      "each":{"type":"plain","for_each":"${task://find/records}","with":{"steps":["write"],"say":"${item://Id} ${item://Name} ${task://find/none}"}},
      "ids":{"type":"plain","for_each":"${task://each/ids}","with":{"say":"got ${item://value}"}}})");
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.performs["each"] == 2);
  const std::multiset<std::string> sent = said(engine);
  CHECK(sent.count("001 x ") == 1);
  CHECK(sent.count("002 y ") == 1);
  CHECK(sent.count("got 003") == 2);
}

TEST_CASE("a notice's list is spread over what was fetched, and a child run finds it without fetching again") {
  EngineFixture engine;
  engine.add_workflow(only_rows());
  const std::string run = engine.start("R_1", R"({"rows":["a","b"]})", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.fetched == 1);
  CHECK(said(engine) == std::multiset<std::string>{"a", "b"});
}

TEST_CASE("the gate holds a list before it is spread, and each item by itself after that") {
  EngineFixture engine;
  engine.account().state = engine::AccountState::expired;
  engine.accounts_changed({});
  const std::string run = start_with(engine, only_rows());
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "held");
  CHECK(engine.runs().size() == 1);

  engine.elsewhere.script["rows"] = {support::answers("{}"), support::blocks({"account:acc_1"}),
                                     support::blocks({"account:acc_1"})};
  engine.account().state = engine::AccountState::ok;
  engine.accounts_changed({"account:acc_1"});
  engine.pass(1min);
  CHECK(child_state(engine, run, 1) == "succeeded");
  CHECK(child_state(engine, run, 2) == "held");
  CHECK(child_state(engine, run, 3) == "held");
  CHECK(engine.state(run) == "held");

  engine.accounts_changed({"account:acc_1"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.effects.size() == 3);
}

TEST_CASE("a run tells which of its items it waits for, and is held where all of those are") {
  EngineFixture engine;
  engine.elsewhere.script["rows"] = {support::blocks({"account:acc_1"}), support::refuses(), support::waits()};
  const std::string run = start_with(engine, only_rows());
  engine.settle();
  const auto listed = [&](std::optional<engine::RunState> state) {
    std::vector<std::string> ids;
    for (const engine::RunRow& row :
         engine.wait(engine.process->history.list(engine.brand, engine::RunFilter{.state = state})))
      ids.push_back(row.id);
    return ids;
  };
  const std::string first = engine::item_run_id(run, "rows", 1);

  REQUIRE(engine.row(run).items);
  CHECK(engine.row(run).items->held == 1);
  CHECK(engine.row(run).items->failed == 1);
  CHECK(engine.row(run).items->running == 1);
  CHECK(engine.row(run).items->open() == 2);
  CHECK(engine.state(run) == "queued");
  CHECK(listed(engine::RunState::queued) == std::vector<std::string>{run});
  CHECK(listed(engine::RunState::held) == std::vector<std::string>{first});

  engine.elsewhere.go_on();
  engine.settle();
  CHECK(engine.row(run).items->succeeded == 1);
  CHECK(engine.row(run).items->open() == 1);
  CHECK(engine.state(run) == "held");
  CHECK(engine.row(run).code == "other_side_blocks");
  CHECK(engine.document(run)["items"] == json::parse(R"({"all":3,"succeeded":1,"failed":1,"held":1})"));
  CHECK(listed(engine::RunState::queued).empty());
  CHECK(listed(engine::RunState::held) == std::vector<std::string>{first, run});

  engine.accounts_changed({"account:acc_1"});
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "failed");
  CHECK_FALSE(engine.row(run).items);
  CHECK(listed(engine::RunState::held).empty());
}

TEST_CASE("one item's unclear write waits for a person, who decides for it alone") {
  EngineFixture engine;
  engine.elsewhere.script["rows"] = {support::answers("{}"), support::loses_the_answer()};
  const std::string run =
      start_with(engine, R"({"rows":{"type":"plain","for_each":"${q://rows}","with":{"steps":["post"]}}})");
  engine.pass(1min);
  const std::string second = engine::item_run_id(run, "rows", 2);
  CHECK(engine.state(second) == "held");
  CHECK(engine.row(second).code == "outcome_unclear");
  REQUIRE(engine.resume(second, {{.what = engine::What::answered, .task = 0, .content = {"{}"}}}));
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.effects_of("rows") == 3);
}

TEST_CASE("a cancelled run takes its items with it: those that wait at once, those under way when they may") {
  EngineFixture engine({.runs_in_flight_max = 2});
  engine.elsewhere.script["rows"] = {support::waits()};
  const std::string run = start_with(engine, only_rows());
  engine.settle();
  CHECK(engine.cancel(run) == engine::Cancelled::ended);
  engine.elsewhere.go_on();
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(run) == "cancelled");
  for (const engine::RunRow& child : engine.wait(engine.process->history.children(engine.brand, engine.row(run).no)))
    CHECK(engine::is_over(child.state));
  CHECK(child_state(engine, run, 3) != "queued");
}

TEST_CASE("an item that a person cancels counts as one that did not succeed") {
  EngineFixture engine;
  engine.elsewhere.script["rows"] = {support::is_busy(10min)};
  const std::string run = start_with(engine, only_rows());
  engine.pass(1min);
  CHECK(engine.cancel(engine::item_run_id(run, "rows", 1)) == engine::Cancelled::ended);
  REQUIRE(engine.run_to_end());
  CHECK(engine.row(run).code == "items_failed");
  CHECK(task_of(engine, run)["message"] == "1 of 3 items did not succeed: item 1 was cancelled");
}

TEST_CASE("lists of runs show child runs when asked, and held ones among the held") {
  EngineFixture engine;
  engine.elsewhere.script["rows"] = {support::answers("{}"), support::blocks({"account:acc_1"})};
  const std::string run = start_with(engine, only_rows());
  engine.pass(1min);
  CHECK(engine.runs().size() == 1);
  const auto count = [&](engine::RunFilter filter) {
    return engine.wait(engine.process->history.list(engine.brand, std::move(filter))).size();
  };
  CHECK(count({.shows_children = true}) == 4);
  CHECK(count({.state = engine::RunState::held}) == 2);  // the item, and the run that waits for nothing else
  CHECK(count({.state = engine::RunState::succeeded}) == 0);
  const auto children = engine.wait(engine.process->history.children(engine.brand, engine.row(run).no));
  REQUIRE(children.size() == 3);
  CHECK(children[1].parent == run);
  CHECK(children[1].item == 2);
  CHECK(children[1].id == run + ".rows.2");
}

TEST_CASE("an item keeps its key over a restart, and its own id makes it where it has one") {
  engine::Children children;
  children.items.push_back({2, {.id = "4", .members = {{"text", "Price"}, {"recode", base::number(1)}}}});
  children.items.push_back({3, {.id = "@3", .members = {}}});
  children.left_out = 1;
  const base::JsonText frozen = engine::freeze_items(children);
  const std::optional<engine::Item> found = engine::frozen_item(frozen, 2);
  REQUIRE(found);
  CHECK(found->id == "4");
  CHECK(found->members == children.items[0].item.members);
  CHECK_FALSE(engine::frozen_item(frozen, 1));
  CHECK(engine::frozen_item(frozen, 3));
  CHECK(engine::count_frozen(frozen).items == 2);
  CHECK(engine::count_frozen(frozen).left_out == 1);
}

TEST_CASE("a process that dies at any commit of a list makes every item once") {
  const std::string tasks = "{" + rows_task + R"(,"after":{"type":"plain","after":["rows"]}})";
  int commits = 0;
  {
    EngineFixture engine;
    engine.add_workflow(tasks);
    const int before = engine.process->database.commits();
    engine.start("R_1", R"({"rows":["a","b","c"]})");
    REQUIRE(engine.run_to_end());
    commits = engine.process->database.commits() - before;
  }
  REQUIRE(commits > 8);
  for (const Fault fault : {Fault::dies_before, Fault::dies_after, Fault::fails_before, Fault::fails_after}) {
    for (int n = 1; n <= commits; ++n) {
      INFO("fault " << static_cast<int>(fault) << " at commit " << n);
      EngineFixture engine;
      engine.add_workflow(tasks);
      engine.process->database.break_at(n, fault);
      std::string run;
      for (int i = 0; i < 3 && run.empty(); ++i) {
        try {
          const auto answer = engine.deliver("R_1", R"({"rows":["a","b","c"]})");
          if (answer)
            run = (*answer)->run_ids.at(0);
          else
            engine.restart();
        } catch (const base::sql::DatabaseError&) {
          // the sender tries again
        }
      }
      REQUIRE_FALSE(run.empty());
      if (!engine.run_to_end()) engine.restart();
      REQUIRE(engine.run_to_end());
      CHECK(engine.state(run) == "succeeded");
      CHECK(said(engine).count("a") + said(engine).count("b") + said(engine).count("c") == 3);
      CHECK(engine.elsewhere.effects_of("rows") == 3);
      CHECK(engine.elsewhere.effects_of("after") == 1);
      CHECK(engine.wait(engine.process->history.children(engine.brand, engine.row(run).no)).size() == 3);
      CHECK(engine.process->worker.in_flight() == 0);
    }
  }
}
