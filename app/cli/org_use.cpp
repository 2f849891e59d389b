#include "app/cli/org_use.hpp"

#include <filesystem>
#include <iterator>
#include <utility>

#include "app/cli/printing.hpp"
#include "base/json_document.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "connectors/survey/survey_document.hpp"
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

Verb::Take saved_org_taker(std::vector<SavedOrg>& orgs) {
  return [&orgs](const std::string& text) -> std::string {
    const std::size_t equals = text.find('=');
    const bool has_alias = equals != std::string::npos;
    orgs.push_back({has_alias ? text.substr(0, equals) : "", has_alias ? text.substr(equals + 1) : text});
    return orgs.back().folder.empty() ? "'" + text + "' is no DIR or ALIAS=DIR" : "";
  };
}

std::optional<LocalSchemas> read_local_schemas(const std::vector<SavedOrg>& orgs, bool json) {
  LocalSchemas schemas;
  base::Findings faults;
  for (const SavedOrg& org : orgs) {
    connectors::salesforce::OrgSnapshotReading reading = connectors::salesforce::read_org_snapshot(org.folder);
    std::move(reading.findings.begin(), reading.findings.end(), std::back_inserter(faults));
    if (!reading.snapshot) continue;
    base::Findings unfit = schemas.add(org.alias, *reading.snapshot, org.folder);
    std::move(unfit.begin(), unfit.end(), std::back_inserter(faults));
  }
  const bool is_whole = !base::has_errors(faults);
  // With --json, stdout holds the answer about the tests alone.
  if (!is_whole || !json) print_findings(faults, json);
  if (!is_whole) return std::nullopt;
  return schemas;
}

base::Findings take_survey(const std::string& workflow, const std::string& given,
                           connectors::survey::SurveyShelf& surveys) {
  if (given.empty()) return surveys.put_folder(std::filesystem::path(workflow).parent_path().string());
  connectors::survey::SurveyReading reading = connectors::survey::read_survey_file(given);
  if (!reading.survey) return std::move(reading.findings);
  surveys.put(*std::move(reading.survey));
  return {};
}

}  // namespace app::cli
