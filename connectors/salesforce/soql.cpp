#include "connectors/salesforce/soql.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/time.hpp"
#include "connectors/errors.hpp"

namespace connectors::salesforce {

namespace {

// Salesforce's own limits: a text in WHERE, a whole statement, steps from a child to its parents.
constexpr std::size_t literal_characters_max = 4'000;
constexpr std::size_t statement_characters_max = 100'000;
constexpr std::size_t parent_steps_max = 5;

bool is_soql_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_soql_digit(char c) { return c >= '0' && c <= '9'; }

// Names cannot be escaped, so only what can be an API name passes.
bool is_api_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && is_soql_letter(name.front()) && name.back() != '_' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_soql_letter(c) || is_soql_digit(c) || c == '_'; });
}

bool is_field_path(std::string_view path) {
  for (std::size_t steps = 0; steps <= parent_steps_max; ++steps) {
    std::size_t dot = path.find('.');
    if (!is_api_name(path.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    path.remove_prefix(dot + 1);
  }
  return false;
}

base::Error no_literal(std::string_view wrong, std::string_view kind) {
  return {soql_invalid, fmt::format("{} is no {}", wrong, kind)};
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\'': out += "\\'"; break;
      case '"': out += "\\\""; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out.push_back(c);
    }
  }
  out.push_back('\'');
  return out;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

base::Result<std::string> text_literal(std::string_view text) {
  if (std::size_t count = characters_in(text); count > literal_characters_max) {
    return base::Error{soql_invalid,
                       fmt::format("a text of {} characters is longer than the {} that a query may compare with", count,
                                   literal_characters_max)};
  }
  return in_quotes(text);
}

// The grammar of a JSON number, which is the only kind of number that gets here.
bool is_number_text(std::string_view text) {
  std::size_t at = 0;
  auto digits = [&] {
    std::size_t start = at;
    while (at < text.size() && is_soql_digit(text[at])) ++at;
    return at > start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (!digits()) return false;
  if (at < text.size() && text[at] == '.' && (++at, !digits())) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

base::Result<std::string> number_literal(std::string_view text) {
  if (!is_number_text(text)) return no_literal(in_quotes(text), "number");
  if (text.find_first_of("eE") == std::string_view::npos) return std::string(text);
  // The grammar of SOQL does not promise exponents: written out in full.
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) {
    return no_literal(in_quotes(text), "number that a query can hold");
  }
  std::array<char, 400> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  if (end.ec != std::errc{}) return no_literal(in_quotes(text), "number that a query can hold");
  return std::string(digits.data(), end.ptr);
}

base::Result<std::string> date_literal(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  auto part = [&](std::size_t at, std::size_t length, auto& into) {
    const char* end = text.data() + at + length;
    return std::from_chars(text.data() + at, end, into).ptr == end && is_soql_digit(text[at]);
  };
  bool shaped =
      text.size() == 10 && text[4] == '-' && text[7] == '-' && part(0, 4, year) && part(5, 2, month) && part(8, 2, day);
  std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  // Salesforce knows dates from 1700-01-01 to 4000-12-31.
  if (!shaped || !date.ok() || year < 1700 || year > 4000) return no_literal(in_quotes(text), "date (YYYY-MM-DD)");
  return std::string(text);
}

base::Result<std::string> datetime_literal(std::string_view text) {
  base::Result<base::TimePoint> at = base::from_iso8601(text);
  if (!at) return no_literal(in_quotes(text), "date and time with a zone (2026-01-31T12:00:00Z)");
  std::string utc = base::to_iso8601(*at);
  if (std::string_view(utc).substr(utc.size() - 5) == ".000Z") utc.replace(utc.size() - 5, 5, "Z");
  return utc;
}

base::Result<std::string> boolean_literal(const base::Value& value) {
  if (const bool* yes = std::get_if<bool>(&value.data)) return std::string(*yes ? "true" : "false");
  std::string text = base::to_text(value);
  if (text != "true" && text != "false") return no_literal(in_quotes(text), "true or false");
  return text;
}

}  // namespace

base::Result<std::string> soql_literal(const base::Value& value, LiteralKind kind) {
  if (value.is_blank()) return std::string("null");
  if (std::holds_alternative<base::List>(value.data)) {
    return base::Error{soql_invalid,
                       fmt::format("a list ({}) cannot be compared with one field", base::to_text(value))};
  }
  switch (kind) {
    case LiteralKind::text: return text_literal(base::to_text(value));
    case LiteralKind::number: return number_literal(base::to_text(value));
    case LiteralKind::boolean: return boolean_literal(value);
    case LiteralKind::date: return date_literal(base::to_text(value));
    case LiteralKind::datetime: return datetime_literal(base::to_text(value));
  }
  return no_literal("this", "literal");
}

SoqlBuilder::SoqlBuilder(std::string object) : object_(std::move(object)) {
  if (!is_api_name(object_)) faults_.push_back(no_literal(in_quotes(object_), "name of an object"));
}

SoqlBuilder& SoqlBuilder::select(std::string field) {
  if (!is_field_path(field)) faults_.push_back(no_literal(in_quotes(field), "name of a field"));
  fields_.push_back(std::move(field));
  return *this;
}

SoqlBuilder& SoqlBuilder::where_equals(std::string field, const base::Value& value, LiteralKind kind) {
  return compare(field, "=", value, kind);
}

SoqlBuilder& SoqlBuilder::where_at_least(std::string field, const base::Value& value, LiteralKind kind) {
  return compare(field, ">=", value, kind);
}

SoqlBuilder& SoqlBuilder::compare(const std::string& field, std::string_view comparison, const base::Value& value,
                                  LiteralKind kind) {
  if (!is_field_path(field)) {
    faults_.push_back(no_literal(in_quotes(field), "name of a field"));
    return *this;
  }
  base::Result<std::string> literal = soql_literal(value, kind);
  if (!literal) {
    faults_.push_back({soql_invalid, fmt::format("{}: {}", field, literal.error().message)});
    return *this;
  }
  conditions_.push_back(fmt::format("{} {} {}", field, comparison, *literal));
  return *this;
}

SoqlBuilder& SoqlBuilder::where_in(std::string field, const std::vector<std::string>& texts) {
  if (!is_field_path(field)) faults_.push_back(no_literal(in_quotes(field), "name of a field"));
  if (texts.empty()) faults_.push_back({soql_invalid, fmt::format("{} is to be one of nothing", field)});
  std::vector<std::string> literals;
  for (const std::string& text : texts) {
    base::Result<std::string> literal = text_literal(text);
    if (!literal) {
      faults_.push_back({soql_invalid, fmt::format("{}: {}", field, literal.error().message)});
      return *this;
    }
    literals.push_back(*std::move(literal));
  }
  conditions_.push_back(fmt::format("{} IN ({})", field, fmt::join(literals, ", ")));
  return *this;
}

SoqlBuilder& SoqlBuilder::order_by(std::string field, bool descending) {
  if (!is_field_path(field)) faults_.push_back(no_literal(in_quotes(field), "name of a field"));
  if (!order_.empty()) order_ += ", ";
  order_ += fmt::format("{}{}", field, descending ? " DESC" : " ASC");
  return *this;
}

SoqlBuilder& SoqlBuilder::limit(std::size_t rows) {
  limit_ = rows;
  return *this;
}

base::Result<Soql> SoqlBuilder::build() const {
  if (!faults_.empty()) return faults_.front();
  if (fields_.empty()) return base::Error{soql_invalid, fmt::format("a query on {} names no field", object_)};
  std::string text = fmt::format("SELECT {} FROM {}", fmt::join(fields_, ", "), object_);
  if (!conditions_.empty()) text += fmt::format(" WHERE {}", fmt::join(conditions_, " AND "));
  if (!order_.empty()) text += fmt::format(" ORDER BY {}", order_);
  if (limit_ > 0) text += fmt::format(" LIMIT {}", limit_);
  if (characters_in(text) > statement_characters_max) {
    return base::Error{soql_invalid,
                       fmt::format("a query on {} is longer than {} characters", object_, statement_characters_max)};
  }
  return Soql(std::move(text));
}

}  // namespace connectors::salesforce
