#include "connectors/survey/question_rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "connectors/survey/html_text.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

// "2" or "x2", of a key that begins with the question's name and a '_'; empty when the key is of something else.
std::string_view row_id_in(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return {};
  const std::string_view id = key.substr(prefix.size());
  std::string_view number = id.substr(std::min(id.find_first_not_of('x'), id.size()));
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? id : std::string_view{};
}

// 2 before 10, and both before x1.
bool is_earlier_row(std::string_view a, std::string_view b) {
  const bool a_is_carried = a.starts_with('x'), b_is_carried = b.starts_with('x');
  if (a_is_carried != b_is_carried) return b_is_carried;
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

std::vector<std::string> row_ids(const Response& response, const std::string& prefix, const Question* definition) {
  std::vector<std::string> ids;
  if (definition && !definition->rows.empty()) {
    for (const Choice& row : definition->rows) ids.push_back(row.id);
    return ids;
  }
  auto take = [&](const std::string& key) {
    if (std::string_view id = row_id_in(key, prefix); !id.empty()) ids.emplace_back(id);
  };
  for (const auto& [key, value] : response.values) take(key);
  for (const std::string& key : response.displayed) take(key);
  std::sort(ids.begin(), ids.end(), is_earlier_row);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

std::vector<AnsweredRow> answered_rows(const Response& response, std::string_view question,
                                       const Question* definition) {
  std::vector<AnsweredRow> rows;
  const std::string prefix = fmt::format("{}_", question);
  for (std::string& id : row_ids(response, prefix, definition)) {
    const std::string key = prefix + id;
    AnsweredRow row{.id = std::move(id), .shown = response.displayed.contains(key)};
    if (const Choice* known = definition ? definition->row(row.id) : nullptr) row.text = known->label;
    const base::Value* value = find_value(response.values, key);
    const base::Value* label = find_value(response.labels, key);
    row.recode = value ? *value : base::Value(base::Blank{row.shown});
    if (label) {
      row.label = without_html(*label);
    } else if (value && definition) {
      row.label = worded(*value, *definition);
    } else {
      row.label = value ? base::Value(base::to_text(*value)) : row.recode;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

base::Value worded(const base::Value& recodes, const Question& definition) {
  if (const auto* list = std::get_if<base::List>(&recodes.data)) {
    base::List words;
    words.reserve(list->size());
    for (const base::Value& one : *list) words.push_back(worded(one, definition));
    return words;
  }
  std::string recode = base::to_text(recodes);
  if (const Choice* choice = definition.choice_of_recode(recode)) return choice->label;
  // The items of a group go by the row's own number.
  const bool has_groups = definition.kind == QuestionKind::pick_group_rank;
  if (const Choice* item = has_groups ? definition.row(recode) : nullptr) return item->label;
  return strip_html(recode);
}

}  // namespace connectors::survey
