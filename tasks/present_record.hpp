// What a record holds before it is written, and what its fields become beside that: keep, append, max, newer.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"
#include "base/result.hpp"
#include "base/value.hpp"
#include "engine/task.hpp"
#include "tasks/field_value.hpp"
#include "tasks/record_match.hpp"

namespace tasks {

class PresentRecord {
 public:
  // A row as Salesforce gave it.
  static base::Result<PresentRecord> read(const base::JsonText& row);

  // Blank where the record holds nothing, or where nobody has asked.
  base::Value value(std::string_view field) const;

 private:
  std::map<std::string, base::Value> values_{};  // by name in lower case
};

// The search that brings what the record holds in `fields`: the one whose `key` has that value.
RecordMatch look_at_present(std::string object, MappedField key, const std::vector<std::string>& fields);
// Asks for them too, in a search that is made anyway.
void also_select(RecordMatch& match, const std::vector<std::string>& fields);
// What a search has brought; nullopt where it has found nothing.
base::Result<std::optional<PresentRecord>> present_in(const RecordMatch& match, const engine::Answer& answer);

// What is written where the record holds `present`, as the field's `if_exists` says; nullopt leaves it as it is.
base::Result<WrittenValue> beside_present(const FieldValue& field, WrittenValue value, const base::Value& present,
                                          std::optional<Cut>* cut = nullptr);

// Whether `value` is the greater number, or the later date or time; an error where they cannot be compared.
base::Result<bool> exceeds(const base::Value& value, const base::Value& present);

}  // namespace tasks
