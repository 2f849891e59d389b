#include "app/cli/org_use.hpp"

#include <utility>

#include "app/cli/printing.hpp"
#include "base/json_document.hpp"
#include "engine/definition.hpp"
#include "tasks/catalog.hpp"
#include "tasks/org_needs.hpp"

namespace app::cli {

std::optional<connectors::salesforce::OrgNeeds> org_needs_of(const std::vector<std::string>& workflows,
                                                             const std::string& alias, bool json) {
  connectors::salesforce::OrgNeeds needs;
  base::Findings faults;
  const engine::Catalog catalog = tasks::make_catalog({});
  for (const std::string& file : workflows) {
    engine::DefinitionCheck check = engine::check_definition(base::JsonDocument::read_file(file), catalog);
    if (!check.definition) {
      std::move(check.findings.begin(), check.findings.end(), std::back_inserter(faults));
      continue;
    }
    connectors::salesforce::OrgNeeds of_file = tasks::org_needs(*check.definition, alias);
    for (connectors::salesforce::ObjectNeed& need : of_file.objects) needs.add(std::move(need));
  }
  if (faults.empty()) return needs;
  print_findings(faults, json);
  return std::nullopt;
}

}  // namespace app::cli
