#include "app/stand_in_comparison.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/http/message.hpp"
#include "connectors/salesforce/record_id.hpp"

namespace app {
namespace {

using Tree = nlohmann::ordered_json;

// So much of a text's beginning is recognised in a field that cuts it; and a shorter text only as a word of its own.
constexpr std::size_t beginning_length = 6;
constexpr std::size_t telling_field_length = 4;

bool is_id(const Tree& value) {
  return value.is_string() && connectors::salesforce::is_record_id(value.get_ref<const std::string&>());
}

std::string text_of_value(const Tree& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

bool is_part_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool is_iso_date(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         std::isdigit(static_cast<unsigned char>(text[0])) != 0;
}

bool has_word(const std::string& field, const std::string& text) {
  for (std::size_t at = field.find(text); at != std::string::npos; at = field.find(text, at + 1)) {
    const std::size_t end = at + text.size();
    if ((at == 0 || !is_part_of_word(field[at - 1])) && (end == field.size() || !is_part_of_word(field[end])))
      return true;
  }
  return false;
}

// One stands in the other: values stand within sentences, and may be cut.
bool shares_text(const std::string& field, const std::string& text) {
  if (field.empty() || text.empty()) return false;
  if (text.size() < telling_field_length) return has_word(field, text);
  if (field.find(text) != std::string::npos) return true;
  if (field.size() >= telling_field_length && text.find(field) != std::string::npos) return true;
  return text.size() > beginning_length && field.find(text.substr(0, beginning_length)) != std::string::npos;
}

}  // namespace

std::size_t StandInComparison::different_fields(const base::JsonText& before, const base::JsonText& now) const {
  const Tree was = Tree::parse(before.text), is = Tree::parse(now.text);
  std::size_t count = 0;
  for (const auto& [field, value] : was.items()) {
    if (field == "Id" || field == "SystemModstamp" || field == "attributes") continue;
    const Tree has = is.contains(field) ? is[field] : Tree();
    if (has == value || is_id(value)) continue;
    if (!tells_of_stand_in(text_of_value(value), text_of_value(has))) ++count;
  }
  return count;
}

// The words of before, and the stand-in's in their place; also where both are written as in an address of the web.
bool StandInComparison::tells_of_stand_in(const std::string& was, const std::string& is) const {
  // However a date was written, it is written anew for a field of dates.
  if (is_iso_date(was) && is.starts_with(stand_in_date)) return true;
  return std::any_of(stand_ins_.known().begin(), stand_ins_.known().end(), [&](const auto& one) {
    const auto& [original, stand_in] = one;
    return (shares_text(was, original) && shares_text(is, stand_in)) ||
           (shares_text(was, base::http::percent_encode(original)) &&
            shares_text(is, base::http::percent_encode(stand_in)));
  });
}

}  // namespace app
