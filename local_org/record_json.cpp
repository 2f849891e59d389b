// Records as REST answers show them.
#include "local_org/record_json.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "local_org/field_value.hpp"

namespace local_org {
namespace {

// "MailingPostalCode" of "MailingAddress" is "postalCode"; "Place__Latitude__s" of "Place__c" is "latitude".
std::string key_of_part(std::string_view compound, std::string_view part) {
  const bool is_custom = compound.ends_with("__c") && part.ends_with("__s");
  if (is_custom) part.remove_suffix(std::string_view("__s").size());
  const std::size_t stem =
      is_custom ? compound.size() - std::string_view("c").size() : compound.size() - std::string_view("Address").size();
  std::string key(part.substr(stem));
  if (key.front() >= 'A' && key.front() <= 'Z') key.front() = static_cast<char>(key.front() | 0x20);
  return key;
}

}  // namespace

void write_attributes(base::JsonWriter& json, const Object& object, std::string_view id, std::string_view rest_path) {
  json.key("attributes");
  json.begin_object();
  json.field("type", object.name);
  json.field("url", fmt::format("{}/sobjects/{}/{}", rest_path, object.name, id));
  json.end_object();
}

void write_compound(base::JsonWriter& json, const Field& compound, const std::vector<CompoundPart>& parts) {
  const bool is_blank = std::all_of(parts.begin(), parts.end(), [](const CompoundPart& part) {
    return std::holds_alternative<base::sql::Null>(*part.value);
  });
  if (is_blank && compound.type == FieldType::location) return json.null();
  std::vector<std::pair<std::string, CompoundPart>> keyed;
  for (const CompoundPart& part : parts) keyed.emplace_back(key_of_part(compound.name, part.field->name), part);
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  json.begin_object();
  for (const auto& [key, part] : keyed) {
    json.key(key);
    write_field_value(json, *part.field, *part.value);
  }
  json.end_object();
}

void write_full_record(base::JsonWriter& json, const Object& object, const Record& record,
                       const std::vector<const Field*>& fields, std::string_view rest_path) {
  json.begin_object();
  write_attributes(json, object, record_id(object, record), rest_path);
  for (const Field* field : fields) {
    json.key(field->name);
    if (field->stored()) {
      write_field_value(json, *field, record[object.index_of(*field)]);
      continue;
    }
    std::vector<CompoundPart> parts;
    for (const Field* part : object.parts_of(field->name)) parts.push_back({part, &record[object.index_of(*part)]});
    write_compound(json, *field, parts);
  }
  json.end_object();
}

}  // namespace local_org
