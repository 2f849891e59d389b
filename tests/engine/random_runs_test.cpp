// Random graphs, scripts and faults: whatever comes, every run ends or is held with a reason.
#include <cstdlib>
#include <functional>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using nlohmann::json;
using support::EngineFixture;
using support::Fault;
using support::Reply;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }
  bool once_in(int times) { return below(times) == 0; }
  template <class T>
  T one_of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(static_cast<int>(choices.size())));
  }

 private:
  base::SeededRandom random_;
};

json a_random_task(Dice& dice, int index) {
  json task{{"type", dice.one_of({"fake", "plain"})}};
  if (task["type"] == "fake") task["account"] = "crm";
  json steps = json::array();
  for (int i = dice.below(4); i > 0; --i) {
    steps.push_back(dice.one_of({"read", "write", "keyed", "post", "wait 2026-01-05T12:00:02Z",
                                 "wait 2026-01-05T12:10:00Z", "wait 2020-01-01T00:00:00Z"}));
  }
  task["with"]["steps"] = steps;
  if (dice.once_in(12)) task["with"]["refuse"] = "'x' has no answer";
  for (int from = 0; from < index; ++from) {
    if (dice.once_in(3))
      task["after"].push_back(
          {{"task", fmt::format("t{}", from)}, {"on", dice.one_of({"succeeded", "succeeded", "finished", "failed"})}});
  }
  if (dice.once_in(5)) task["for_each"] = "${q://items}";
  if (dice.once_in(5)) {
    const char* value = task.contains("for_each") && dice.once_in(2) ? "${item://value}" : "${q://score}";
    task["when"] = {{"value", value}, {"at_most", 5}};
  }
  if (dice.once_in(6)) task["on_failure"] = "stop";
  if (dice.once_in(2)) task["on_unclear"] = "retry";
  if (dice.once_in(3)) task["retry"] = {{"attempts", 1 + dice.below(4)}};
  return task;
}

Reply a_random_reply(Dice& dice) {
  switch (dice.below(12)) {
    case 0: return support::is_down();
    case 1:
      return support::is_busy(dice.once_in(2) ? std::optional<base::Duration>(dice.one_of({100ms, 7'000ms, 600'000ms}))
                                              : std::nullopt);
    case 2: return support::refuses();
    case 3: return support::loses_the_answer();
    case 4: return support::is_lost_on_the_way();
    case 5: return support::throws();
    case 6: return support::blocks({"account:acc_1"});
    default: return support::answers(R"({"Id":"003"})");
  }
}

// Faults of the database and of people, at moments of their own.
void something_happens(EngineFixture& engine, Dice& dice) {
  switch (dice.below(6)) {
    case 0:
      engine.process->database.break_at(1 + dice.below(6), dice.one_of({Fault::fails_before, Fault::fails_after}));
      return;
    case 1:
      engine.process->database.break_at(1 + dice.below(6), dice.one_of({Fault::dies_before, Fault::dies_after}));
      return;
    case 2: engine.process->database.before_apply = [&engine] { engine.raise_epoch(); }; return;
    case 3:
      engine.account().state =
          engine.account().state == engine::AccountState::ok ? engine::AccountState::expired : engine::AccountState::ok;
      engine.raise_epoch();
      return;
    case 4: engine.pass(base::Duration{dice.below(10'000)}); return;
    default: engine.restart(); return;
  }
}

// What keeps a list from its end.
bool has_unclear_child(EngineFixture& engine, const engine::RunRow& run) {
  for (const engine::RunRow& child : engine.wait(engine.process->history.children(engine.brand, run.no))) {
    if (child.state == engine::RunState::held && child.code == "outcome_unclear") return true;
  }
  return false;
}

void go_through(std::uint64_t seed) {
  INFO("seed " << seed);
  Dice dice(seed);
  EngineFixture engine({.seed = seed, .runs_in_flight_max = 1 + dice.below(3)});
  json tasks = json::object();
  const int count = 1 + dice.below(6);
  for (int i = 0; i < count; ++i) {
    const std::string id = fmt::format("t{}", i);
    tasks[id] = a_random_task(dice, i);
    for (int reply = dice.below(6); reply > 0; --reply) engine.elsewhere.script[id].push_back(a_random_reply(dice));
    if (dice.once_in(6)) engine.elsewhere.compile_errors[id].push_back({support::other_side_down, "no schema"});
  }
  engine.add_workflow(tasks.dump());
  const json document = tasks;

  // What the database refuses is an error to whoever asked; a dead process is started again.
  const auto survive = [&engine](const std::function<void()>& work) {
    try {
      work();
    } catch (const std::exception&) {
      if (!engine.process->database.is_dead() && !engine.process->database.has_failed()) throw;
    }
    if (engine.process->database.is_dead()) engine.restart();
  };
  int delivered = 0;
  for (int i = 0; i < 3; ++i) {
    if (dice.once_in(2)) survive([&] { something_happens(engine, dice); });
    const engine::EventContent content = dice.once_in(4) ? engine::EventContent::notice : engine::EventContent::whole;
    json items = json::array();
    for (int item = dice.below(5); item > 0; --item) items.push_back(dice.below(8));
    const std::string body = json{{"score", dice.below(10)}, {"items", items}}.dump();
    survive([&] {
      const auto answer = engine.deliver(fmt::format("R_{}", i), body, content);
      if (answer && *answer) ++delivered;
    });
    if (dice.once_in(2)) survive([&] { something_happens(engine, dice); });
  }
  for (int round = 0; round < 6; ++round) {
    survive([&] { CHECK((engine.run_to_end() || engine.process->database.is_dead())); });
    survive([&] {
      engine.account().state = engine::AccountState::ok;
      engine.accounts_changed({"account:acc_1"});
    });
  }
  INFO(document.dump());
  REQUIRE(engine.run_to_end());

  CHECK(engine.process->worker.in_flight() == 0);
  CHECK(static_cast<int>(engine.runs().size()) >= delivered);
  for (const engine::RunRow& run :
       engine.wait(engine.process->history.list(engine.brand, {.shows_children = true, .limit = 10'000}))) {
    INFO(engine.document(run.id).dump());
    if (run.state == engine::RunState::held) {
      CHECK(run.code == "outcome_unclear");  // everything else was lifted
    } else if (run.state == engine::RunState::queued) {
      CHECK(has_unclear_child(engine, run));
    } else {
      CHECK(engine::is_over(run.state));
    }
  }
  for (const auto& [key, times] : engine.elsewhere.effects) {
    const json& task = document[engine.elsewhere.task_of_key[key]];
    const std::string step =
        task["with"]["steps"][json::parse(engine.elsewhere.bodies[key].front())["step"].get<std::size_t>()];
    if (step != "post" || task.value("on_unclear", "hold") == "hold") CHECK(times == 1);
    for (const std::string& body : engine.elsewhere.bodies[key]) CHECK(body == engine.elsewhere.bodies[key].front());
  }
}

}  // namespace

TEST_CASE("every run of random graphs under random faults ends or is held with a reason") {
  const char* factor = std::getenv("SLUICE_TEST_FACTOR");
  const int rounds = 300 * std::max(1, factor ? std::atoi(factor) : 1);
  for (int seed = 1; seed <= rounds; ++seed) go_through(static_cast<std::uint64_t>(seed));
}
