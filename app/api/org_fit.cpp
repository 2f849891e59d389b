#include "app/api/org_fit.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "app/errors.hpp"
#include "engine/edit.hpp"
#include "tasks/needed_schema.hpp"
#include "tasks/org_check.hpp"
#include "tasks/org_needs.hpp"

namespace app::api {
namespace {

// Somebody waits for the answer at a terminal.
constexpr base::Duration patience_with_org = std::chrono::seconds(5);

// Said once an alias, at the first task that names it.
base::Findings not_checked(const engine::WorkflowDefinition& definition, const engine::UsedAlias& used,
                           const std::string& why) {
  const auto first = std::ranges::find(definition.tasks, used.alias, &engine::TaskDefinition::account);
  if (first == definition.tasks.end()) return {};
  return {{.code = std::string(org_not_checked),
           .pointer = first->pointer() + "/account",
           .message = fmt::format("the tasks on '{}' were not held against their org: {}", used.alias, why),
           .hint = "sluice workflows push --check, when the org can be asked",
           .severity = base::Severity::warning}};
}

base::awaitable<base::Findings> findings_of_alias(Context& context, const engine::WorkflowDefinition& definition,
                                                  const engine::UsedAlias& used, std::string account) {
  connectors::salesforce::OrgNeeds needs = tasks::org_needs(definition, used.alias);
  const base::Result<tasks::OrgSchema> schema = co_await tasks::needed_schema(
      *context.services.org_knowledge, std::move(account), std::move(needs), patience_with_org);
  if (!schema) co_return not_checked(definition, used, schema.error().message);
  const std::shared_ptr<const connectors::survey::Survey> survey =
      context.services.surveys.find(definition.trigger.survey);
  co_return tasks::check_against_org(definition, *schema, used.alias, survey.get());
}

}  // namespace

base::awaitable<base::Findings> org_findings(Context& context, const engine::Workflow& workflow,
                                             const engine::WorkflowDefinition& definition,
                                             std::vector<std::string> leave_out) {
  base::Findings findings;
  for (const engine::UsedAlias& used : engine::used_aliases(definition, context.services.catalog)) {
    const engine::AuthorisationRequest request = context.services.gate.facts(workflow, used.extension, used.alias);
    const engine::Verdict verdict = engine::authorise(request);
    const bool is_left_out = std::ranges::find(leave_out, used.alias) != leave_out.end();
    base::Findings of_alias;
    if (is_left_out)
      of_alias = not_checked(definition, used, "this edit invalidates the login behind it");
    else if (!verdict.allowed())
      of_alias = not_checked(definition, used,
                             fmt::format("the gate does not let them use an account ({})", verdict.refusal->code.name));
    else
      of_alias = co_await findings_of_alias(context, definition, used, request.account->id);
    std::move(of_alias.begin(), of_alias.end(), std::back_inserter(findings));
  }
  co_return findings;
}

}  // namespace app::api
