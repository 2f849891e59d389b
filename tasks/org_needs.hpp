// The rights in an org that tasks take, read from their documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/org_needs.hpp"
#include "engine/definition.hpp"
#include "tasks/record_target.hpp"
#include "tasks/response_mapping.hpp"

namespace tasks {

// All that the workflow's Salesforce tasks need of the account they name `alias`.
connectors::salesforce::OrgNeeds org_needs(const engine::WorkflowDefinition& definition, std::string_view alias);
// The same of one task; empty for what is no Salesforce task.
connectors::salesforce::OrgNeeds org_needs(const engine::TaskDefinition& task);

// A field that takes a create's effect key: another value in every run.
struct EffectKeyField {
  std::string alias;
  std::string object;
  std::string field;
};
std::vector<EffectKeyField> effect_key_fields(const engine::WorkflowDefinition& definition);
bool is_effect_key(const std::vector<EffectKeyField>& keys, std::string_view alias, std::string_view object,
                   std::string_view field);

// The mapping's fields, written as the object's records are: made, changed, or both. A mapped RecordTypeId names record
// types.
void add_written_fields(connectors::salesforce::ObjectNeed& need, const ResponseMapping& mapping);
// What a search compares, and what it gives back.
void add_searched(connectors::salesforce::OrgNeeds& needs, const RecordMatch& match);
// The same where the record is found by a search; nothing where it is named by its id.
void add_searched(connectors::salesforce::OrgNeeds& needs, const RecordTarget& target);

}  // namespace tasks
