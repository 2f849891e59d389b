#include "tasks/needed_schema.hpp"

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "tasks/errors.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::OrgNeeds;

// What is needed of the objects to which the paths of `need` lead.
OrgNeeds needs_behind(const ObjectNeed& need, const ObjectSchema& object) {
  OrgNeeds behind;
  for (const connectors::salesforce::FieldNeed& field : need.fields) {
    const std::size_t dot = field.name.find('.');
    const FieldSchema* lookup =
        dot == std::string::npos ? nullptr : object.find_relationship(field.name.substr(0, dot));
    if (!lookup) continue;
    for (const std::string& target : lookup->refers_to)
      behind.add({.object = target, .fields = {{.name = field.name.substr(dot + 1), .read = true}}});
  }
  return behind;
}

}  // namespace

base::awaitable<base::Result<OrgSchema>> needed_schema(OrgKnowledge& knowledge, std::string account_id, OrgNeeds needs,
                                                       base::Duration patience) {
  OrgSchema schema;
  // Every path loses a part with each object that is behind it, so that this ends.
  for (std::vector<ObjectNeed> open = std::move(needs.objects); !open.empty();) {
    const ObjectNeed need = std::move(open.back());
    open.pop_back();
    SharedObject object = schema.find(need.object);
    if (!object) {
      const base::Result<std::shared_ptr<const KnownObject>> known =
          co_await knowledge.object_now(account_id, need.object, patience);
      if (!known && known.error().code == mapping_object_unknown) continue;
      if (!known) co_return known.error();
      object = (*known)->schema;
      schema.add(object);
    }
    OrgNeeds behind = needs_behind(need, *object);
    std::move(behind.objects.begin(), behind.objects.end(), std::back_inserter(open));
  }
  co_return schema;
}

}  // namespace tasks
