#include "tasks/planned_value.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/time.hpp"
#include "connectors/salesforce/record_id.hpp"
#include "tasks/api_name.hpp"
#include "tasks/decimal.hpp"
#include "tasks/errors.hpp"
#include "tasks/picklist.hpp"

namespace tasks {

namespace {

using base::Value;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

Value stored_number(const Value& value, int places) {
  const std::optional<Decimal> number = Decimal::read(base::to_text(value));
  return number ? base::number(number->rounded(places, Rounding::half_up).text()) : value;
}

Value stored_datetime(const Value& value) {
  const base::Result<base::TimePoint> at = base::from_iso8601(base::to_text(value));
  return at ? stored_moment(*at) : value;
}

std::string stored_time(const std::string& text) {
  constexpr std::string_view any_day = "1970-01-01T";
  const base::Result<base::TimePoint> at = base::from_iso8601(fmt::format("{}{}", any_day, text));
  return at ? base::to_iso8601(*at).substr(any_day.size()) : text;
}

std::string in_order_of_choices(const std::string& joined, const FieldSchema& field) {
  std::vector<std::string> chosen = choices_in(joined);
  const auto place = [&](const std::string& choice) {
    return std::find_if(field.choices.begin(), field.choices.end(),
                        [&](const auto& known) { return known.value == choice; }) -
           field.choices.begin();
  };
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  return fmt::format("{}", fmt::join(chosen, ";"));
}

FieldSchema as_text_field(std::string_view name) {
  FieldSchema field;
  field.name = std::string(name);
  field.kind = FieldKind::text;
  return field;
}

bool is_compared_as_text(FieldKind kind) {
  switch (kind) {
    case FieldKind::boolean:
    case FieldKind::integer:
    case FieldKind::number:
    case FieldKind::date:
    case FieldKind::datetime:
    case FieldKind::time:
    case FieldKind::reference:
    case FieldKind::id: return false;
    default: return true;
  }
}

// The name of a person is made of its parts, whichever of them there are.
void compose_name(RecordValues& record, const ObjectSchema& schema) {
  const FieldSchema* name = schema.find("Name");
  if (!name || name->kind != FieldKind::compound) return;
  std::string whole;
  for (const char* part : {"firstname", "lastname"}) {
    const auto found = record.find(part);
    if (found == record.end() || found->second.is_blank()) continue;
    whole += (whole.empty() ? "" : " ") + base::to_text(found->second);
  }
  record["name"] = whole.empty() ? Value() : Value(whole);
}

// Flattens objects, at the top or in a list at the top.
class MemberSink final : public base::JsonSink {
 public:
  bool null() override { return take(Value()); }
  bool boolean(bool yes) override { return take(Value(yes)); }
  bool number(std::string_view text, double) override { return take(base::number(std::string(text))); }
  bool string(std::string&& text) override { return take(Value(std::move(text))); }
  bool key(std::string&& name) override {
    if (lists_ == 0) path_.back() = std::move(name);
    return true;
  }
  bool start_object() override {
    if (lists_ > 0) return ++lists_, true;
    if (path_.empty()) rows.emplace_back();
    path_.emplace_back();
    return true;
  }
  bool end_object() override {
    if (lists_ > 0) return --lists_, true;
    path_.pop_back();
    return true;
  }
  bool start_array() override {
    if (!path_.empty()) ++lists_;
    return true;
  }
  bool end_array() override {
    if (!path_.empty()) --lists_;
    return true;
  }

  std::vector<NamedValues> rows;

 private:
  bool take(Value value) {
    if (lists_ == 0 && !path_.empty())
      rows.back().emplace_back(fmt::format("{}", fmt::join(path_, ".")), std::move(value));
    return true;
  }

  std::vector<std::string> path_;
  int lists_ = 0;  // lists and what is in them: no field is one
};

}  // namespace

// Salesforce keeps seconds, and answers in UTC.
Value stored_moment(base::TimePoint at) {
  std::string text = base::to_iso8601(std::chrono::floor<std::chrono::seconds>(at));
  text.pop_back();
  return Value(text + "+0000");
}

Value stored_value(Value value, const FieldSchema& field) {
  if (value.is_blank()) return {};
  switch (field.kind) {
    case FieldKind::integer: return stored_number(value, 0);
    case FieldKind::number: return stored_number(value, field.scale);
    case FieldKind::boolean:
      return std::holds_alternative<bool>(value.data) ? value : Value(base::to_text(value) == "true");
    case FieldKind::datetime: return stored_datetime(value);
    case FieldKind::time: return Value(stored_time(base::to_text(value)));
    case FieldKind::reference:
    case FieldKind::id: return Value(connectors::salesforce::whole_record_id(base::to_text(value)));
    case FieldKind::multipicklist: return Value(in_order_of_choices(base::to_text(value), field));
    case FieldKind::other:
    case FieldKind::compound: return value;
    default: return Value(base::to_text(value));
  }
}

bool is_same_value(const Value& a, const Value& b, const FieldSchema& field) {
  const Value one = stored_value(a, field), other = stored_value(b, field);
  if (one.is_blank() || other.is_blank()) return one.is_blank() && other.is_blank();
  const bool is_numeric = field.kind == FieldKind::number || field.kind == FieldKind::integer;
  if (!is_numeric) return one == other;
  const std::optional<Decimal> first = Decimal::read(base::to_text(one)), second = Decimal::read(base::to_text(other));
  return first && second ? first->compare(*second) == 0 : one == other;
}

bool is_found_by(const Value& held, const Value& sought, const FieldSchema& field) {
  if (held.is_blank() || sought.is_blank()) return false;
  const auto* one = std::get_if<std::string>(&held.data);
  const auto* other = std::get_if<std::string>(&sought.data);
  // The common case, and asked of every record of a plan.
  if (one && other && is_compared_as_text(field.kind))
    return one->size() == other->size() && (*one == *other || (!field.case_sensitive && same_name(*one, *other)));
  return is_same_value(held, sought, field);
}

std::string search_key(const Value& value, const FieldSchema& field) {
  if (field.kind == FieldKind::multipicklist) {
    std::vector<std::string> chosen = choices_in(folded_name(base::to_text(value)));
    std::sort(chosen.begin(), chosen.end());
    return fmt::format("={}", fmt::join(chosen, ";"));
  }
  const Value stored = stored_value(value, field);
  std::string text = base::to_text(stored);
  const bool is_numeric = field.kind == FieldKind::number || field.kind == FieldKind::integer;
  if (is_numeric || std::holds_alternative<base::Number>(stored.data)) {
    if (const std::optional<Decimal> number = Decimal::read(text)) text = number->is_zero() ? "0" : number->text();
  }
  return "=" + (is_compared_as_text(field.kind) ? folded_name(text) : text);
}

std::vector<FieldDifference> differences(const ObjectSchema& schema, const RecordValues& before,
                                         const NamedValues& written) {
  std::vector<FieldDifference> found;
  for (const auto& [name, value] : written) {
    const FieldSchema* known = schema.find(name);
    const FieldSchema field = known ? *known : as_text_field(name);
    const auto held = before.find(folded_name(name));
    Value old = held == before.end() ? Value() : held->second;
    if (!is_same_value(old, value, field))
      found.push_back({field.name, stored_value(std::move(old), field), stored_value(value, field)});
  }
  return found;
}

void overwrite(RecordValues& record, const ObjectSchema& schema, const NamedValues& written) {
  for (const auto& [name, value] : written) {
    const FieldSchema* known = schema.find(name);
    record[folded_name(name)] = known ? stored_value(value, *known) : value;
  }
  compose_name(record, schema);
}

RecordValues new_record(const ObjectSchema& schema, const NamedValues& written) {
  RecordValues record;
  for (const FieldSchema& field : schema.fields)
    record[folded_name(field.name)] =
        field.default_value.empty() ? Value() : stored_value(Value(field.default_value), field);
  overwrite(record, schema, written);
  return record;
}

base::Result<std::vector<NamedValues>> read_rows(std::string_view json) {
  MemberSink sink;
  if (base::Status read = base::read_json(json, sink); !read) return std::move(read).error();
  return std::move(sink.rows);
}

base::Result<NamedValues> read_members(std::string_view json) {
  base::Result<std::vector<NamedValues>> rows = read_rows(json);
  if (!rows) return std::move(rows).error();
  if (rows->size() != 1) return base::Error{task_state_unreadable, "a record is not the one object that it has to be"};
  return std::move(rows->front());
}

}  // namespace tasks
