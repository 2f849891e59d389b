// What a workflow needs of an org and the org lacks, ready to be added; and the least rights under which it runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.hpp"
#include "connectors/salesforce/org_package.hpp"
#include "connectors/survey/survey.hpp"
#include "engine/definition.hpp"
#include "tasks/org_check.hpp"

namespace tasks {

struct PackageWish {
  std::string alias;             // whose tasks
  bool org_is_known = true;      // false: the schema has what is standard, and an org may have more of that
  std::string permission_set{};  // API name
  const connectors::survey::Survey* survey = nullptr;
};

struct PackageReading {
  std::optional<connectors::salesforce::OrgPackage> package{};  // present when no finding is an error
  base::Findings findings{};                                    // their places are yet to be located
};

// Objects, fields and grants in alphabetical order. An error is what no package can add: a standard object or field, or
// a field that the org has already and that is no key.
PackageReading package_for(const engine::WorkflowDefinition& definition, const OrgSchema& org, const PackageWish& wish);

}  // namespace tasks
