#include "app/planner.hpp"

#include <filesystem>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "app/plan_outlook.hpp"
#include "app/response_event.hpp"

namespace app {
namespace {

std::unique_ptr<Services> open_plan_services(boost::asio::io_context& loop, base::Log& log,
                                             const std::string& directory, std::string api_version,
                                             tasks::PlannedWrites& writes) {
  ServiceOptions options{.data_directory = directory, .program = "sluice plan"};
  options.api_version = std::move(api_version);
  options.plan = &writes;
  base::Result<std::unique_ptr<Services>> services = Services::open(loop, log, std::move(options));
  if (!services) throw std::runtime_error(services.error().message);
  return *std::move(services);
}

}  // namespace

Planner::Planner(boost::asio::io_context& loop, base::Log& log, std::string api_version)
    : services_(open_plan_services(loop, log, directory_.file("data"), std::move(api_version), writes_)),
      workspace_(*services_),
      rehearsal_(*services_) {}

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
  workflow_no_ = workspace_.workflow_of(workflow);
  const std::shared_ptr<engine::LiveVersion> version =
      co_await services_->workflows.version(services_->workflows.find(workflow_no_)->version_no);
  tell_accounts(version->definition);
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
  const RehearsedResponse rehearsed = co_await rehearsal_.rehearse(workflow_no_, std::move(event), {});
  if (rehearsed.not_started) {
    planned.code = std::string(rehearsed.not_started->code.name);
    planned.message = rehearsed.not_started->message;
    co_return planned;
  }
  planned.tasks = outlooks_of(rehearsed.run, services_->catalog, writes_);
  co_return planned;
}

}  // namespace app
