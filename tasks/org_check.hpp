// A workflow's mappings held against an org's own schema, before any response arrives: every fault at its place.
#pragma once

#include <string_view>

#include "base/findings.hpp"
#include "connectors/survey/survey.hpp"
#include "engine/definition.hpp"
#include "tasks/org_schema.hpp"

namespace tasks {

// Findings about the tasks whose account is `alias`, or about all where it is empty; their pointers are the document's,
// their places are yet to be located. Errors are what the org would refuse whatever the answer; warnings, what it would
// refuse for some answers. `survey`: by whose choices picklists are judged; may be null.
base::Findings check_against_org(const engine::WorkflowDefinition& definition, const OrgSchema& org,
                                 std::string_view alias, const connectors::survey::Survey* survey);

}  // namespace tasks
