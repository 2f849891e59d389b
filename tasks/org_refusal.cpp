#include "tasks/org_refusal.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "connectors/salesforce/errors.hpp"
#include "tasks/api_name.hpp"
#include "tasks/mapping_check.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::ObjectSchema;

base::Error may_not(std::string_view what, const ObjectSchema& schema) {
  return org_refusal(400, "INSUFFICIENT_ACCESS_OR_READONLY",
                     fmt::format("the account's user may not {} records of {}", what, schema.name));
}

// A new record has to have a value, a change must not take it away.
bool is_left_without(const FieldSchema& field, const NamedValues& written, Writing writing) {
  const auto given = std::find_if(written.begin(), written.end(),
                                  [&](const auto& member) { return same_name(member.first, field.name); });
  return given == written.end() ? writing == Writing::creates : given->second.is_blank();
}

}  // namespace

base::Error org_refusal(int status, std::string_view code, std::string_view message,
                        const std::vector<std::string>& fields) {
  base::JsonWriter json;
  json.begin_array();
  json.begin_object();
  json.field("errorCode", code);
  json.field("message", message);
  json.key("fields");
  json.begin_array();
  for (const std::string& field : fields) json.string(field);
  json.end_array();
  json.end_object();
  json.end_array();
  return connectors::salesforce::to_error(status, {}, json.text(), /*is_write=*/true);
}

std::optional<base::Error> refusal_of_write(const ObjectSchema& schema, const NamedValues& written, Writing writing) {
  if (writing == Writing::creates && !schema.createable) return may_not("create", schema);
  if (writing == Writing::updates && !schema.updateable) return may_not("edit", schema);
  for (const auto& [name, value] : written) {
    const FieldSchema* field = schema.find(name);
    if (!field)
      return org_refusal(400, "INVALID_FIELD",
                         fmt::format("No such column '{}' on sobject of type {}", name, schema.name));
    if (const std::optional<base::Error> wrong = what_keeps_from_writing(schema, *field, writing))
      return org_refusal(400, "INVALID_FIELD_FOR_INSERT_UPDATE", wrong->message, {field->name});
  }
  std::vector<std::string> missing;
  for (const FieldSchema& field : schema.fields)
    if (is_required_in_record(field) && is_left_without(field, written, writing)) missing.push_back(field.name);
  if (missing.empty()) return std::nullopt;
  return org_refusal(400, "REQUIRED_FIELD_MISSING",
                     fmt::format("Required fields are missing: [{}]", fmt::join(missing, ", ")), missing);
}

std::optional<base::Error> refusal_of_removal(const ObjectSchema& schema) {
  if (schema.deletable) return std::nullopt;
  return may_not("delete", schema);
}

}  // namespace tasks
