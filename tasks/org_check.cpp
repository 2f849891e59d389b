#include "tasks/org_check.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/least_rights.hpp"
#include "tasks/mapping_check.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

using base::Finding;
using base::Severity;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;
using SharedObject = std::shared_ptr<const ObjectSchema>;

std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string near = base::nearest(wrong, names);
  return near.empty() ? "" : fmt::format("did you mean '{}'?", near);
}

// What the org lacks can be added to it, if it is one's own to add.
std::string did_you_mean_or_add(std::string_view wrong, const std::vector<std::string>& names) {
  const std::string meant = did_you_mean(wrong, names);
  if (!is_custom_name(wrong)) return meant;
  return fmt::format("{}{}write it: sluice org package WORKFLOW --org DIR -o force-app/", meant,
                     meant.empty() ? "" : " or ");
}

// One task's document, and what the org says against it.
class TaskCheck {
 public:
  TaskCheck(const engine::TaskDefinition& task, const OrgSchema& org, const connectors::survey::Survey* survey)
      : at_(task.pointer() + "/with"), org_(org), survey_(survey) {}

  base::Findings run(const SchemaUse& use) {
    if (use.object.empty()) return {};
    const SharedObject object = org_.find(use.object);
    if (!object) {
      note(mapping_object_unknown.name, "/object",
           fmt::format("the org's schema has no object '{}' that the account's user may see", use.object),
           did_you_mean_or_add(use.object, org_.object_names()));
      return std::move(findings_);
    }
    check_object(use, *object);
    if (use.written) check_written(use, object);
    if (use.key) check_key(*use.key, object);
    if (!use.idempotency.empty()) check_idempotency(use.idempotency, *object);
    if (use.inserts_unprotected) note_unprotected(*object);
    if (use.match) check_match(*use.match, object, !use.written && !use.removes);
    return std::move(findings_);
  }

 private:
  void note(std::string_view code, const std::string& at, std::string message, std::string hint,
            Severity severity = Severity::error) {
    findings_.push_back({.code = std::string(code),
                         .pointer = at_ + at,
                         .message = std::move(message),
                         .hint = std::move(hint),
                         .severity = severity});
  }

  void check_object(const SchemaUse& use, const ObjectSchema& object) {
    const auto refuse = [&](bool may, std::string_view what) {
      if (!may)
        note(object_not_writable, "/object",
             fmt::format("the account's user may not {} records of {}", what, object.name),
             "give the user's profile or a permission set that right");
    };
    if (use.written && use.writing != Writing::updates) refuse(object.createable, "create");
    if (use.written && use.writing != Writing::creates) refuse(object.updateable, "edit");
    if (use.removes) refuse(object.deletable, "delete");
    if (use.match) refuse(object.queryable, "search");
  }

  void check_written(const SchemaUse& use, const SharedObject& object) {
    for (const MappedField& field : use.written->fields) {
      const std::string& at = field.at;
      if (field.is_record_type) {
        check_record_type(*object, field.value);
        continue;
      }
      if (field.parent) {
        check_parent(use, *object, field, at);
        continue;
      }
      if (const FieldSchema* known = known_field(*object, field.name, at); known)
        check_written_field(*object, *known, field, use.writing, at);
    }
    check_newer_by(*use.written, *object);
    if (use.writing == Writing::updates) return;
    for (const FieldSchema& field : object->fields) check_required(use, *object, field);
  }

  void check_written_field(const ObjectSchema& object, const FieldSchema& known, const MappedField& field,
                           Writing writing, const std::string& at) {
    if (std::optional<base::Error> wrong = what_keeps_from_writing(object, known, writing)) {
      note(wrong->code.name, at, std::move(wrong->message), "");
      return;
    }
    take(check_values(field.value, known, at_ + at, survey_));
    check_if_exists(known, field);
    if (writing != Writing::updates && is_required(known) && may_be_blank(field.value))
      note(required_field_may_be_blank, at,
           fmt::format("{} is required in a new record, and stays out of it when the answer is blank", known.name),
           "say \"if_blank\": \"default\" with a value, or \"fail\"", Severity::warning);
  }

  void check_required(const SchemaUse& use, const ObjectSchema& object, const FieldSchema& field) {
    const bool is_key = (use.key && same_name(use.key->name, field.name)) || same_name(use.idempotency, field.name);
    const bool is_mapped =
        use.written->find(field.name) || (!field.relationship.empty() && use.written->find(field.relationship));
    if (!is_required_in_record(field) || is_key || is_mapped) return;
    // An upsert may only ever meet records that are there.
    note(required_field_unmapped, "/fields", fmt::format("a new {} needs {} ({})", object.name, field.name, field.type),
         "map it", use.writing == Writing::creates ? Severity::error : Severity::warning);
  }

  // Whatever the document itself names: which record type a pipe brings is known when it does.
  void check_record_type(const ObjectSchema& object, const FieldValue& type) {
    const auto judge = [&](const base::Value& value, const std::string& below) {
      if (value.is_blank()) return;
      const base::Result<std::string> id = record_type_id(object, base::to_text(value));
      if (!id) note(id.error().code.name, "/record_type" + below, id.error().message, "");
    };
    for (const auto& [answer, value] : type.map) judge(value, "/map" + base::pointer_token(answer));
    const auto* literal = std::get_if<base::Value>(&type.source);
    if (literal && type.map.empty()) judge(*literal, "");
    const auto* fallback = std::get_if<base::Value>(&type.fallback);
    if (fallback && type.if_blank == IfBlank::fallback) judge(*fallback, "/default");
  }

  void check_parent(const SchemaUse& use, const ObjectSchema& object, const MappedField& field, const std::string& at) {
    const FieldSchema* lookup = known_relationship(object, field.name, at);
    if (!lookup) return;
    if (std::optional<base::Error> wrong = what_keeps_from_writing(object, *lookup, use.writing))
      return note(wrong->code.name, at, std::move(wrong->message), "");
    if (use.written->find(lookup->name))
      note(mapping_options_conflict, at, fmt::format("'{}' and '{}' are the same lookup", field.name, lookup->name),
           "name the parent by its id or by its external id, not by both");
    const SharedObject parent = parent_of(*lookup, field, at);
    if (!parent) return;
    const std::string at_key = at + base::pointer_token(field.parent->field);
    const FieldSchema* key = known_field(*parent, field.parent->field, at_key);
    if (!key) return;
    if (!is_record_key(*key))
      return note(key_not_external_id, at_key,
                  fmt::format("{} is no external id of {}, so no parent can be named by it", key->name, parent->name),
                  hint_for_keys(*parent));
    take(check_values(field.value, *key, at_ + at_key, survey_));
    if (use.writing != Writing::updates && is_required(*lookup) && may_be_blank(field.value))
      note(required_field_may_be_blank, at_key,
           fmt::format("{} is required in a new record, and stays out of it when the answer is blank", lookup->name),
           "say \"if_blank\": \"default\" with a value, or \"fail\"", Severity::warning);
  }

  // The object to which a lookup leads; noted where that is unclear, or where the snapshot lacks it.
  SharedObject parent_of(const FieldSchema& lookup, const MappedField& field, const std::string& at) {
    const std::string& named = field.parent->object;
    const auto is_named = [&](const std::string& object) { return same_name(object, named); };
    if (!named.empty() && std::none_of(lookup.refers_to.begin(), lookup.refers_to.end(), is_named)) {
      note(parent_object_unclear, at + "/attributes/type", fmt::format("{} does not lead to {}", lookup.name, named),
           did_you_mean_or_all(named, lookup.refers_to));
      return nullptr;
    }
    if (named.empty() && lookup.refers_to.size() > 1) {
      note(parent_object_unclear, at,
           fmt::format("{} may lead to {}, and nothing says to which", lookup.name, fmt::join(lookup.refers_to, ", ")),
           fmt::format("add \"attributes\": {{\"type\": \"{}\"}}", lookup.refers_to.front()));
      return nullptr;
    }
    const std::string target = !named.empty() ? named : lookup.refers_to.empty() ? "" : lookup.refers_to.front();
    SharedObject parent = org_.find(target);
    if (!parent) note_not_saved(target, lookup, at);
    return parent;
  }

  static std::string did_you_mean_or_all(std::string_view wrong, const std::vector<std::string>& names) {
    const std::string near = did_you_mean(wrong, names);
    return near.empty() ? fmt::format("it leads to {}", fmt::join(names, ", ")) : near;
  }

  const FieldSchema* known_relationship(const ObjectSchema& object, std::string_view name, const std::string& at) {
    const FieldSchema* lookup = object.find_relationship(name);
    if (lookup) return lookup;
    const FieldSchema* by_field = object.find(name);
    std::string hint = by_field && !by_field->relationship.empty()
                           ? fmt::format("the parent of {} is called '{}'", by_field->name, by_field->relationship)
                           : did_you_mean(name, relationships_of(object));
    note(mapping_field_unknown.name, at,
         fmt::format("{} has no lookup that is called '{}' in paths", object.name, name), std::move(hint));
    return nullptr;
  }

  void note_not_saved(std::string_view object, const FieldSchema& lookup, const std::string& at) {
    note(org_object_not_saved, at,
         fmt::format("the schema does not describe {}, to which {} leads", object.empty() ? "the object" : object,
                     lookup.name),
         "take the snapshot again for this workflow", Severity::warning);
  }

  void check_key(const MappedField& key, const SharedObject& object) {
    const std::string at = "/key" + base::pointer_token(key.name);
    const FieldSchema* known = known_field(*object, key.name, at);
    if (!known) return;
    if (!is_record_key(*known)) {
      note(key_not_external_id, at, fmt::format("{} is no external id, so no record can be named by it", known->name),
           hint_for_keys(*object));
      return;
    }
    if (!known->createable)
      note(mapping_field_read_only.name, at, fmt::format("{} cannot be set in a new record", known->name), "");
    if (known->external_id && !known->unique)
      note(match_not_unique, at,
           fmt::format("{} is an external id that is not unique: where two records have it, nothing is written",
                       known->name),
           "make the field unique in Setup, or use another one", Severity::warning);
    take(check_values(key.value, *known, at_ + at, survey_));
  }

  void check_idempotency(const std::string& field, const ObjectSchema& object) {
    const FieldSchema* known = known_field(object, field, "/idempotency");
    if (!known) return;
    constexpr std::size_t effect_key_length = 30;  // eff_ and 128 bits in base32
    if (!is_record_key(*known))
      note(key_not_external_id, "/idempotency",
           fmt::format("{} is no external id, so an earlier try cannot be found by it", known->name),
           hint_for_keys(object));
    else if (!known->createable)
      note(mapping_field_read_only.name, "/idempotency", fmt::format("{} cannot be set", known->name), "");
    else if (known->kind != connectors::salesforce::FieldKind::text || known->length < effect_key_length)
      note(key_field_too_short, "/idempotency",
           fmt::format("{} has to be a text of at least {} characters, and is {} of {}", known->name, effect_key_length,
                       known->type, known->length),
           "");
  }

  // Without a key the same answer may be inserted twice: a lost answer leaves open whether there is a record.
  void note_unprotected(const ObjectSchema& object) {
    std::string names;
    for (const FieldSchema& field : object.fields)
      if (field.external_id && field.unique && field.createable) names += (names.empty() ? "" : ", ") + field.name;
    note(insert_without_key, "",
         fmt::format("nothing keeps this insert of {} from being made twice when its answer is lost: it is held then, "
                     "until somebody looks",
                     object.name),
         names.empty() ? "make a unique external-id text field (sluice org package writes one) and name it in "
                         "\"idempotency\", or say \"on_unclear\": \"retry\" where two do no harm"
                       : fmt::format("name the external-id field that takes its key in \"idempotency\" ({}), or say "
                                     "\"on_unclear\": \"retry\" where two do no harm",
                                     names),
         Severity::warning);
  }

  void check_uniqueness(const RecordMatch& match, const ObjectSchema& object) {
    if (match.says_if_many) return;
    for (const MappedField& field : match.fields) {
      const FieldSchema* known = object.find(field.name);
      if (!known || !known->filterable || known->unique || is_record_key(*known)) return;
    }
    note(match_not_unique, "/match",
         fmt::format("several records of {} may have this {}, and the task then ends with find_many", object.name,
                     match.fields.size() == 1 ? "value" : "combination of values"),
         "match by an external id, or say what several mean: \"if_many\": \"fail\", \"first\" or \"newest\"",
         Severity::warning);
  }

  void check_if_exists(const FieldSchema& known, const MappedField& field) {
    using connectors::salesforce::FieldKind;
    const auto is_one_of = [&](std::initializer_list<FieldKind> kinds) {
      return std::find(kinds.begin(), kinds.end(), known.kind) != kinds.end();
    };
    if (field.value.if_exists == IfExists::append &&
        !is_one_of({FieldKind::text, FieldKind::textarea, FieldKind::multipicklist}))
      note(mapping_options_conflict, field.at + "/if_exists",
           fmt::format("nothing can be appended to {}, which is {}", known.name, known.type),
           "append to a text or to a multi-select picklist");
    if (field.value.if_exists == IfExists::max && !is_comparable(known))
      note(mapping_options_conflict, field.at + "/if_exists",
           fmt::format("no value of {} is greater than another: it is {}", known.name, known.type),
           "max compares numbers, dates and times");
  }

  static bool is_comparable(const FieldSchema& field) {
    using connectors::salesforce::FieldKind;
    return field.kind == FieldKind::integer || field.kind == FieldKind::number || field.kind == FieldKind::date ||
           field.kind == FieldKind::datetime || field.kind == FieldKind::time;
  }

  void check_newer_by(const ResponseMapping& written, const ObjectSchema& object) {
    const FieldSchema* known = written.newer_by.empty() ? nullptr : object.find(written.newer_by);
    if (known && !is_comparable(*known))
      note(mapping_options_conflict, "/newer_by",
           fmt::format("{} does not tell which response is newer: it is {}", known->name, known->type),
           "name a field that holds a date or a number which only grows");
  }

  void check_match(const RecordMatch& match, const SharedObject& object, bool returns) {
    check_uniqueness(match, *object);
    for (const MappedField& field : match.fields) {
      const std::string at = "/match" + base::pointer_token(field.name);
      const FieldSchema* known = known_path(object, field.name, at);
      if (!known) continue;
      if (!known->filterable)
        note(field_not_filterable, at, fmt::format("{} cannot be searched by", known->name),
             "match by another field, e.g. an external id");
      else
        take(check_values(field.value, *known, at_ + at, survey_));
    }
    if (!returns) return;
    for (const std::string& field : match.select)
      if (!same_name(field, "Id")) known_path(object, field, "/return");
  }

  // Noted where it is not there.
  const FieldSchema* known_field(const ObjectSchema& object, std::string_view name, const std::string& at) {
    const FieldSchema* known = object.find(name);
    if (!known)
      note(mapping_field_unknown.name, at,
           fmt::format("{} has no field '{}' that the account's user may see", object.name, name),
           did_you_mean_or_add(name, object.field_names()));
    return known;
  }

  // A field of a parent, e.g. Account.Name, over as many lookups as there are.
  const FieldSchema* known_path(SharedObject object, std::string_view path, const std::string& at) {
    for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      const FieldSchema* lookup = known_relationship(*object, path.substr(0, dot), at);
      if (!lookup) return nullptr;
      const std::string target = lookup->refers_to.empty() ? "" : lookup->refers_to.front();
      SharedObject parent = org_.find(target);
      if (!parent) {
        note_not_saved(target, *lookup, at);
        return nullptr;
      }
      object = std::move(parent);
      path.remove_prefix(dot + 1);
    }
    return known_field(*object, path, at);
  }

  static std::vector<std::string> relationships_of(const ObjectSchema& object) {
    std::vector<std::string> names;
    for (const FieldSchema& field : object.fields)
      if (!field.relationship.empty()) names.push_back(field.relationship);
    return names;
  }

  static std::string hint_for_keys(const ObjectSchema& object) {
    std::string names;
    for (const FieldSchema& field : object.fields)
      if (field.external_id) names += (names.empty() ? "" : ", ") + field.name;
    return names.empty() ? fmt::format(
                               "{} has no external-id field yet: name one that ends in __c, and write it: sluice "
                               "org package WORKFLOW --org DIR -o force-app/",
                               object.name)
                         : fmt::format("external ids of {}: {}", object.name, names);
  }

  void take(base::Findings more) { std::move(more.begin(), more.end(), std::back_inserter(findings_)); }

  std::string at_;
  const OrgSchema& org_;
  const connectors::survey::Survey* survey_;
  base::Findings findings_{};
};

}  // namespace

SharedObject OrgSchema::find(std::string_view object) const {
  const auto named = std::find_if(snapshot_.objects.begin(), snapshot_.objects.end(),
                                  [&](const auto& known) { return same_name(known.first, object); });
  if (named == snapshot_.objects.end()) return nullptr;
  SharedObject& read = read_[named->first];
  if (!read) {
    base::Result<ObjectSchema> schema = connectors::salesforce::read_object_schema(named->second, named->first);
    if (!schema) return nullptr;
    read = std::make_shared<const ObjectSchema>(*std::move(schema));
  }
  return read;
}

std::vector<std::string> OrgSchema::object_names() const {
  std::vector<std::string> names;
  for (const auto& [name, description] : snapshot_.objects) names.push_back(name);
  return names;
}

base::Findings check_against_org(const engine::WorkflowDefinition& definition, const OrgSchema& org,
                                 std::string_view alias, const connectors::survey::Survey* survey) {
  base::Findings findings;
  for (const engine::TaskDefinition& task : definition.tasks) {
    const ReadSalesforceTask read = alias.empty() || task.account == alias ? reader_of(task.type) : nullptr;
    if (!read) continue;
    With with(task);
    const std::shared_ptr<SalesforceTask> salesforce = read(with);
    SchemaUse use = salesforce->schema_use();
    use.inserts_unprotected = use.written && use.writing == Writing::creates && use.idempotency.empty() &&
                              task.on_unclear == engine::OnUnclear::hold;
    base::Findings of_task = TaskCheck(task, org, survey).run(use);
    std::move(of_task.begin(), of_task.end(), std::back_inserter(findings));
  }
  return findings;
}

}  // namespace tasks
