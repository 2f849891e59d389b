#include "tasks/field_value.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tasks/errors.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using base::Error;
using base::Result;
using base::Value;
using connectors::salesforce::FieldKind;

Result<Value> looked_up(const FieldValue::Source& source, const engine::ValueSource& values) {
  if (const Value* literal = std::get_if<Value>(&source)) return *literal;
  return engine::resolve(std::get<engine::PipedText>(source), values);
}

bool holds(const Value& answer, std::string_view recode) {
  const auto* items = std::get_if<base::List>(&answer.data);
  if (!items) return base::to_text(answer) == recode;
  return std::any_of(items->begin(), items->end(), [&](const Value& item) { return base::to_text(item) == recode; });
}

const Value* find_in_map(const FieldValue::Map& map, const Value& value) {
  auto found = map.end();
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    found = map.find(std::string_view(*text));
  } else if (const auto* number = std::get_if<base::Number>(&value.data)) {
    found = map.find(std::string_view(number->text));
    if (found == map.end()) found = map.find(base::to_text(base::number(number->value)));  // 10.0 is 10
  } else {
    found = map.find(base::to_text(value));
  }
  if (found == map.end()) found = map.find(std::string_view("*"));
  return found == map.end() ? nullptr : &found->second;
}

Result<Value> mapped(const FieldValue::Map& map, const Value& value) {
  if (value.is_blank()) return value;
  if (const auto* items = std::get_if<base::List>(&value.data)) {
    base::List results;
    results.reserve(items->size());
    for (const Value& item : *items) {
      Result<Value> result = mapped(map, item);
      if (!result) return result;
      if (!result->is_blank()) results.push_back(*std::move(result));
    }
    return Value(std::move(results));
  }
  const Value* result = find_in_map(map, value);
  if (!result)
    return Error{mapping_value_not_in_map,
                 fmt::format("{} is not in the map, and the map has no '*' for all others", shown_value(value))};
  // It was answered, whatever the author makes of the answer.
  return result->is_blank() ? Value(base::Blank{.shown = true}) : *result;
}

Result<WrittenValue> written(const FieldValue& field, Value&& value, std::optional<Cut>* cut) {
  if (base::Status fit = convert(value, field.conversion, field.field.get(), cut); !fit) return std::move(fit).error();
  return WrittenValue(std::move(value));
}

bool was_never_asked(const Value& value) {
  const auto* blank = std::get_if<base::Blank>(&value.data);
  return blank && !blank->shown;
}

std::string why_blank(const Value& value) {
  const auto* blank = std::get_if<base::Blank>(&value.data);
  return blank && blank->shown ? "the question was shown and left unanswered" : "there is no value";
}

Result<WrittenValue> cleared(const FieldValue& field, const Value& blank) {
  // A checkbox that holds nothing is one without its tick.
  if (field.field && field.field->kind == FieldKind::boolean) return WrittenValue(Value(false));
  if (field.field && !field.field->nillable)
    return Error{mapping_value_missing, why_blank(blank) + ", and the field must not be emptied: it is required"};
  return WrittenValue(Value(base::Blank{}));
}

Result<WrittenValue> blank_value(const FieldValue& field, const Value& blank, const engine::ValueSource& values,
                                 std::optional<Cut>* cut) {
  const bool has_own_rule = field.if_not_shown && was_never_asked(blank);
  switch (has_own_rule ? *field.if_not_shown : field.if_blank) {
    case IfBlank::skip: return WrittenValue{};
    case IfBlank::clear: return cleared(field, blank);
    case IfBlank::fail: return Error{mapping_value_missing, why_blank(blank)};
    case IfBlank::fallback: break;
  }
  Result<Value> fallback = looked_up(field.fallback, values);
  if (!fallback) return std::move(fallback).error();
  if (fallback->is_blank()) return Error{mapping_value_missing, why_blank(blank) + ", and its default is blank too"};
  return written(field, *std::move(fallback), cut);
}

class NoValues final : public engine::ValueSource {
 public:
  Result<Value> value(const engine::Pipe&) const override { return Value(); }
};

void append_pipes(const FieldValue::Source& source, std::vector<engine::Pipe>& pipes) {
  if (const auto* text = std::get_if<engine::PipedText>(&source)) {
    std::vector<engine::Pipe> more = text->pipes();
    pipes.insert(pipes.end(), more.begin(), more.end());
  }
}

}  // namespace

bool is_constant(const FieldValue& field) {
  const auto* text = std::get_if<engine::PipedText>(&field.source);
  return field.map.empty() && (!text || text->pipes().empty());
}

const engine::ValueSource& no_values() {
  static const NoValues none;
  return none;
}

std::vector<engine::Pipe> FieldValue::pipes() const {
  std::vector<engine::Pipe> pipes;
  append_pipes(source, pipes);
  append_pipes(fallback, pipes);
  return pipes;
}

Result<WrittenValue> value_of(const FieldValue& field, const engine::ValueSource& values, std::optional<Cut>* cut) {
  Result<Value> value = looked_up(field.source, values);
  if (value && field.chosen && !value->is_blank()) value = Value(holds(*value, *field.chosen));
  if (value && !field.map.empty()) value = mapped(field.map, *value);
  if (!value) return std::move(value).error();
  if (value->is_blank()) return blank_value(field, *value, values, cut);
  return written(field, *std::move(value), cut);
}

Result<std::string> required_text(const engine::PipedText& text, std::string_view name,
                                  const engine::ValueSource& values) {
  Result<Value> value = engine::resolve(text, values);
  if (!value) return std::move(value).error();
  if (value->is_blank()) return Error{mapping_value_missing, fmt::format("{}: {}", name, why_blank(*value))};
  return base::to_text(*value);
}

}  // namespace tasks
