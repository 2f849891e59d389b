#include "tasks/org_needs.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "tasks/api_name.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

using connectors::salesforce::ObjectNeed;
using connectors::salesforce::OrgNeeds;

void add_record_type(ObjectNeed& need, const base::Value& value) {
  if (!value.is_blank()) need.record_types.push_back(base::to_text(value));
}

void add_record_types_of(ObjectNeed& need, const FieldValue::Source& source) {
  if (const auto* literal = std::get_if<base::Value>(&source)) return add_record_type(need, *literal);
  const auto& text = std::get<engine::PipedText>(source);
  if (text.pipes().empty())
    add_record_type(need, engine::to_string(text));
  else
    need.any_record_type = true;
}

// A literal says which; so does a map, all of whose values may come to be written.
void add_record_types(ObjectNeed& need, const FieldValue& field) {
  for (const auto& [answer, value] : field.map) add_record_type(need, value);
  if (field.map.empty()) add_record_types_of(need, field.source);
  if (field.if_blank == IfBlank::fallback || field.if_not_shown == IfBlank::fallback)
    add_record_types_of(need, field.fallback);
}

std::vector<std::string> constants_of(const MappedField& field) {
  if (!is_constant(field.value)) return {};
  const base::Result<WrittenValue> value = value_of(field, no_values());
  if (!value || !*value || (*value)->is_blank()) return {};
  return {base::to_text(**value)};
}

}  // namespace

OrgNeeds org_needs(const engine::WorkflowDefinition& definition, std::string_view alias) {
  OrgNeeds needs;
  for (const engine::TaskDefinition& task : definition.tasks) {
    if (task.account != alias) continue;
    OrgNeeds of_task = org_needs(task);
    for (ObjectNeed& need : of_task.objects) needs.add(std::move(need));
  }
  return needs;
}

OrgNeeds org_needs(const engine::TaskDefinition& task) {
  OrgNeeds needs;
  const ReadSalesforceTask read = reader_of(task.type);
  if (!read) return needs;
  With with(task);
  read(with)->add_needs(needs);
  return needs;
}

std::vector<EffectKeyField> effect_key_fields(const engine::WorkflowDefinition& definition) {
  std::vector<EffectKeyField> fields;
  for (const engine::TaskDefinition& task : definition.tasks) {
    const ReadSalesforceTask read = reader_of(task.type);
    if (!read) continue;
    With with(task);
    const std::shared_ptr<SalesforceTask> salesforce = read(with);
    SchemaUse use = salesforce->schema_use();
    if (!use.idempotency.empty()) fields.push_back({task.account, std::move(use.object), std::move(use.idempotency)});
  }
  return fields;
}

bool is_effect_key(const std::vector<EffectKeyField>& keys, std::string_view alias, std::string_view object,
                   std::string_view field) {
  return std::any_of(keys.begin(), keys.end(), [&](const EffectKeyField& key) {
    return key.alias == alias && same_name(key.object, object) && same_name(key.field, field);
  });
}

void add_written_fields(ObjectNeed& need, const ResponseMapping& mapping) {
  for (const MappedField& field : mapping.fields) {
    if (same_name(field.name, "RecordTypeId")) add_record_types(need, field.value);
    // The parent is searched by its external id; its object is the org's to tell.
    if (field.parent) need.fields.push_back({.name = field.name + "." + field.parent->field, .read = true});
    const std::string name = field.parent ? lookup_field_of(field) : field.name;
    const bool is_looked_at = field.value.if_exists != IfExists::replace;
    need.fields.push_back({.name = name,
                           .read = is_looked_at,
                           .create = need.create,
                           .update = need.update,
                           .constants = constants_of(field)});
  }
}

void add_searched(OrgNeeds& needs, const RecordMatch& match) {
  ObjectNeed need{.object = match.object, .search = true};
  for (const MappedField& field : match.fields) need.fields.push_back({.name = field.name, .read = true});
  for (const std::string& field : match.select) need.fields.push_back({.name = field, .read = true});
  needs.add(std::move(need));
}

void add_searched(OrgNeeds& needs, const RecordTarget& target) {
  if (const auto* match = std::get_if<RecordMatch>(&target.by)) add_searched(needs, *match);
}

}  // namespace tasks
