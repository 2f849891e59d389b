#include "app/planner.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "app/response_event.hpp"
#include "connectors/salesforce/record.hpp"
#include "engine/run_id.hpp"
#include "tasks/record_question.hpp"

namespace app {
namespace {

using connectors::salesforce::RecordChange;

std::unique_ptr<Services> open_plan_services(boost::asio::io_context& loop, base::Log& log,
                                             const std::string& directory, std::string api_version,
                                             tasks::PlannedWrites& writes) {
  // Intake only queues then, and nobody else works on runs: they are taken in hand one by one.
  ServiceOptions options{.data_directory = directory, .program = "sluice plan", .runs_in_flight_max = 0};
  options.api_version = std::move(api_version);
  options.plan = &writes;
  base::Result<std::unique_ptr<Services>> services = Services::open(loop, log, std::move(options));
  if (!services) throw std::runtime_error(services.error().message);
  return *std::move(services);
}

Outlook outlook_of_state(engine::TaskState state) {
  switch (state) {
    case engine::TaskState::failed: return Outlook::fails;
    case engine::TaskState::skipped: return Outlook::skipped;
    case engine::TaskState::held: return Outlook::held;
    default: return Outlook::undecided;
  }
}

Outlook outlook_of_change(tasks::PlannedDoing doing) {
  switch (doing) {
    case tasks::PlannedDoing::creates: return Outlook::creates;
    case tasks::PlannedDoing::updates: return Outlook::updates;
    case tasks::PlannedDoing::removes: return Outlook::removes;
    case tasks::PlannedDoing::posts: return Outlook::posts;
    case tasks::PlannedDoing::changes_nothing: break;
  }
  return Outlook::changes_nothing;
}

// Reads a task's facts in their order.
class TaskTeller {
 public:
  TaskTeller(PlannedTask& task, const tasks::PlannedWrites& writes) : task_(task), writes_(writes) {}

  // `effect_key` is that of the task's next write.
  void tell(const engine::Fact& fact, const std::string& effect_key) {
    switch (fact.what) {
      case engine::What::started: return tell_step(fact, effect_key);
      case engine::What::answered:
        if (!is_write_) tell_rows(fact.content.text);
        return;
      case engine::What::tried:
      case engine::What::failed:
      case engine::What::skipped:
      case engine::What::held:
        task_.code = fact.code;
        task_.message = writes_.in_words(fact.message);
        return;
      default: return;
    }
  }

 private:
  void tell_step(const engine::Fact& fact, const std::string& effect_key) {
    if (fact.content.empty()) return;  // another attempt at the same
    ++task_.calls;
    is_write_ = fact.is_write;
    if (is_write_)
      tell_change(fact.content.text, effect_key);
    else
      tell_question(fact.content.text);
  }

  void tell_question(const std::string& text) {
    const base::Result<tasks::RecordQuestion> question = tasks::read_record_question(text);
    if (!question) return;
    task_.object = question->object;
    for (const tasks::RecordQuestion::Equals& part : question->where)
      task_.key.emplace_back(part.field, in_words(part.value));
  }

  void tell_rows(const std::string& text) {
    const base::Result<std::vector<tasks::NamedValues>> rows = tasks::read_rows(text);
    if (!rows) return;
    task_.matched = static_cast<std::int64_t>(rows->size());
    if (rows->size() != 1) return;
    for (const auto& [name, value] : rows->front())
      if (name == "Id") task_.record = writes_.in_words(base::to_text(value));
  }

  void tell_change(const std::string& text, const std::string& effect_key) {
    const base::Result<RecordChange> change = connectors::salesforce::read_record_change(text);
    if (!change) return;
    task_.object = change->object;
    if (!change->id.empty()) task_.record = writes_.in_words(change->id);
    if (change->key_value == effect_key)
      task_.own_key = change->key_field;
    else if (!change->key_field.empty())  // by which the record may have been looked at before
      task_.key = {{change->key_field, in_words(base::Value(change->key_value))}};
    if (const tasks::PlannedChange* planned = writes_.find(effect_key)) tell_planned(*planned);
  }

  void tell_planned(const tasks::PlannedChange& planned) {
    task_.outlook = outlook_of_change(planned.doing);
    task_.object = planned.object;
    // A post is about a record, whose id stands in the change.
    if (planned.doing != tasks::PlannedDoing::posts) task_.record = writes_.in_words(planned.id);
    task_.text = writes_.in_words(base::to_text(planned.text));
    if (planned.matched) task_.matched = planned.matched;
    for (const tasks::FieldDifference& one : planned.fields)
      task_.fields.push_back({one.field, in_words(one.before), in_words(one.after)});
  }

  base::Value in_words(base::Value value) const {
    if (auto* text = std::get_if<std::string>(&value.data)) *text = writes_.in_words(std::move(*text));
    return value;
  }

  PlannedTask& task_;
  const tasks::PlannedWrites& writes_;
  bool is_write_ = false;
};

}  // namespace

Planner::Planner(boost::asio::io_context& loop, base::Log& log, std::string api_version)
    : services_(open_plan_services(loop, log, directory_.file("data"), std::move(api_version), writes_)),
      workspace_(*services_) {}

base::awaitable<base::Findings> Planner::open(std::string workflow, std::vector<AccountFile> accounts) {
  base::Findings findings = services_->surveys.put_folder(std::filesystem::path(workflow).parent_path().string());
  co_await services_->load();
  co_await workspace_.open();
  base::Findings of_accounts = co_await workspace_.take_accounts(std::move(accounts));
  findings.insert(findings.end(), of_accounts.begin(), of_accounts.end());
  if (base::has_errors(findings)) co_return findings;
  base::Findings of_workflow = co_await workspace_.take_workflow_file(workflow, workflow);
  findings.insert(findings.end(), of_workflow.begin(), of_workflow.end());
  if (base::has_errors(findings)) co_return findings;
  base::Findings of_orgs = co_await workspace_.identify_accounts();
  findings.insert(findings.end(), of_orgs.begin(), of_orgs.end());
  if (base::has_errors(findings)) co_return findings;
  hook_ = workspace_.hooks().at(workflow).substr(std::string_view("/hooks/").size());
  for (const engine::Workflow* one : services_->workflows.all(workspace_.brand())) {
    const std::shared_ptr<engine::LiveVersion> version = co_await services_->workflows.version(one->version_no);
    tell_accounts(version->definition);
  }
  co_return findings;
}

void Planner::tell_accounts(const engine::WorkflowDefinition& definition) {
  head_.workflow = definition.name;
  std::set<std::string> told;
  const std::vector<connectors::LinkedAccount> linked =
      services_->accounts.list(services_->people.brand(workspace_.brand())->id);
  for (const engine::TaskDefinition& task : definition.tasks) {
    if (task.account.empty() || !told.insert(task.account).second) continue;
    PlannedAccount account{.alias = task.account};
    for (const connectors::LinkedAccount& one : linked) {
      if (one.name != task.account || one.state == connectors::AccountState::removed) continue;
      account.id = one.id;
      account.environment = std::string(connectors::to_string(one.environment));
      account.org_id = one.org_id;
      account.username = one.salesforce_username;
    }
    head_.accounts.push_back(std::move(account));
  }
}

base::awaitable<PlannedResponse> Planner::plan(connectors::survey::Response response) {
  PlannedResponse planned;
  planned.response = response.id;
  engine::TriggerEvent event = response_event(std::move(response), services_->surveys);
  event.source = hook_;
  event.dedup_key = fmt::format("planned {}", ++planned_);  // every response is meant, also the second time
  event.received_at = services_->clock.now();
  const std::shared_ptr<const engine::ValueSource> values = event.values;
  const base::Result<engine::IntakeAnswer> answer =
      co_await services_->intake.accept(workspace_.brand(), std::move(event));
  if (!answer) throw std::logic_error("a new event is refused: " + answer.error().message);
  if (answer->run_ids.empty()) {
    planned.code = std::string(answer->not_started.front().code.name);
    planned.message = answer->not_started.front().message;
    co_return planned;
  }
  RunInHand in_hand = co_await run_in_hand(*services_, answer->run_ids.front(), values);
  planned.tasks = co_await outlooks_of(std::move(in_hand));
  co_return planned;
}

// A task with a list does what its items do.
base::awaitable<std::vector<PlannedTask>> Planner::outlooks_of(RunInHand in_hand) {
  const engine::LiveRun& live = *in_hand.run;
  const std::vector<engine::Fact> facts = co_await services_->history.facts(workspace_.brand(), live.run.no);
  std::vector<PlannedTask> tasks;
  for (std::size_t i = 0; i < live.run.tasks.size(); ++i) {
    const std::size_t before = tasks.size();
    for (const auto& [number, child] : in_hand.children) {
      if (child->run.item->task != i) continue;
      const std::vector<engine::Fact> of_item = co_await services_->history.facts(workspace_.brand(), number);
      tasks.push_back(outlook_of(*child, i, of_item));
    }
    std::sort(tasks.begin() + static_cast<std::ptrdiff_t>(before), tasks.end(),
              [](const PlannedTask& a, const PlannedTask& b) { return a.item < b.item; });
    if (tasks.size() == before) tasks.push_back(outlook_of(live, i, facts));
  }
  co_return tasks;
}

PlannedTask Planner::outlook_of(const engine::LiveRun& live, std::size_t index,
                                const std::vector<engine::Fact>& facts) const {
  const engine::TaskDefinition& definition = live.definition().tasks[index];
  PlannedTask task{.id = definition.id, .type = definition.type, .account = definition.account};
  const std::string item = live.run.item ? live.run.item->id : "";
  if (live.run.item) task.item = live.run.item->number;
  TaskTeller teller(task, writes_);
  int writes = 0;
  bool is_write = false;
  for (const engine::Fact& fact : facts) {
    if (fact.task != static_cast<int>(index)) continue;
    teller.tell(fact, engine::effect_key(live.run.effect_root, definition.id, item, writes));
    if (fact.what == engine::What::started && !fact.content.empty()) is_write = fact.is_write;
    if (fact.what == engine::What::answered && is_write) ++writes;
  }
  const engine::TaskState state = live.run.tasks[index].state;
  if (state != engine::TaskState::succeeded) {
    task.outlook = outlook_of_state(state);
    if (task.message.empty()) task.message = "it waits for tasks before it";
    return task;
  }
  task.code.clear();
  task.message.clear();
  if (!services_->catalog.task(definition.type)->effect(definition))
    task.outlook = Outlook::finds;
  else if (task.outlook == Outlook::undecided)
    task.outlook = Outlook::changes_nothing;  // there was nothing to write
  return task;
}

}  // namespace app
