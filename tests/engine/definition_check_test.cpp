#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/catalog.hpp"
#include "engine/definition.hpp"
#include "engine/definition_reader.hpp"
#include "engine/finding_codes.hpp"
#include "tests/engine/fake_catalog.hpp"

using namespace std::chrono_literals;

namespace {

namespace finding = engine::finding;

engine::DefinitionCheck checked_text(const std::string& text) {
  return engine::check_definition(base::JsonDocument::read(text, "workflow.json"), engine_test::fake_catalog());
}

// `tasks` is what stands between the braces.
engine::DefinitionCheck checked_tasks(const std::string& tasks) {
  return checked_text(R"({"name": "N", "trigger": {"type": "survey_response"}, "tasks": {)" + tasks + "}}");
}

engine::WorkflowDefinition sound_tasks(const std::string& tasks) {
  engine::DefinitionCheck check = checked_tasks(tasks);
  for (const base::Finding& fault : check.findings) UNSCOPED_INFO(base::to_line(fault));
  REQUIRE(check.definition);
  return std::move(*check.definition);
}

std::vector<std::string> faults_in(const engine::DefinitionCheck& check) {
  std::vector<std::string> faults;
  for (const base::Finding& fault : check.findings) faults.push_back(fault.pointer + " " + fault.code);
  return faults;
}

// "/tasks/a/after/0 unknown_task" for each finding, in the order of the file.
std::vector<std::string> faults_of_tasks(const std::string& tasks) { return faults_in(checked_tasks(tasks)); }

const base::Finding& only_fault(const engine::DefinitionCheck& check) {
  REQUIRE(check.findings.size() == 1);
  return check.findings.front();
}

// A task of type note with something more in it.
std::string note(const std::string& id, const std::string& more = "", const std::string& text = "x") {
  return "\"" + id + R"(": {"type": "note", "with": {"text": ")" + text + "\"}" + (more.empty() ? "" : ", " + more) +
         "}";
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a document becomes a definition, in the author's order") {
  const auto definition = sound_tasks(R"~(
    "z-last": {"type": "post", "account": "crm", "after": ["b", {"task": "a", "on": "finished"}],
               "when": {"value": "${q://QID1/Score}", "at_most": 6}, "on_failure": "stop", "on_unclear": "retry",
               "retry": {"attempts": 8, "first_delay": "30s", "factor": 1.5, "max_delay": "1h", "within": "7d"},
               "with": {"text": "Score ${q://QID1/Score}"}},
    "b": {"type": "note", "with": {"text": "x"}},
    "a": {"type": "note", "with": {"text": "y"}})~");

  REQUIRE(definition.tasks.size() == 3);
  const engine::TaskDefinition& task = definition.tasks[0];
  CHECK(task.id == "z-last");
  CHECK(definition.tasks[1].id == "b");
  CHECK(definition.tasks[2].id == "a");
  CHECK(task.account == "crm");
  REQUIRE(task.after.size() == 2);
  CHECK(task.after[0].from == 1);
  CHECK(task.after[0].on == engine::On::succeeded);
  CHECK(task.after[1].from == 2);
  CHECK(task.after[1].on == engine::On::finished);
  CHECK(task.when.has_value());
  CHECK(task.on_failure == engine::OnFailure::stop);
  CHECK(task.on_unclear == engine::OnUnclear::retry);
  CHECK(task.retry ==
        engine::RetryPolicy{.attempts = 8, .first_delay = 30s, .factor = 1.5, .delay_max = 1h, .within = 168h});
  CHECK(task.with.text == R"({"text":"Score ${q://QID1/Score}"})");
}

TEST_CASE("what a task does not say is the usual") {
  const engine::TaskDefinition task = sound_tasks(note("a")).tasks.front();

  CHECK(task.after.empty());
  CHECK_FALSE(task.when);
  CHECK(task.retry == engine::RetryPolicy{});
  CHECK(task.on_failure == engine::OnFailure::go_on);
  CHECK(task.on_unclear == engine::OnUnclear::hold);
}

TEST_CASE("the canonical document gives the same definition and fingerprint again") {
  const auto first = sound_tasks(note("b") + ",\n  " + note("a", R"("after": ["b"])"));

  const auto second = checked_text(first.document.text).definition;

  REQUIRE(second);
  CHECK(second->fingerprint == first.fingerprint);
  CHECK(second->document == first.document);
  CHECK(second->tasks[0].id == "b");
  CHECK(second->tasks[1].after[0].from == 0);
}

TEST_CASE("the fingerprint follows the content and the tasks' order, not the layout") {
  const std::string ab = note("a") + "," + note("b");
  const std::string fingerprint = sound_tasks(ab).fingerprint;

  CHECK(fingerprint.size() == 64);
  CHECK(sound_tasks(note("a") + "\n\n ,  " + note("b")).fingerprint == fingerprint);
  CHECK(sound_tasks(R"("a": {"with": {"text": "x"}, "type": "note"},)" + note("b")).fingerprint == fingerprint);
  CHECK(sound_tasks(note("b") + "," + note("a")).fingerprint != fingerprint);
  CHECK(sound_tasks(note("a") + "," + note("b", "", "y")).fingerprint != fingerprint);
}

TEST_CASE("a pipe to another task makes an edge, unless the author drew one") {
  const auto tasks = sound_tasks(note("a") + "," + note("b", "", "${task://a/Id} ${task://a/Name}") + "," +
                                 note("c", R"("when": {"value": "${task://b/x}", "equals": 1})") + "," +
                                 note("d", R"("after": [{"task": "a", "on": "failed"}])", "${task://a/error}"))
                         .tasks;

  REQUIRE(tasks[1].after.size() == 1);
  CHECK(tasks[1].after[0].from == 0);
  CHECK(tasks[1].after[0].on == engine::On::succeeded);
  CHECK(tasks[1].after[0].implied);
  REQUIRE(tasks[2].after.size() == 1);
  CHECK(tasks[2].after[0].from == 1);
  REQUIRE(tasks[3].after.size() == 1);
  CHECK(tasks[3].after[0].on == engine::On::failed);
  CHECK_FALSE(tasks[3].after[0].implied);
}

TEST_CASE("faults of edges, each at its place") {
  struct Case {
    std::string tasks;
    Faults faults;
  };
  const Case cases[] = {
      {note("a", R"("after": ["b"])"), {"/tasks/a/after/0 unknown_task"}},
      {note("a", R"("after": [{"task": "b", "on": "failed"}])"), {"/tasks/a/after/0/task unknown_task"}},
      {note("a", R"("after": ["a"])"), {"/tasks/a/after/0 task_waits_for_itself"}},
      {note("a") + "," + note("b", R"("after": ["a", "a"])"), {"/tasks/b/after/1 duplicate_edge"}},
      {note("a") + "," + note("b", R"("after": ["a", {"task": "a", "on": "failed"}])"),
       {"/tasks/b/after/1 duplicate_edge"}},
      {note("a", R"("after": [{"on": "failed"}])"), {"/tasks/a/after/0 schema_missing_property"}},
      {note("a") + "," + note("b", R"("after": [{"task": "a", "on": "done"}])"), {"/tasks/b/after/0/on schema_enum"}},
      {note("a", R"("after": "b")"), {"/tasks/a/after schema_type"}},
      {note("a", R"("after": [7, "b"])"), {"/tasks/a/after/0 schema_type", "/tasks/a/after/1 unknown_task"}},
      {note("a", "", "${task://b/Id}"), {"/tasks/a/with/text pipe_unknown"}},
      {note("a", "", "${task://a/Id}"), {"/tasks/a/with/text pipe_unknown"}},
      {note("a", R"("when": {"any": [{"value": "${task://b}", "equals": 1}]})"),
       {"/tasks/a/when/any/0/value pipe_unknown"}},
      {note("a", R"("when": {"value": "${zz://b}", "equals": 1})"), {"/tasks/a/when/value pipe_unknown"}},
  };
  for (const Case& example : cases) {
    INFO(example.tasks);
    CHECK(faults_of_tasks(example.tasks) == example.faults);
  }
}

TEST_CASE("an unknown task suggests the nearest") {
  const auto check = checked_tasks(note("answer") + "," + note("alarm", R"("after": ["anser"])"));

  CHECK(only_fault(check).message == "there is no task 'anser'");
  CHECK(only_fault(check).hint == "did you mean 'answer'?");
}

TEST_CASE("a cycle is a sentence at one of its edges") {
  struct Case {
    std::string tasks;
    std::string pointer;
    std::string sentence;
  };
  const Case cases[] = {
      {note("answer", R"("after": ["alarm"])") + "," + note("alarm", R"("after": ["answer"])"), "/tasks/alarm/after/0",
       "answer waits for alarm, and alarm waits for answer"},
      {note("a", R"("after": ["b"])") + "," + note("b", R"("after": ["c"])") + "," + note("c", R"("after": ["a"])"),
       "/tasks/c/after/0", "a waits for b, b waits for c, and c waits for a"},
      {note("a", R"("after": ["b"])") + "," + note("b", "", "${task://a/Id}"), "/tasks/a/after/0",
       "a waits for b, and b waits for a"},
      {note("a", "", "${task://b/Id}") + "," + note("b", R"("when": {"value": "${task://a}", "equals": 1})"),
       "/tasks/a/with/text", "a waits for b, and b waits for a"},
  };
  for (const Case& example : cases) {
    INFO(example.tasks);
    const auto check = checked_tasks(example.tasks);
    CHECK(only_fault(check).code == finding::cycle);
    CHECK(only_fault(check).pointer == example.pointer);
    CHECK(only_fault(check).message == example.sentence);
    CHECK_FALSE(check.definition);
  }
}

TEST_CASE("every cycle is named once") {
  const Faults faults = faults_of_tasks(note("a", R"("after": ["b"])") + "," + note("b", R"("after": ["a"])") + "," +
                                        note("c", R"("after": ["d"])") + "," + note("d", R"("after": ["c"])"));

  CHECK(faults == Faults{"/tasks/b/after/0 cycle", "/tasks/d/after/0 cycle"});
}

TEST_CASE("types and accounts") {
  struct Case {
    std::string tasks;
    Faults faults;
  };
  const Case cases[] = {
      {R"("a": {"type": "nte", "with": {"text": "x"}})", {"/tasks/a/type unknown_task_type"}},
      {R"("a": {"type": "post", "with": {"text": "x"}})", {"/tasks/a account_missing"}},
      {note("a", R"("account": "crm")"), {"/tasks/a/account account_not_used"}},
      {R"("a": {"type": "post", "account": "my crm", "with": {"text": "x"}})", {"/tasks/a/account name_invalid"}},
      {note("a b"), {"/tasks/a b name_invalid"}},
      {note(std::string(65, 'a')), {"/tasks/" + std::string(65, 'a') + " name_invalid"}},
      {note(std::string(64, 'a')), {}},
      {note("a/b"), {"/tasks/a~1b name_invalid"}},
      {R"("a": {"with": {"text": "x"}})", {"/tasks/a schema_missing_property"}},
      {R"("a": 5)", {"/tasks/a schema_type"}},
      {R"("a": {"type": "note", "with": "x"})", {"/tasks/a/with schema_type"}},
      {R"("a": {"type": "note"})", {"/tasks/a/with schema_missing_property"}},
      {R"("a": {"type": "note", "with": {"text": "", "txt": 1}})",
       {"/tasks/a/with/text schema_length", "/tasks/a/with/txt schema_unknown_property"}},
      {note("a", R"("for_each": "all of ${q://QID7/x}")"), {"/tasks/a/for_each for_each_not_a_list"}},
      {note("a", R"("for_each": {"value": "twice"})"), {"/tasks/a/for_each/value for_each_not_a_list"}},
      {note("a", R"("for_each": "${item://value}")", "${item://value}"), {"/tasks/a/for_each pipe_unknown"}},
      {note("a", R"("for_each": "${task://b/ids}")", "${item://value}"), {"/tasks/a/for_each pipe_unknown"}},
      {note("a", R"("for_each": "${task://a/ids}")", "${item://value}"), {"/tasks/a/for_each pipe_unknown"}},
      {note("a", R"("for_each": {"max": 3})"), {"/tasks/a/for_each schema_missing_property"}},
      {note("a", R"("for_each": {"value": "${q://QID7/x}", "max": 0})", "${item://value}"),
       {"/tasks/a/for_each/max schema_range"}},
      {note("a", R"("when": {"value": "${item://value}", "equals": 1})"), {"/tasks/a/when/value pipe_unknown"}},
      {note("a", R"("for_each": "${q://QID7/x}")"), {"/tasks/a/with item_not_used"}},
      {note("a", R"("for_each": "${q://QID7/x}")", "${item://value}"), {}},
      {note("a", "", "${item://value}"), {"/tasks/a/with/text pipe_unknown"}},
      {"", {"/tasks schema_length"}},
  };
  for (const Case& example : cases) {
    INFO(example.tasks);
    CHECK(faults_of_tasks(example.tasks) == example.faults);
  }
}

TEST_CASE("faults of a retry policy") {
  const Faults faults = faults_of_tasks(
      note(
          "a",
          R"("retry": {"attempts": -1, "first_delay": "soon", "factor": 0.5, "max_delay": "10 minutes", "within": 5})") +
      "," + note("b", R"("retry": {"first_delay": "1h"})"));

  CHECK(faults == Faults{"/tasks/a/retry/attempts schema_range", "/tasks/a/retry/first_delay duration_invalid",
                         "/tasks/a/retry/factor schema_range", "/tasks/a/retry/max_delay duration_invalid",
                         "/tasks/a/retry/within schema_type", "/tasks/b/retry retry_delays_crossed"});
}

TEST_CASE("on_unclear where nothing can be unclear is only warned of") {
  const auto check = checked_tasks(note("a", R"("on_unclear": "retry")"));

  CHECK(only_fault(check).code == finding::on_unclear_not_used);
  CHECK(only_fault(check).severity == base::Severity::warning);
  CHECK(check.definition);
}

TEST_CASE("a trigger is checked like a task") {
  struct Case {
    std::string trigger;
    Faults faults;
  };
  const Case cases[] = {
      {R"({"type": "survey_respons"})", {"/trigger/type unknown_trigger_type"}},
      {R"({"survey": "SV_1"})", {"/trigger schema_missing_property"}},
      {R"({"type": "survey_response", "when": {"value": "${task://a/Id}", "is_blank": true}})",
       {"/trigger/when/value task_pipe_in_trigger"}},
      {R"({"type": "survey_response", "when": {"all": [{"value": "${zz://a}", "equals": 1}]}})",
       {"/trigger/when/all/0/value pipe_unknown"}},
      {R"({"type": "survey_response", "when": {"value": "${q://a}"}})", {"/trigger/when condition_unclear"}},
      {"[]", {"/trigger schema_type"}},
  };
  for (const Case& example : cases) {
    INFO(example.trigger);
    CHECK(faults_in(checked_text(R"({"name": "N", "trigger": )" + example.trigger + R"(, "tasks": {)" + note("a") +
                                 "}}")) == example.faults);
  }
}

TEST_CASE("all faults come at once, in the order of the file") {
  const auto check = checked_text(R"~({
  "nam": "N",
  "trigger": {"type": "survey_response", "when": {"value": "${q://a/x}", "matches": "("}},
  "tasks": {
    "b": {"type": "post", "after": ["c"], "with": {"text": "x"}},
    "a": {"type": "note", "when": {"value": "${q://a/x"}, "with": {"text": 5}}
  }
})~");

  CHECK(faults_in(check) == Faults{"/nam schema_unknown_property", "/trigger/when/matches regex_invalid",
                                   "/tasks/b account_missing", "/tasks/b/after/0 unknown_task",
                                   "/tasks/a/when condition_unclear", "/tasks/a/with/text schema_type"});
  CHECK(check.findings[3].line == 5);
  CHECK(check.findings[3].column == 37);
  CHECK(check.findings[3].file == "workflow.json");
}

TEST_CASE("a document that cannot be read has the reader's findings") {
  const auto check = checked_text("{\"name\": \"N\",");

  CHECK_FALSE(check.definition);
  CHECK(only_fault(check).code == "json_invalid");
}

TEST_CASE("a document that is no object is one fault") {
  for (const std::string text : {"[]", "null", "5", "\"x\""})
    CHECK(faults_in(checked_text(text)) == Faults{" schema_type"});
}

TEST_CASE("too many tasks are refused before they are looked at") {
  std::string tasks = note("t");
  for (std::size_t i = 0; i < engine::tasks_max; ++i)
    tasks += "," + note("t" + std::to_string(i), R"("after": ["nobody"])");

  CHECK(faults_of_tasks(tasks) == Faults{"/tasks too_many_tasks"});
}

TEST_CASE("a flood of faults ends, and is refused even where what is shown are warnings") {
  std::string conditions = R"({"value": "no pipe", "equals": 1})";
  for (int i = 0; i < 10'000; ++i) conditions += R"(,{"value": "no pipe", "equals": 1})";

  const auto check = checked_tasks(note("a", R"("when": {"any": [)" + conditions + "]}"));

  CHECK_FALSE(check.definition);
  CHECK(check.findings.size() < 600);
  CHECK(check.findings.front().code == finding::too_many_findings);
}
