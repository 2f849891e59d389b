#include "connectors/survey/split_answers.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace connectors::survey {

namespace {

bool is_display_order(std::string_view key) { return key.ends_with("_DO"); }

// What the column stands for; nullptr where the definition has no such choice.
const Choice* choice_of_column(const SplitColumn& column) {
  if (column.question->kind == QuestionKind::pick_group_rank) return column.question->row(column.choice);
  const Choice* by_id = column.question->choice(column.choice);
  return by_id ? by_id : column.question->choice_of_recode(column.choice);
}

bool is_answered_by_several(const SplitColumn& column) {
  using enum QuestionKind;
  const QuestionKind kind = column.question->kind;
  return kind == multiple_choice || kind == matrix_multiple || kind == other ||
         (kind == pick_group_rank && column.key.ends_with("_GROUP"));
}

base::Error unclear_cell(const SplitColumn& column, std::string_view cell, std::string_view right) {
  return {response_invalid, fmt::format("the column '{}' ({}, choice {}) holds '{}': {}", column.name, column.key,
                                        column.choice, base::shortened(cell), right)};
}

}  // namespace

std::string why_not_put_together(const SplitColumn& column) {
  if (is_display_order(column.key) || !column.question) return "";
  if (!is_answered_by_several(column)) {
    return fmt::format("{} ({}) is not answered by several choices, and the column is of the choice '{}' alone",
                       column.question->id, to_string(column.question->kind), column.choice);
  }
  if (column.question->kind == QuestionKind::other || choice_of_column(column)) return "";
  return fmt::format("{} has no choice '{}'", column.question->id, column.choice);
}

SplitAnswers::Answer& SplitAnswers::answer_to(std::string_view key) {
  auto at = std::find_if(answers_.begin(), answers_.end(), [key](const Answer& one) { return one.key == key; });
  return at == answers_.end() ? answers_.emplace_back(Answer{.key = std::string(key)}) : *at;
}

base::Status SplitAnswers::take(const SplitColumn& column, std::string_view cell) {
  Chosen chosen{.place = 0, .recode = std::string(column.choice), .label = {}};
  if (is_display_order(column.key)) {
    const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), chosen.place);
    if (fault != std::errc{} || end != cell.data() + cell.size())
      return unclear_cell(column, cell, "a display order has the choice's place there, as 2");
    answer_to(column.key).chosen.push_back(std::move(chosen));
    return base::Ok{};
  }
  const Choice* choice = column.question ? choice_of_column(column) : nullptr;
  if (cell == "0" && choice && choice->recode == "0")
    return unclear_cell(column, cell, "that is the choice's recode, and may as well say that it was not chosen");
  if (cell == "0") {
    answer_to(column.key);  // shown, and not chosen
    return base::Ok{};
  }
  if (!choice) {
    answer_to(column.key).chosen.push_back(std::move(chosen));
    return base::Ok{};
  }
  if (cell != "1" && cell != choice->recode && cell != choice->id && cell != choice->label) {
    return unclear_cell(
        column, cell,
        fmt::format("1, {} or '{}' where it was chosen, 0 or nothing where it was not", choice->recode, choice->label));
  }
  chosen.recode = column.question->kind == QuestionKind::pick_group_rank ? choice->id : choice->recode;
  chosen.label = choice->label;
  Answer& answer = answer_to(column.key);
  answer.has_labels = true;
  answer.chosen.push_back(std::move(chosen));
  return base::Ok{};
}

base::Status SplitAnswers::give_to(Response& response) && {
  for (Answer& answer : answers_) {
    response.displayed.insert(answer.key);
    if (answer.chosen.empty()) continue;
    std::stable_sort(answer.chosen.begin(), answer.chosen.end(),
                     [](const Chosen& a, const Chosen& b) { return a.place < b.place; });
    base::List recodes, labels;
    for (Chosen& one : answer.chosen) {
      recodes.emplace_back(std::move(one.recode));
      labels.emplace_back(std::move(one.label));
    }
    if (!response.values.try_emplace(answer.key, std::move(recodes)).second) {
      return base::Error{response_invalid,
                         fmt::format("{} has a column of its own and columns for its choices", answer.key)};
    }
    if (answer.has_labels) response.labels.insert_or_assign(answer.key, std::move(labels));
  }
  return base::Ok{};
}

}  // namespace connectors::survey
