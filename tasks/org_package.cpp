#include "tasks/org_package.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "tasks/api_name.hpp"
#include "tasks/conversion.hpp"
#include "tasks/errors.hpp"
#include "tasks/least_rights.hpp"
#include "tasks/mapping_check.hpp"
#include "tasks/new_field.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/with.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::NewField;
using connectors::salesforce::NewObject;
using connectors::salesforce::NewRecordType;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::OrgNeeds;
using SharedObject = std::shared_ptr<const ObjectSchema>;

class Packager {
 public:
  Packager(const engine::WorkflowDefinition& definition, const OrgSchema& org, const PackageWish& wish)
      : definition_(definition), org_(org), wish_(wish) {
    sources_.survey = wish.survey;
    sources_.object_of_task = [this](std::string_view task) { return object_of(task); };
  }

  PackageReading run() {
    OrgNeeds needs;
    for (const engine::TaskDefinition& task : definition_.tasks) {
      if (task.account != wish_.alias) continue;
      const ReadSalesforceTask read = reader_of(task.type);
      if (!read) continue;
      With with(task);
      const std::shared_ptr<SalesforceTask> salesforce = read(with);
      at_ = task.pointer() + "/with";
      const SchemaUse use = salesforce->schema_use();
      add_missing(use);
      // A try whose answer was lost is repeated as an upsert, which then meets the record that it made.
      if (!use.idempotency.empty()) needs.add({.object = use.object, .update = true});
      OrgNeeds of_task;
      salesforce->add_needs(of_task);
      for (ObjectNeed& need : of_task.objects) {
        add_record_types(need);
        needs.add(std::move(need));
      }
    }
    if (base::has_errors(reading_.findings)) return std::move(reading_);
    reading_.package.emplace();
    for (auto& [folded, object] : objects_) {
      for (NewField& field : object.fields) shorten_compared(object, field);
      std::sort(object.fields.begin(), object.fields.end(),
                [](const NewField& a, const NewField& b) { return a.name < b.name; });
      if (object.is_new || !object.fields.empty() || !object.record_types.empty())
        reading_.package->objects.push_back(std::move(object));
    }
    reading_.package->permission_set = least_rights(needs, org_, reading_.package->objects);
    name_set(reading_.package->permission_set);
    return std::move(reading_);
  }

 private:
  void note(std::string_view code, const std::string& at, std::string message, std::string hint,
            base::Severity severity = base::Severity::error) {
    reading_.findings.push_back({.code = std::string(code),
                                 .pointer = at_ + at,
                                 .message = std::move(message),
                                 .hint = std::move(hint),
                                 .severity = severity});
  }

  // ---- what is missing

  void add_missing(const SchemaUse& use) {
    if (use.object.empty()) return;
    const SharedObject known = org_.find(use.object);
    if (!known && !is_custom_name(use.object) && wish_.org_is_known) return miss_standard_object(use.object);
    NewObject& object = object_named(use.object, known);
    if (use.key) add_key(object, known, use.key->name, "/key", new_key_field(use.key->name));
    if (!use.idempotency.empty())
      add_key(object, known, use.idempotency, "/idempotency", new_idempotency_field(use.idempotency));
    if (use.written)
      for (const MappedField& field : use.written->fields) add_written(object, known, field);
    if (use.match) add_searched(object, known, *use.match);
  }

  void miss_standard_object(const std::string& name) {
    note(mapping_object_unknown.name, "/object",
         fmt::format("the org's schema has no object '{}', and a standard object cannot be added", name),
         "check the name; the user may have no right to see it, or the snapshot may be older than the task");
  }

  NewObject& object_named(const std::string& name, const SharedObject& known) {
    NewObject& object = objects_[folded_name(name)];
    if (!object.name.empty()) return object;
    object.name = known ? known->name : name;
    object.is_new = !known && is_custom_name(name);
    object.label = label_of_name(name);
    return object;
  }

  // A key that is there already has to be one.
  void add_key(NewObject& object, const SharedObject& known, const std::string& name, const std::string& at,
               NewField field) {
    const std::string pointer = at == "/key" ? at + base::pointer_token(name) : at;
    const FieldSchema* there = known ? known->find(name) : nullptr;
    if (there && !is_record_key(*there))
      return note(
          key_not_external_id, pointer,
          fmt::format("{} is there and no external id; a package does not change fields that are there", there->name),
          "make it a unique external id in Setup, or name another field, which is then added");
    if (!there) add_field(object, std::move(field), pointer);
  }

  void add_written(NewObject& object, const SharedObject& known, const MappedField& field) {
    if (field.parent) return add_parent(object, known, field);
    // Record types are added by what the task needs.
    if (field.is_record_type || same_name(field.name, "RecordTypeId") || (known && known->find(field.name))) return;
    if (object.is_new && same_name(field.name, "Name")) {
      object.takes_name = true;
      return;
    }
    add_field(object, new_field(field.name, object.name, field.value, sources_), field.at);
  }

  // The lookup, and the external id of the parent by which it is named.
  void add_parent(NewObject& object, const SharedObject& known, const MappedField& field) {
    const FieldSchema* lookup = known ? known->find_relationship(field.name) : nullptr;
    std::string target = field.parent->object;
    if (target.empty() && lookup && lookup->refers_to.size() == 1) target = lookup->refers_to.front();
    if (target.empty() && !lookup)
      return note(mapping_field_unknown.name, field.at,
                  fmt::format("{} has no lookup that is called '{}' in paths, and to which object it would lead is not "
                              "known",
                              object.name, field.name),
                  "say it: \"attributes\": { \"type\": \"Account\" }");
    if (!lookup) add_field(object, new_lookup_field(lookup_field_of(field), object.name, target), field.at);
    const SharedObject parent = org_.find(target);
    // Of a lookup that may lead to several, or to what the snapshot lacks, nothing is known.
    if (target.empty() || (!parent && !is_custom_name(target))) return;
    add_key(object_named(target, parent), parent, field.parent->field,
            field.at + base::pointer_token(field.parent->field), new_key_field(field.parent->field));
  }

  void add_searched(NewObject& object, const SharedObject& known, const RecordMatch& match) {
    for (const MappedField& field : match.fields) {
      add_read(object, known, field.name, "/match" + base::pointer_token(field.name));
      compared_.insert(folded_name(object.name + "." + field.name));
    }
    for (const std::string& field : match.select) add_read(object, known, field, "/return");
  }

  void add_read(NewObject& object, const SharedObject& known, const std::string& path, const std::string& at) {
    const std::size_t dot = path.find('.');
    const std::string name = dot == std::string::npos ? path : lookup_of_relationship(path.substr(0, dot));
    const bool is_known =
        known ? known->find(name) || (dot != std::string::npos && known->find_relationship(path.substr(0, dot)))
              : is_field_of_every_object(name);
    const bool is_added = std::any_of(object.fields.begin(), object.fields.end(),
                                      [&](const NewField& added) { return same_name(added.name, name); });
    if (is_known || is_added) return;
    if (dot != std::string::npos && !is_custom_name(object.name) && !known) return;
    if (dot != std::string::npos)
      return note(
          mapping_field_unknown.name, at,
          fmt::format("{} has no lookup that is called '{}' in paths, and to which object it would lead is not known",
                      object.name, path.substr(0, dot)),
          "map the lookup in a task of this workflow, or add it in Setup");
    // What is compared with a text is one; of what is only handed on nothing is known.
    add_field(object, new_text_field(name), at);
  }

  void add_field(NewObject& object, NewField field, const std::string& at) {
    if (!is_custom_name(field.name)) {
      if (object.is_new && is_field_of_every_object(field.name)) return;
      if (!wish_.org_is_known && !object.is_new) return;
      return note(mapping_field_unknown.name, at,
                  fmt::format("{} has no field '{}', and a standard field cannot be added", object.name, field.name),
                  "a field of your own ends in __c; or the account's user may not see it");
    }
    const auto there = std::find_if(object.fields.begin(), object.fields.end(),
                                    [&](const NewField& other) { return same_name(other.name, field.name); });
    if (there == object.fields.end()) {
      object.fields.push_back(std::move(field));
    } else if (field.is_key || (there->type == "Text" && !there->is_key)) {
      // Read by one task and written by another: the one that writes knows more, and a key has to be one.
      *there = std::move(field);
    }
  }

  // Salesforce does not search by long texts.
  void shorten_compared(const NewObject& object, NewField& field) const {
    if (field.type != "LongTextArea" || !compared_.contains(folded_name(object.name + "." + field.name))) return;
    const NewField text = new_text_field(field.name);
    field.type = text.type;
    field.length = text.length;
  }

  // ---- record types

  void add_record_types(const ObjectNeed& need) {
    const SharedObject known = org_.find(need.object);
    for (const std::string& wanted : need.record_types) {
      const bool is_id = wanted.starts_with("012");
      if (known && record_type_of(*known, wanted)) continue;
      if (is_id) {
        note(
            org_object_not_saved, "/fields/RecordTypeId",
            fmt::format("which record type of {} the id {} is, is not known here; it is left out", need.object, wanted),
            "name it by its developer name", base::Severity::warning);
        continue;
      }
      if (!is_api_name(wanted)) continue;
      std::vector<NewRecordType>& added = object_named(need.object, known).record_types;
      const bool is_there = std::any_of(added.begin(), added.end(),
                                        [&](const NewRecordType& other) { return same_name(other.name, wanted); });
      if (!is_there) added.push_back({wanted, label_of_name(wanted)});
    }
  }

  std::string object_of(std::string_view task_id) const {
    const std::optional<std::size_t> index = definition_.index_of(task_id);
    const ReadSalesforceTask read = index ? reader_of(definition_.tasks[*index].type) : nullptr;
    // An id of another org leads nowhere in this one.
    if (!read || definition_.tasks[*index].account != wish_.alias) return "";
    With with(definition_.tasks[*index]);
    const std::string name = read(with)->object();
    const SharedObject known = org_.find(name);
    return known ? known->name : name;
  }

  void name_set(connectors::salesforce::PackagedPermissionSet& set) const {
    set.name = wish_.permission_set;
    set.label = "Sluice: " + std::string(cut_text(definition_.name, 70));
    set.description =
        fmt::format("What the workflow '{}' takes of this org, and nothing else.", cut_text(definition_.name, 150));
  }

  const engine::WorkflowDefinition& definition_;
  const OrgSchema& org_;
  const PackageWish& wish_;
  FieldSources sources_;
  std::string at_;
  PackageReading reading_;
  std::set<std::string> compared_;            // folded "object.field"
  std::map<std::string, NewObject> objects_;  // by folded names, so that everything comes out in one order
};

}  // namespace

PackageReading package_for(const engine::WorkflowDefinition& definition, const OrgSchema& org,
                           const PackageWish& wish) {
  return Packager(definition, org, wish).run();
}

}  // namespace tasks
