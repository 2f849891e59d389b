#include "tasks/field_places.hpp"

#include "base/findings.hpp"
#include "tasks/api_name.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

std::vector<std::string> places_in(const SchemaUse& use, std::string_view field) {
  std::vector<std::string> places;
  if (use.written) {
    for (const MappedField& mapped : use.written->fields)
      if (same_name(mapped.parent ? lookup_field_of(mapped) : mapped.name, field)) places.push_back(mapped.at);
  }
  if (use.key && same_name(use.key->name, field)) places.push_back("/key" + base::pointer_token(use.key->name));
  if (!use.idempotency.empty() && same_name(use.idempotency, field)) places.emplace_back("/idempotency");
  if (use.match) {
    for (const MappedField& compared : use.match->fields)
      if (same_name(compared.name, field)) places.push_back("/match" + base::pointer_token(compared.name));
  }
  return places;
}

}  // namespace

std::vector<std::string> places_of(const engine::TaskDefinition& task, std::string_view object,
                                   std::string_view field) {
  const ReadSalesforceTask read = reader_of(task.type);
  if (!read) return {};
  With with(task);
  const std::shared_ptr<SalesforceTask> salesforce = read(with);
  const SchemaUse use = salesforce->schema_use();
  if (!same_name(use.object, object)) return {};
  std::vector<std::string> places = field.empty() ? std::vector<std::string>{"/object"} : places_in(use, field);
  for (std::string& place : places) place.insert(0, task.pointer() + "/with");
  return places;
}

}  // namespace tasks
