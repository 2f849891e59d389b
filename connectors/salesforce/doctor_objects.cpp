#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "connectors/salesforce/doctor_checks.hpp"
#include "connectors/salesforce/doctor_questions.hpp"
#include "connectors/salesforce/doctor_verdicts.hpp"

namespace connectors::salesforce {

namespace {

constexpr std::string_view object_admin = "an admin with 'View Setup and Configuration'";
constexpr const char* object_settings_path =
    "Setup > Users > Profiles (or Permission Sets) > the user's > Object Settings";

std::string hidden_object(std::string_view object) {
  return fmt::format("{}: this org has no such object, or the user's profile does not show it", object);
}

// The same for all of a workflow at once, and what the org lacks of objects and fields besides.
constexpr std::string_view packaged_rights =
    "Ready to deploy: sluice org package WORKFLOW -o force-app/ writes a permission set with exactly what is needed.";

// An object that was not described: hidden or absent where Salesforce says so, else not known.
void note_missing_object(Tally& tally, const std::string& object, const Told<DescribedObject>& described) {
  const std::string words = described.refusal ? described.refusal->message : "";
  const bool is_hidden =
      words.find("NOT_FOUND") != std::string::npos || words.find("INVALID_TYPE") != std::string::npos;
  if (is_hidden)
    tally.bad(hidden_object(object));
  else
    tally.unknown(fmt::format("{}: {}", object, why_unknown(described.refusal, object_admin)));
}

Check judge_create(const OrgNeeds& needs, const OrgFacts& facts) {
  Tally tally;
  for (const ObjectNeed& need : needs.objects) {
    if (!need.create) continue;
    const Told<DescribedObject>& described = object_of(facts, need.object);
    if (!described)
      note_missing_object(tally, need.object, described);
    else if (described->createable)
      tally.good(need.object);
    else
      tally.bad(fmt::format("{}: the user may not create records", need.object));
  }
  return tally.to_check(
      "create",
      "Give the user 'Create' on these objects, in the profile or a permission set. " + std::string(packaged_rights),
      object_settings_path, "no record is created");
}

void judge_read_field(Tally& tally, const ObjectNeed& need, const FieldNeed& field, const OrgFacts& facts) {
  const std::string name = fmt::format("{}.{}", need.object, field.name);
  const FieldPlace place = place_of_field(need.object, field.name, facts);
  if (!place.missing_step.empty()) return tally.bad(fmt::format("{}: the user sees no {}", name, place.missing_step));
  if (place.object.empty()) return tally.unknown(fmt::format("{}: it leads to one of several objects", name));
  const Told<DescribedObject>& described = object_of(facts, place.object);
  if (!described) return note_missing_object(tally, place.object, described);
  if (!described->queryable) return tally.bad(fmt::format("{}: the user may not read {}", name, described->name));
  if (described->field(place.field)) return tally.good(name);
  tally.bad(fmt::format("{}: the user does not see it, or there is no such field", name));
}

Check judge_read(const OrgNeeds& needs, const OrgFacts& facts) {
  Tally tally;
  for (const ObjectNeed& need : needs.objects) {
    for (const FieldNeed& field : need.fields) {
      if (field.read) judge_read_field(tally, need, field, facts);
    }
  }
  return tally.to_check("read",
                        "Give the user 'Read Access' to these fields, in the profile or a permission set. " +
                            std::string(packaged_rights),
                        "Setup > Object Manager > the object > Fields & Relationships > the field > Set Field-Level "
                        "Security",
                        "no field is pulled out of Salesforce");
}

void judge_edit_field(Tally& tally, const ObjectNeed& need, const FieldNeed& field, const DescribedObject& object) {
  const std::string name = fmt::format("{}.{}", need.object, field.name);
  const DescribedField* known = object.field(field.name);
  if (!known) return tally.bad(fmt::format("{}: the user does not see it, or there is no such field", name));
  if (field.create && object.createable && !known->createable)
    return tally.bad(fmt::format("{}: the user may not fill it in new records", name));
  if (field.update && object.updateable && !known->updateable)
    return tally.bad(fmt::format("{}: the user may not change it", name));
  // Who may not create (or change) records at all is told so by another check; what would hold for their fields is
  // not known. But Edit Access is one right: what may be changed may be filled, too.
  const bool may_fill = object.createable || (object.updateable && known->updateable);
  if ((may_fill || !field.create) && (object.updateable || !field.update)) return tally.good(name);
  tally.unknown(fmt::format("{}: the user may not write {} records at all", name, need.object));
}

Check judge_edit(const OrgNeeds& needs, const OrgFacts& facts) {
  Tally tally;
  for (const ObjectNeed& need : needs.objects) {
    const bool writes = std::any_of(need.fields.begin(), need.fields.end(),
                                    [](const FieldNeed& field) { return field.create || field.update; });
    if (!writes) continue;
    const Told<DescribedObject>& described = object_of(facts, need.object);
    if (!described) {
      note_missing_object(tally, need.object, described);
      continue;
    }
    for (const FieldNeed& field : need.fields) {
      if (field.create || field.update) judge_edit_field(tally, need, field, *described);
    }
  }
  return tally.to_check("edit",
                        "Give the user 'Edit Access' to these fields; take formula and read-only fields out. " +
                            std::string(packaged_rights),
                        "Setup > Object Manager > the object > Fields & Relationships > the field > Set Field-Level "
                        "Security",
                        "no field is written");
}

enum class Granted { yes, no, unknown };

// The rows of all permission sets together; where there is none, nothing is granted.
Granted granted(const OrgFacts& facts, const std::string& object, bool ObjectPermission::* right) {
  if (!facts.object_permissions) return Granted::unknown;
  for (const ObjectPermission& permission : *facts.object_permissions) {
    if (same_api_name(permission.object, object) && (permission.modify_all || permission.*right)) return Granted::yes;
  }
  return Granted::no;
}

Granted may_view_all(const OrgFacts& facts, const std::string& object) {
  if (facts.permissions && (facts.permissions->view_all_data || facts.permissions->modify_all_data))
    return Granted::yes;
  return granted(facts, object, &ObjectPermission::view_all);
}

Granted may_modify_all(const OrgFacts& facts, const ObjectNeed& need, const DescribedObject& described) {
  if (facts.permissions && facts.permissions->modify_all_data) return Granted::yes;
  // Modify All includes Edit and Delete: who lacks these lacks it too.
  if ((need.update && !described.updateable) || (need.remove && !described.deletable)) return Granted::no;
  return granted(facts, need.object, &ObjectPermission::modify_all);
}

std::string permissions_unknown(const OrgFacts& facts) {
  return why_unknown(facts.permission_sets ? facts.object_permissions.refusal : facts.permission_sets.refusal,
                     object_admin);
}

Check judge_view_all(const OrgNeeds& needs, const OrgFacts& facts) {
  Tally tally;
  for (const RelatedObject& related : related_objects(needs, facts)) {
    const std::string name =
        related.through.empty() ? related.object : fmt::format("{} (by {})", related.object, related.through);
    switch (may_view_all(facts, related.object)) {
      case Granted::yes: tally.good(name); break;
      case Granted::unknown: tally.unknown(fmt::format("{}: {}", name, permissions_unknown(facts))); break;
      case Granted::no:
        if (related.may_be_another)
          tally.unknown(fmt::format("{}: not granted, and needed only if the lookup leads there", name));
        else
          tally.bad(fmt::format("{}: the user sees only records that are shared with it", name));
    }
  }
  // What was not described has lookups that nobody knows.
  for (const ObjectNeed& need : needs.objects) {
    if (!object_of(facts, need.object))
      tally.unknown(fmt::format("{}: its related objects are not known, since it is not described", need.object));
  }
  return tally.to_check("view_all", "Give the user 'View All' on these objects.", object_settings_path,
                        "no written record is related to another object");
}

Check judge_modify_all(const OrgNeeds& needs, const OrgFacts& facts) {
  Tally tally;
  for (const ObjectNeed& need : needs.objects) {
    if ((!need.update && !need.remove) || !has_object_permissions(need.object)) continue;
    const Told<DescribedObject>& described = object_of(facts, need.object);
    if (!described) {
      note_missing_object(tally, need.object, described);
      continue;
    }
    switch (may_modify_all(facts, need, *described)) {
      case Granted::yes: tally.good(need.object); break;
      case Granted::no:
        tally.bad(fmt::format("{}: the user may change only records that are shared with it", need.object));
        break;
      case Granted::unknown: tally.unknown(fmt::format("{}: {}", need.object, permissions_unknown(facts)));
    }
  }
  return tally.to_check("modify_all", "Give the user 'Modify All' on these objects.", object_settings_path,
                        "no record that exists is changed");
}

bool is_record_type(std::string_view wanted, std::string_view id, std::string_view developer_name) {
  return wanted == developer_name || (wanted.size() >= 15 && wanted.substr(0, 15) == id.substr(0, 15));
}

void judge_record_type(Tally& tally, const ObjectNeed& need, const std::string& wanted, const DescribedObject& object,
                       const OrgFacts& facts) {
  const std::string name = fmt::format("{} '{}'", need.object, wanted);
  for (const DescribedRecordType& type : object.record_types) {
    if (!is_record_type(wanted, type.id, type.developer_name)) continue;
    if (type.available) return tally.good(name);
    return tally.bad(fmt::format("{}: it exists, but the user may not use it", name));
  }
  auto listed = facts.record_types.find(object_key(need.object));
  if (listed == facts.record_types.end() || !listed->second)
    return tally.bad(fmt::format("{}: the user may not use it, or there is no such record type", name));
  for (const RecordType& type : *listed->second) {
    if (!is_record_type(wanted, type.id, type.developer_name)) continue;
    return tally.bad(type.active ? fmt::format("{}: it exists, but the user may not use it", name)
                                 : fmt::format("{}: it is not active", name));
  }
  tally.bad(fmt::format("{}: there is no such record type", name));
}

Check judge_record_types(const OrgNeeds& needs, const OrgFacts& facts) {
  Tally tally;
  for (const ObjectNeed& need : needs.objects) {
    if (need.any_record_type)
      tally.unknown(fmt::format("{}: which record type is meant is known only from a response", need.object));
    if (need.record_types.empty()) continue;
    const Told<DescribedObject>& described = object_of(facts, need.object);
    if (!described) {
      note_missing_object(tally, need.object, described);
      continue;
    }
    for (const std::string& wanted : need.record_types) judge_record_type(tally, need, wanted, *described, facts);
  }
  return tally.to_check("record_types", "Assign these record types to the user's profile or a permission set.",
                        "Setup > Users > Profiles (or Permission Sets) > the user's > Object Settings > the object > "
                        "Record Types",
                        "no record type is named");
}

}  // namespace

std::vector<Check> judge_objects(const OrgNeeds& needs, const OrgFacts& facts) {
  return {judge_record_types(needs, facts), judge_view_all(needs, facts), judge_modify_all(needs, facts),
          judge_create(needs, facts),       judge_read(needs, facts),     judge_edit(needs, facts)};
}

}  // namespace connectors::salesforce
