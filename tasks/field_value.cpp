#include "tasks/field_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "base/time.hpp"
#include "tasks/errors.hpp"

namespace tasks {

namespace {

using base::Error;
using base::Result;
using base::Status;
using base::Value;

// Long answers are not repeated whole in an error.
std::string shown_value(const Value& value) {
  std::string text = base::to_text(value);
  std::string_view cut = cut_text(text, 60);
  return cut.size() == text.size() ? fmt::format("'{}'", text) : fmt::format("'{}…'", cut);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Result<Value> looked_up(const FieldValue::Source& source, const engine::ValueSource& values) {
  if (const Value* literal = std::get_if<Value>(&source)) return *literal;
  return engine::resolve(std::get<engine::PipedText>(source), values);
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
  if (const Value* result = find_in_map(map, value)) return *result;
  return Error{mapping_value_not_in_map,
               fmt::format("{} is not in the map, and the map has no '*' for all others", shown_value(value))};
}

// Salesforce takes several choices of a multi-select picklist as one text.
void join_choices(Value& value) {
  const auto* items = std::get_if<base::List>(&value.data);
  if (!items) return;
  std::string text;
  for (const Value& item : *items) {
    if (item.is_blank()) continue;
    if (!text.empty()) text += ';';
    text += base::to_text(item);
  }
  value.data = std::move(text);
}

// std::from_chars alone would take "inf" and "nan".
bool reads_as_number(std::string_view text, double& value) {
  if (text.find_first_not_of("+-0123456789.eE") != std::string_view::npos) return false;
  if (text.starts_with("+-")) return false;
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  auto [rest, fault] = std::from_chars(text.data(), end, value);
  return fault == std::errc{} && rest == end && std::isfinite(value);
}

Status make_number(Value& value) {
  if (std::holds_alternative<base::Number>(value.data)) return base::Ok{};
  double number = 0;
  const auto* text = std::get_if<std::string>(&value.data);
  if (!text || !reads_as_number(trimmed(*text), number))
    return Error{mapping_value_not_a_number, fmt::format("{} is not a number", shown_value(value))};
  value = base::number(number);
  return base::Ok{};
}

bool equal_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return equal_ignoring_case(text, word); });
}

Status make_boolean(Value& value) {
  if (std::holds_alternative<bool>(value.data)) return base::Ok{};
  const std::string text = base::to_text(value);
  const std::string_view word = trimmed(text);
  const bool yes = is_one_of(word, {"true", "yes", "1"});
  if (!yes && !is_one_of(word, {"false", "no", "0"}))
    return Error{mapping_value_not_a_boolean, fmt::format("{} is neither true nor false", shown_value(value))};
  value = Value(yes);
  return base::Ok{};
}

constexpr std::size_t date_length = std::string_view("2019-06-26").size();

// The survey platform's events write "2019-06-26 13:28:11" and mean UTC.
std::string with_zone_of_the_platform(std::string_view text) {
  std::string iso(text);
  if (text.size() == std::string_view("2019-06-26 13:28:11").size() && text[date_length] == ' ') {
    iso[date_length] = 'T';
    iso += 'Z';
  }
  return iso;
}

Result<base::TimePoint> time_in(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data))
    if (Result<base::TimePoint> at = base::from_iso8601(with_zone_of_the_platform(trimmed(*text)))) return at;
  return Error{mapping_value_not_a_date,
               fmt::format("{} is no date: 2026-01-31, 2026-01-31T13:28:11Z or 2026-01-31 13:28:11 would be one",
                           shown_value(value))};
}

Status make_datetime(Value& value) {
  Result<base::TimePoint> at = time_in(value);
  if (!at) return std::move(at).error();
  value = Value(base::to_iso8601(*at));
  return base::Ok{};
}

// The day as it is written: whoever answered late in the evening in New York answered on that day, not on the next.
Status make_date(Value& value) {
  if (Result<base::TimePoint> at = time_in(value); !at) return std::move(at).error();
  value = Value(std::string(trimmed(std::get<std::string>(value.data)).substr(0, date_length)));
  return base::Ok{};
}

Status make_typed(As as, Value& value) {
  switch (as) {
    case As::unchanged: break;
    case As::text: value = Value(base::to_text(value)); break;
    case As::number: return make_number(value);
    case As::boolean: return make_boolean(value);
    case As::date: return make_date(value);
    case As::datetime: return make_datetime(value);
  }
  return base::Ok{};
}

Status hold_to_length(const FieldValue& field, Value& value) {
  auto* text = std::get_if<std::string>(&value.data);
  // No text has more UTF-16 units than bytes.
  if (!text || !field.length_max || text->size() <= *field.length_max) return base::Ok{};
  const std::size_t fits = cut_text(*text, *field.length_max).size();
  if (fits < text->size() && field.on_too_long == OnTooLong::fail)
    return Error{mapping_value_too_long,
                 fmt::format("{} is longer than the {} characters allowed", shown_value(value), *field.length_max)};
  text->resize(fits);
  return base::Ok{};
}

Result<WrittenValue> finished(const FieldValue& field, Value value) {
  join_choices(value);
  if (Status typed = make_typed(field.as, value); !typed) return std::move(typed).error();
  if (Status held = hold_to_length(field, value); !held) return std::move(held).error();
  return WrittenValue(std::move(value));
}

std::string why_blank(const Value& value) {
  const auto* blank = std::get_if<base::Blank>(&value.data);
  return blank && blank->shown ? "the question was shown and left unanswered" : "there is no value";
}

Result<WrittenValue> blank_value(const FieldValue& field, const Value& blank, const engine::ValueSource& values) {
  switch (field.if_blank) {
    case IfBlank::skip: return WrittenValue{};
    case IfBlank::clear: return WrittenValue(Value(base::Blank{}));
    case IfBlank::fail: return Error{mapping_value_missing, why_blank(blank)};
    case IfBlank::fallback: break;
  }
  Result<Value> fallback = looked_up(field.fallback, values);
  if (!fallback) return std::move(fallback).error();
  if (fallback->is_blank()) return Error{mapping_value_missing, why_blank(blank) + ", and its default is blank too"};
  return finished(field, *std::move(fallback));
}

void append_pipes(const FieldValue::Source& source, std::vector<engine::Pipe>& pipes) {
  if (const auto* text = std::get_if<engine::PipedText>(&source)) {
    std::vector<engine::Pipe> more = text->pipes();
    pipes.insert(pipes.end(), more.begin(), more.end());
  }
}

}  // namespace

std::vector<engine::Pipe> FieldValue::pipes() const {
  std::vector<engine::Pipe> pipes;
  append_pipes(source, pipes);
  append_pipes(fallback, pipes);
  return pipes;
}

Result<WrittenValue> value_of(const FieldValue& field, const engine::ValueSource& values) {
  Result<Value> value = looked_up(field.source, values);
  if (value && !field.map.empty()) value = mapped(field.map, *value);
  if (!value) return std::move(value).error();
  if (value->is_blank()) return blank_value(field, *value, values);
  return finished(field, *std::move(value));
}

Result<std::string> required_text(const engine::PipedText& text, std::string_view name,
                                  const engine::ValueSource& values) {
  Result<Value> value = engine::resolve(text, values);
  if (!value) return std::move(value).error();
  if (value->is_blank()) return Error{mapping_value_missing, fmt::format("{}: {}", name, why_blank(*value))};
  return base::to_text(*value);
}

std::string_view cut_text(std::string_view text, std::size_t units) {
  std::size_t end = 0;
  while (end < text.size()) {
    const auto lead = static_cast<unsigned char>(text[end]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t needed = bytes == 4 ? 2 : 1;  // a character beyond U+FFFF is a surrogate pair
    if (needed > units) break;
    units -= needed;
    end = std::min(end + bytes, text.size());
  }
  return text.substr(0, end);
}

}  // namespace tasks
