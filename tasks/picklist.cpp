#include "tasks/picklist.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "tasks/errors.hpp"
#include "tasks/shown_value.hpp"

namespace tasks {

namespace {

using connectors::salesforce::FieldSchema;
using connectors::salesforce::PicklistChoice;

std::string_view bare(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool equal_but_for_capitals(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// Exact values before everything else: a label may be another choice's value.
const PicklistChoice* find_choice(std::string_view text, const FieldSchema& field) {
  const auto first = [&](auto fits) -> const PicklistChoice* {
    const auto found = std::find_if(field.choices.begin(), field.choices.end(), fits);
    return found == field.choices.end() ? nullptr : &*found;
  };
  if (const auto* choice = first([&](const PicklistChoice& one) { return one.value == text; })) return choice;
  const std::string_view word = bare(text);
  if (const auto* choice = first([&](const PicklistChoice& one) { return one.label == word; })) return choice;
  if (const auto* choice = first([&](const PicklistChoice& one) { return equal_but_for_capitals(one.value, word); }))
    return choice;
  return first([&](const PicklistChoice& one) { return equal_but_for_capitals(one.label, word); });
}

// Long lists are shown by their beginning.
std::string listed_choices(const FieldSchema& field) {
  constexpr std::size_t shown_max = 12;
  std::string list;
  for (std::size_t i = 0; i < field.choices.size() && i < shown_max; ++i)
    list += (list.empty() ? "'" : ", '") + field.choices[i].value + "'";
  if (field.choices.size() > shown_max) list += fmt::format(" and {} more", field.choices.size() - shown_max);
  return list.empty() ? "none at all" : list;
}

base::Error no_choice(std::string_view text, const FieldSchema& field) {
  std::vector<std::string> names;
  for (const PicklistChoice& choice : field.choices) names.push_back(choice.value);
  const std::string near = base::nearest(text, names);
  return {mapping_value_not_in_picklist,
          fmt::format("{} is none of the choices that the org has: {}{}", shown_value(base::Value(std::string(text))),
                      listed_choices(field), near.empty() ? "" : fmt::format(" · did you mean '{}'?", near))};
}

std::vector<std::string> texts_of(const base::Value& value, const FieldSchema& field) {
  std::vector<std::string> texts;
  if (const auto* list = std::get_if<base::List>(&value.data)) {
    for (const base::Value& item : *list)
      if (!item.is_blank()) texts.push_back(base::to_text(item));
    return texts;
  }
  const std::string text = base::to_text(value);
  return find_choice(text, field) ? std::vector<std::string>{text} : choices_in(text);
}

}  // namespace

base::Result<std::string> choice_named(std::string_view text, const FieldSchema& field) {
  if (const PicklistChoice* choice = find_choice(text, field)) return choice->value;
  if (field.restricted) return no_choice(text, field);
  return std::string(text);
}

base::Result<std::string> choices_named(const base::Value& value, const FieldSchema& field) {
  std::vector<std::string> named;
  for (const std::string& text : texts_of(value, field)) {
    base::Result<std::string> choice = choice_named(text, field);
    if (!choice) return choice;
    if (choice->find(';') != std::string::npos)
      return base::Error{
          mapping_value_not_in_picklist,
          fmt::format("{} holds a ';', which parts choices from each other", shown_value(base::Value(*choice)))};
    if (std::find(named.begin(), named.end(), *choice) == named.end()) named.push_back(*std::move(choice));
  }
  const auto place = [&](const std::string& name) {
    return std::find_if(field.choices.begin(), field.choices.end(),
                        [&](const PicklistChoice& choice) { return choice.value == name; });
  };
  std::stable_sort(named.begin(), named.end(),
                   [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  return fmt::format("{}", fmt::join(named, ";"));
}

std::vector<std::string> choices_in(std::string_view joined) {
  std::vector<std::string> choices;
  for (std::size_t begin = 0; begin <= joined.size();) {
    const std::size_t end = std::min(joined.find(';', begin), joined.size());
    const std::string_view item = bare(joined.substr(begin, end - begin));
    if (!item.empty()) choices.emplace_back(item);
    begin = end + 1;
  }
  return choices;
}

bool is_offered(const FieldSchema& field, std::string_view choice, std::string_view controlling) {
  const auto known = std::find_if(field.choices.begin(), field.choices.end(),
                                  [&](const PicklistChoice& one) { return one.value == choice; });
  const auto at = std::find(field.controlling_values.begin(), field.controlling_values.end(), controlling);
  if (known == field.choices.end() || at == field.controlling_values.end()) return true;
  const auto index = static_cast<std::size_t>(at - field.controlling_values.begin());
  return index < known->valid_for.size() && known->valid_for[index];
}

}  // namespace tasks
