#include "tasks/with.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/time_zone.hpp"
#include "connectors/survey/date_reader.hpp"
#include "tasks/api_name.hpp"
#include "tasks/errors.hpp"

namespace tasks {

namespace {

using nlohmann::json;

const json* member_of(const json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string word_of(const json& object, std::string_view name, std::string_view otherwise) {
  const json* member = member_of(object, name);
  return member && member->is_string() ? member->get<std::string>() : std::string(otherwise);
}

base::Value literal_of(const json& value) {
  if (value.is_boolean()) return base::Value(value.get<bool>());
  if (value.is_number()) return base::number(value.dump());
  if (value.is_string()) return base::Value(value.get<std::string>());
  return base::Value(base::Blank{});
}

As as_of(std::string_view word) {
  if (word == "text") return As::text;
  if (word == "number") return As::number;
  if (word == "boolean") return As::boolean;
  if (word == "date") return As::date;
  if (word == "datetime") return As::datetime;
  if (word == "time") return As::time;
  return As::unchanged;
}

IfBlank if_blank_of(std::string_view word) {
  if (word == "clear") return IfBlank::clear;
  if (word == "default") return IfBlank::fallback;
  if (word == "fail") return IfBlank::fail;
  return IfBlank::skip;
}

OnTooLong on_too_long_of(std::string_view word) {
  if (word == "truncate") return OnTooLong::truncate;
  return word == "ellipsis" ? OnTooLong::ellipsis : OnTooLong::fail;
}

OnTooPrecise on_too_precise_of(std::string_view word) {
  if (word == "truncate") return OnTooPrecise::truncate;
  return word == "fail" ? OnTooPrecise::fail : OnTooPrecise::round;
}

// Literals need no values: what is wrong with them is known before any response comes.
class NoValues final : public engine::ValueSource {
 public:
  base::Result<base::Value> value(const engine::Pipe&) const override { return base::Value(); }
};

}  // namespace

With::With(const engine::TaskDefinition& definition) : pointer_(definition.pointer() + "/with") {
  base::Result<json> document = base::parse_json(definition.with.text);
  document_ = std::make_unique<json>(document ? *std::move(document) : json::object());
}

With::~With() = default;

bool With::has(std::string_view name) const { return member_of(*document_, name) != nullptr; }

std::string With::word(std::string_view name, std::string_view otherwise) const {
  return word_of(*document_, name, otherwise);
}

std::string With::api_name(std::string_view name) {
  return has(name) ? checked_name(word(name, ""), base::pointer_token(name), false) : "";
}

std::vector<std::string> With::api_names(std::string_view name) {
  std::vector<std::string> names;
  const json* list = member_of(*document_, name);
  if (!list || !list->is_array()) return names;
  for (const json& item : *list) {
    if (!item.is_string()) continue;
    std::string at = fmt::format("{}/{}", base::pointer_token(name), names.size());
    names.push_back(checked_name(item.get<std::string>(), at, true));
  }
  return names;
}

engine::PipedText With::piped_text(std::string_view name) {
  return checked_text(word(name, ""), base::pointer_token(name));
}

ResponseMapping With::mapping(std::string_view name) {
  ResponseMapping mapping;
  const json* fields = member_of(*document_, name);
  if (!fields || !fields->is_object()) return mapping;
  for (const auto& [field, value] : fields->items()) {
    std::string at = base::pointer_token(name) + base::pointer_token(field);
    std::string checked = checked_name(field, at, false);
    mapping.fields.push_back({std::move(checked), field_value(value, at)});
  }
  return mapping;
}

void With::fault(std::string_view code, std::string_view at, std::string message, std::string hint) {
  base::Finding finding;
  finding.code = code;
  finding.pointer = pointer_ + std::string(at);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  findings_.push_back(std::move(finding));
}

std::string With::checked_name(std::string name, const std::string& at, bool may_be_path) {
  if (!(may_be_path ? is_api_path(name) : is_api_name(name)))
    fault(api_name_invalid, at, fmt::format("'{}' cannot be an API name", name),
          "an API name is made of letters, digits and underscores and starts with a letter, as in Survey_Response__c");
  return name;
}

engine::PipedText With::checked_text(const std::string& text, const std::string& at) {
  base::Result<engine::PipedText> parsed = engine::parse_piped_text(text);
  if (!parsed) {
    fault(parsed.error().code.name, at, parsed.error().message, "write ${scheme://path}, and $${ for a plain ${");
    return {};
  }
  for (engine::Pipe& pipe : parsed->pipes()) pipes_.push_back({std::move(pipe), pointer_ + at});
  return *std::move(parsed);
}

FieldValue::Source With::source(const json& value, const std::string& at) {
  if (!value.is_string()) return literal_of(value);
  engine::PipedText text = checked_text(value.get<std::string>(), at);
  if (text.is_literal()) {
    // An escaped `$${` is undone by the parser, so the parts, not the document's text, are the literal.
    std::string literal;
    for (const auto& part : text.parts) literal += std::get<std::string>(part);
    return base::Value(std::move(literal));
  }
  return text;
}

FieldValue With::field_value(const json& value, const std::string& at) {
  FieldValue field;
  if (!value.is_object()) {
    field.source = source(value, at);
    if (value.is_null()) field.if_blank = IfBlank::clear;  // an author who writes null means it
    return field;
  }
  if (const json* inner = member_of(value, "value")) field.source = source(*inner, at + "/value");
  if (const json* entries = member_of(value, "map")) field.map = map(*entries, at + "/map");
  if (const json* fallback = member_of(value, "default")) field.fallback = source(*fallback, at + "/default");
  field.if_blank = if_blank_of(word_of(value, "if_blank", "skip"));
  if (member_of(value, "if_not_shown")) field.if_not_shown = if_blank_of(word_of(value, "if_not_shown", ""));
  field.conversion = conversion(value, at);
  check_options(value, field, at);
  return field;
}

Conversion With::conversion(const json& options, const std::string& at) {
  Conversion conversion;
  if (const json* length = member_of(options, "max_length"); length && length->is_number())
    conversion.length_max = length->get<std::size_t>();
  conversion.as = as_of(word_of(options, "as", ""));
  conversion.on_too_long = on_too_long_of(word_of(options, "on_too_long", ""));
  conversion.on_too_precise = on_too_precise_of(word_of(options, "on_too_precise", ""));
  conversion.separator = word_of(options, "separator", conversion.separator);
  conversion.moments = moments(options, at);
  return conversion;
}

MomentReading With::moments(const json& options, const std::string& at) {
  MomentReading reading;
  if (const json* format = member_of(options, "format"); format && format->is_string())
    reading.formats.push_back(format->get<std::string>());
  else if (format && format->is_array())
    for (const json& one : *format)
      if (one.is_string()) reading.formats.push_back(one.get<std::string>());
  for (const std::string& format : reading.formats)
    if (const std::string wrong = connectors::survey::what_is_wrong_with_date_format(format); !wrong.empty())
      fault(mapping_options_conflict, at + "/format", fmt::format("'{}' reads no date: {}", format, wrong),
            "d.m.Y reads 31.01.2026, m/d/Y reads 01/31/2026, and g:i a reads 1:28 pm");
  reading.zone = word_of(options, "timezone", "");
  if (!reading.zone.empty() && !base::is_time_zone(reading.zone)) {
    fault(base::time_zone_unknown.name, at + "/timezone", fmt::format("'{}' is no time zone", reading.zone),
          "a time zone is called Europe/Madrid or UTC");
    reading.zone.clear();
  }
  return reading;
}

FieldValue::Map With::map(const json& value, const std::string& at) {
  FieldValue::Map map;
  if (!value.is_object()) return map;
  for (const auto& [from, to] : value.items()) {
    FieldValue::Source result = source(to, at + base::pointer_token(from));
    if (std::holds_alternative<engine::PipedText>(result)) {
      fault(mapping_options_conflict, at + base::pointer_token(from), "a map holds plain values, and this is a pipe",
            "use a task for each case, or put the pipe into \"default\"");
      continue;
    }
    map.emplace(from, std::get<base::Value>(std::move(result)));
  }
  return map;
}

void With::check_options(const json& options, const FieldValue& field, const std::string& at) {
  if (member_of(options, "map") && field.conversion.as != As::unchanged)
    fault(mapping_options_conflict, at + "/as", "\"as\" does nothing beside \"map\"",
          "write the mapped values in the type that the field takes, and leave \"as\" out");
  for (const char* rule : {"if_blank", "if_not_shown"})
    if (word_of(options, rule, "") == "default" && !member_of(options, "default"))
      fault(mapping_options_conflict, fmt::format("{}/{}", at, rule),
            fmt::format("\"{}\": \"default\" has no default", rule),
            "add \"default\" with the value that stands for a blank");
  const bool uses_default = field.if_blank == IfBlank::fallback || field.if_not_shown == IfBlank::fallback;
  if (!uses_default && member_of(options, "default"))
    fault(mapping_options_conflict, at + "/default", "\"default\" is never used", "add \"if_blank\": \"default\"");
  if (field.is_literal()) {
    base::Result<WrittenValue> value = value_of(field, NoValues{});
    if (!value) fault(value.error().code.name, at + "/value", value.error().message, "");
  }
}

}  // namespace tasks
