// A field's value on its way in, checked by its type's rules, and on its way out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/json_writer.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "local_org/record_body.hpp"
#include "local_org/schema.hpp"

namespace local_org {

// What the table holds: texts, ids, dates and times of day as text, booleans and datetimes (milliseconds) as integers,
// numbers as doubles. Throws JSON_PARSER_ERROR for a value that is not of the field's type; `pointer` is its place in
// `body`.
base::sql::Value read_field_value(const Field& field, const nlohmann::json& value, const RecordBody& body,
                                  const std::string& pointer);

// The same for a value that stands in a URL. Nothing when it cannot be one of this field.
std::optional<base::sql::Value> field_value_from_text(const Field& field, std::string_view text);

// Throws STRING_TOO_LONG, TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET, NUMBER_OUTSIDE_VALID_RANGE, INVALID_EMAIL_ADDRESS or
// INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST when the type is right and the value is not.
void check_field_value(const Field& field, const base::sql::Value& value);

void write_field_value(base::JsonWriter& json, const Field& field, const base::sql::Value& value);

// `2026-05-01T07:25:37.000+0000`
std::string datetime_text(base::TimePoint at);
// `yyyy-MM-dd` between 1700 and 4000.
bool is_date(std::string_view text);
// `yyyy-MM-ddTHH:mm:ss[.SSS]` with Z, ±hh:mm or, after milliseconds, ±hhmm. Salesforce keeps seconds.
std::optional<base::TimePoint> parse_datetime(std::string_view text);
// `HH:mm:ss.SSSZ` of `HH:mm:ss[.SSS]Z`.
std::optional<std::string> parse_time(std::string_view text);

}  // namespace local_org
