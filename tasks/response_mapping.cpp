#include "tasks/response_mapping.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "base/json_writer.hpp"
#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/picklist.hpp"
#include "tasks/present_record.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using base::Error;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::RecordTypeSchema;

using Record = std::vector<std::pair<const MappedField*, base::Value>>;

// All that is wrong with a record, told at once: under the code of the first.
struct Faults {
  std::optional<Error> first{};

  void add(Error fault) {
    if (first)
      first->message += "; " + fault.message;
    else
      first = std::move(fault);
  }
  void take(base::Status fits) {
    if (!fits) add(std::move(fits).error());
  }
};

Error unknown_field(const ObjectSchema& schema, const std::string& name) {
  const std::string near = nearest_name(name, schema.field_names());
  return {mapping_field_unknown, fmt::format("{} has no field '{}' that the account's user may see{}", schema.name,
                                             name, near.empty() ? "" : fmt::format(" · did you mean '{}'?", near))};
}

Error unknown_lookup(const ObjectSchema& schema, const std::string& name) {
  std::vector<std::string> names;
  for (const FieldSchema& field : schema.fields)
    if (!field.relationship.empty()) names.push_back(field.relationship);
  const std::string near = base::nearest(name, names);
  return {mapping_field_unknown, fmt::format("{} has no lookup that is called '{}' in paths{}", schema.name, name,
                                             near.empty() ? "" : fmt::format(" · did you mean '{}'?", near))};
}

std::string parts_of(const ObjectSchema& schema, const FieldSchema& compound) {
  std::string parts;
  for (const FieldSchema& field : schema.fields)
    if (field.part_of == compound.name) parts += (parts.empty() ? "" : ", ") + field.name;
  return parts;
}

// What a dependent picklist offers is told by the field that it depends on, if that is written too.
void check_dependences(const Record& record, Faults& faults) {
  for (const auto& [mapped, value] : record) {
    const FieldSchema* field = mapped->value.field.get();
    if (!field || field->controller.empty() || value.is_blank()) continue;
    const auto controlling = std::find_if(record.begin(), record.end(), [&](const auto& other) {
      return same_name(other.first->name, field->controller);
    });
    if (controlling == record.end() || controlling->second.is_blank()) continue;
    const std::string held = base::to_text(controlling->second);
    for (const std::string& choice : choices_in(std::get<std::string>(value.data))) {
      if (is_offered(*field, choice, held)) continue;
      faults.add(
          {mapping_value_not_in_picklist, fmt::format("{}: the org does not offer '{}' where {} is {}", field->name,
                                                      choice, field->controller, shown_value(controlling->second))});
    }
  }
}

// The parent's own fields are the org's to judge: its description is not asked for.
std::optional<Error> know_parent(MappedField& mapped, const std::shared_ptr<const ObjectSchema>& schema,
                                 Writing writing) {
  mapped.lookup = {schema, schema->find_relationship(mapped.name)};
  if (!mapped.lookup) return unknown_lookup(*schema, mapped.name);
  return what_keeps_from_writing(*schema, *mapped.lookup, writing);
}

base::Result<WrittenValue> as_record_type(const MappedField& field, const WrittenValue& value) {
  if (!value || value->is_blank()) return value;
  if (!field.object)
    return Error{mapping_record_type_unknown, "the org's record types are not known, so none can be found by its name"};
  base::Result<std::string> id = record_type_id(*field.object, base::to_text(*value));
  if (!id) return std::move(id).error();
  return WrittenValue(base::Value(*std::move(id)));
}

Error naming(const MappedField& field, Error error) {
  const FieldSchema* known = field.value.field.get();
  error.message = known ? fmt::format("{} ({}): {}", field.name, known->type, error.message)
                        : fmt::format("{}: {}", field.name, error.message);
  return error;
}

base::Result<WrittenValue> value_beside(const PresentRecord& present, const MappedField& field, WrittenValue value,
                                        std::optional<Cut>& cut) {
  base::Result<WrittenValue> written = beside_present(field.value, std::move(value), present.value(field.name), &cut);
  if (!written) return naming(field, std::move(written).error());
  return written;
}

// A response without a time is never the newer one, and every response is newer than a record that has none.
base::Result<bool> is_newer_than(const PresentRecord* present, const ResponseMapping& mapping,
                                 const engine::ValueSource& values) {
  if (!present || mapping.newer_by.empty()) return true;
  const base::Value held = present->value(mapping.newer_by);
  const MappedField* by = mapping.find(mapping.newer_by);
  if (!by || held.is_blank()) return true;
  base::Result<WrittenValue> value = value_of(*by, values);
  if (!value) return std::move(value).error();
  if (!*value || (*value)->is_blank()) return false;
  base::Result<bool> later = exceeds(**value, held);
  if (!later) return naming(*by, std::move(later).error());
  return later;
}

void write_parent(base::JsonWriter& out, const MappedField& parent, const base::Value& key) {
  out.key(parent.name);
  out.begin_object();
  if (!parent.parent->object.empty()) {
    // Salesforce wants to know the type before it reads anything else of a parent.
    out.key("attributes");
    out.begin_object();
    out.field("type", parent.parent->object);
    out.end_object();
  }
  out.key(parent.parent->field);
  out.value(key);
  out.end_object();
}

void write_field(base::JsonWriter& out, const MappedField& field, const base::Value& value) {
  if (field.parent && !value.is_blank()) return write_parent(out, field, value);
  out.key(field.parent ? lookup_field_of(field) : field.name);
  out.value(value);
}

// What every response writes is judged before any comes.
base::Status constant_fits(const MappedField& field) {
  if (!is_constant(field.value)) return base::Ok{};
  base::Result<WrittenValue> value = value_of(field, no_values());
  return value ? base::Status(base::Ok{}) : base::Status(std::move(value).error());
}

}  // namespace

std::optional<Error> what_keeps_from_writing(const ObjectSchema& schema, const FieldSchema& field, Writing writing) {
  if (field.kind == FieldKind::compound) {
    const std::string parts = parts_of(schema, field);
    return Error{mapping_field_read_only, fmt::format("{} is made of its parts and is written by them{}", field.name,
                                                      parts.empty() ? "" : ": " + parts)};
  }
  const bool may = writing == Writing::creates   ? field.createable
                   : writing == Writing::updates ? field.updateable
                                                 : field.createable || field.updateable;
  if (may) return std::nullopt;
  return Error{mapping_field_read_only,
               fmt::format("{} cannot be {}: the org computes it, or the account's user has no right to it", field.name,
                           writing == Writing::creates ? "set in a new record" : "changed")};
}

std::string lookup_field_of(const MappedField& parent) {
  if (parent.lookup) return parent.lookup->name;
  const bool is_custom = folded_name(parent.name).ends_with("__r");
  return is_custom ? parent.name.substr(0, parent.name.size() - 1) + "c" : parent.name + "Id";
}

base::Result<std::string> record_type_id(const ObjectSchema& object, std::string_view name) {
  std::vector<std::string> names;
  for (const RecordTypeSchema& type : object.record_types) {
    const bool is_meant = same_name(type.developer_name, name) || type.id == name || type.id.substr(0, 15) == name;
    if (is_meant && type.available) return type.id;
    if (is_meant)
      return Error{mapping_record_type_unknown,
                   fmt::format("the account's user may not give records of {} the record type '{}'", object.name,
                               type.developer_name)};
    if (type.available && !type.is_master) names.push_back(type.developer_name);
  }
  if (names.empty())
    return Error{mapping_record_type_unknown,
                 fmt::format("{} has no record types that the account's user may give", object.name)};
  const std::string near = base::nearest(name, names);
  return Error{mapping_record_type_unknown,
               fmt::format("{} has no record type '{}' · {}", object.name, name,
                           near.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                                        : fmt::format("did you mean '{}'?", near))};
}

const MappedField* ResponseMapping::find(std::string_view field) const {
  auto found = std::find_if(fields.begin(), fields.end(),
                            [&](const MappedField& mapped) { return same_name(mapped.name, field); });
  return found == fields.end() ? nullptr : &*found;
}

std::shared_ptr<const FieldSchema> field_of(const std::shared_ptr<const ObjectSchema>& schema, std::string_view name) {
  return {schema, schema->find(name)};
}

base::Status ResponseMapping::know(const std::shared_ptr<const ObjectSchema>& schema, Writing writing) {
  Faults faults;
  for (MappedField& mapped : fields) {
    if (mapped.is_record_type) {
      mapped.object = schema;
      faults.take(constant_fits(mapped));
      continue;
    }
    if (mapped.parent) {
      if (std::optional<Error> wrong = know_parent(mapped, schema, writing)) faults.add(*std::move(wrong));
      continue;
    }
    mapped.value.field = field_of(schema, mapped.name);
    if (!mapped.value.field)
      faults.add(unknown_field(*schema, mapped.name));
    else if (std::optional<Error> wrong = what_keeps_from_writing(*schema, *mapped.value.field, writing))
      faults.add(*std::move(wrong));
    else
      faults.take(constant_fits(mapped));
  }
  return faults.first ? base::Status(*std::move(faults.first)) : base::Status(base::Ok{});
}

base::Result<WrittenValue> value_of(const MappedField& field, const engine::ValueSource& values,
                                    std::optional<Cut>* cut) {
  base::Result<WrittenValue> value = value_of(field.value, values, cut);
  if (value && field.is_record_type) value = as_record_type(field, *value);
  if (value) return value;
  return naming(field, std::move(value).error());
}

std::vector<std::string> ResponseMapping::looked_at() const {
  std::vector<std::string> names;
  for (const MappedField& field : fields) {
    const IfExists rule = field.value.if_exists;
    if (rule != IfExists::replace && rule != IfExists::newer) names.push_back(field.name);
  }
  if (!newer_by.empty()) names.push_back(newer_by);
  return names;
}

engine::Note note_on_cut(const std::string& field, const Cut& cut) {
  return {.code = std::string(text_cut),
          .field = field,
          .message = fmt::format("cut from {} to {} characters", cut.from, cut.to)};
}

base::Result<MappedRecord> apply(const ResponseMapping& mapping, const engine::ValueSource& values,
                                 const PresentRecord* present) {
  const base::Result<bool> is_newer = is_newer_than(present, mapping, values);
  if (!is_newer) return is_newer.error();
  Record record;
  record.reserve(mapping.fields.size());
  MappedRecord mapped;
  Faults faults;
  for (const MappedField& field : mapping.fields) {
    if (field.value.if_exists == IfExists::newer && !*is_newer) continue;
    std::optional<Cut> cut;
    base::Result<WrittenValue> value = value_of(field, values, &cut);
    if (value && present) value = value_beside(*present, field, *std::move(value), cut);
    if (!value) {
      faults.add(std::move(value).error());
    } else if (*value) {
      record.emplace_back(&field, **std::move(value));
      if (cut) mapped.notes.push_back(note_on_cut(field.name, *cut));
    }
  }
  check_dependences(record, faults);
  if (faults.first) return *std::move(faults.first);
  base::JsonWriter out;
  out.begin_object();
  for (const auto& [field, value] : record) write_field(out, *field, value);
  out.end_object();
  mapped.fields.text = out.take();
  return mapped;
}

}  // namespace tasks
