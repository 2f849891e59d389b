// What workflow files use of the org behind one account, for the verbs that look at its schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/verb.hpp"
#include "app/local_schemas.hpp"
#include "base/findings.hpp"
#include "connectors/salesforce/org_needs.hpp"
#include "connectors/survey/survey_shelf.hpp"

namespace app::cli {

// nullopt, and the faults are printed, when one of the files is not sound.
std::optional<connectors::salesforce::OrgNeeds> org_needs_of(const std::vector<std::string>& workflows,
                                                             const std::string& alias, bool json);

// `--org DIR` or `--org ALIAS=DIR`: an org's saved schema, and whose tasks are held against it.
struct SavedOrg {
  std::string alias{};  // empty: all
  std::string folder{};
};
Verb::Take saved_org_taker(std::vector<SavedOrg>& orgs);

// The same for the orgs that mapping tests play on. nullopt, and the faults are printed, when one cannot be read.
std::optional<LocalSchemas> read_local_schemas(const std::vector<SavedOrg>& orgs, bool json);

// The definitions that a workflow's pipes are judged by: the one in the file `given`, else those beside the workflow.
base::Findings take_survey(const std::string& workflow, const std::string& given,
                           connectors::survey::SurveyShelf& surveys);

}  // namespace app::cli
