#include "app/mapping_test_runner.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/printing.hpp"
#include "app/errors.hpp"
#include "app/local_account.hpp"
#include "app/org_reference.hpp"
#include "app/record_comparison.hpp"
#include "app/response_event.hpp"
#include "engine/errors.hpp"
#include "local_org/api_error.hpp"

namespace app {
namespace {

std::unique_ptr<Services> open_test_services(boost::asio::io_context& loop, base::Log& log,
                                             const std::string& directory) {
  // Intake only queues then, and nobody else works on runs: each case takes its own run in hand.
  ServiceOptions options{.data_directory = directory, .program = "sluice test", .runs_in_flight_max = 0};
  base::Result<std::unique_ptr<Services>> services = Services::open(loop, log, std::move(options));
  if (!services) throw std::runtime_error(services.error().message);
  return *std::move(services);
}

base::Finding record_finding(const std::string& pointer, const local_org::ApiError& refusal) {
  // What is wrong with a query comes after the query itself, which nobody has written here.
  const std::string sentence = refusal.message.substr(refusal.message.rfind('\n') + 1);
  return {.code = std::string(mapping_test_record.name),
          .pointer = pointer,
          .message = fmt::format("the local org says {}: {}", refusal.code, sentence)};
}

std::string soql_for(const std::string& object, const std::vector<std::string>& fields) {
  std::set<std::string> wanted(fields.begin(), fields.end());
  wanted.insert({"Id", "SystemModstamp"});
  return fmt::format("SELECT {} FROM {}", fmt::join(wanted, ", "), object);
}

std::map<std::string, std::string> records_of(local_org::LocalOrg& org, const ExpectedRecords& expected) {
  std::map<std::string, std::string> records;
  for (const nlohmann::json& record :
       nlohmann::json::parse(org.query(soql_for(expected.object, expected.fields)).text)) {
    records[record.at("Id").get<std::string>()] = record.dump();
  }
  return records;
}

// Which of the fields the org refuses; the object itself when it is none of them.
base::Findings refused_fields(local_org::LocalOrg& org, const ExpectedRecords& expected,
                              const local_org::ApiError& refusal) {
  base::Findings findings;
  for (const std::string& field : expected.fields) {
    try {
      org.query(soql_for(expected.object, {field}) + " LIMIT 1");
    } catch (const local_org::ApiError& of_field) {
      for (std::size_t i = 0; i < expected.records.size() && of_field.code == "INVALID_FIELD"; ++i) {
        if (!nlohmann::json::parse(expected.records[i].text).contains(field)) continue;
        findings.push_back(
            record_finding(fmt::format("{}/{}{}", expected.pointer, i, base::pointer_token(field)), of_field));
        break;
      }
    }
  }
  if (findings.empty()) findings.push_back(record_finding(expected.pointer, refusal));
  return findings;
}

// What is there now and was not so before, in the order it was made: ids rise.
std::vector<base::JsonText> written_since(const std::map<std::string, std::string>& before,
                                          const std::map<std::string, std::string>& now) {
  std::vector<base::JsonText> written;
  for (const auto& [id, record] : now) {
    const auto old = before.find(id);
    if (old == before.end() || old->second != record) written.push_back({record});
  }
  return written;
}

// Neither log-ins nor an object's description, which is kept from run to run.
bool is_of_the_run(const local_org::Call& call) {
  const std::string_view path = std::string_view(call.path).substr(0, call.path.find('?'));
  return !path.starts_with("/services/oauth2/") && !path.ends_with("/describe");
}

}  // namespace

MappingTestRunner::CaseOrg::CaseOrg(local_org::LocalOrgOptions options, Services& services)
    : org(std::move(options), services.clock, services.random), served(org, services.loop, services.log) {}

MappingTestRunner::MappingTestRunner(boost::asio::io_context& loop, base::Log& log)
    : services_(open_test_services(loop, log, directory_.file("data"))), workspace_(*services_) {}

base::awaitable<void> MappingTestRunner::open() {
  co_await services_->load();
  co_await workspace_.open();
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
  for (const MappingCase& one : check.test->cases) co_await run_case(*check.test, one, *workflow.definition, result);
  co_return result;
}

base::awaitable<void> MappingTestRunner::run_case(const MappingTest& test, const MappingCase& one,
                                                  const engine::WorkflowDefinition& definition,
                                                  MappingTestResult& result) {
  const base::TimePoint started = services_->clock.now();
  co_await open_orgs(definition);
  base::Findings findings;
  const SeededRecords seeded = seed(one, orgs_, findings);
  const std::vector<RecordsById> before = look(one, orgs_, findings);
  if (!findings.empty()) {
    test.document.locate(findings);
    result.findings.insert(result.findings.end(), findings.begin(), findings.end());
    co_return;
  }

  std::vector<std::pair<std::string, base::JsonText>> outputs;
  for (const auto& [task, output] : one.outputs) outputs.emplace_back(task, with_references(output, seeded));
  const RunEnd end = co_await play(test, one, std::move(outputs));

  MappingCaseResult of_case{
      .name = one.name, .differences = judge_tasks(one, definition, end), .not_started = end.not_started};
  const std::vector<RecordsById> now = look(one, orgs_, findings);
  for (std::size_t i = 0; i < one.expect.size(); ++i) {
    const ExpectedRecords& expected = one.expect[i];
    std::vector<base::JsonText> wanted;
    for (const base::JsonText& record : expected.records) wanted.push_back(with_references(record, seeded));
    const std::vector<std::string> differences =
        record_differences(expected.alias + " " + expected.object, wanted, written_since(before[i], now[i]));
    of_case.differences.insert(of_case.differences.end(), differences.begin(), differences.end());
  }
  for (const auto& [alias, org] : orgs_) {
    const std::vector<local_org::Call> calls = org->org.calls();
    of_case.calls += std::count_if(calls.begin(), calls.end(), is_of_the_run);
  }
  if (one.calls_at_most && of_case.calls > *one.calls_at_most) {
    of_case.differences.push_back(
        fmt::format("calls: expected at most {}, sent {}", *one.calls_at_most, of_case.calls));
  }
  of_case.took = services_->clock.now() - started;
  result.cases.push_back(std::move(of_case));
}

SeededRecords MappingTestRunner::seed(const MappingCase& one, CaseOrgs& orgs, base::Findings& findings) {
  SeededRecords seeded;
  for (const SeedRecord& record : one.org) {
    try {
      const base::JsonText fields = with_references(record.fields, seeded);
      nlohmann::json with_id = nlohmann::json::parse(fields.text);
      with_id["Id"] = orgs.at(record.alias)->org.insert(record.object, fields);
      seeded[{record.alias, record.object, record.index}] = {with_id.dump()};
    } catch (const local_org::ApiError& refusal) {
      findings.push_back(record_finding(record.pointer, refusal));
      break;  // later ones may refer to it
    }
  }
  return seeded;
}

std::vector<MappingTestRunner::RecordsById> MappingTestRunner::look(const MappingCase& one, CaseOrgs& orgs,
                                                                    base::Findings& findings) {
  std::vector<RecordsById> records;
  for (const ExpectedRecords& expected : one.expect) {
    local_org::LocalOrg& org = orgs.at(expected.alias)->org;
    try {
      records.push_back(records_of(org, expected));
    } catch (const local_org::ApiError& refusal) {
      for (base::Finding& finding : refused_fields(org, expected, refusal)) findings.push_back(std::move(finding));
    }
  }
  return records;
}

base::awaitable<void> MappingTestRunner::open_orgs(const engine::WorkflowDefinition& definition) {
  for (auto& [alias, org] : orgs_) org->org.start_over();
  for (const engine::TaskDefinition& task : definition.tasks) {
    if (task.account.empty() || orgs_.contains(task.account)) continue;
    orgs_[task.account] = std::make_unique<CaseOrg>(local_org::LocalOrgOptions{}, *services_);
    co_await link(task.account);
  }
}

base::awaitable<void> MappingTestRunner::link(std::string alias) {
  AccountFile file{alias, directory_.file(fmt::format("account-{}.json", orgs_.size()))};
  cli::write_text_file(file.path,
                       local_account(orgs_.at(alias)->org.credentials(), local_org::Environment::production).text);
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
  event->source = workspace_.hooks().at(test.workflow).substr(std::string_view("/hooks/").size());
  event->dedup_key = fmt::format("case {}", ++cases_);
  event->received_at = services_->clock.now();
  const std::shared_ptr<const engine::ValueSource> values = event->values;
  const base::Result<engine::IntakeAnswer> answer =
      co_await services_->intake.accept(workspace_.brand(), *std::move(event));
  if (!answer) throw std::logic_error("a new event is refused: " + answer.error().message);
  if (answer->run_ids.empty()) {
    const engine::NotStarted& reason = answer->not_started.front();
    RunEnd end{.not_started = fmt::format("{} [{}]", reason.message, reason.code.name)};
    end.is_fault = reason.code == engine::trigger_condition_unreadable;
    co_return end;
  }
  co_return co_await execute(answer->run_ids.front(), values, std::move(outputs));
}

base::awaitable<MappingTestRunner::RunEnd> MappingTestRunner::execute(
    std::string run_id, std::shared_ptr<const engine::ValueSource> values,
    std::vector<std::pair<std::string, base::JsonText>> outputs) {
  std::shared_ptr<engine::LiveRun> live;
  // A run that an earlier case has left waiting may have become due; it is nobody's any more.
  while (!live) {
    std::vector<engine::ClaimedRun> claimed = co_await services_->queue.claim(1, services_->worker.new_lease());
    if (claimed.empty()) throw std::logic_error("a run that was accepted cannot be claimed: " + run_id);
    if (claimed.front().run.id != run_id) continue;
    std::shared_ptr<engine::LiveVersion> version =
        co_await services_->workflows.version(claimed.front().run.version_no);
    live = std::make_shared<engine::LiveRun>(std::move(version), std::move(claimed.front().run),
                                             std::move(claimed.front().lease), services_->clock);
  }
  live->values.set_event(std::move(values));
  if (!outputs.empty()) co_await record_outputs(live, std::move(outputs));
  co_await services_->executor.execute(live, {});

  RunEnd end;
  for (const engine::TaskProgress& task : live->run.tasks) end.tasks.push_back({task.state, task.code, ""});
  for (const engine::Fact& fact : co_await services_->history.facts(workspace_.brand(), live->run.no)) {
    if (fact.task >= 0 && !fact.message.empty())
      end.tasks.at(static_cast<std::size_t>(fact.task)).message = fact.message;
  }
  co_return end;
}

// A task that an output stands for has succeeded before the run's first step.
base::awaitable<void> MappingTestRunner::record_outputs(std::shared_ptr<engine::LiveRun> live,
                                                        std::vector<std::pair<std::string, base::JsonText>> outputs) {
  std::vector<engine::Fact> facts;
  for (auto& [task, output] : outputs) {
    engine::Fact fact{.what = engine::What::done,
                      .task = static_cast<int>(*live->definition().index_of(task)),
                      .at = services_->clock.now()};
    fact.content = std::move(output);
    engine::apply(live->run, fact);
    facts.push_back(std::move(fact));
  }
  engine::StepRecord step{.run_no = live->run.no,
                          .brand = live->run.brand,
                          .lease = live->lease,
                          .seq = live->next_seq++,
                          .at = services_->clock.now()};
  step.facts = engine::to_json(facts);
  const engine::Recorded recorded = co_await services_->queue.record(std::move(step));
  if (recorded != engine::Recorded::whole) throw std::logic_error("outputs could not be recorded");
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
