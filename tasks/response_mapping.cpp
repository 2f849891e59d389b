#include "tasks/response_mapping.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "tasks/api_name.hpp"

namespace tasks {

const MappedField* ResponseMapping::find(std::string_view field) const {
  auto found = std::find_if(fields.begin(), fields.end(),
                            [&](const MappedField& mapped) { return same_name(mapped.name, field); });
  return found == fields.end() ? nullptr : &*found;
}

bool ResponseMapping::needs_lengths() const {
  return std::any_of(fields.begin(), fields.end(),
                     [](const MappedField& mapped) { return mapped.value.needs_length(); });
}

void ResponseMapping::know_lengths(const FieldLengths& lengths) {
  for (MappedField& field : fields) {
    auto known = field.value.needs_length() ? lengths.find(folded_name(field.name)) : lengths.end();
    if (known != lengths.end()) field.value.length_max = known->second;
  }
}

base::Result<WrittenValue> value_of(const MappedField& field, const engine::ValueSource& values) {
  base::Result<WrittenValue> value = value_of(field.value, values);
  if (value) return value;
  base::Error error = std::move(value).error();
  error.message = fmt::format("{}: {}", field.name, error.message);
  return error;
}

base::Result<base::JsonText> apply(const ResponseMapping& mapping, const engine::ValueSource& values) {
  base::JsonWriter out;
  out.begin_object();
  for (const MappedField& field : mapping.fields) {
    base::Result<WrittenValue> value = value_of(field, values);
    if (!value) return std::move(value).error();
    if (!*value) continue;
    out.key(field.name);
    out.value(**value);
  }
  out.end_object();
  return base::JsonText{out.take()};
}

}  // namespace tasks
