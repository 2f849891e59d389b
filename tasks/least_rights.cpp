#include "tasks/least_rights.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "tasks/api_name.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldGrant;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldNeed;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::NewField;
using connectors::salesforce::NewObject;
using connectors::salesforce::ObjectGrant;
using connectors::salesforce::ObjectNeed;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::RecordTypeSchema;
using SharedObject = std::shared_ptr<const ObjectSchema>;

bool takes_object_permissions(std::string_view object) {
  constexpr std::array open{"FeedItem", "Group", "Organization", "Profile", "RecordType", "User"};
  return std::none_of(open.begin(), open.end(), [&](const char* name) { return same_name(name, object); });
}

// Salesforce refuses one for a field that every record has to have: "You cannot deploy to a required field".
bool takes_field_permission(const FieldSchema& field) {
  return field.permissionable && (field.nillable || field.kind == FieldKind::boolean);
}

class Granting {
 public:
  Granting(const OrgSchema& org, const std::vector<NewObject>& added) : org_(org), added_(added) {}

  void grant(const ObjectNeed& need) {
    const SharedObject known = org_.find(need.object);
    grant_object(spelled(need.object, known), need.create, need.update, need.remove);
    for (const FieldNeed& field : need.fields) {
      const bool is_written = field.create || field.update;
      grant_path(need.object, known, field.name, is_written);
      if (is_written) grant_reading_of_target(need.object, known, field.name);
    }
    for (const std::string& type : need.record_types) grant_record_type(need.object, known, type);
    if (!need.any_record_type || !known) return;
    for (const RecordTypeSchema& type : known->record_types)
      if (!type.is_master) grant_record_type(need.object, known, type.developer_name);
  }

  connectors::salesforce::PackagedPermissionSet take() {
    connectors::salesforce::PackagedPermissionSet set;
    for (auto& [folded, grant] : objects_) set.objects.push_back(std::move(grant));
    for (auto& [folded, grant] : fields_) set.fields.push_back(std::move(grant));
    for (auto& [folded, name] : record_types_) set.record_types.push_back(std::move(name));
    return set;
  }

 private:
  void grant_object(const std::string& name, bool create, bool edit, bool remove) {
    if (!takes_object_permissions(name)) return;
    ObjectGrant& sum = objects_[folded_name(name)];
    if (sum.object.empty()) sum.object = name;
    sum.create |= create;
    // Salesforce grants no deletion without the right to edit.
    sum.edit |= edit || remove;
    sum.remove |= remove;
  }

  void grant_path(const std::string& object, const SharedObject& known, std::string_view path, bool edit) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return grant_field(object, known, std::string(path), edit);
    const std::string lookup = lookup_name(known, path.substr(0, dot));
    grant_field(object, known, lookup, false);
    const std::string parent = target_of(object, known, lookup);
    if (parent.empty()) return;
    const SharedObject known_parent = org_.find(parent);
    grant_object(spelled(parent, known_parent), false, false, false);
    grant_path(parent, known_parent, path.substr(dot + 1), false);
  }

  // A record can only be pointed at by whom may read it.
  void grant_reading_of_target(const std::string& object, const SharedObject& known, const std::string& field) {
    const std::string target = target_of(object, known, field);
    if (!target.empty()) grant_object(spelled(target, org_.find(target)), false, false, false);
  }

  void grant_field(const std::string& object, const SharedObject& known, const std::string& name, bool edit) {
    if (!takes_object_permissions(object)) return;
    const FieldSchema* field = known ? known->find(name) : nullptr;
    if (field ? !takes_field_permission(*field) : is_field_of_every_object(name)) return;
    // One permission governs an address and all of its parts; a person's name takes none.
    const std::string whole = field ? field->part_of : "";
    if (same_name(whole, "Name")) return;
    const std::string full =
        fmt::format("{}.{}", spelled(object, known), !whole.empty() ? whole : (field ? field->name : name));
    FieldGrant& granted = fields_[folded_name(full)];
    granted.field = full;
    granted.edit |= edit;
  }

  void grant_record_type(const std::string& object, const SharedObject& known, const std::string& wanted) {
    const RecordTypeSchema* type = known ? record_type_of(*known, wanted) : nullptr;
    const bool is_unknown_id = !type && wanted.starts_with("012");
    if ((type && type->is_master) || is_unknown_id || (!type && !is_api_name(wanted))) return;
    const std::string full = fmt::format("{}.{}", spelled(object, known), type ? type->developer_name : wanted);
    record_types_[folded_name(full)] = full;
  }

  static std::string lookup_name(const SharedObject& known, std::string_view relationship) {
    const FieldSchema* lookup = known ? known->find_relationship(relationship) : nullptr;
    return lookup ? lookup->name : lookup_of_relationship(relationship);
  }

  // "" where it is no lookup, or may lead to several objects.
  std::string target_of(const std::string& object, const SharedObject& known, const std::string& field) const {
    if (const FieldSchema* there = known ? known->find(field) : nullptr)
      return there->refers_to.size() == 1 ? there->refers_to.front() : "";
    for (const NewObject& added : added_) {
      if (!same_name(added.name, object)) continue;
      for (const NewField& one : added.fields)
        if (same_name(one.name, field)) return one.refers_to;
    }
    return "";
  }

  static const std::string& spelled(const std::string& object, const SharedObject& known) {
    return known ? known->name : object;
  }

  const OrgSchema& org_;
  const std::vector<NewObject>& added_;
  // By folded names, so that everything comes out in one order.
  std::map<std::string, ObjectGrant> objects_;
  std::map<std::string, FieldGrant> fields_;
  std::map<std::string, std::string> record_types_;
};

}  // namespace

connectors::salesforce::PackagedPermissionSet least_rights(const connectors::salesforce::OrgNeeds& needs,
                                                           const OrgSchema& org, const std::vector<NewObject>& added) {
  Granting granting(org, added);
  for (const ObjectNeed& need : needs.objects) granting.grant(need);
  return granting.take();
}

bool is_custom_name(std::string_view name) { return folded_name(name).ends_with("__c"); }

bool is_field_of_every_object(std::string_view name) {
  constexpr std::array standard{"Id",
                                "Name",
                                "OwnerId",
                                "RecordTypeId",
                                "CreatedDate",
                                "CreatedById",
                                "LastModifiedDate",
                                "LastModifiedById",
                                "SystemModstamp"};
  return std::any_of(standard.begin(), standard.end(), [&](const char* known) { return same_name(known, name); });
}

std::string lookup_of_relationship(std::string_view relationship) {
  if (folded_name(relationship).ends_with("__r"))
    return std::string(relationship.substr(0, relationship.size() - 3)) + "__c";
  return std::string(relationship) + "Id";
}

const RecordTypeSchema* record_type_of(const ObjectSchema& object, std::string_view wanted) {
  const auto found =
      std::find_if(object.record_types.begin(), object.record_types.end(), [&](const RecordTypeSchema& type) {
        return same_name(type.developer_name, wanted) || type.id == wanted || type.id.substr(0, 15) == wanted;
      });
  return found == object.record_types.end() ? nullptr : &*found;
}

}  // namespace tasks
