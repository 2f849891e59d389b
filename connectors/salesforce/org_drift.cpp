#include "connectors/salesforce/org_drift.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "connectors/salesforce/object_schema.hpp"

namespace connectors::salesforce {

namespace {

std::optional<ObjectSchema> schema_in(const OrgSnapshot& snapshot, const std::string& object) {
  const auto found = snapshot.objects.find(object);
  if (found == snapshot.objects.end()) return std::nullopt;
  base::Result<ObjectSchema> schema = read_object_schema(found->second, object);
  return schema ? std::optional(*std::move(schema)) : std::nullopt;
}

const ObjectNeed* need_of(const OrgNeeds& needs, std::string_view object) {
  const auto found = std::find_if(needs.objects.begin(), needs.objects.end(),
                                  [&](const ObjectNeed& need) { return same_api_name(need.object, object); });
  return found == needs.objects.end() ? nullptr : &*found;
}

// A path is in use by its first step and by its last; both bear the field's own name or its relationship's.
const FieldNeed* need_of(const ObjectNeed& need, const FieldSchema& field) {
  const auto is_named = [&](const FieldNeed& wanted) {
    const std::string_view first = std::string_view(wanted.name).substr(0, wanted.name.find('.'));
    return same_api_name(first, field.name) ||
           (!field.relationship.empty() && same_api_name(first, field.relationship));
  };
  const auto found = std::find_if(need.fields.begin(), need.fields.end(), is_named);
  return found == need.fields.end() ? nullptr : &*found;
}

bool offers(const ObjectSchema& object, const RecordTypeSchema& wanted) {
  return std::any_of(object.record_types.begin(), object.record_types.end(), [&](const RecordTypeSchema& type) {
    return type.available && same_api_name(type.developer_name, wanted.developer_name);
  });
}

// The changes of one object that both have.
class ObjectDrift {
 public:
  ObjectDrift(const ObjectSchema& before, const ObjectSchema& now, const ObjectNeed* need,
              std::vector<SchemaDrift>& drifts)
      : before_(before), now_(now), need_(need), drifts_(drifts) {}

  void find() {
    look_at_rights();
    look_at_record_types();
    for (const FieldSchema& old : before_.fields) {
      const FieldNeed* need = need_ ? need_of(*need_, old) : nullptr;
      if (const FieldSchema* field = now_.find(old.name))
        look_at_field(old, *field, need);
      else
        add(need ? DriftWeight::breaking : DriftWeight::harmless, old.name, "is gone");
    }
    for (const FieldSchema& field : now_.fields)
      if (!before_.find(field.name)) look_at_new_field(field);
  }

 private:
  void add(DriftWeight weight, const std::string& field, std::string what) {
    drifts_.push_back({weight, now_.name, field, std::move(what)});
  }

  void look_at_rights() {
    const auto lost = [&](bool had, bool has, bool wants, std::string_view what) {
      if (had && !has)
        add(wants ? DriftWeight::breaking : DriftWeight::harmless, "", fmt::format("can no longer be {}", what));
    };
    lost(before_.createable, now_.createable, need_ && need_->create, "created by the account's user");
    lost(before_.updateable, now_.updateable, need_ && need_->update, "edited by the account's user");
    lost(before_.deletable, now_.deletable, need_ && need_->remove, "deleted by the account's user");
  }

  void look_at_record_types() {
    for (const RecordTypeSchema& old : before_.record_types)
      if (old.available && !old.is_master && !offers(now_, old))
        add(weight_of_lost(old), "RecordTypeId",
            fmt::format("can be '{}' no more: the record type is gone, or the account's user may not give it",
                        old.developer_name));
    for (const RecordTypeSchema& type : now_.record_types)
      if (type.available && !type.is_master && !offers(before_, type))
        add(DriftWeight::harmless, "RecordTypeId", fmt::format("can be '{}' now", type.developer_name));
  }

  DriftWeight weight_of_lost(const RecordTypeSchema& type) const {
    if (!need_) return DriftWeight::harmless;
    const bool is_meant =
        std::any_of(need_->record_types.begin(), need_->record_types.end(), [&](const std::string& wanted) {
          return same_api_name(wanted, type.developer_name) || wanted == type.id || wanted == type.id.substr(0, 15);
        });
    if (is_meant) return DriftWeight::breaking;
    return need_->any_record_type ? DriftWeight::narrowing : DriftWeight::harmless;
  }

  void look_at_field(const FieldSchema& old, const FieldSchema& field, const FieldNeed* need) {
    const bool is_written = need && (need->create || need->update);
    if (old.type != field.type)
      add(!need || old.kind == field.kind ? DriftWeight::harmless : DriftWeight::breaking, field.name,
          fmt::format("is {}, was {}", field.type, old.type));
    if (old.createable && !field.createable)
      add(need && need->create ? DriftWeight::breaking : DriftWeight::harmless, field.name,
          "can no longer be set in a new record");
    if (old.updateable && !field.updateable)
      add(need && need->update ? DriftWeight::breaking : DriftWeight::harmless, field.name, "can no longer be changed");
    if (old.external_id && !field.external_id)
      add(need ? DriftWeight::breaking : DriftWeight::harmless, field.name, "is no external id any more");
    if (old.filterable && !field.filterable)
      add(need && need->read ? DriftWeight::breaking : DriftWeight::harmless, field.name,
          "cannot be searched by any more");
    if (old.unique && !field.unique)
      add(need && need->read ? DriftWeight::narrowing : DriftWeight::harmless, field.name, "is unique no more");
    look_at_targets(old, field, is_written);
    look_at_bounds(old, field, need, is_written);
    if (field.kind == FieldKind::picklist || field.kind == FieldKind::multipicklist)
      look_at_choices(old, field, need, is_written);
    if (old.nillable && !field.nillable && !field.defaulted) look_at_requirement(field, is_written);
  }

  void look_at_targets(const FieldSchema& old, const FieldSchema& field, bool is_written) {
    for (const std::string& object : old.refers_to)
      if (std::find(field.refers_to.begin(), field.refers_to.end(), object) == field.refers_to.end())
        add(is_written ? DriftWeight::breaking : DriftWeight::harmless, field.name,
            fmt::format("leads to no {} any more", object));
  }

  void look_at_bounds(const FieldSchema& old, const FieldSchema& field, const FieldNeed* need, bool is_written) {
    const DriftWeight smaller = is_written ? DriftWeight::narrowing : DriftWeight::harmless;
    if (old.length != field.length) {
      const bool is_smaller = field.length != 0 && (old.length == 0 || field.length < old.length);
      const bool is_too_small = is_smaller && need && field.length < need->length;
      add(is_too_small ? DriftWeight::breaking
          : is_smaller ? smaller
                       : DriftWeight::harmless,
          field.name, fmt::format("is {} long, was {}", field.length, old.length));
    }
    const int digits_before = old.precision - old.scale, digits_now = field.precision - field.scale;
    if (digits_before != digits_now || old.scale != field.scale)
      add(digits_now < digits_before ? smaller : DriftWeight::harmless, field.name,
          fmt::format("has {} digits before and {} behind the point, had {} and {}", digits_now, field.scale,
                      digits_before, old.scale));
  }

  // A constant is written by every response, an answer by some.
  void look_at_choices(const FieldSchema& old, const FieldSchema& field, const FieldNeed* need, bool is_written) {
    const DriftWeight fewer = is_written && field.restricted ? DriftWeight::narrowing : DriftWeight::harmless;
    const auto is_constant = [&](const std::string& value) {
      return need && std::find(need->constants.begin(), need->constants.end(), value) != need->constants.end();
    };
    const auto has = [](const FieldSchema& picklist, const std::string& value) {
      return std::any_of(picklist.choices.begin(), picklist.choices.end(),
                         [&](const PicklistChoice& choice) { return choice.value == value; });
    };
    for (const PicklistChoice& choice : old.choices)
      if (!has(field, choice.value))
        add(field.restricted && is_constant(choice.value) ? DriftWeight::breaking : fewer, field.name,
            fmt::format("offers '{}' no more", choice.value));
    for (const PicklistChoice& choice : field.choices)
      if (!has(old, choice.value)) add(DriftWeight::harmless, field.name, fmt::format("offers '{}' now", choice.value));
    if (!old.restricted && field.restricted) add(fewer, field.name, "takes its own choices only");
  }

  void look_at_requirement(const FieldSchema& field, bool is_written) {
    if (!need_ || !need_->create || !field.createable) return add(DriftWeight::harmless, field.name, "is required now");
    // Who maps it may still leave it blank.
    add(is_written ? DriftWeight::narrowing : DriftWeight::breaking, field.name,
        is_written ? "is required now" : "is required now, and no mapping fills it");
  }

  void look_at_new_field(const FieldSchema& field) {
    if (!field.nillable && !field.defaulted && field.createable && field.kind != FieldKind::boolean)
      look_at_requirement(field, false);
    else
      add(DriftWeight::harmless, field.name, fmt::format("is new ({})", field.type));
  }

  const ObjectSchema& before_;
  const ObjectSchema& now_;
  const ObjectNeed* need_;
  std::vector<SchemaDrift>& drifts_;
};

}  // namespace

std::vector<SchemaDrift> drift_between(const OrgSnapshot& before, const OrgSnapshot& now, const OrgNeeds& in_use) {
  std::vector<SchemaDrift> drifts;
  for (const auto& [name, description] : before.objects) {
    const ObjectNeed* need = need_of(in_use, name);
    const std::optional<ObjectSchema> old = schema_in(before, name), current = schema_in(now, name);
    if (!old) continue;
    if (current)
      ObjectDrift(*old, *current, need, drifts).find();
    else
      drifts.push_back({need ? DriftWeight::breaking : DriftWeight::harmless, name, "",
                        "is gone, or the account's user may not see it any more"});
  }
  std::sort(drifts.begin(), drifts.end(), [](const SchemaDrift& a, const SchemaDrift& b) {
    return std::tie(a.weight, a.object, a.field, a.what) < std::tie(b.weight, b.object, b.field, b.what);
  });
  return drifts;
}

std::string_view to_string(DriftWeight weight) {
  switch (weight) {
    case DriftWeight::breaking: return "breaking";
    case DriftWeight::narrowing: return "narrowing";
    case DriftWeight::harmless: break;
  }
  return "harmless";
}

}  // namespace connectors::salesforce
