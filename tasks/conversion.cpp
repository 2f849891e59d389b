#include "tasks/conversion.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "connectors/salesforce/record_id.hpp"
#include "tasks/decimal.hpp"
#include "tasks/errors.hpp"
#include "tasks/picklist.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using base::Error;
using base::Result;
using base::Status;
using base::Value;
using connectors::salesforce::FieldKind;
using connectors::salesforce::FieldSchema;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// A list of one is that one.
void take_out_of_list(Value& value) {
  auto* items = std::get_if<base::List>(&value.data);
  if (!items) return;
  std::erase_if(*items, [](const Value& item) { return item.is_blank(); });
  if (items->size() != 1) return;
  Value only = std::move(items->front());
  value = std::move(only);
}

// Several values in a field of text stand behind each other, parted as the choices of a multi-select picklist are.
void join_list(Value& value, std::string_view separator) {
  const auto* items = std::get_if<base::List>(&value.data);
  if (!items) return;
  std::string text;
  for (const Value& item : *items) {
    if (item.is_blank()) continue;
    if (!text.empty()) text += separator;
    text += base::to_text(item);
  }
  value.data = std::move(text);
}

// ---- numbers

std::optional<Decimal> decimal_in(const Value& value) {
  if (const auto* number = std::get_if<base::Number>(&value.data)) return Decimal::read(number->text);
  const auto* text = std::get_if<std::string>(&value.data);
  if (!text) return std::nullopt;
  const std::string_view word = trimmed(*text);
  // What JSON cannot hold as a number is none.
  double number = 0;
  const std::string_view unsigned_word = word.starts_with('+') ? word.substr(1) : word;
  const char* end = unsigned_word.data() + unsigned_word.size();
  const auto [rest, fault] = std::from_chars(unsigned_word.data(), end, number);
  if (fault != std::errc{} || rest != end || !std::isfinite(number)) return std::nullopt;
  return Decimal::read(word);
}

Error no_number(const Value& value) {
  return {mapping_value_not_a_number, fmt::format("{} is not a number: it is {}, and 7 or -2.5 would be one",
                                                  shown_value(value), class_of_value(value))};
}

Status make_number(Value& value) {
  if (std::holds_alternative<base::Number>(value.data)) return base::Ok{};
  take_out_of_list(value);
  const std::optional<Decimal> decimal = decimal_in(value);
  if (!decimal) return no_number(value);
  value = base::number(decimal->text());
  return base::Ok{};
}

Error out_of_range(const Value& value, int whole_digits) {
  return {mapping_value_out_of_range,
          fmt::format("{} is too large: the field has {} digits before the point", shown_value(value), whole_digits)};
}

// Where on earth a part of a geolocation or an address may lie; nullopt for every other number.
std::optional<int> degrees_max(const FieldSchema& field) {
  if (field.part_of.empty()) return std::nullopt;
  if (field.name.ends_with("Latitude") || field.name.ends_with("Latitude__s")) return 90;
  if (field.name.ends_with("Longitude") || field.name.ends_with("Longitude__s")) return 180;
  return std::nullopt;
}

Status check_degrees(const Value& value, const FieldSchema& field) {
  const std::optional<int> degrees = degrees_max(field);
  if (!degrees || std::abs(std::get<base::Number>(value.data).value) <= *degrees) return base::Ok{};
  return Error{mapping_value_out_of_range,
               fmt::format("{} lies outside of -{} to {} degrees", shown_value(value), *degrees, *degrees)};
}

// Salesforce itself rounds what has more decimal places than the field; an author may want to know.
Status make_field_number(Value& value, const Conversion& conversion, int whole_digits, int places) {
  if (std::holds_alternative<bool>(value.data)) return no_number(value);
  take_out_of_list(value);
  const std::optional<Decimal> decimal = decimal_in(value);
  if (!decimal) return no_number(value);
  Decimal fitted = *decimal;
  if (decimal->decimal_places() > places) {
    if (conversion.on_too_precise == OnTooPrecise::fail)
      return Error{mapping_value_too_precise,
                   fmt::format("{} has {} decimal places, and the field takes {}", shown_value(value),
                               decimal->decimal_places(), places == 0 ? "whole numbers" : std::to_string(places))};
    fitted =
        decimal->rounded(places, conversion.on_too_precise == OnTooPrecise::round ? Rounding::half_up : Rounding::down);
  }
  if (fitted.whole_digits() > whole_digits) return out_of_range(value, whole_digits);
  value = base::number(fitted.text());
  return base::Ok{};
}

// ---- yes and no

bool is_word(std::string_view text, std::initializer_list<std::string_view> lower_case_words) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::any_of(lower_case_words.begin(), lower_case_words.end(), [&](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [&](char a, char b) { return lower(a) == b; });
  });
}

Status make_boolean(Value& value) {
  if (std::holds_alternative<bool>(value.data)) return base::Ok{};
  take_out_of_list(value);
  const std::string text = base::to_text(value);
  const std::string_view word = trimmed(text);
  const bool yes = is_word(word, {"true", "yes", "1"});
  if (!yes && !is_word(word, {"false", "no", "0"}))
    return Error{mapping_value_not_a_boolean,
                 fmt::format("{}, {}, is neither true nor false: true, yes, 1 and false, no, 0 are understood, and "
                             "\"map\" says what else means yes",
                             shown_value(value), class_of_value(value))};
  value = Value(yes);
  return base::Ok{};
}

// ---- dates and times

Status take_text(Value& value, Result<std::string> text) {
  if (!text) return std::move(text).error();
  value = Value(*std::move(text));
  return base::Ok{};
}

Status make_moment(As as, Value& value, const MomentReading& reading) {
  take_out_of_list(value);
  if (as == As::date) return take_text(value, date_of(value, reading));
  if (as == As::datetime) return take_text(value, datetime_of(value, reading));
  return take_text(value, time_of(value, reading));
}

// ---- texts

constexpr std::string_view ellipsis = "…";  // one UTF-16 unit

struct CharacterSize {
  std::size_t bytes = 1;
  std::size_t units = 1;
};

CharacterSize size_of_character(char first) {
  const auto lead = static_cast<unsigned char>(first);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return {bytes, bytes == 4 ? 2U : 1U};  // a character beyond U+FFFF is a surrogate pair
}

// A choice or an address of which a part is missing is another one, or none.
bool may_be_cut(const FieldSchema* field) {
  return !field || field->kind == FieldKind::text || field->kind == FieldKind::textarea ||
         field->kind == FieldKind::phone || field->kind == FieldKind::url;
}

Status hold_to_length(Value& value, OnTooLong on_too_long, std::size_t length_max, std::optional<Cut>* cut) {
  auto* text = std::get_if<std::string>(&value.data);
  // No text has more UTF-16 units than bytes.
  if (!text || text->size() <= length_max) return base::Ok{};
  const std::size_t fits = cut_text(*text, length_max).size();
  if (fits == text->size()) return base::Ok{};
  if (on_too_long == OnTooLong::fail)
    return Error{mapping_value_too_long,
                 fmt::format("{} is longer than the {} characters allowed", shown_value(value), length_max)};
  const std::size_t before = utf16_units(*text);
  if (on_too_long == OnTooLong::truncate) {
    text->resize(fits);
  } else {
    text->resize(cut_text(*text, length_max - 1).size());
    *text += ellipsis;
  }
  if (cut) *cut = Cut{before, utf16_units(*text)};
  return base::Ok{};
}

// Tab, line feed and carriage return are the only ones of their kind that Salesforce keeps.
bool is_unwritable(std::string_view character) {
  if (character.size() == 1) {
    const auto code = static_cast<unsigned char>(character.front());
    return code < 0x20 && code != '\t' && code != '\n' && code != '\r';
  }
  return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";  // U+FFFE and U+FFFF are no characters
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7F; }

Status check_characters(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_plain(text[at])) {
      ++at;
      continue;
    }
    const std::size_t length = base::utf8_length(text.substr(at));
    if (length == 0)
      return Error{mapping_value_unwritable, fmt::format("byte {} is not part of a text in UTF-8", at + 1)};
    if (is_unwritable(text.substr(at, length)))
      return Error{
          mapping_value_unwritable,
          fmt::format("character {} is U+{:04X}, which Salesforce does not keep: take it out where the value "
                      "comes from",
                      base::utf8_characters(text.substr(0, at)) + 1,
                      length == 1 ? static_cast<unsigned char>(text[at]) : (text[at + 2] == '\xBE' ? 0xFFFE : 0xFFFF))};
    at += length;
  }
  return base::Ok{};
}

Status make_text(Value& value, std::string_view separator) {
  join_list(value, separator);
  if (!std::holds_alternative<std::string>(value.data)) value = Value(base::to_text(value));
  return check_characters(std::get<std::string>(value.data));
}

// ---- fields that hold one thing

Status make_single(Value& value) {
  take_out_of_list(value);
  if (const auto* list = std::get_if<base::List>(&value.data))
    return Error{mapping_value_several,
                 fmt::format("{} are {} values, and the field takes one: map one of them, or map into a multi-select "
                             "picklist or a text",
                             shown_value(value), list->size())};
  if (!std::holds_alternative<std::string>(value.data)) value = Value(base::to_text(value));
  return check_characters(std::get<std::string>(value.data));
}

bool is_local_part(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code >= 0x80 || std::isalnum(code) ||
           std::string_view("!#$%&'*/=?^_+-`{|}~.").find(c) != std::string_view::npos;
  });
}

bool is_domain(std::string_view text) {
  const bool letters = std::all_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code >= 0x80 || std::isalnum(code) || c == '-' || c == '.';
  });
  const std::size_t dot = text.rfind('.');
  return letters && dot != std::string_view::npos && dot > 0 && text.size() - dot > 2 && text.front() != '.' &&
         text.find("..") == std::string_view::npos;
}

Status make_email(Value& value) {
  if (Status single = make_single(value); !single) return single;
  const std::string_view address = trimmed(std::get<std::string>(value.data));
  const std::size_t at = std::min(address.rfind('@'), address.size());
  if (at == address.size() || !is_local_part(address.substr(0, at)) || !is_domain(address.substr(at + 1)))
    return Error{mapping_value_not_an_email,
                 fmt::format("{} is no e-mail address: ana@example.com would be one", shown_value(value))};
  value = Value(std::string(address));
  return base::Ok{};
}

Status make_id(Value& value) {
  if (Status single = make_single(value); !single) return single;
  const std::string_view id = trimmed(std::get<std::string>(value.data));
  if (!connectors::salesforce::is_record_id(id))
    return Error{mapping_value_not_an_id,
                 fmt::format("{} is no record id: one has 15 or 18 letters and digits, as in 0035e00000AbCdEAAV; a "
                             "parent known by its own key is mapped as \"Account__r\": {{\"Key__c\": …}}",
                             shown_value(value))};
  value = Value(std::string(id));
  return base::Ok{};
}

// ---- putting together

Status make_typed(Value& value, const Conversion& conversion) {
  switch (conversion.as) {
    case As::unchanged: return base::Ok{};
    case As::text: return make_text(value, conversion.separator);
    case As::number: return make_number(value);
    case As::boolean: return make_boolean(value);
    case As::date:
    case As::datetime:
    case As::time: return make_moment(conversion.as, value, conversion.moments);
  }
  return base::Ok{};
}

Status make_fit(Value& value, const Conversion& conversion, const FieldSchema& field) {
  switch (field.kind) {
    case FieldKind::text:
    case FieldKind::textarea: return make_text(value, conversion.separator);
    case FieldKind::phone:
    case FieldKind::url: return make_single(value);
    case FieldKind::email: return make_email(value);
    case FieldKind::picklist:
      if (Status single = make_single(value); !single) return single;
      return take_text(value, choice_named(std::get<std::string>(value.data), field));
    case FieldKind::multipicklist:
      if (Status named = take_text(value, choices_named(value, field)); !named) return named;
      return check_characters(std::get<std::string>(value.data));
    case FieldKind::boolean: return make_boolean(value);
    case FieldKind::integer: return make_field_number(value, conversion, field.digits, 0);
    case FieldKind::number:
      if (Status number = make_field_number(value, conversion, field.precision - field.scale, field.scale); !number)
        return number;
      return check_degrees(value, field);
    case FieldKind::date: return make_moment(As::date, value, conversion.moments);
    case FieldKind::datetime: return make_moment(As::datetime, value, conversion.moments);
    case FieldKind::time: return make_moment(As::time, value, conversion.moments);
    case FieldKind::reference:
    case FieldKind::id: return make_id(value);
    case FieldKind::compound:
    case FieldKind::other: break;
  }
  join_list(value, conversion.separator);
  return base::Ok{};
}

// What `as` has made a date of is in the form of ISO 8601, whatever the answer's own was.
Status fit_behind_as(Value& value, const Conversion& conversion, const FieldSchema& field) {
  if (conversion.moments.formats.empty() ||
      (conversion.as != As::date && conversion.as != As::datetime && conversion.as != As::time))
    return make_fit(value, conversion, field);
  Conversion rest = conversion;
  rest.moments.formats.clear();
  return make_fit(value, rest, field);
}

// The document's length, and the field's own where it is shorter.
std::optional<std::size_t> length_limit(const Conversion& conversion, const FieldSchema* field) {
  const bool has_length = field && field->length > 0 && field->kind != FieldKind::reference;
  if (!has_length) return conversion.length_max;
  return std::min(conversion.length_max.value_or(field->length), field->length);
}

}  // namespace

Status convert(Value& value, const Conversion& conversion, const FieldSchema* field, std::optional<Cut>* cut) {
  if (!field || conversion.as != As::unchanged) {
    join_list(value, conversion.separator);
    if (Status typed = make_typed(value, conversion); !typed) return typed;
  }
  if (field)
    if (Status fit = fit_behind_as(value, conversion, *field); !fit) return fit;
  const OnTooLong on_too_long = may_be_cut(field) ? conversion.on_too_long : OnTooLong::fail;
  if (const std::optional<std::size_t> limit = length_limit(conversion, field))
    return hold_to_length(value, on_too_long, *limit, cut);
  return base::Ok{};
}

std::string_view cut_text(std::string_view text, std::size_t units) {
  std::size_t end = 0;
  while (end < text.size()) {
    const CharacterSize size = size_of_character(text[end]);
    if (size.units > units) break;
    units -= size.units;
    end = std::min(end + size.bytes, text.size());
  }
  return text.substr(0, end);
}

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CharacterSize size = size_of_character(text[at]);
    units += size.units;
    at += size.bytes;
  }
  return units;
}

}  // namespace tasks
