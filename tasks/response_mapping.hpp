// A response mapping: which value goes into which field, turned into a record's bytes without a detour.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "engine/value_source.hpp"
#include "tasks/field_value.hpp"

namespace tasks {

// The org's own, by folded field name; fields that hold no text are absent.
using FieldLengths = std::unordered_map<std::string, std::size_t>;

struct MappedField {
  std::string name;  // API name
  FieldValue value;
};

struct ResponseMapping {
  std::vector<MappedField> fields{};

  // nullptr when the field is not mapped.
  const MappedField* find(std::string_view field) const;
  // Some field is to be truncated at a length that only the org knows.
  bool needs_lengths() const;
  // Fills what needs_lengths() asks for; a field that `lengths` does not hold is never cut.
  void know_lengths(const FieldLengths& lengths);
};

// As value_of(FieldValue), and an error names the field.
base::Result<WrittenValue> value_of(const MappedField& field, const engine::ValueSource& values);

// The record as a JSON object, or an error that names the field.
base::Result<base::JsonText> apply(const ResponseMapping& mapping, const engine::ValueSource& values);

}  // namespace tasks
