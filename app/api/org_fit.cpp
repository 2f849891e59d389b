#include "app/api/org_fit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/errors.hpp"
#include "connectors/salesforce/org_fit.hpp"
#include "engine/edit.hpp"
#include "tasks/org_needs.hpp"

namespace app::api {
namespace {

using connectors::salesforce::Check;

void add_misfit(base::Findings& findings, const engine::TaskDefinition& task, const Check& check) {
  base::Finding finding;
  finding.code = (check.check == "edit" ? field_not_writable : record_type_not_available).name;
  finding.pointer = task.pointer() + "/with";
  finding.message = check.message;
  finding.hint = fmt::format("{} {}", check.fix, check.setup_path);
  findings.push_back(std::move(finding));
}

}  // namespace

base::awaitable<base::Findings> org_misfits(Context& context, const engine::Workflow& workflow,
                                            const engine::WorkflowDefinition& definition,
                                            std::vector<std::string> leave_out) {
  base::Findings findings;
  for (const engine::UsedAlias& used : engine::used_aliases(definition, context.services.catalog)) {
    if (std::ranges::find(leave_out, used.alias) != leave_out.end()) continue;
    const engine::AuthorisationRequest request = context.services.gate.facts(workflow, used.extension, used.alias);
    if (!engine::authorise(request).allowed()) continue;
    connectors::salesforce::OrgNeeds needs = tasks::org_needs(definition, used.alias);
    std::string account_id = request.account->id;
    const connectors::salesforce::OrgFacts facts = co_await connectors::salesforce::describe_needed(
        context.services.salesforce, std::move(account_id), std::move(needs));
    for (const engine::TaskDefinition& task : definition.tasks) {
      if (task.account != used.alias) continue;
      for (const Check& check : connectors::salesforce::misfits(tasks::org_needs(task), facts))
        add_misfit(findings, task, check);
    }
  }
  co_return findings;
}

}  // namespace app::api
