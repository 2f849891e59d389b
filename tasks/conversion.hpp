// What becomes of a value before it stands in a field: typed, held to the field's bounds, and nothing that the org
// would not take.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/value.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "tasks/moment.hpp"

namespace tasks {

enum class As { unchanged, text, number, boolean, date, datetime, time };
enum class OnTooLong { fail, truncate, ellipsis };
enum class OnTooPrecise { round, truncate, fail };

// What the document says of a field.
struct Conversion {
  As as = As::unchanged;
  OnTooLong on_too_long = OnTooLong::fail;
  std::optional<std::size_t> length_max{};  // in UTF-16 units, as Salesforce counts
  OnTooPrecise on_too_precise = OnTooPrecise::round;
  std::string separator = ";";  // between several values of a text
  MomentReading moments{};
};

// A text that was cut to fit: how long it was and is, in UTF-16 units.
struct Cut {
  std::size_t from = 0;
  std::size_t to = 0;
};

// Makes of the value what the document says, and then what the field takes; `field` is null where the org is not known.
// Precondition: the value is not blank. An error says what is wrong with it and what would be right, the caller names
// the field, and the value is of no more use. `cut` is set where a text was.
base::Status convert(base::Value& value, const Conversion& conversion, const connectors::salesforce::FieldSchema* field,
                     std::optional<Cut>* cut = nullptr);

// At most `units` UTF-16 units of `text`, never half a character.
std::string_view cut_text(std::string_view text, std::size_t units);
std::size_t utf16_units(std::string_view text);

}  // namespace tasks
