#include "tasks/org_check.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "engine/run_id.hpp"
#include "tasks/api_name.hpp"
#include "tasks/dependent_check.hpp"
#include "tasks/errors.hpp"
#include "tasks/mapping_check.hpp"
#include "tasks/parent_check.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/schema_names.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

using base::Severity;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

// A record's own id is one of its object's; of a parent's, its description says nothing.
FieldSchema with_target(FieldSchema field, std::string_view name, const ObjectSchema& object) {
  if (field.kind == connectors::salesforce::FieldKind::id && name.find('.') == std::string_view::npos)
    field.refers_to = {object.name};
  return field;
}

// One task's document, and what the org says against it.
class TaskCheck {
 public:
  explicit TaskCheck(BroughtValues brought) : names_(brought.task(), brought.org()), brought_(brought) {}

  base::Findings run(const SchemaUse& use) {
    if (use.id) check_id(use);
    if (use.object.empty()) return names_.take_findings();
    const SharedObject object = names_.known_object(use.object, "/object");
    if (!object) return names_.take_findings();
    check_object(use, *object);
    if (use.written) check_written(use, object);
    if (use.key) check_key(*use.key, object);
    if (!use.idempotency.empty()) check_idempotency(use.idempotency, *object);
    if (use.inserts_unprotected) note_unprotected(*object);
    if (use.match) check_match(*use.match, object, !use.written && !use.removes);
    return names_.take_findings();
  }

 private:
  void check_object(const SchemaUse& use, const ObjectSchema& object) {
    const auto refuse = [&](bool may, std::string_view what) {
      if (!may)
        names_.note(object_not_writable, "/object",
                    fmt::format("the account's user may not {} records of {}", what, object.name),
                    "give the user's profile or a permission set that right");
    };
    if (use.written && use.writing != Writing::updates) refuse(object.createable, "create");
    if (use.written && use.writing != Writing::creates) refuse(object.updateable, "edit");
    if (use.removes) refuse(object.deletable, "delete");
    if (use.match) refuse(object.queryable, "search");
  }

  // The id by which the document names its record.
  void check_id(const SchemaUse& use) {
    if (use.takes_me && engine::to_string(*use.id) == "me") return;
    FieldSchema id{.name = "Id", .type = "id", .kind = connectors::salesforce::FieldKind::id};
    if (!use.object.empty()) id.refers_to = {use.object};
    names_.take(check_values({.source = *use.id}, id, names_.pointer(use.id_at), brought_));
  }

  void check_written(const SchemaUse& use, const SharedObject& object) {
    for (const MappedField& field : use.written->fields) {
      const std::string& at = field.at;
      if (field.is_record_type) {
        check_record_type(names_, *object, field);
        continue;
      }
      if (field.parent) {
        check_parent(names_, use, *object, field, brought_);
        continue;
      }
      if (const FieldSchema* known = names_.known_field(*object, field.name, at); known)
        check_written_field(*object, *known, field, use.writing, at);
    }
    check_dependent_picklists(names_, *object, *use.written, brought_);
    check_newer_by(*use.written, *object);
    if (use.writing == Writing::updates) return;
    for (const FieldSchema& field : object->fields) check_required(use, *object, field);
  }

  void check_written_field(const ObjectSchema& object, const FieldSchema& known, const MappedField& field,
                           Writing writing, const std::string& at) {
    if (std::optional<base::Error> wrong = what_keeps_from_writing(object, known, writing)) {
      names_.note(wrong->code.name, at, std::move(wrong->message), "");
      return;
    }
    check_both_ways(known, writing, at);
    base::Findings of_values = check_values(field.value, known, names_.pointer(at), brought_);
    if (of_values.empty() && same_name(known.name, "RecordTypeId")) check_record_type(names_, object, field);
    names_.take(std::move(of_values));
    check_if_exists(known, field);
    if (!check_emptied(known, field.value, at) && writing != Writing::updates && is_required(known) &&
        may_be_blank(field.value))
      note_may_be_blank(names_, known, at);
  }

  // Whether it has been told that the mapping empties a field that holds something always.
  bool check_emptied(const FieldSchema& known, const FieldValue& value, const std::string& at) {
    const bool empties = value.if_blank == IfBlank::clear || value.if_not_shown == IfBlank::clear;
    if (!empties || known.nillable || known.kind == connectors::salesforce::FieldKind::boolean) return false;
    const auto* literal = std::get_if<base::Value>(&value.source);
    if (literal && !literal->is_blank()) return false;
    if (literal)
      names_.note(mapping_value_missing.name, at, fmt::format("{} must not be empty, and null empties it", known.name),
                  "leave the field out");
    else
      names_.note(required_field_may_be_blank, at,
                  fmt::format("{} must not be empty, and a blank answer empties it", known.name),
                  "say \"if_blank\": \"skip\", or \"default\" with a value", Severity::warning);
    return true;
  }

  // An upsert writes the same fields, whether it makes the record or meets it.
  void check_both_ways(const FieldSchema& known, Writing writing, const std::string& at) {
    if (writing != Writing::either || (known.createable && known.updateable)) return;
    names_.note(mapping_field_read_only.name, at,
                fmt::format("{} cannot be {}, and an upsert may have to", known.name,
                            known.createable ? "changed in a record that is there" : "set in a new record"),
                "give the account's user the right to it, or write it in a task of its own that only creates or only "
                "updates");
  }

  void check_required(const SchemaUse& use, const ObjectSchema& object, const FieldSchema& field) {
    const bool is_key = (use.key && same_name(use.key->name, field.name)) || same_name(use.idempotency, field.name);
    const bool is_mapped =
        use.written->find(field.name) || (!field.relationship.empty() && use.written->find(field.relationship));
    if (!is_required_in_record(field) || is_key || is_mapped) return;
    // An upsert may only ever meet records that are there.
    names_.note(required_field_unmapped, "/fields",
                fmt::format("a new {} needs {} ({})", object.name, field.name, field.type), "map it",
                use.writing == Writing::creates ? Severity::error : Severity::warning);
  }

  void check_key(const MappedField& key, const SharedObject& object) {
    const std::string at = "/key" + base::pointer_token(key.name);
    const FieldSchema* known = names_.known_field(*object, key.name, at);
    if (!known) return;
    if (!is_record_key(*known)) {
      names_.note(key_not_external_id, at,
                  fmt::format("{} is no external id, so no record can be named by it", known->name),
                  hint_for_keys(*object));
      return;
    }
    if (!known->createable)
      names_.note(mapping_field_read_only.name, at, fmt::format("{} cannot be set in a new record", known->name), "");
    if (known->external_id && !known->unique)
      names_.note(match_not_unique, at,
                  fmt::format("{} is an external id that is not unique: where two records have it, nothing is written",
                              known->name),
                  "make the field unique in Setup, or use another one", Severity::warning);
    names_.take(check_values(key.value, with_target(*known, key.name, *object), names_.pointer(at), brought_));
  }

  void check_idempotency(const std::string& field, const ObjectSchema& object) {
    const FieldSchema* known = names_.known_field(object, field, "/idempotency");
    if (!known) return;
    if (!is_record_key(*known))
      names_.note(key_not_external_id, "/idempotency",
                  fmt::format("{} is no external id, so an earlier try cannot be found by it", known->name),
                  hint_for_keys(object));
    else if (!known->createable)
      names_.note(mapping_field_read_only.name, "/idempotency", fmt::format("{} cannot be set", known->name), "");
    else if (known->kind != connectors::salesforce::FieldKind::text || known->length < engine::effect_key_length)
      names_.note(key_field_too_short, "/idempotency",
                  fmt::format("{} has to be a text of at least {} characters, and is {} of {}", known->name,
                              engine::effect_key_length, known->type, known->length),
                  "");
    else if (!known->unique)
      names_.note(match_not_unique, "/idempotency",
                  fmt::format("{} is not unique: nothing in the org keeps two tries at the same time from making a "
                              "record each",
                              known->name),
                  "make the field unique in Setup, or use another one", Severity::warning);
  }

  // Without a key the same answer may be inserted twice: a lost answer leaves open whether there is a record.
  void note_unprotected(const ObjectSchema& object) {
    std::string names;
    for (const FieldSchema& field : object.fields)
      if (field.external_id && field.unique && field.createable) names += (names.empty() ? "" : ", ") + field.name;
    names_.note(
        insert_without_key, "",
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
    names_.note(match_not_unique, "/match",
                fmt::format("several records of {} may have this {}, and the task then ends with find_many",
                            object.name, match.fields.size() == 1 ? "value" : "combination of values"),
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
      names_.note(mapping_options_conflict, field.at + "/if_exists",
                  fmt::format("nothing can be appended to {}, which is {}", known.name, known.type),
                  "append to a text or to a multi-select picklist");
    if (field.value.if_exists == IfExists::max && !is_comparable(known))
      names_.note(mapping_options_conflict, field.at + "/if_exists",
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
      names_.note(mapping_options_conflict, "/newer_by",
                  fmt::format("{} does not tell which response is newer: it is {}", known->name, known->type),
                  "name a field that holds a date or a number which only grows");
  }

  void check_match(const RecordMatch& match, const SharedObject& object, bool returns) {
    check_uniqueness(match, *object);
    for (const MappedField& field : match.fields) {
      const std::string at = "/match" + base::pointer_token(field.name);
      const FieldSchema* known = names_.known_path(object, field.name, at);
      if (!known) continue;
      if (!known->filterable) {
        names_.note(field_not_filterable, at, fmt::format("{} cannot be searched by", known->name),
                    "match by another field, e.g. an external id");
        continue;
      }
      names_.take(check_values(field.value, with_target(*known, field.name, *object), names_.pointer(at), brought_));
    }
    if (!returns) return;
    for (const std::string& field : match.select)
      if (!same_name(field, "Id")) names_.known_path(object, field, "/return");
  }

  SchemaNames names_;
  BroughtValues brought_;
};

}  // namespace

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
    base::Findings of_task = TaskCheck({definition, task, org, survey}).run(use);
    std::move(of_task.begin(), of_task.end(), std::back_inserter(findings));
  }
  return findings;
}

}  // namespace tasks
