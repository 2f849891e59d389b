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
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using base::Error;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

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
};

Error unknown_field(const ObjectSchema& schema, const std::string& name) {
  const std::string near = base::nearest(name, schema.field_names());
  return {mapping_field_unknown, fmt::format("{} has no field '{}' that the account's user may see{}", schema.name,
                                             name, near.empty() ? "" : fmt::format(" · did you mean '{}'?", near))};
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
    mapped.value.field = field_of(schema, mapped.name);
    if (!mapped.value.field)
      faults.add(unknown_field(*schema, mapped.name));
    else if (std::optional<Error> wrong = what_keeps_from_writing(*schema, *mapped.value.field, writing))
      faults.add(*std::move(wrong));
  }
  return faults.first ? base::Status(*std::move(faults.first)) : base::Status(base::Ok{});
}

base::Result<WrittenValue> value_of(const MappedField& field, const engine::ValueSource& values) {
  base::Result<WrittenValue> value = value_of(field.value, values);
  if (value) return value;
  Error error = std::move(value).error();
  const FieldSchema* known = field.value.field.get();
  error.message = known ? fmt::format("{} ({}): {}", field.name, known->type, error.message)
                        : fmt::format("{}: {}", field.name, error.message);
  return error;
}

base::Result<base::JsonText> apply(const ResponseMapping& mapping, const engine::ValueSource& values) {
  Record record;
  record.reserve(mapping.fields.size());
  Faults faults;
  for (const MappedField& field : mapping.fields) {
    base::Result<WrittenValue> value = value_of(field, values);
    if (!value)
      faults.add(std::move(value).error());
    else if (*value)
      record.emplace_back(&field, **std::move(value));
  }
  check_dependences(record, faults);
  if (faults.first) return *std::move(faults.first);
  base::JsonWriter out;
  out.begin_object();
  for (const auto& [field, value] : record) {
    out.key(field->name);
    out.value(value);
  }
  out.end_object();
  return base::JsonText{out.take()};
}

}  // namespace tasks
