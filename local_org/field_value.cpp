// A field's value on its way in, checked by its type's rules, and on its way out.
#include "local_org/field_value.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "local_org/api_error.hpp"
#include "local_org/record_id.hpp"

namespace local_org {
namespace {

namespace sql = base::sql;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The token's name in the words of Salesforce's parser, followed by what it shows of the value.
std::string token_of(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::string: return "VALUE_STRING value " + value.get<std::string>();
    case nlohmann::json::value_t::boolean:
      return value.get<bool>() ? "VALUE_TRUE value true" : "VALUE_FALSE value false";
    case nlohmann::json::value_t::number_float: return "VALUE_NUMBER_FLOAT value " + value.dump();
    case nlohmann::json::value_t::object: return "START_OBJECT value {";
    case nlohmann::json::value_t::array: return "START_ARRAY value [";
    default: return "VALUE_NUMBER_INT value " + value.dump();
  }
}

std::optional<double> number_from_text(std::string_view text) {
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

double rounded_to_scale(double number, int scale) {
  const double unit = std::pow(10.0, scale);
  const double scaled = number * unit;
  // Beyond 2^53 there is no fraction left to round.
  return std::abs(scaled) < 9007199254740992.0 ? std::round(scaled) / unit : number;
}

std::optional<sql::Value> numeric_value(const Field& field, double number) {
  if (field.type == FieldType::number) return sql::Value(rounded_to_scale(number, field.scale));
  if (number != std::trunc(number) || std::abs(number) > 9e15) return std::nullopt;
  return sql::Value(static_cast<std::int64_t>(number));
}

std::optional<sql::Value> value_from_json(const Field& field, const nlohmann::json& value) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    if (text.empty() && (field.is_text() || field.is_lookup())) return sql::Value(sql::Null{});
    // Whether an id is one, is judged with the other rules of records, not by the parser.
    if (field.is_lookup() || field.type == FieldType::id) return sql::Value(text);
    return field_value_from_text(field, text);
  }
  switch (field.type) {
    case FieldType::boolean:
      if (value.is_boolean()) return sql::Value(std::int64_t{value.get<bool>()});
      return std::nullopt;
    case FieldType::integer:
    case FieldType::number:
      if (value.is_number()) return numeric_value(field, value.get<double>());
      return std::nullopt;
    default: return std::nullopt;
  }
}

// Salesforce counts UTF-16 units: what takes four bytes here, such as an emoji, is two of them.
std::size_t count_characters(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0u) != 0x80u) units += byte >= 0xF0u ? 2 : 1;
  }
  return units;
}

// user@host.domain, as far as Salesforce looks.
bool is_email_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.find('@', at + 1) != std::string_view::npos)
    return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const bool local_fits = std::all_of(local.begin(), local.end(), [](char c) {
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view("!#$%&'*/=?^_+-`{|}~.").find(c) != std::string_view::npos;
  });
  const bool domain_fits = std::all_of(domain.begin(), domain.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
  });
  const std::size_t dot = domain.rfind('.');
  return local_fits && domain_fits && dot != std::string_view::npos && dot > 0 && domain.size() - dot > 2 &&
         domain.find("..") == std::string_view::npos && domain.front() != '.';
}

// Tab, line feed and carriage return are the only control characters that are kept. Which others Salesforce refuses is
// nowhere written down; the error is.
void check_charset(const Field& field, const std::string& text) {
  const bool is_supported = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  const bool has_noncharacter =
      text.find("\xEF\xBF\xBE") != std::string::npos || text.find("\xEF\xBF\xBF") != std::string::npos;
  if (is_supported && !has_noncharacter) return;
  throw record_error("TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
                     fmt::format("{}: text data outside supported charset", field.label), {field.name});
}

void check_text(const Field& field, const std::string& text) {
  check_charset(field, text);
  if (text.size() > field.length && count_characters(text) > field.length) {
    throw record_error("STRING_TOO_LONG",
                       fmt::format("{}: data value too large: {} (max length={})", field.label, text, field.length),
                       {field.name});
  }
  if (field.type == FieldType::email && !is_email_address(text)) {
    throw record_error("INVALID_EMAIL_ADDRESS", fmt::format("{}: invalid email address: {}", field.label, text),
                       {field.name});
  }
}

void check_choice(const Field& field, std::string_view choice) {
  if (std::find(field.choices.begin(), field.choices.end(), choice) != field.choices.end()) return;
  throw record_error("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                     fmt::format("{}: bad value for restricted picklist field: {}", field.label, choice), {field.name});
}

void check_choices(const Field& field, std::string_view text) {
  if (field.type == FieldType::picklist) return check_choice(field, text);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    check_choice(field, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Latitudes and longitudes of compound fields lie on the globe.
bool is_off_the_globe(const Field& field, double number) {
  if (field.compound.empty()) return false;
  if (field.name.ends_with("Latitude") || field.name.ends_with("Latitude__s")) return std::abs(number) > 90;
  const bool is_longitude = field.name.ends_with("Longitude") || field.name.ends_with("Longitude__s");
  return is_longitude && std::abs(number) > 180;
}

void check_range(const Field& field, double number) {
  const int digits = field.type == FieldType::integer ? field.digits : field.precision - field.scale;
  if (std::abs(number) < std::pow(10.0, digits) && !is_off_the_globe(field, number)) return;
  throw record_error("NUMBER_OUTSIDE_VALID_RANGE",
                     fmt::format("{}: value outside of valid range on numeric field: {}", field.label, number),
                     {field.name});
}

// Choices come back in the picklist's order, whatever the order they were written in; what is no choice goes last.
std::string in_picklist_order(const Field& field, std::string_view text) {
  std::vector<std::string> chosen;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    if (end > 0) chosen.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto place = [&](const std::string& choice) {
    return std::find(field.choices.begin(), field.choices.end(), choice) - field.choices.begin();
  };
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  return fmt::format("{}", fmt::join(chosen, ";"));
}

// Doubles always show a fraction.
std::string number_text(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

base::sql::Value read_field_value(const Field& field, const nlohmann::json& value, const RecordBody& body,
                                  const std::string& pointer) {
  if (value.is_null()) {
    if (field.type != FieldType::boolean) return sql::Null{};
    throw record_error("INVALID_TYPE_ON_FIELD_IN_RECORD", field.label + ": value not of required type: ", {field.name});
  }
  if (std::optional<sql::Value> read = value_from_json(field, value)) return *std::move(read);
  throw ApiError{
      400, "JSON_PARSER_ERROR",
      fmt::format("Cannot deserialize instance of {} from {} or request may be missing a required field at {}",
                  field.type_name, token_of(value), body.place_of(pointer))};
}

std::optional<base::sql::Value> field_value_from_text(const Field& field, std::string_view text) {
  switch (field.type) {
    case FieldType::id:
    case FieldType::reference: {
      std::optional<std::string> id = to_record_id(text);
      return id ? std::optional<sql::Value>(*std::move(id)) : std::nullopt;
    }
    case FieldType::boolean:
      if (text == "true" || text == "false") return sql::Value(std::int64_t{text == "true"});
      return std::nullopt;
    case FieldType::integer:
    case FieldType::number: {
      const std::optional<double> number = number_from_text(text);
      return number ? numeric_value(field, *number) : std::nullopt;
    }
    case FieldType::date: return is_date(text) ? std::optional<sql::Value>(std::string(text)) : std::nullopt;
    case FieldType::datetime: {
      const std::optional<base::TimePoint> at = parse_datetime(text);
      return at ? std::optional<sql::Value>(base::to_millis(*at)) : std::nullopt;
    }
    case FieldType::time: {
      std::optional<std::string> time = parse_time(text);
      return time ? std::optional<sql::Value>(*std::move(time)) : std::nullopt;
    }
    case FieldType::address:
    case FieldType::location: return std::nullopt;
    default: return sql::Value(std::string(text));
  }
}

void check_field_value(const Field& field, const base::sql::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value); text && field.is_text()) {
    check_text(field, *text);
    if (field.restricted) check_choices(field, *text);
  } else if (field.type == FieldType::integer && std::holds_alternative<std::int64_t>(value)) {
    check_range(field, static_cast<double>(std::get<std::int64_t>(value)));
  } else if (const auto* number = std::get_if<double>(&value)) {
    check_range(field, *number);
  }
}

void write_field_value(base::JsonWriter& json, const Field& field, const base::sql::Value& value) {
  if (std::holds_alternative<sql::Null>(value)) return json.null();
  switch (field.type) {
    case FieldType::boolean: return json.boolean(std::get<std::int64_t>(value) != 0);
    case FieldType::integer: return json.number(std::get<std::int64_t>(value));
    case FieldType::number: return json.raw(number_text(std::get<double>(value)));
    case FieldType::datetime: return json.string(datetime_text(base::from_millis(std::get<std::int64_t>(value))));
    case FieldType::multipicklist: return json.string(in_picklist_order(field, std::get<std::string>(value)));
    default: return json.string(std::get<std::string>(value));
  }
}

std::string datetime_text(base::TimePoint at) {
  std::string text = base::to_iso8601(at);
  text.pop_back();
  return text + "+0000";
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t place : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u}) {
    if (!is_digit(text[place])) return false;
  }
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    std::from_chars(text.data() + from, text.data() + from + count, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return date.ok() && number(0, 4) >= 1700 && number(0, 4) <= 4000;
}

std::optional<base::TimePoint> parse_datetime(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || !is_date(text.substr(0, 10))) return std::nullopt;
  const bool has_millis = text[19] == '.';
  const bool colon_missing = text.back() != 'Z' && text[text.size() - 3] != ':';
  if (colon_missing && !has_millis) return std::nullopt;
  const base::Result<base::TimePoint> at = base::from_iso8601(text);
  if (!at) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*at);
}

std::optional<std::string> parse_time(std::string_view text) {
  if (!text.ends_with('Z')) return std::nullopt;
  const base::Result<base::TimePoint> at = base::from_iso8601(fmt::format("1970-01-01T{}", text));
  if (!at) return std::nullopt;
  return base::to_iso8601(*at).substr(std::string_view("1970-01-01T").size());
}

}  // namespace local_org
