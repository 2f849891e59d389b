#include "tasks/response_mapping.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace tasks {

bool ResponseMapping::has(std::string_view field) const {
  return std::any_of(fields.begin(), fields.end(), [&](const MappedField& mapped) { return mapped.name == field; });
}

bool ResponseMapping::needs_lengths() const {
  return std::any_of(fields.begin(), fields.end(),
                     [](const MappedField& mapped) { return mapped.value.needs_length(); });
}

void ResponseMapping::know_lengths(const FieldLengths& lengths) {
  for (MappedField& field : fields) {
    auto known = field.value.needs_length() ? lengths.find(field.name) : lengths.end();
    if (known != lengths.end()) field.value.length_max = known->second;
  }
}

base::Result<base::JsonText> apply(const ResponseMapping& mapping, const engine::ValueSource& values) {
  base::JsonWriter json;
  json.begin_object();
  for (const MappedField& field : mapping.fields) {
    base::Result<WrittenValue> value = value_of(field.value, values);
    if (!value) {
      base::Error error = std::move(value).error();
      error.message = fmt::format("{}: {}", field.name, error.message);
      return error;
    }
    if (!*value) continue;
    json.key(field.name);
    json.value(**value);
  }
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace tasks
