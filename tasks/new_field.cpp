#include "tasks/new_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "connectors/survey/pipe_offers.hpp"
#include "engine/pipe.hpp"
#include "tasks/api_name.hpp"

namespace tasks {

namespace {

using connectors::salesforce::NewField;
using connectors::survey::PipeOffer;
using connectors::survey::Question;

constexpr int text_length_max = 255;
constexpr int long_text_length = 32'768;  // what Salesforce offers for a new long text
constexpr int number_digits = 18;         // of any number field
// eff_ and 128 bits in base32 are 30 characters.
constexpr int idempotency_length = 64;

NewField field_of_type(const std::string& name, std::string type) {
  NewField field{.name = name, .label = label_of_name(name), .type = std::move(type)};
  if (field.type == "Text") field.length = text_length_max;
  if (field.type == "LongTextArea") field.length = long_text_length;
  return field;
}

NewField number_field(const std::string& name, int scale) {
  NewField field = field_of_type(name, "Number");
  field.precision = number_digits;
  field.scale = scale;
  return field;
}

// Of what was answered in numbers only two digits behind the point are known to be enough for every question type.
constexpr int scale_of_answers = 2;

int scale_of(const base::Number& number) { return number.value == std::trunc(number.value) ? 0 : scale_of_answers; }

NewField field_of_literals(const std::string& name, const std::vector<base::Value>& values) {
  const auto all = [&](auto is_one) { return std::all_of(values.begin(), values.end(), is_one); };
  if (all([](const base::Value& value) { return std::holds_alternative<bool>(value.data); }))
    return field_of_type(name, "Checkbox");
  if (all([](const base::Value& value) { return std::holds_alternative<base::Number>(value.data); })) {
    int scale = 0;
    for (const base::Value& value : values) scale = std::max(scale, scale_of(std::get<base::Number>(value.data)));
    return number_field(name, scale);
  }
  const bool are_short = all([](const base::Value& value) { return base::to_text(value).size() <= text_length_max; });
  return field_of_type(name, are_short ? "Text" : "LongTextArea");
}

// The values of a map are all that it writes, so that people choose and filter by them.
NewField field_of_map(const std::string& name, const FieldValue& value) {
  std::vector<base::Value> values;
  std::vector<std::string> texts;
  for (const auto& [answer, mapped] : value.map) {
    if (mapped.is_blank()) continue;
    values.push_back(mapped);
    texts.push_back(base::to_text(mapped));
  }
  NewField field = field_of_literals(name, values);
  if (field.type != "Text") return field;
  // The map has no order of its own.
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  field.type = "Picklist";
  field.length = 0;
  field.values = std::move(texts);
  return field;
}

std::optional<std::string> type_of_as(As as) {
  switch (as) {
    case As::boolean: return "Checkbox";
    case As::date: return "Date";
    case As::datetime: return "DateTime";
    case As::time: return "Time";
    case As::number: return "Number";
    default: return std::nullopt;
  }
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What a survey's definition says that the pipe brings: "number", "text", "list"; "" where it does not say.
std::string_view type_offered(const engine::Pipe& pipe, const connectors::survey::Survey* survey) {
  const Question* question =
      survey && pipe.scheme == "q" ? survey->question(pipe.path.substr(0, pipe.path.find('/'))) : nullptr;
  if (!question) return "";
  for (const PipeOffer& offer : connectors::survey::offers_of(*question, *survey))
    if (offer.pipe == pipe.scheme + "://" + pipe.path) return offer.type;
  return "";
}

std::optional<std::string> type_of_response_field(std::string_view name) {
  if (is_one_of(name, {"StartDate", "EndDate", "RecordedDate"})) return "DateTime";
  if (is_one_of(name, {"Q_TotalDuration", "Duration", "Progress", "Finished", "Status"})) return "Number";
  return std::nullopt;
}

NewField field_of_pipe(const std::string& name, std::string_view object, const engine::Pipe& pipe,
                       const FieldSources& sources) {
  const std::string_view last = std::string_view(pipe.path).substr(pipe.path.rfind('/') + 1);
  if (const std::string_view task = engine::task_of(pipe); !task.empty()) {
    std::string target = same_name(last, "Id") && sources.object_of_task ? sources.object_of_task(task) : "";
    return target.empty() ? field_of_type(name, "Text") : new_lookup_field(name, object, std::move(target));
  }
  if (pipe.scheme == "rm" || pipe.scheme == "e") {
    const std::optional<std::string> type = pipe.scheme == "rm" ? type_of_response_field(last) : std::nullopt;
    if (type == "Number") return number_field(name, 0);
    return field_of_type(name, type.value_or("Text"));
  }
  if (pipe.scheme != "q") return field_of_type(name, "Text");
  const std::string_view offered = type_offered(pipe, sources.survey);
  if (offered == "number") return number_field(name, scale_of_answers);
  if (pipe.path.find("/SelectedChoicesCount") != std::string::npos) return number_field(name, 0);
  // Free text and several answers in one text have no bound that is known.
  const bool is_free = pipe.path.find("/ChoiceTextEntryValue") != std::string::npos;
  return field_of_type(name, is_free || offered == "list" ? "LongTextArea" : "Text");
}

}  // namespace

NewField new_key_field(const std::string& name) {
  NewField field = new_text_field(name);
  // Ids of responses differ by capitals alone; two of them must never become one record.
  field.is_key = true;
  return field;
}

NewField new_idempotency_field(const std::string& name) {
  NewField field = new_key_field(name);
  field.length = idempotency_length;
  field.description = "Set by Sluice: which step of which run made this record.";
  return field;
}

NewField new_lookup_field(const std::string& name, std::string_view object, std::string target) {
  NewField field = field_of_type(name, "Lookup");
  field.refers_to = std::move(target);
  // Of all lookups of the parent's, wherever they are, no two may be called the same.
  field.relationship = label_of_name(object) + " by " + label_of_name(name);
  std::replace(field.relationship.begin(), field.relationship.end(), ' ', '_');
  return field;
}

NewField new_text_field(const std::string& name) { return field_of_type(name, "Text"); }

NewField new_field(const std::string& name, std::string_view object, const FieldValue& value,
                   const FieldSources& sources) {
  if (const std::optional<std::string> type = type_of_as(value.conversion.as))
    return *type == "Number" ? number_field(name, scale_of_answers) : field_of_type(name, *type);
  if (value.chosen) return field_of_type(name, "Checkbox");
  if (!value.map.empty()) return field_of_map(name, value);
  if (const auto* literal = std::get_if<base::Value>(&value.source)) return field_of_literals(name, {*literal});
  const auto& text = std::get<engine::PipedText>(value.source);
  if (text.is_one_pipe()) return field_of_pipe(name, object, std::get<engine::Pipe>(text.parts.front()), sources);
  // An expression that stands alone is arithmetic.
  if (text.is_one_value()) return number_field(name, scale_of_answers);
  const std::vector<engine::Pipe> pipes = text.pipes();
  const bool is_long = std::any_of(pipes.begin(), pipes.end(), [](const engine::Pipe& pipe) {
    return pipe.path.find("/ChoiceTextEntryValue") != std::string::npos;
  });
  return field_of_type(name, is_long ? "LongTextArea" : "Text");
}

std::string label_of_name(std::string_view name) {
  if (name.ends_with("__c")) name.remove_suffix(3);
  std::string label(name);
  std::replace(label.begin(), label.end(), '_', ' ');
  // Longer ones are refused.
  return label.substr(0, 40);
}

std::string type_words(const NewField& field) {
  std::string words = field.type;
  if (field.length > 0) words += fmt::format("({})", field.length);
  if (field.precision > 0) words += fmt::format("({}, {})", field.precision - field.scale, field.scale);
  if (!field.refers_to.empty()) words += " to " + field.refers_to;
  if (field.is_key) words += ", unique, external id";
  if (!field.values.empty()) words += fmt::format(" of {}, not restricted", fmt::join(field.values, ", "));
  return words;
}

}  // namespace tasks
