#include "app/api/workflow_access.hpp"

#include <fmt/format.h>

#include "app/api/problem.hpp"
#include "engine/diagnosis.hpp"

namespace app::api {
namespace {

void write_bound_account(Context& context, const Principal& who, const engine::Binding& binding,
                         base::JsonWriter& json) {
  json.begin_object();
  const std::optional<engine::AccountFacts> account = context.services.account_directory.find(binding.account);
  if (!account) json.field("removed", true);
  if (account && engine::may_be_shown(*account, who.user)) {
    json.field("id", account->id);
    json.field("name", account->name);
  }
  if (account) json.field("environment", account->environment);
  json.field("org_id", binding.org_id.empty() && account ? account->org_id : binding.org_id);
  json.field("awaits_reauthentication", binding.awaits);
  if (binding.awaits) {
    json.field("awaits_editor", binding.awaits_editor);
    json.field("awaits_version", binding.awaits_version);
  }
  json.end_object();
}

}  // namespace

const engine::Workflow& workflow_in(Context& context, const Principal& who, const Request& request) {
  return *context.services.workflows.find(who.brand, request.param("id"));
}

base::awaitable<void> write_workflow(Context& context, const Principal& who, const engine::Workflow& workflow,
                                     base::JsonWriter& json) {
  const std::shared_ptr<engine::LiveVersion> live = co_await context.services.workflows.version(workflow.version_no);
  const std::vector<engine::Binding> bindings = context.services.people.bindings(who.brand, workflow.no);
  json.begin_object();
  json.field("id", workflow.id);
  json.field("name", workflow.name);
  json.field("file", workflow.file);
  json.field("project", workflow.project);
  json.field("creator", workflow.creator);
  json.field("enabled", workflow.enabled);
  json.field("hook", "/hooks/" + workflow.hook);
  json.field("version", live ? live->number : 0);
  json.key("bindings");
  json.begin_object();
  for (const engine::Binding& binding : bindings) {
    const std::optional<engine::AccountFacts> account = context.services.account_directory.find(binding.account);
    if (!account || engine::may_be_shown(*account, who.user)) json.field(binding.alias, binding.account);
  }
  json.end_object();
  json.key("accounts");
  json.begin_object();
  for (const engine::Binding& binding : bindings) {
    json.key(binding.alias);
    write_bound_account(context, who, binding, json);
  }
  json.end_object();
  json.end_object();
}

base::awaitable<base::http::Response> workflow_answer(Context& context, const Principal& who,
                                                      const engine::Workflow& workflow, int status) {
  base::JsonWriter json;
  co_await write_workflow(context, who, workflow, json);
  co_return base::http::json_response(status, json.take());
}

base::JsonText invalidated_json(const Principal& who, const std::vector<engine::Invalidated>& invalidated) {
  base::JsonWriter json;
  json.begin_array();
  for (const engine::Invalidated& one : invalidated) {
    json.begin_object();
    json.field("alias", one.binding.alias);
    if (engine::may_be_shown(one.account, who.user)) json.field("account", one.account.id);
    json.field("environment", one.account.environment);
    json.field("org_id", one.account.org_id);
    json.field("why", one.why);
    json.end_object();
  }
  json.end_array();
  return {json.take()};
}

std::vector<GateReport> gate_reports(Context& context, const Principal& who, const engine::Workflow& workflow,
                                     const engine::WorkflowDefinition& definition) {
  std::vector<GateReport> reports;
  const engine::AccountLookUp look_up = [&context](const std::string& id) {
    return context.services.account_directory.find(id);
  };
  for (engine::UsedAlias& used : engine::used_aliases(definition, context.services.catalog)) {
    const engine::AuthorisationRequest request = context.services.gate.facts(workflow, used.extension, used.alias);
    reports.push_back({std::move(used), engine::authorise(request),
                       engine::diagnosis_for(engine::diagnosis(request), look_up, who.user)});
  }
  return reports;
}

}  // namespace app::api
