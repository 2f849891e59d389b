#include "tasks/present_record.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/time.hpp"
#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using base::Error;
using base::Result;
using base::Value;
using connectors::salesforce::FieldKind;
using nlohmann::json;

Value held_value(const json& value) {
  if (value.is_boolean()) return Value(value.get<bool>());
  if (value.is_number()) return base::number(value.dump());
  if (value.is_string()) return Value(value.get<std::string>());
  return {};
}

std::optional<double> number_in(const Value& value) {
  if (const auto* number = std::get_if<base::Number>(&value.data)) return number->value;
  const auto* text = std::get_if<std::string>(&value.data);
  if (!text) return std::nullopt;
  double number = 0;
  const char* end = text->data() + text->size();
  const auto [rest, fault] = std::from_chars(text->data(), end, number);
  return fault == std::errc{} && rest == end && !text->empty() ? std::optional(number) : std::nullopt;
}

std::optional<base::TimePoint> moment_in(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  if (!text) return std::nullopt;
  Result<base::TimePoint> at = base::from_iso8601(*text);
  return at ? std::optional(*at) : std::nullopt;
}

// `13:28:11.000Z`, of which a later one is also behind in the alphabet.
std::optional<std::string> clock_time_in(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  const bool is_one = text && text->size() >= 8 && (*text)[2] == ':' && (*text)[5] == ':' && text->back() == 'Z';
  return is_one ? std::optional(*text) : std::nullopt;
}

template <class Read>
std::optional<bool> exceeds_as(Read read, const Value& value, const Value& present) {
  const auto left = read(value);
  const auto right = read(present);
  return left && right ? std::optional(*right < *left) : std::nullopt;
}

std::string_view joint_of(const FieldValue& field) {
  if (!field.append_behind.empty()) return field.append_behind;
  return field.field && field.field->kind == FieldKind::textarea ? "\n" : ";";
}

// The whole is held to what the field takes, as a value that comes in one piece is.
Result<WrittenValue> appended(const FieldValue& field, const Value& value, const Value& present,
                              std::optional<Cut>* cut) {
  const bool has_choices = field.field && field.field->kind == FieldKind::multipicklist;
  std::string whole = base::to_text(present);
  whole += has_choices ? ";" : joint_of(field);
  whole += base::to_text(value);
  Conversion conversion = field.conversion;
  conversion.as = As::unchanged;
  std::optional<Cut> of_whole;
  Value written(std::move(whole));
  if (base::Status fit = convert(written, conversion, field.field.get(), &of_whole); !fit)
    return std::move(fit).error();
  if (cut && of_whole) {
    // What is put behind may have been cut before.
    const std::size_t cut_before = *cut ? (*cut)->from - (*cut)->to : 0;
    *cut = Cut{of_whole->from + cut_before, of_whole->to};
  }
  return WrittenValue(std::move(written));
}

}  // namespace

Result<PresentRecord> PresentRecord::read(const base::JsonText& row) {
  Result<json> document = base::parse_json(row.text);
  if (!document || !document->is_object())
    return Error{task_state_unreadable, "the stored answer to the search holds no record"};
  PresentRecord record;
  for (const auto& [name, value] : document->items()) record.values_[folded_name(name)] = held_value(value);
  return record;
}

Value PresentRecord::value(std::string_view field) const {
  const auto found = values_.find(folded_name(field));
  return found == values_.end() ? Value() : found->second;
}

RecordMatch look_at_present(std::string object, MappedField key, const std::vector<std::string>& fields) {
  RecordMatch match;
  match.object = std::move(object);
  match.fields.push_back(std::move(key));
  match.if_none = IfNone::go_on;
  match.if_many = IfMany::first;
  also_select(match, fields);
  return match;
}

void also_select(RecordMatch& match, const std::vector<std::string>& fields) {
  // Salesforce refuses a query that names a field twice.
  for (const std::string& field : fields) {
    const bool is_there = std::any_of(match.select.begin(), match.select.end(),
                                      [&](const std::string& selected) { return same_name(selected, field); });
    if (!is_there) match.select.push_back(field);
  }
}

Result<std::optional<PresentRecord>> present_in(const RecordMatch& match, const engine::Answer& answer) {
  Result<std::optional<FoundRecord>> found = choose(match, answer);
  if (!found) return std::move(found).error();
  if (!*found) return std::optional<PresentRecord>{};
  Result<PresentRecord> record = PresentRecord::read((*found)->row);
  if (!record) return std::move(record).error();
  return std::optional<PresentRecord>(*std::move(record));
}

Result<WrittenValue> beside_present(const FieldValue& field, WrittenValue value, const Value& present,
                                    std::optional<Cut>* cut) {
  const bool is_replaced = field.if_exists == IfExists::replace || field.if_exists == IfExists::newer;
  if (is_replaced || !value || present.is_blank()) return value;
  // The record holds something, and there is nothing to set against it.
  if (value->is_blank() || field.if_exists == IfExists::keep) return WrittenValue{};
  if (field.if_exists == IfExists::append) return appended(field, *value, present, cut);
  const Result<bool> is_more = exceeds(*value, present);
  if (!is_more) return is_more.error();
  return *is_more ? value : WrittenValue{};
}

Result<bool> exceeds(const Value& value, const Value& present) {
  if (const std::optional<bool> more = exceeds_as(number_in, value, present)) return *more;
  if (const std::optional<bool> later = exceeds_as(moment_in, value, present)) return *later;
  if (const std::optional<bool> later = exceeds_as(clock_time_in, value, present)) return *later;
  return Error{mapping_values_not_comparable,
               fmt::format("{} cannot be compared with {}, which the record holds: both have to be numbers, dates or "
                           "times",
                           shown_value(value), shown_value(present))};
}

}  // namespace tasks
