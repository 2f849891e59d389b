// A response carried through once more: the failed run goes on where it failed, or a run of the live version follows
// it.
#include "engine/replay.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/errors.hpp"
#include "tests/support/engine_fixture.hpp"

using namespace std::chrono_literals;

namespace {

using support::EngineFixture;

// Five in a row; `say` is part of what each sends.
std::string five(const std::string& say, const std::string& steps = R"(["keyed"])") {
  std::string tasks = "{";
  for (const char* id : {"a", "b", "c", "d", "e"}) {
    const std::string before = id == std::string("a") ? "" : std::string(1, static_cast<char>(id[0] - 1));
    tasks += std::string(tasks.size() > 1 ? "," : "") + '"' + id +
             R"(":{"type":"fake","account":"crm","with":{"steps":)" + steps + R"(,"say":")" + say + R"("})" +
             (before.empty() ? "" : R"(,"after":[")" + before + R"("])") + "}";
  }
  return tasks + "}";
}

constexpr const char* never_retried = R"(,"retry":{"attempts":1})";

std::string one_unprotected() { return R"({"a":{"type":"fake","account":"crm","with":{"steps":["post"]}}})"; }

void publish(EngineFixture& engine, const std::string& tasks,
             const std::string& trigger = R"({"type":"fake_response"})") {
  const std::int64_t no = engine.process->workflows.find(EngineFixture::brand, "wfl_1")->no;
  REQUIRE(engine.wait(engine.process->workflows.publish("usr_owner", no, engine.definition(tasks, "wfl_1", trigger))));
}

// What was sent under each key of a task, in order.
std::vector<std::string> sent_by(EngineFixture& engine, const std::string& task) {
  std::vector<std::string> said;
  for (const auto& [key, of_task] : engine.elsewhere.task_of_key) {
    if (of_task != task) continue;
    for (const std::string& body : engine.elsewhere.bodies.at(key)) said.push_back(nlohmann::json::parse(body)["said"]);
  }
  return said;
}

std::string ended_run(EngineFixture& engine, const std::string& tasks) {
  engine.add_workflow(tasks);
  const std::string run = engine.start();
  REQUIRE(engine.run_to_end());
  return run;
}

// A post, then five in a row, of which the third is refused once.
std::string post_and_five(const std::string& say) {
  const std::string rest = five(say);
  return R"({"post":{"type":"fake","account":"crm","with":{"steps":["post"]}},)" + rest.substr(1);
}

struct SweptReplay {
  EngineFixture engine{};
  std::string run{};

  SweptReplay() {
    engine.elsewhere.script["c"] = {support::refuses()};
    run = ended_run(engine, post_and_five("one"));
    publish(engine, post_and_five("two"));
  }
  // False when the process died over it, or the database gave up.
  bool replay(engine::ReplayVersion version) {
    try {
      if (version == engine::ReplayVersion::original) return static_cast<bool>(engine.replay_original(run));
      return static_cast<bool>(engine.replay_latest(run));
    } catch (const std::exception&) {
      return false;
    }
  }
};

int commits_of_a_replay(engine::ReplayVersion version) {
  SweptReplay swept;
  const int before = swept.engine.process->database.commits();
  REQUIRE(swept.replay(version));
  REQUIRE(swept.engine.run_to_end());
  return swept.engine.process->database.commits() - before;
}

std::string refusal(const base::Status& status) { return status ? "" : std::string(status.error().code.name); }

}  // namespace

TEST_CASE("a failed run goes on from its failed task by its own version, although another one is live") {
  EngineFixture engine;
  engine.elsewhere.script["c"] = {support::refuses()};
  const std::string run = ended_run(engine, five("one"));
  REQUIRE(engine.state(run) == "failed");
  REQUIRE(engine.elsewhere.order == std::vector<std::string>{"a", "b", "c"});
  publish(engine, five("two"));

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.order == std::vector<std::string>{"a", "b", "c", "c", "d", "e"});
  for (const char* task : {"a", "b", "c", "d", "e"}) CHECK(sent_by(engine, task) == std::vector<std::string>{"one"});
  CHECK(engine.runs().size() == 1);
}

TEST_CASE("after a crash a run that was let go on still does") {
  EngineFixture engine;
  engine.elsewhere.script["c"] = {support::refuses(), support::is_busy(60s)};
  const std::string run = ended_run(engine, five("one"));
  REQUIRE(engine.replay_original(run));

  engine.restart();
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.order == std::vector<std::string>{"a", "b", "c", "c", "c", "d", "e"});
}

TEST_CASE("what was skipped because of the failure is open again, and what a condition skipped is not") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::refuses()};
  const std::string run = ended_run(engine, R"({
      "a":{"type":"plain","with":{"steps":["write"]}},
      "b":{"type":"plain","with":{"steps":["write"]},"after":["a"]},
      "sorry":{"type":"plain","with":{"steps":["write"]},"after":[{"task":"b","on":"failed"}]},
      "never":{"type":"plain","with":{"steps":["write"]},"when":{"value":"x","equals":"y"}}})");
  REQUIRE(engine.state(run) == "failed");
  REQUIRE(engine.task_state(run, 1) == engine::TaskState::skipped);

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.order == std::vector<std::string>{"a", "a", "b"});
  CHECK(engine.task_state(run, 2) == engine::TaskState::skipped);
  CHECK(engine.told(run, 3) == "skipped");
}

TEST_CASE("what a failed task had read is read again, and what it has written by it is not written again") {
  EngineFixture engine;
  engine.elsewhere.script["find"] = {support::answers("{}"), support::refuses()};
  engine.elsewhere.script["both"] = {support::answers("{}"), support::answers("{}"), support::refuses()};
  const std::string run = ended_run(engine, R"({
      "find":{"type":"plain","with":{"steps":["read","write"]}},
      "both":{"type":"plain","with":{"steps":["read","write","write"]}}})");
  REQUIRE(engine.elsewhere.performs["find"] == 2);
  REQUIRE(engine.elsewhere.performs["both"] == 3);

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.performs["find"] == 4);
  CHECK(engine.elsewhere.performs["both"] == 4);
}

TEST_CASE("a failure that a task behind it has made good stays as it is") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::refuses()};
  engine.elsewhere.script["other"] = {support::refuses()};
  const std::string run = ended_run(engine, R"({
      "a":{"type":"plain","with":{"steps":["write"]},"on_failure":"continue"},
      "sorry":{"type":"plain","with":{"steps":["write"]},"after":[{"task":"a","on":"failed"}]},
      "other":{"type":"plain","with":{"steps":["write"]}}})");
  REQUIRE(engine.state(run) == "failed");

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.elsewhere.performs["sorry"] == 1);
  CHECK(engine.elsewhere.performs["other"] == 2);
}

TEST_CASE("a write that may have been carried out before its task failed is sent again as it was") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::loses_the_answer()};
  const std::string run = ended_run(engine, R"({"a":{"type":"fake","account":"crm",
      "with":{"steps":["keyed"],"say":"${q://name}"})" +
                                                std::string(never_retried) + "}}");
  REQUIRE(engine.state(run) == "failed");

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  REQUIRE(engine.elsewhere.bodies.size() == 1);
  const std::vector<std::string>& bodies = engine.elsewhere.bodies.begin()->second;
  REQUIRE(bodies.size() == 2);
  CHECK(bodies[0] == bodies[1]);
}

TEST_CASE("the items of a list that failed go on, and those that succeeded do not") {
  EngineFixture engine;
  engine.add_workflow(
      R"({"rows":{"type":"fake","account":"crm","for_each":"${q://rows}","with":{"steps":["keyed"],"say":"${item://value}"}}})");
  engine.elsewhere.script["rows"] = {support::answers(R"({"Id":"1"})"), support::refuses()};
  const std::string run = engine.start("R_1", R"({"rows":["x","y","z"]})");
  REQUIRE(engine.run_to_end());
  REQUIRE(engine.state(run) == "failed");
  REQUIRE(engine.elsewhere.performs["rows"] == 3);

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.performs["rows"] == 4);
  CHECK(engine.elsewhere.effects_of("rows") == 3);
}

TEST_CASE("a run whose response could not be fetched fetches it anew") {
  EngineFixture engine;
  engine.elsewhere.fetches = {base::Error{support::other_side_refuses, "there is no such response"}};
  engine.add_workflow(five("one"));
  const std::string run = engine.start("R_1", R"({"id":"R_1"})", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());
  REQUIRE(engine.state(run) == "failed");

  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(run) == "succeeded");
  CHECK(engine.elsewhere.fetched == 2);
}

TEST_CASE("a run of the live version follows, and changes under their keys the records that the first one made") {
  EngineFixture engine;
  engine.elsewhere.script["c"] = {support::refuses()};
  const std::string run = ended_run(engine, five("one"));
  publish(engine, five("two"));

  const base::Result<std::string> next = engine.replay_latest(run);
  REQUIRE(next);
  REQUIRE(engine.run_to_end());

  CHECK(*next != run);
  CHECK(engine.state(run) == "failed");
  CHECK(engine.state(*next) == "succeeded");
  CHECK(engine.elsewhere.effects.size() == 5);
  CHECK(sent_by(engine, "a") == std::vector<std::string>{"one", "two"});
  CHECK(sent_by(engine, "c") == std::vector<std::string>{"two"});
  const nlohmann::json told = engine.document(*next);
  CHECK(told["replay"] == 1);
  CHECK(told["replay_of"] == run);
  CHECK(told["workflow"]["version"] == 2);
}

TEST_CASE("a write that nothing protects is not sent again by the run that follows, and its answer stands") {
  EngineFixture engine;
  const std::string tasks =
      R"({"a":{"type":"fake","account":"crm","with":{"steps":["post"]}},
          "b":{"type":"fake","account":"crm","with":{"steps":["keyed"],"say":"${task://a/Id}"},"after":["a"]}})";
  engine.elsewhere.script["a"] = {support::answers(R"({"Id":"0D5_1"})")};
  engine.elsewhere.script["b"] = {support::refuses()};
  const std::string run = ended_run(engine, tasks);

  const base::Result<std::string> next = engine.replay_latest(run);
  REQUIRE(next);
  REQUIRE(engine.run_to_end());
  const base::Result<std::string> last = engine.replay_latest(*next);
  REQUIRE(last);
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(*last) == "succeeded");
  CHECK(engine.elsewhere.performs["a"] == 1);
  CHECK(engine.document(*last)["tasks"][0]["state"] == "succeeded");
}

TEST_CASE("a write that nothing protects and that is unclear waits for a person in the run that follows, too") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::loses_the_answer()};
  const std::string run = ended_run(engine, one_unprotected());
  REQUIRE(engine.state(run) == "held");
  REQUIRE(engine.cancel(run) == engine::Cancelled::ended);

  const base::Result<std::string> next = engine.replay_latest(run);
  REQUIRE(next);
  REQUIRE(engine.run_to_end());
  CHECK(engine.state(*next) == "held");
  CHECK(engine.row(*next).code == "outcome_unclear");
  CHECK(engine.elsewhere.performs["a"] == 1);

  const std::vector<engine::Fact> log = engine.facts(*next);
  const engine::WorkflowDefinition definition = engine.definition(one_unprotected());
  SECTION("who says that it was carried out") {
    const auto facts = engine::resumption(definition, log, "done", engine.process->clock.now());
    REQUIRE(engine.resume(*next, *facts));
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(*next) == "succeeded");
    CHECK(engine.elsewhere.performs["a"] == 1);
  }
  SECTION("who says that it was not") {
    const auto facts = engine::resumption(definition, log, "repeat", engine.process->clock.now());
    REQUIRE(engine.resume(*next, *facts));
    REQUIRE(engine.run_to_end());
    CHECK(engine.state(*next) == "succeeded");
    CHECK(engine.elsewhere.performs["a"] == 2);
  }
}

TEST_CASE("a record that was made without a key is not made again by a version that has one") {
  EngineFixture engine;
  const std::string run = ended_run(engine, one_unprotected());
  publish(engine, R"({"a":{"type":"fake","account":"crm","with":{"steps":["keyed"]}}})");

  REQUIRE(engine.replay_latest(run));
  REQUIRE(engine.run_to_end());

  CHECK(engine.elsewhere.effects_of("a") == 1);
  CHECK(engine.elsewhere.performs["a"] == 1);
}

TEST_CASE("items know what their forerunners have sent, by their own ids and not by their places") {
  EngineFixture engine;
  const std::string rows = R"({"type":"fake","account":"crm","for_each":"${task://list/rows}",
                               "with":{"steps":["post"],"say":"${item://name}"}})";
  engine.elsewhere.script["rows"] = {support::answers(R"({"Id":"1"})"), support::refuses()};
  const std::string run = ended_run(engine, R"({"list":{"type":"plain","with":{"output":{"rows":[
      {"Id":"x","name":"x"},{"Id":"y","name":"y"},{"Id":"z","name":"z"}]}}},"rows":)" +
                                                rows + "}");
  REQUIRE(engine.elsewhere.performs["rows"] == 3);
  publish(engine, R"({"list":{"type":"plain","with":{"output":{"rows":[
      {"Id":"z","name":"z"},{"Id":"y","name":"y"},{"Id":"x","name":"x"}]}}},"rows":)" +
                      rows + "}");

  const base::Result<std::string> next = engine.replay_latest(run);
  REQUIRE(next);
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(*next) == "succeeded");
  CHECK(engine.elsewhere.performs["rows"] == 4);
  CHECK(engine.elsewhere.effects_of("rows") == 3);
  CHECK(sent_by(engine, "rows").size() == 3);
}

TEST_CASE("the response that was fetched is the one that is replayed") {
  EngineFixture engine;
  engine.elsewhere.fetches = {base::Result<std::string>(R"({"name":"Ada"})")};
  engine.elsewhere.script["a"] = {support::refuses()};
  engine.add_workflow(five("${q://name}"));
  const std::string run = engine.start("R_1", R"({"id":"R_1"})", engine::EventContent::notice);
  REQUIRE(engine.run_to_end());

  const base::Result<std::string> next = engine.replay_latest(run);
  REQUIRE(next);
  REQUIRE(engine.run_to_end());

  CHECK(engine.state(*next) == "succeeded");
  CHECK(engine.elsewhere.fetched == 1);
  CHECK(sent_by(engine, "e") == std::vector<std::string>{"Ada"});
}

TEST_CASE("a repeated delivery still answers with the first run") {
  EngineFixture engine;
  const std::string run = ended_run(engine, five("one"));
  REQUIRE(engine.replay_latest(run));
  REQUIRE(engine.run_to_end());
  const auto again = engine.deliver("R_1");
  REQUIRE(again);
  CHECK((*again)->repeated);
  CHECK((*again)->run_ids == std::vector<std::string>{run});
}

TEST_CASE("what cannot be replayed is refused with what can be done instead") {
  EngineFixture engine;
  const std::string run = ended_run(engine, five("one"));
  CHECK(refusal(engine.replay_original(run)) == "run_not_replayable");  // it has succeeded

  SECTION("another version is live than the one that was seen") {
    publish(engine, five("two"));
    CHECK(engine.replay_latest(run, 1).error().code == engine::version_moved);
    CHECK(engine.replay_latest(run, 2));
  }
  SECTION("a run that another one follows") {
    const std::string next = *engine.replay_latest(run);
    REQUIRE(engine.run_to_end());
    const base::Result<std::string> refused = engine.replay_latest(run);
    CHECK_THAT(refused.error().message, Catch::Contains(next));
  }
  SECTION("a run that has not ended") {
    engine.elsewhere.script["a"] = {support::is_busy(60s)};
    const std::string open = engine.start("R_2");
    engine.settle();
    CHECK_THAT(engine.replay_latest(open).error().message, Catch::Contains("it is queued"));
  }
  SECTION("a workflow that is not enabled") {
    const std::int64_t no = engine.process->workflows.find(EngineFixture::brand, "wfl_1")->no;
    engine.wait(engine.process->workflows.set_enabled("usr_owner", no, false));
    CHECK_THAT(engine.replay_latest(run).error().message, Catch::Contains("not enabled"));
  }
  SECTION("a response that the live version's trigger does not mean") {
    publish(engine, five("two"), R"({"type":"fake_response","when":{"value":"${q://name}","equals":"Ada"}})");
    CHECK_THAT(engine.replay_latest(run).error().message, Catch::Contains("condition"));
  }
  CHECK(engine.state(run) == "succeeded");
}

TEST_CASE("of two who replay a run at once one does") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::refuses()};
  const std::string run = ended_run(engine, five("one"));
  const engine::RunRow row = engine.row(run);
  REQUIRE(engine.wait(engine.process->replay.go_on("usr_owner", EngineFixture::brand, row)));
  CHECK(refusal(engine.wait(engine.process->replay.go_on("usr_owner", EngineFixture::brand, row))) ==
        "run_not_replayable");
  REQUIRE(engine.run_to_end());
  CHECK(engine.elsewhere.performs["a"] == 2);
}

TEST_CASE("the audit log says who replayed which run with which version") {
  EngineFixture engine;
  engine.elsewhere.script["a"] = {support::refuses(), support::refuses()};
  const std::string run = ended_run(engine, five("one"));
  REQUIRE(engine.replay_original(run));
  REQUIRE(engine.run_to_end());
  const std::string next = *engine.replay_latest(run);
  const std::vector<engine::AuditRecord> told =
      engine.wait(engine.process->audit.list(EngineFixture::brand, {.what = "run.replayed"}));
  REQUIRE(told.size() == 2);
  CHECK(told[0].entry.who == "usr_owner");
  CHECK(told[0].entry.subject == run);
  CHECK_THAT(told[0].entry.details.text, Catch::Contains(R"("version":"latest")") && Catch::Contains(next));
  CHECK_THAT(told[1].entry.details.text, Catch::Contains(R"("version":"original")"));
}

TEST_CASE("a process that dies at any commit of a replay makes nothing twice, and a person may ask again") {
  for (const engine::ReplayVersion version : {engine::ReplayVersion::original, engine::ReplayVersion::latest}) {
    const int commits = commits_of_a_replay(version);
    REQUIRE(commits > 4);
    for (const support::Fault fault : {support::Fault::dies_before, support::Fault::dies_after}) {
      for (int n = 1; n <= commits; ++n) {
        INFO(to_string(version) << ", commit " << n << (fault == support::Fault::dies_before ? ", before" : ", after"));
        SweptReplay swept;
        EngineFixture& engine = swept.engine;
        engine.process->database.break_at(n, fault);
        swept.replay(version);
        engine.restart();
        REQUIRE(engine.run_to_end());
        // Where nobody was told that it was done, it is asked for again; it may have been done all the same.
        swept.replay(version);
        if (!engine.run_to_end()) engine.restart();
        REQUIRE(engine.run_to_end());
        CHECK(engine.state(engine.runs().front().id) == "succeeded");
        CHECK(engine.runs().size() <= 3);
        CHECK(engine.elsewhere.performs["post"] == 1);
        CHECK(engine.elsewhere.effects.size() == 6);
        const std::string last = version == engine::ReplayVersion::original ? "one" : "two";
        for (const char* task : {"a", "b", "c", "d", "e"}) {
          CHECK(engine.elsewhere.effects_of(task) == 1);
          CHECK(sent_by(engine, task).back() == last);
        }
      }
    }
  }
}
