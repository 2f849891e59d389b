#include "tasks/parent_check.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/mapping_check.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

std::string did_you_mean_or_all(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string near = did_you_mean(wrong, names);
  return near.empty() ? fmt::format("it leads to {}", fmt::join(names, ", ")) : near;
}

// The object to which a lookup leads; noted where that is unclear, or where the schema lacks it.
SharedObject parent_of(SchemaNames& names, const FieldSchema& lookup, const MappedField& field) {
  const std::string& named = field.parent->object;
  const auto is_named = [&](const std::string& object) { return same_name(object, named); };
  if (!named.empty() && std::none_of(lookup.refers_to.begin(), lookup.refers_to.end(), is_named)) {
    names.note(parent_object_unclear, field.at + "/attributes/type",
               fmt::format("{} does not lead to {}", lookup.name, named), did_you_mean_or_all(named, lookup.refers_to));
    return nullptr;
  }
  if (named.empty() && lookup.refers_to.size() > 1) {
    names.note(
        parent_object_unclear, field.at,
        fmt::format("{} may lead to {}, and nothing says to which", lookup.name, fmt::join(lookup.refers_to, ", ")),
        fmt::format("add \"attributes\": {{\"type\": \"{}\"}}", lookup.refers_to.front()));
    return nullptr;
  }
  const std::string target = !named.empty() ? named : lookup.refers_to.empty() ? "" : lookup.refers_to.front();
  return names.object_behind(lookup, target, field.at);
}

}  // namespace

void check_parent(SchemaNames& names, const SchemaUse& use, const ObjectSchema& object, const MappedField& field,
                  const BroughtValues& brought) {
  const FieldSchema* lookup = names.known_relationship(object, field.name, field.at);
  if (!lookup) return;
  if (std::optional<base::Error> wrong = what_keeps_from_writing(object, *lookup, use.writing))
    return names.note(wrong->code.name, field.at, std::move(wrong->message));
  if (use.written->find(lookup->name))
    names.note(mapping_options_conflict, field.at,
               fmt::format("'{}' and '{}' are the same lookup", field.name, lookup->name),
               "name the parent by its id or by its external id, not by both");
  const SharedObject parent = parent_of(names, *lookup, field);
  if (!parent) return;
  const std::string at_key = field.at + base::pointer_token(field.parent->field);
  const FieldSchema* key = names.known_field(*parent, field.parent->field, at_key);
  if (!key) return;
  if (!is_record_key(*key))
    return names.note(
        key_not_external_id, at_key,
        fmt::format("{} is no external id of {}, so no parent can be named by it", key->name, parent->name),
        hint_for_keys(*parent));
  if (key->external_id && !key->unique)
    names.note(
        match_not_unique, at_key,
        fmt::format("{} is an external id that is not unique: where two records of {} have it, nothing is written",
                    key->name, parent->name),
        "make the field unique in Setup, or use another one", base::Severity::warning);
  names.take(check_values(field.value, *key, names.pointer(at_key), brought));
  if (use.writing != Writing::updates && is_required(*lookup) && may_be_blank(field.value))
    note_may_be_blank(names, *lookup, at_key);
}

void check_record_type(SchemaNames& names, const ObjectSchema& object, const MappedField& mapped) {
  const FieldValue& type = mapped.value;
  const auto judge = [&](const base::Value& value, const std::string& below) {
    if (value.is_blank()) return;
    const base::Result<std::string> id = record_type_id(object, base::to_text(value));
    if (!id) names.note(id.error().code.name, mapped.at + below, id.error().message);
  };
  for (const auto& [answer, value] : type.map) judge(value, "/map" + base::pointer_token(answer));
  const auto* literal = std::get_if<base::Value>(&type.source);
  if (literal && type.map.empty()) judge(*literal, "");
  const auto* fallback = std::get_if<base::Value>(&type.fallback);
  if (fallback && type.if_blank == IfBlank::fallback) judge(*fallback, "/default");
}

void note_may_be_blank(SchemaNames& names, const FieldSchema& field, std::string_view at) {
  names.note(required_field_may_be_blank, at,
             fmt::format("{} is required in a new record, and stays out of it when the answer is blank", field.name),
             "say \"if_blank\": \"default\" with a value, or \"fail\"", base::Severity::warning);
}

}  // namespace tasks
