#include "tasks/with.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/text_map.hpp"
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

IfExists if_exists_of(std::string_view word) {
  if (word == "keep") return IfExists::keep;
  if (word == "append") return IfExists::append;
  if (word == "max") return IfExists::max;
  return word == "newer" ? IfExists::newer : IfExists::replace;
}

OnTooLong on_too_long_of(std::string_view word) {
  if (word == "truncate") return OnTooLong::truncate;
  return word == "ellipsis" ? OnTooLong::ellipsis : OnTooLong::fail;
}

OnTooPrecise on_too_precise_of(std::string_view word) {
  if (word == "truncate") return OnTooPrecise::truncate;
  return word == "fail" ? OnTooPrecise::fail : OnTooPrecise::round;
}

constexpr std::array option_names{"value",     "as",        "map",         "if_blank",   "if_not_shown",
                                  "default",   "if_exists", "on_too_long", "max_length", "on_too_precise",
                                  "separator", "format",    "timezone"};

bool is_option(std::string_view name) {
  return std::find(option_names.begin(), option_names.end(), name) != option_names.end();
}

// {"External_Id__c": …}, of a lookup to several objects with {"attributes": {"type": "Contact"}} beside it.
bool names_a_parent(const json& value) {
  if (!value.is_object() || value.contains("value")) return false;
  const std::size_t beside = value.contains("attributes") ? 1 : 0;
  if (value.size() != beside + 1) return false;
  for (const auto& [name, inner] : value.items())
    if (name != "attributes") return !is_option(name) && base::nearest(name, {"value"}).empty();
  return false;
}

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

int With::whole_number(std::string_view name, int otherwise) const {
  const json* member = member_of(*document_, name);
  return member && member->is_number_integer() ? member->get<int>() : otherwise;
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
  base::TextMap<std::string> named;
  for (const auto& [field, value] : fields->items()) {
    std::string at = base::pointer_token(name) + base::pointer_token(field);
    if (const auto [same, is_new] = named.emplace(folded_name(field), field); !is_new)
      fault(mapping_options_conflict, at, fmt::format("'{}' and '{}' are the same field", field, same->second),
            "Salesforce tells no capitals apart in names: map it once");
    if (names_a_parent(value)) {
      mapping.fields.push_back(parent(field, value, at));
      continue;
    }
    MappedField mapped{.name = checked_name(field, at, false), .value = field_value(value, at)};
    mapped.at = at;
    mapping.fields.push_back(std::move(mapped));
  }
  return mapping;
}

ResponseMapping With::written() {
  ResponseMapping written = mapping("fields");
  for (const MappedField& field : written.fields)
    if (field.parent && written.find(lookup_field_of(field)))
      fault(mapping_options_conflict, field.at,
            fmt::format("'{}' and '{}' are the same lookup", field.name, lookup_field_of(field)),
            "name the parent by its id or by its external id, not by both");
  add_presets(written);
  add_record_type(written);
  if (written.fields.empty() && !has("fields"))
    fault("schema_missing_property", "", "'fields' is missing", "name the fields in \"fields\" or in \"presets\"");
  written.newer_by = api_name("newer_by");
  check_newer_by(written);
  return written;
}

void With::add_record_type(ResponseMapping& written) {
  const json* type = member_of(*document_, "record_type");
  if (!type) return;
  if (written.find("RecordTypeId"))
    fault(mapping_options_conflict, "/record_type", "the record type is named by \"fields\" too",
          "leave RecordTypeId out of \"fields\"");
  MappedField field{.name = "RecordTypeId", .value = field_value(*type, "/record_type")};
  field.is_record_type = true;
  field.at = "/record_type";
  written.fields.push_back(std::move(field));
}

void With::check_newer_by(ResponseMapping& written) {
  const auto is_newer = [](const MappedField& field) { return field.value.if_exists == IfExists::newer; };
  const auto newer = std::find_if(written.fields.begin(), written.fields.end(), is_newer);
  if (written.newer_by.empty()) {
    if (newer != written.fields.end())
      fault(mapping_options_conflict, newer->at + "/if_exists", "nothing says which response is the newer one",
            "add \"newer_by\" beside \"fields\": the field that holds when a response was given, e.g. Responded_At__c");
    return;
  }
  if (newer == written.fields.end())
    fault(mapping_options_conflict, "/newer_by", "no field says \"if_exists\": \"newer\"",
          "say so at the fields that an older response must not change, or leave \"newer_by\" out");
  const auto by = std::find_if(written.fields.begin(), written.fields.end(),
                               [&](const MappedField& field) { return same_name(field.name, written.newer_by); });
  if (by == written.fields.end())
    fault(mapping_options_conflict, "/newer_by", fmt::format("'{}' is not one of the fields", written.newer_by),
          "map it too, so that the record holds when its response was given");
  else
    by->value.if_exists = IfExists::newer;  // else an older response would set the clock back
}

void With::add_presets(ResponseMapping& written) {
  const json* presets = member_of(*document_, "presets");
  if (!presets || !presets->is_array()) return;
  for (std::size_t i = 0; i < presets->size(); ++i) add_preset(written, (*presets)[i], fmt::format("/presets/{}", i));
}

void With::add_preset(ResponseMapping& written, const json& preset, const std::string& at) {
  const std::optional<Preset> kind = preset_named(word_of(preset, "preset", ""));
  const json* fields = member_of(preset, "fields");
  if (!kind || !fields || !fields->is_object()) return;
  const std::string question = word_of(preset, "question", "");
  const bool is_label_by_itself = *kind == Preset::multi_select;
  const bool by_label = word_of(preset, "by", is_label_by_itself ? "label" : "recode") == "label";
  if (const std::string proof = proof_of_type(*kind, question); !proof.empty())
    checked_text("${" + proof + "}", at + "/question");
  for (const auto& [part, target] : fields->items()) {
    const std::string at_part = at + "/fields" + base::pointer_token(part);
    if (const std::optional<PresetPart> known = part_of_preset(*kind, question, part, by_label)) {
      add_preset_part(written, target, *known, at_part);
      continue;
    }
    const std::vector<std::string> names = named_parts(*kind);
    const std::string near = base::nearest(part, names);
    fault("schema_unknown_property", at_part, fmt::format("the preset brings no '{}'", part),
          near.empty() ? fmt::format("it brings {}", fmt::join(names, ", ")) : fmt::format("did you mean '{}'?", near));
  }
}

void With::add_preset_part(ResponseMapping& written, const json& target, const PresetPart& part,
                           const std::string& at) {
  json options = target.is_object() ? target : json::object();
  MappedField field;
  field.at = at;
  field.name = checked_name(target.is_string() ? target.get<std::string>() : word_of(target, "field", ""), at, false);
  options.erase("field");
  options["value"] = "${" + part.pipe + "}";
  const std::size_t pipes_before = pipes_.size();
  field.value = field_value(options, at);
  // The pipe is ours: the document has only the part's name.
  for (std::size_t i = pipes_before; i < pipes_.size(); ++i)
    if (pipes_[i].pointer == pointer_ + at + "/value") pipes_[i].pointer = pointer_ + at;
  field.value.chosen = part.chosen;
  if (written.find(field.name))
    fault(mapping_options_conflict, at, fmt::format("'{}' is mapped twice", field.name), "map it once");
  written.fields.push_back(std::move(field));
}

std::string With::text_or_flag(std::string_view name) const {
  const json* member = member_of(*document_, name);
  if (member && member->is_boolean()) return member->get<bool>() ? "true" : "false";
  return word(name, "");
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

MappedField With::parent(const std::string& field, const json& value, const std::string& at) {
  MappedField mapped{.name = checked_name(field, at, false), .value = {}, .parent = ParentKey{}};
  mapped.at = at;
  for (const auto& [name, inner] : value.items()) {
    if (name == "attributes") {
      mapped.parent->object = word_of(inner, "type", "");
      continue;
    }
    const std::string at_key = at + base::pointer_token(name);
    mapped.parent->field = checked_name(name, at_key, false);
    mapped.value = field_value(inner, at_key);
  }
  return mapped;
}

// The schema leaves it to us, since what is no option may be a parent's external id.
void With::check_option_names(const json& options, const std::string& at) {
  if (!options.contains("value")) fault("schema_missing_property", at, "'value' is missing", "");
  std::vector<std::string> free_names;
  for (const char* name : option_names)
    if (!options.contains(name)) free_names.emplace_back(name);
  for (const auto& [name, value] : options.items()) {
    if (is_option(name)) continue;
    const std::string near = base::nearest(name, free_names);
    fault("schema_unknown_property", at + base::pointer_token(name), fmt::format("unknown property '{}'", name),
          near.empty() ? "a parent is named by its one external id: {\"Account\": {\"Number__c\": …}}"
                       : fmt::format("did you mean '{}'?", near));
  }
}

FieldValue With::field_value(const json& value, const std::string& at) {
  FieldValue field;
  if (!value.is_object()) {
    field.source = source(value, at);
    if (value.is_null()) field.if_blank = IfBlank::clear;  // an author who writes null means it
    return field;
  }
  check_option_names(value, at);
  if (const json* inner = member_of(value, "value")) field.source = source(*inner, at + "/value");
  if (const json* entries = member_of(value, "map")) field.map = map(*entries, at + "/map");
  if (const json* fallback = member_of(value, "default")) field.fallback = source(*fallback, at + "/default");
  field.if_blank = if_blank_of(word_of(value, "if_blank", "skip"));
  if (member_of(value, "if_not_shown")) field.if_not_shown = if_blank_of(word_of(value, "if_not_shown", ""));
  field.if_exists = if_exists_of(word_of(value, "if_exists", ""));
  field.append_behind = word_of(value, "separator", "");
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
    base::Result<WrittenValue> value = value_of(field, no_values());
    if (!value) fault(value.error().code.name, at + "/value", value.error().message, "");
  }
}

}  // namespace tasks
