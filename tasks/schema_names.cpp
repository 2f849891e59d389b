#include "tasks/schema_names.hpp"

#include <iterator>

#include <fmt/format.h>

#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/least_rights.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

// What the org lacks can be added to it, if it is one's own to add.
std::string did_you_mean_or_add(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string meant = did_you_mean(wrong, names);
  if (!is_custom_name(wrong)) return meant;
  return fmt::format("{}{}write it: sluice org package WORKFLOW --org DIR -o force-app/", meant,
                     meant.empty() ? "" : " or ");
}

std::vector<std::string> relationships_of(const ObjectSchema& object) {
  std::vector<std::string> names;
  for (const FieldSchema& field : object.fields)
    if (!field.relationship.empty()) names.push_back(field.relationship);
  return names;
}

}  // namespace

void SchemaNames::note(std::string_view code, std::string_view at, std::string message, std::string hint,
                       base::Severity severity) {
  findings_.push_back({.code = std::string(code),
                       .pointer = pointer(at),
                       .message = std::move(message),
                       .hint = std::move(hint),
                       .severity = severity});
}

void SchemaNames::take(base::Findings more) { std::move(more.begin(), more.end(), std::back_inserter(findings_)); }

SharedObject SchemaNames::known_object(std::string_view name, std::string_view at) {
  SharedObject object = org_.find(name);
  if (!object)
    note(mapping_object_unknown.name, at,
         fmt::format("the org's schema has no object '{}' that the account's user may see", name),
         did_you_mean_or_add(name, org_.object_names()));
  return object;
}

const FieldSchema* SchemaNames::known_field(const ObjectSchema& object, std::string_view name, std::string_view at) {
  const FieldSchema* known = object.find(name);
  if (!known)
    note(mapping_field_unknown.name, at,
         fmt::format("{} has no field '{}' that the account's user may see", object.name, name),
         did_you_mean_or_add(name, object.field_names()));
  return known;
}

const FieldSchema* SchemaNames::known_relationship(const ObjectSchema& object, std::string_view name,
                                                   std::string_view at) {
  const FieldSchema* lookup = object.find_relationship(name);
  if (lookup) return lookup;
  const FieldSchema* by_field = object.find(name);
  std::string hint = by_field && !by_field->relationship.empty()
                         ? fmt::format("the parent of {} is called '{}'", by_field->name, by_field->relationship)
                         : did_you_mean(name, relationships_of(object));
  note(mapping_field_unknown.name, at, fmt::format("{} has no lookup that is called '{}' in paths", object.name, name),
       std::move(hint));
  return nullptr;
}

const FieldSchema* SchemaNames::known_path(SharedObject object, std::string_view path, std::string_view at) {
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const FieldSchema* lookup = known_relationship(*object, path.substr(0, dot), at);
    if (!lookup) return nullptr;
    object = object_behind(*lookup, lookup->refers_to.empty() ? "" : lookup->refers_to.front(), at);
    if (!object) return nullptr;
    path.remove_prefix(dot + 1);
  }
  return known_field(*object, path, at);
}

SharedObject SchemaNames::object_behind(const FieldSchema& lookup, std::string_view object, std::string_view at) {
  SharedObject behind = org_.find(object);
  if (!behind)
    note(org_object_not_saved, at,
         fmt::format("the schema does not describe {}, to which {} leads", object.empty() ? "the object" : object,
                     lookup.name),
         "take the snapshot again for this workflow", base::Severity::warning);
  return behind;
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string near = nearest_name(wrong, names);
  return near.empty() ? "" : fmt::format("did you mean '{}'?", near);
}

std::string hint_for_keys(const ObjectSchema& object) {
  std::string names;
  for (const FieldSchema& field : object.fields)
    if (field.external_id) names += (names.empty() ? "" : ", ") + field.name;
  return names.empty() ? fmt::format(
                             "{} has no external-id field yet: name one that ends in __c, and write it: sluice org "
                             "package WORKFLOW --org DIR -o force-app/",
                             object.name)
                       : fmt::format("external ids of {}: {}", object.name, names);
}

}  // namespace tasks
