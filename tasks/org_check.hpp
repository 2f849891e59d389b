// A workflow's mappings held against an org's own schema, before any response arrives: every fault at its place.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/findings.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "connectors/salesforce/org_snapshot.hpp"
#include "connectors/survey/survey.hpp"
#include "engine/definition.hpp"

namespace tasks {

// The objects of a snapshot, each read when it is first asked for.
class OrgSchema {
 public:
  explicit OrgSchema(connectors::salesforce::OrgSnapshot snapshot) : snapshot_(std::move(snapshot)) {}

  // Whatever the case; null where the snapshot has no such object.
  std::shared_ptr<const connectors::salesforce::ObjectSchema> find(std::string_view object) const;
  std::vector<std::string> object_names() const;

 private:
  connectors::salesforce::OrgSnapshot snapshot_;
  mutable std::map<std::string, std::shared_ptr<const connectors::salesforce::ObjectSchema>> read_;
};

// Findings about the tasks whose account is `alias`, or about all where it is empty; their pointers are the document's,
// their places are yet to be located. Errors are what the org would refuse whatever the answer; warnings, what it would
// refuse for some answers. `survey`: by whose choices picklists are judged; may be null.
base::Findings check_against_org(const engine::WorkflowDefinition& definition, const OrgSchema& org,
                                 std::string_view alias, const connectors::survey::Survey* survey);

}  // namespace tasks
