// The doctor over HTTP: whoever may use an account may ask what its org lacks.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/api/access.hpp"
#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/licensing.hpp"
#include "app/api/problem.hpp"
#include "app/doctor_document.hpp"
#include "app/errors.hpp"
#include "tasks/org_needs.hpp"

namespace app::api {
namespace {

using connectors::salesforce::OrgNeeds;

// A personal account is its owner's alone; a shared one is also for whom it is shared with, and for brand admins.
bool may_use(const Context& context, const Principal& who, const connectors::LinkedAccount& account) {
  if (account.state == connectors::AccountState::removed) return false;
  if (account.origin == connectors::Origin::workflows) return account.owner == who.user;
  const std::vector<std::string> groups = context.services.people.groups_of(who.brand, who.user);
  return who.is_admin() || std::any_of(account.shares.begin(), account.shares.end(), [&](const auto& share) {
           const bool is_for_them = share.with == "brand" || share.with == who.user ||
                                    std::find(groups.begin(), groups.end(), share.with) != groups.end();
           return is_for_them && !share.revoked;
         });
}

// What the workflow's tasks need of the account that they are bound to.
OrgNeeds needs_of(const Context& context, const engine::Workflow& workflow,
                  const engine::WorkflowDefinition& definition, std::string_view account_id) {
  OrgNeeds needs;
  for (const engine::Binding& binding : context.services.people.bindings(workflow.brand, workflow.no)) {
    if (binding.account != account_id) continue;
    OrgNeeds of_alias = tasks::org_needs(definition, binding.alias);
    for (connectors::salesforce::ObjectNeed& need : of_alias.objects) needs.add(std::move(need));
  }
  return needs;
}

}  // namespace

// {} or {"workflow": "wfl_…"}
Answer examine_account(Context& context, const Principal& who, Request& request) {
  const std::optional<connectors::LinkedAccount> account =
      context.services.accounts.look_up(who.brand_id, request.param("id"));
  if (!account || !may_use(context, who, *account))
    co_return problem(404, "account_unknown", "there is no such account");
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who)) co_return *std::move(refusal);
  const std::optional<nlohmann::json> body = object_of(request);
  if (!body) co_return problem(422, "body_invalid", "the body is no JSON object");

  OrgNeeds needs;
  if (const std::string workflow_id = text_of(*body, "workflow"); !workflow_id.empty()) {
    const engine::Workflow* workflow = context.services.workflows.find(who.brand, workflow_id);
    if (!workflow) co_return problem(404, "workflow_unknown", "there is no such workflow");
    if (std::optional<base::http::Response> refusal =
            refuse_without(engine::Right::view, context, who, workflow->project))
      co_return *std::move(refusal);
    const std::shared_ptr<engine::LiveVersion> version =
        co_await context.services.workflows.version(workflow->version_no);
    if (version) needs = needs_of(context, *workflow, version->definition, account->id);
    if (needs.empty())
      co_return problem(422, workflow_without_account.name, "no task of the workflow is bound to this account");
  }
  const base::IpRanges& egress = context.services.options.egress;
  connectors::salesforce::Patient patient = connectors::salesforce::patient_of(*account, egress);
  const std::vector<connectors::salesforce::Check> checks =
      co_await connectors::salesforce::examine(context.services.salesforce, std::move(patient), std::move(needs));
  co_return base::http::json_response(200, doctor_document(checks, egress).text);
}

}  // namespace app::api
