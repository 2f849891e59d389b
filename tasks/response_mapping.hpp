// A response mapping: which value goes into which field, turned into a record's bytes without a detour.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "engine/value_source.hpp"
#include "tasks/field_value.hpp"

namespace tasks {

struct MappedField {
  std::string name;  // API name
  FieldValue value;
};

// How a mapping's record comes to be written.
enum class Writing { creates, updates, either };

struct ResponseMapping {
  std::vector<MappedField> fields{};

  // nullptr when the field is not mapped.
  const MappedField* find(std::string_view field) const;
  // From now on every value becomes what the org's own field takes. An error names each field that the org lacks, or
  // that cannot be written.
  base::Status know(const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema, Writing writing);
};

// Why a task that writes so cannot write this field; nullopt where it can.
std::optional<base::Error> what_keeps_from_writing(const connectors::salesforce::ObjectSchema& schema,
                                                   const connectors::salesforce::FieldSchema& field, Writing writing);

// As value_of(FieldValue), and an error names the field.
base::Result<WrittenValue> value_of(const MappedField& field, const engine::ValueSource& values);

// The record as a JSON object, or an error that names the field.
base::Result<base::JsonText> apply(const ResponseMapping& mapping, const engine::ValueSource& values);

// The field as its object's description has it; shares the description.
std::shared_ptr<const connectors::salesforce::FieldSchema> field_of(
    const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema, std::string_view name);

}  // namespace tasks
