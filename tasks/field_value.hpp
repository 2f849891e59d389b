// One mapped field's value: where it comes from, and what becomes of it before Salesforce sees it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/text_map.hpp"
#include "base/value.hpp"
#include "connectors/salesforce/object_schema.hpp"
#include "engine/pipe.hpp"
#include "engine/value_source.hpp"
#include "tasks/conversion.hpp"

namespace tasks {

enum class IfBlank { skip, clear, fallback, fail };  // in documents: skip, clear, default, fail

// What becomes of a value where the record holds one already.
enum class IfExists { replace, keep, append, max, newer };

// A literal, a piped text, or either with options, read once and used for every response.
struct FieldValue {
  using Map = base::TextMap<base::Value>;
  // A literal keeps its type; a text is cut into its pipes.
  using Source = std::variant<base::Value, engine::PipedText>;

  Source source{};
  Map map{};  // empty: no mapping; "*" holds what stands for every other value
  IfBlank if_blank = IfBlank::skip;
  std::optional<IfBlank> if_not_shown{};  // of what nobody was asked; nullopt: as if_blank
  Source fallback{};                      // of IfBlank::fallback
  Conversion conversion{};
  IfExists if_exists = IfExists::replace;
  std::string append_behind{};          // what stands between; empty: as the field's type suggests
  std::optional<std::string> chosen{};  // yes where the answer holds this recode, no where it does not
  // What the org says of the field; null where that is not known.
  std::shared_ptr<const connectors::salesforce::FieldSchema> field{};

  bool is_literal() const { return std::holds_alternative<base::Value>(source); }
  std::vector<engine::Pipe> pipes() const;
};

// Where the response does not say what is written: neither pipes nor a map.
bool is_constant(const FieldValue& field);
// Finds nothing: a constant needs none.
const engine::ValueSource& no_values();

// What is written: nothing at all, or a value, of which a blank one clears the field.
using WrittenValue = std::optional<base::Value>;

// Looks the value up and makes it what the field takes: mapped, then converted. An error says what is wrong with the
// value; the caller names the field. `cut` is set where a text was.
base::Result<WrittenValue> value_of(const FieldValue& field, const engine::ValueSource& values,
                                    std::optional<Cut>* cut = nullptr);

// What an id or a message has to be: a text that is not blank. `name` is how an error calls it.
base::Result<std::string> required_text(const engine::PipedText& text, std::string_view name,
                                        const engine::ValueSource& values);

}  // namespace tasks
