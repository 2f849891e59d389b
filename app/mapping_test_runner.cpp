#include "app/mapping_test_runner.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/printing.hpp"
#include "app/local_account.hpp"
#include "app/local_test_org.hpp"
#include "app/org_contrast.hpp"
#include "app/org_reference.hpp"
#include "app/record_comparison.hpp"
#include "app/response_event.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "engine/errors.hpp"
#include "tasks/org_needs.hpp"

namespace app {
namespace {

std::unique_ptr<Services> open_test_services(boost::asio::io_context& loop, base::Log& log,
                                             const std::string& directory, std::string api_version,
                                             const base::http::InProcessServers& servers) {
  ServiceOptions options{.data_directory = directory, .program = "sluice test"};
  options.in_process = &servers;
  options.api_version = std::move(api_version);
  base::Result<std::unique_ptr<Services>> services = Services::open(loop, log, std::move(options));
  if (!services) throw std::runtime_error(services.error().message);
  return *std::move(services);
}

std::vector<std::string> written_fields(const engine::WorkflowDefinition& definition, const ExpectedRecords& expected) {
  if (expected.object == "FeedItem") return {"Body", "ParentId"};
  std::vector<std::string> fields;
  const connectors::salesforce::OrgNeeds needs = tasks::org_needs(definition, expected.alias);
  const std::vector<tasks::EffectKeyField> keys = tasks::effect_key_fields(definition);
  for (const connectors::salesforce::ObjectNeed& need : needs.objects) {
    if (!connectors::salesforce::same_api_name(need.object, expected.object)) continue;
    for (const connectors::salesforce::FieldNeed& field : need.fields)
      if ((field.create || field.update) && !tasks::is_effect_key(keys, expected.alias, need.object, field.name))
        fields.push_back(field.name);
  }
  return fields;
}

}  // namespace

MappingTestRunner::MappingTestRunner(boost::asio::io_context& loop, base::Log& log, std::string api_version)
    : services_(open_test_services(loop, log, directory_.file("data"), std::move(api_version), servers_)),
      workspace_(*services_),
      rehearsal_(*services_) {}

base::awaitable<void> MappingTestRunner::open() {
  co_await services_->load();
  co_await workspace_.open();
}

base::awaitable<base::Result<base::Findings>> MappingTestRunner::open(std::vector<AccountFile> accounts,
                                                                      TestJournal& journal) {
  co_await open();
  base::Findings findings = co_await workspace_.take_accounts(accounts);
  if (base::has_errors(findings)) co_return findings;
  std::vector<std::string> aliases;
  for (const AccountFile& account : accounts) aliases.push_back(account.alias);
  linked_.emplace(*services_, workspace_, journal);
  const base::Status opened = co_await linked_->open(std::move(aliases));
  if (!opened) co_return opened.error();
  co_return findings;
}

base::awaitable<MappingTestResult> MappingTestRunner::run(std::string file) {
  MappingTestResult result{.file = file};
  MappingTestCheck check = read_mapping_test(file);
  result.findings = std::move(check.findings);
  if (!check.test) co_return result;
  services_->surveys.clear();  // another file's workflow may answer to another survey
  for (base::Finding& finding :
       services_->surveys.put_folder(std::filesystem::path(check.test->workflow).parent_path().string())) {
    result.findings.push_back(std::move(finding));
  }
  const engine::DefinitionCheck workflow =
      engine::check_definition(base::JsonDocument::read_file(check.test->workflow), services_->catalog);
  result.findings.insert(result.findings.end(), workflow.findings.begin(), workflow.findings.end());
  if (!workflow.definition) co_return result;
  const base::Findings unknown = unknown_names(*check.test, *workflow.definition);
  result.findings.insert(result.findings.end(), unknown.begin(), unknown.end());
  if (base::has_errors(result.findings)) co_return result;
  result.workflow = workflow.definition->name;
  result.effect_keys = tasks::effect_key_fields(*workflow.definition);
  for (const MappingCase& one : check.test->cases) co_await run_case(*check.test, one, *workflow.definition, result);
  const bool has_failed =
      !std::all_of(result.cases.begin(), result.cases.end(), [](const MappingCaseResult& one) { return one.passed(); });
  if (linked_ && has_failed) result.contrast = co_await contrast(*workflow.definition);
  co_return result;
}

base::awaitable<std::vector<std::string>> MappingTestRunner::contrast(const engine::WorkflowDefinition& definition) {
  std::vector<std::string> sentences;
  for (const std::string& alias : linked_->aliases()) {
    const connectors::salesforce::OrgNeeds needs = tasks::org_needs(definition, alias);
    for (const connectors::salesforce::ObjectNeed& need : needs.objects) {
      const auto local =
          connectors::salesforce::read_object_schema(schemas_.describe_of(alias, need.object), need.object);
      if (!local) continue;  // the local org does not know it, and so cannot take other values
      connectors::salesforce::CallOptions options;
      const base::Result<base::JsonText> describe =
          co_await services_->salesforce.describe(workspace_.account_of(alias), need.object, std::move(options));
      if (!describe) {
        sentences.push_back(fmt::format("{}: {}", need.object, describe.error().message));
        continue;
      }
      const auto org = connectors::salesforce::read_object_schema(describe->text, need.object);
      if (!org) continue;
      std::vector<std::string> of_object = org_contrast(need, *org, *local);
      std::move(of_object.begin(), of_object.end(), std::back_inserter(sentences));
    }
  }
  co_return sentences;
}

base::awaitable<void> MappingTestRunner::run_case(const MappingTest& test, const MappingCase& one,
                                                  const engine::WorkflowDefinition& definition,
                                                  MappingTestResult& result) {
  const base::TimePoint started = services_->clock.now();
  MappingCaseResult of_case{.name = one.name, .pointer = one.pointer};
  Trouble trouble;
  std::exception_ptr fault;
  if (linked_) linked_->begin_case();
  co_await open_orgs(definition);
  try {
    co_await play_on(test, one, definition, of_case, trouble);
  } catch (...) {
    fault = std::current_exception();
  }
  if (linked_) {
    // Whatever has happened, nothing stays.
    linked_->end_run();
    TestSweep sweep = co_await linked_->sweep();
    for (const std::string& left : sweep.left) of_case.differences.push_back("could not be removed: " + left);
  }
  if (fault) std::rethrow_exception(fault);
  if (!trouble.findings.empty()) {
    test.document.locate(trouble.findings);
    std::move(trouble.findings.begin(), trouble.findings.end(), std::back_inserter(result.findings));
    co_return;
  }
  of_case.took = services_->clock.now() - started;
  result.cases.push_back(std::move(of_case));
}

base::awaitable<void> MappingTestRunner::play_on(const MappingTest& test, const MappingCase& one,
                                                 const engine::WorkflowDefinition& definition,
                                                 MappingCaseResult& of_case, Trouble& trouble) {
  const SeededRecords seeded = co_await seed(one, trouble);
  const std::vector<ExpectedRecords> expect = look_before(one, definition, trouble);
  if (!trouble.is_none()) {
    of_case.differences = std::move(trouble.differences);
    co_return;
  }
  std::vector<std::pair<std::string, base::JsonText>> outputs;
  for (const auto& [task, output] : one.outputs) outputs.emplace_back(task, with_references(output, seeded));
  if (linked_) linked_->begin_run();
  const RunEnd end = co_await play(test, one, std::move(outputs));
  if (linked_) linked_->end_run();

  of_case.differences = judge_tasks(one, definition, end);
  for (std::size_t i = 0; i < end.tasks.size(); ++i) {
    for (const engine::Note& note : end.tasks[i].notes)
      of_case.notes.push_back(definition.tasks[i].id + ": " + engine::in_words(note));
  }
  of_case.not_started = end.not_started;
  for (const auto& [alias, org] : orgs_) of_case.calls += org->calls();
  of_case.outcome = {.seeded = seeded, .refused = failed_tasks(definition, end)};
  co_await compare(expect, of_case);
  if (one.calls_at_most && of_case.calls > *one.calls_at_most) {
    of_case.differences.push_back(
        fmt::format("calls: expected at most {}, sent {}", *one.calls_at_most, of_case.calls));
  }
}

base::awaitable<SeededRecords> MappingTestRunner::seed(const MappingCase& one, Trouble& trouble) {
  SeededRecords seeded;
  for (const SeedRecord& record : one.org) {
    TestOrg& org = *orgs_.at(record.alias);
    const base::JsonText fields = with_references(record.fields, seeded);
    const base::Result<std::string> id = co_await org.insert(record.object, fields);
    if (!id) {
      if (org.is_linked())
        trouble.differences.push_back(fmt::format("{} {}[{}] could not be put there: {}", record.alias, record.object,
                                                  record.index, id.error().message));
      else
        trouble.findings.push_back(
            {.code = std::string(id.error().code.name), .pointer = record.pointer, .message = id.error().message});
      break;  // later ones may refer to it
    }
    nlohmann::json with_id = nlohmann::json::parse(fields.text);
    with_id["Id"] = *id;
    seeded[{record.alias, record.object, record.index}] = {with_id.dump()};
  }
  co_return seeded;
}

// Who expects no record names no field: those that the workflow writes tell what has been written all the same.
std::vector<ExpectedRecords> MappingTestRunner::look_before(const MappingCase& one,
                                                            const engine::WorkflowDefinition& definition,
                                                            Trouble& trouble) {
  std::vector<ExpectedRecords> expect = one.expect;
  for (ExpectedRecords& expected : expect) {
    TestOrg& org = *orgs_.at(expected.alias);
    if (expected.records.empty()) {
      expected.fields = written_fields(definition, expected);
      if (org.note_before(expected).empty()) continue;
      expected.fields.clear();
    }
    base::Findings unknown = org.note_before(expected);
    std::move(unknown.begin(), unknown.end(), std::back_inserter(trouble.findings));
  }
  return expect;
}

base::awaitable<void> MappingTestRunner::compare(const std::vector<ExpectedRecords>& expect,
                                                 MappingCaseResult& of_case) {
  for (const ExpectedRecords& expected : expect) {
    const std::string whose = expected.alias + " " + expected.object;
    base::Result<std::vector<base::JsonText>> written = co_await orgs_.at(expected.alias)->written(expected);
    of_case.outcome.written.emplace_back();
    if (!written) {
      of_case.differences.push_back(fmt::format("{}: {}", whose, written.error().message));
      continue;
    }
    std::vector<base::JsonText> wanted;
    for (const base::JsonText& record : expected.records)
      wanted.push_back(with_references(record, of_case.outcome.seeded));
    std::vector<std::string> found = record_differences(whose, wanted, *written);
    std::move(found.begin(), found.end(), std::back_inserter(of_case.differences));
    of_case.outcome.written.back() = *std::move(written);
  }
}

std::map<std::string, std::string> MappingTestRunner::failed_tasks(const engine::WorkflowDefinition& definition,
                                                                   const RunEnd& end) {
  std::map<std::string, std::string> failed;
  for (std::size_t i = 0; i < end.tasks.size(); ++i)
    if (end.tasks[i].state == engine::TaskState::failed) failed[definition.tasks[i].id] = end.tasks[i].code;
  return failed;
}

base::awaitable<void> MappingTestRunner::open_orgs(const engine::WorkflowDefinition& definition) {
  for (auto& [alias, org] : orgs_) org->start_over();
  for (const engine::TaskDefinition& task : definition.tasks) {
    if (task.account.empty() || orgs_.contains(task.account)) continue;
    if (linked_ && linked_->has(task.account)) {
      orgs_[task.account] = linked_->org_of(task.account);
      continue;
    }
    auto org = std::make_unique<LocalTestOrg>(*services_, servers_, orgs_.size(), schemas_.describes_of(task.account));
    local_org::Credentials credentials = org->credentials();
    orgs_[task.account] = std::move(org);
    co_await link(task.account, std::move(credentials));
  }
}

base::awaitable<void> MappingTestRunner::link(std::string alias, local_org::Credentials credentials) {
  AccountFile file{alias, directory_.file(fmt::format("account-{}.json", orgs_.size()))};
  cli::write_text_file(file.path, local_account(credentials, local_org::Environment::production).text);
  std::vector<AccountFile> files{std::move(file)};
  const base::Findings findings = co_await workspace_.take_accounts(std::move(files));
  if (base::has_errors(findings))
    throw std::logic_error("a local org's account is refused: " + base::to_line(findings.front()));
}

base::awaitable<MappingTestRunner::RunEnd> MappingTestRunner::play(
    const MappingTest& test, const MappingCase& one, std::vector<std::pair<std::string, base::JsonText>> outputs) {
  const base::Findings ignored =
      co_await workspace_.take_workflow_file(test.workflow, test.workflow);  // it was checked before
  base::Result<engine::TriggerEvent> event = response_event(one.response, services_->surveys);
  if (!event) throw std::logic_error("a response that was checked is refused: " + event.error().message);
  const std::int64_t workflow_no = workspace_.workflow_of(test.workflow);
  const std::shared_ptr<engine::LiveVersion> version =
      co_await services_->workflows.version(services_->workflows.find(workflow_no)->version_no);
  RehearsedResponse rehearsed = co_await rehearsal_.rehearse(workflow_no, *std::move(event),
                                                             facts_of_outputs(version->definition, std::move(outputs)));
  RunEnd end;
  if (rehearsed.not_started) {
    end.not_started = fmt::format("{} [{}]", rehearsed.not_started->message, rehearsed.not_started->code.name);
    end.is_fault = rehearsed.not_started->code == engine::trigger_condition_unreadable;
    co_return end;
  }
  for (const engine::TaskProgress& task : rehearsed.run.run->run.tasks)
    end.tasks.push_back({task.state, task.code, "", {}});
  for (const engine::Fact& fact : rehearsed.run.facts) {
    if (fact.task < 0) continue;
    TaskEnd& task = end.tasks.at(static_cast<std::size_t>(fact.task));
    if (!fact.message.empty()) task.message = fact.message;
    task.notes.insert(task.notes.end(), fact.notes.begin(), fact.notes.end());
  }
  // What an item's run tells is told of the task that has the list.
  for (const engine::RehearsedRun& child : rehearsed.run.children) {
    TaskEnd& task = end.tasks.at(child.run->run.item->task);
    for (const engine::Fact& fact : child.facts)
      task.notes.insert(task.notes.end(), fact.notes.begin(), fact.notes.end());
  }
  co_return end;
}

// A task that an output stands for has succeeded before the run's first step.
std::vector<engine::Fact> MappingTestRunner::facts_of_outputs(
    const engine::WorkflowDefinition& definition, std::vector<std::pair<std::string, base::JsonText>> outputs) const {
  std::vector<engine::Fact> facts;
  for (auto& [task, output] : outputs) {
    engine::Fact fact{
        .what = engine::What::done, .task = static_cast<int>(*definition.index_of(task)), .at = services_->clock.now()};
    fact.content = std::move(output);
    facts.push_back(std::move(fact));
  }
  return facts;
}

std::vector<std::string> MappingTestRunner::judge_tasks(const MappingCase& one,
                                                        const engine::WorkflowDefinition& definition,
                                                        const RunEnd& end) {
  std::vector<std::string> differences;
  if (end.is_fault) differences.push_back("no run was started: " + end.not_started);
  if (end.tasks.empty()) {
    for (const auto& [task, code] : one.refused)
      differences.push_back(
          fmt::format("{}: expected to fail with {}, but no run was started: {}", task, code, end.not_started));
    return differences;
  }
  for (std::size_t i = 0; i < end.tasks.size(); ++i) {
    const TaskEnd& task = end.tasks[i];
    const std::string& id = definition.tasks[i].id;
    const std::string what = task.code.empty() ? "" : fmt::format(" · {}: {}", task.code, task.message);
    const auto refused = one.refused.find(id);
    if (refused != one.refused.end()) {
      const bool is_refused_so = task.state == engine::TaskState::failed && task.code == refused->second;
      if (!is_refused_so)
        differences.push_back(fmt::format("{}: expected to fail with {}, but it is {}{}", id, refused->second,
                                          engine::to_string(task.state), what));
    } else if (task.state != engine::TaskState::succeeded && task.state != engine::TaskState::skipped &&
               task.state != engine::TaskState::pending) {
      differences.push_back(fmt::format("{}: {}{}", id, engine::to_string(task.state), what));
    }
  }
  return differences;
}

}  // namespace app
