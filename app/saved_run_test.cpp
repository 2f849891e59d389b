#include "app/saved_run_test.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/printing.hpp"
#include "app/errors.hpp"
#include "app/json_text_edit.hpp"
#include "app/mapping_test_runner.hpp"
#include "app/mapping_test_update.hpp"
#include "app/response_redaction.hpp"
#include "app/saved_answers.hpp"
#include "app/stand_in_comparison.hpp"
#include "app/temporary_directory.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"
#include "tasks/org_needs.hpp"

namespace app {
namespace {

using Tree = nlohmann::ordered_json;

constexpr const char* saved_test_file = "tests.test.json";

struct RunTask {
  std::string id;
  std::string type;
  std::string alias;
  std::string state;
  std::string code{};
  Tree output{};
  std::string object{};  // of its `with`
};

std::vector<RunTask> tasks_of(const Tree& run, const Tree& workflow) {
  std::vector<RunTask> tasks;
  for (const Tree& task : run.at("tasks")) {
    RunTask one{.id = task.at("id"), .type = task.at("type"), .alias = "", .state = task.at("state")};
    if (task.contains("account")) one.alias = task["account"].at("alias");
    if (task.contains("code")) one.code = task["code"];
    if (task.contains("output")) one.output = task["output"];
    const Tree& with = workflow.at("tasks").at(one.id).value("with", Tree::object());
    one.object = with.value("object", "");
    tasks.push_back(std::move(one));
  }
  return tasks;
}

// Finds how little of a response has to stay for the same to come of it.
class RunTestWriter {
 public:
  RunTestWriter(boost::asio::io_context& loop, base::Log& log, RunToSave run, LocalSchemas schemas)
      : runner_(loop, log),
        run_(std::move(run)),
        workflow_(Tree::parse(run_.workflow)),
        tasks_(tasks_of(Tree::parse(run_.run.text), workflow_)) {
    runner_.set_schemas(std::move(schemas));
  }

  base::awaitable<base::Result<SavedRunTest>> save() {
    const engine::DefinitionCheck check =
        engine::check_definition(base::JsonDocument::read(run_.workflow, "workflow.json"), runner_.services().catalog);
    if (!check.definition)
      co_return base::Error{run_not_savable, "the run's workflow is none that this program understands: " +
                                                 base::to_line(check.findings.front())};
    co_await runner_.open();
    choose_answers();
    expect_everything(*check.definition);

    std::optional<MappingCaseResult> as_it_was = co_await play_as_it_was();
    // Each that is stood for may let a later one be played, or fail.
    while (as_it_was && stand_for_what_fails(*as_it_was)) as_it_was = co_await play_as_it_was();
    if (!as_it_was) co_return unplayable();
    const base::Status found = co_await find_redaction(*as_it_was);
    if (!found) co_return found.error();
    note_differences(*as_it_was);
    co_return std::move(saved_);
  }

 private:
  // A task that has found a record is stood for by one of the case's own.
  void choose_answers() {
    for (const RunTask& task : tasks_)
      if (task.type == "salesforce_find" && task.state == "succeeded") stand_for(task);
  }

  void stand_for(const RunTask& task) {
    const Tree output = task.output.is_object() ? task.output : Tree::object();
    answers_.push_back({task.id, task.alias, task.object, {output.dump()}});
  }

  bool is_stood_for(const RunTask& task) const {
    return std::any_of(answers_.begin(), answers_.end(), [&](const TaskAnswer& one) { return one.task == task.id; });
  }

  // Every object that is written is looked at; no record is expected yet.
  void expect_everything(const engine::WorkflowDefinition& definition) {
    for (const RunTask& task : tasks_) {
      if (task.alias.empty()) continue;
      for (const connectors::salesforce::ObjectNeed& need : tasks::org_needs(definition, task.alias).objects)
        if (need.create || need.update) expect_[task.alias][need.object] = Tree::array();
      if (task.type == "salesforce_chatter_post") expect_[task.alias]["FeedItem"] = Tree::array();
    }
  }

  Tree document_with(const SavedAnswers& answers) const {
    Tree one = {{"name", "a run that was saved"}, {"response", "response.json"}};
    const Tree org = Tree::parse(answers.org.text), outputs = Tree::parse(answers.outputs.text);
    if (!org.empty()) one["org"] = org;
    if (!outputs.empty()) one["outputs"] = outputs;
    if (!expect_.empty()) one["expect"] = expect_;
    return {{"workflow", "workflow.json"}, {"cases", Tree::array({std::move(one)})}};
  }

  // nullopt: `fault_` says why. So with all that plays a case.
  base::awaitable<std::optional<MappingCaseResult>> play_as_it_was() {
    const SavedAnswers answers = answers_with_own_records(answers_, describe_of_);
    co_return co_await play(run_.response, answers);
  }

  base::awaitable<std::optional<MappingCaseResult>> play(const std::string& response, const SavedAnswers& answers) {
    test_text_ = people_json({document_with(answers).dump()}) + "\n";
    co_return co_await play_text(response, test_text_);
  }

  base::awaitable<std::optional<MappingCaseResult>> play_text(const std::string& response, const std::string& test) {
    cli::write_text_file(folder_.file("workflow.json"), run_.workflow);
    cli::write_text_file(folder_.file("response.json"), response);
    cli::write_text_file(folder_.file(saved_test_file), test);
    result_ = co_await runner_.run(folder_.file(saved_test_file));
    if (result_.cases.size() == 1) co_return result_.cases.front();
    fault_ = result_.findings.empty() ? "it did not run" : result_.findings.front().message;
    co_return std::nullopt;
  }

  base::Error unplayable() const {
    // An object or a field of the real org's own is the reason that can be mended.
    const bool is_unknown =
        fault_.find("INVALID_TYPE") != std::string::npos || fault_.find("INVALID_FIELD") != std::string::npos;
    return {run_not_savable, fmt::format("the run cannot be played on a local org: {}{}", fault_,
                                         is_unknown ? " · --org DIR gives it the org's schema" : "")};
  }

  // A task that did it in the run and cannot here names a record that only the real org has. Whether there was one.
  bool stand_for_what_fails(const MappingCaseResult& played) {
    bool is_another = false;
    for (const RunTask& task : tasks_) {
      if (task.state != "succeeded" || !played.outcome.refused.contains(task.id) || is_stood_for(task)) continue;
      saved_.notes.push_back(fmt::format("{}: stood for by its output, since on a local org it fails with {}", task.id,
                                         played.outcome.refused.at(task.id)));
      stand_for(task);
      is_another = true;
    }
    return is_another;
  }

  // All of the case but what stays as it was: the values of these keys.
  struct Redacted {
    SavedAnswers answers;
    RedactedResponse response;

    std::vector<std::string> keys() const {
      std::vector<std::string> keys = response.keys;
      keys.insert(keys.end(), answers.keys.begin(), answers.keys.end());
      return keys;
    }
  };

  Redacted redact(const std::set<std::string>& kept) {
    StandIns stand_ins(stand_ins_ ? &*stand_ins_ : nullptr);
    SavedAnswers answers = redacted_answers(answers_, describe_of_, kept, stand_ins);
    Redacted redacted{std::move(answers), redact_response(run_.response, kept, std::move(stand_ins))};
    if (!stand_ins_) stand_ins_ = redacted.response.stand_ins;
    return redacted;
  }

  base::awaitable<base::Status> find_redaction(const MappingCaseResult& as_it_was) {
    Redacted redacted = redact({});
    if (co_await distance(redacted, as_it_was) > 0) {
      const std::vector<std::string> keys = redacted.keys();
      const std::set<std::string> kept = co_await keys_to_keep(keys, as_it_was);
      for (const std::string& key : kept)
        saved_.notes.push_back(key + ": kept as it was, since another thing would be written otherwise");
      redacted = redact(kept);
      if (co_await distance(redacted, as_it_was) > 0)
        saved_.notes.push_back("with the stand-ins something else is written than the run wrote");
    }
    co_return co_await take(redacted);
  }

  // Gives up keeping as many as it can, half of them at a time and then half of that: what decides of two things
  // together is found as well as what decides alone.
  base::awaitable<std::set<std::string>> keys_to_keep(const std::vector<std::string>& keys,
                                                      const MappingCaseResult& as_it_was) {
    std::set<std::string> kept(keys.begin(), keys.end());
    Redacted redacted = redact(kept);
    const std::size_t floor = co_await distance(redacted, as_it_was);
    const std::size_t half = keys.size() / 2;
    std::vector<std::pair<std::size_t, std::size_t>> groups{{half, keys.size()}, {0, half}};
    while (!groups.empty()) {
      const auto [begin, end] = groups.back();
      groups.pop_back();
      if (begin == end) continue;
      std::set<std::string> fewer = kept;
      for (std::size_t i = begin; i < end; ++i) fewer.erase(keys[i]);
      redacted = redact(fewer);
      const std::size_t apart = co_await distance(redacted, as_it_was);
      if (apart <= floor) {
        kept = std::move(fewer);
      } else if (end - begin > 1) {
        const std::size_t middle = begin + (end - begin) / 2;
        groups.emplace_back(middle, end);
        groups.emplace_back(begin, middle);
      }
    }
    co_return kept;
  }

  // Expects what comes of it, and proves that it passes.
  base::awaitable<base::Status> take(const Redacted& redacted) {
    const std::string& response = redacted.response.response.text;
    const std::optional<MappingCaseResult> last = co_await play(response, redacted.answers);
    if (!last) co_return unplayable();
    const MappingTestCheck check = read_mapping_test(folder_.file(saved_test_file));
    std::string test = people_json({with_what_happened(test_text_, *check.test, result_).text}) + "\n";
    const std::optional<MappingCaseResult> proof = co_await play_text(response, test);
    if (!proof) co_return unplayable();
    if (!proof->passed()) {
      fault_ = proof->differences.front();
      co_return unplayable();
    }
    saved_.redacted = redacted.keys();
    saved_.files = {{"workflow.json", run_.workflow}, {"response.json", response}, {saved_test_file, std::move(test)}};
    co_return base::Ok{};
  }

  // In how many things the outcomes differ, stand-ins apart.
  base::awaitable<std::size_t> distance(const Redacted& redacted, const MappingCaseResult& as_it_was) {
    const std::optional<MappingCaseResult> played = co_await play(redacted.response.response.text, redacted.answers);
    if (!played) co_return 1000;
    std::size_t apart = played->outcome.refused == as_it_was.outcome.refused ? 0 : 1;
    if (played->not_started.empty() != as_it_was.not_started.empty()) apart += 100;
    const StandInComparison comparison(redacted.response.stand_ins);
    for (std::size_t i = 0; i < as_it_was.outcome.written.size(); ++i) {
      const std::vector<base::JsonText>& before = as_it_was.outcome.written[i];
      const std::vector<base::JsonText>& now =
          i < played->outcome.written.size() ? played->outcome.written[i] : std::vector<base::JsonText>();
      if (before.size() != now.size()) apart += 10;
      for (std::size_t j = 0; j < std::min(before.size(), now.size()); ++j)
        apart += comparison.different_fields(before[j], now[j]);
    }
    co_return apart;
  }

  void note_differences(const MappingCaseResult& played) {
    for (const RunTask& task : tasks_) {
      const auto refused = played.outcome.refused.find(task.id);
      const bool failed_here = refused != played.outcome.refused.end();
      if ((task.state == "failed") == failed_here && (!failed_here || refused->second == task.code)) continue;
      if (is_stood_for(task)) continue;
      saved_.notes.push_back(fmt::format("{}: {}{} in the run, {} on a local org", task.id, task.state,
                                         task.code.empty() ? "" : " with " + task.code,
                                         failed_here ? "failed with " + refused->second : "not failed"));
    }
  }

  MappingTestRunner runner_;
  TemporaryDirectory folder_;
  RunToSave run_;
  Tree workflow_;
  std::vector<RunTask> tasks_;
  DescribeOf describe_of_ = [this](const std::string& alias, const std::string& object) {
    return runner_.schemas().describe_of(alias, object);
  };
  std::vector<TaskAnswer> answers_{};    // as they were in the run
  std::optional<StandIns> stand_ins_{};  // of all that may tell of somebody
  Tree expect_ = Tree::object();
  std::string test_text_;
  MappingTestResult result_{};
  std::string fault_;
  SavedRunTest saved_{};
};

}  // namespace

base::awaitable<base::Result<SavedRunTest>> save_run_test(boost::asio::io_context& loop, base::Log& log, RunToSave run,
                                                          LocalSchemas schemas) {
  RunTestWriter writer(loop, log, std::move(run), std::move(schemas));
  co_return co_await writer.save();
}

}  // namespace app
