#include "tasks/possible_answers.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "connectors/survey/nps_group.hpp"
#include "engine/pipe.hpp"

namespace tasks {

namespace {

using connectors::survey::Choice;
using connectors::survey::Question;
using connectors::survey::QuestionKind;
using Answers = std::vector<PossibleAnswer>;

constexpr std::string_view recodes = "SelectedChoicesRecode";
constexpr std::string_view row_labels = "ChoiceGroup/SelectedAnswers";

bool has_rows(const Question& question) {
  return question.kind == QuestionKind::matrix_single || question.kind == QuestionKind::matrix_multiple;
}

Answers all_choices(const Question& question, const std::string Choice::* member) {
  Answers answers;
  for (const Choice& choice : question.choices) answers.push_back({choice.id, choice.*member});
  return answers;
}

// Each choice of an NPS question with the group that it is counted to.
Answers nps_groups(const Question& question, const std::array<std::string_view, 3>& names) {
  Answers answers;
  for (const Choice& choice : question.choices) {
    if (const auto group = connectors::survey::group_of_score(choice.recode))
      answers.push_back({choice.id, std::string(names[static_cast<std::size_t>(*group) - 1])});
  }
  if (!answers.empty()) return answers;
  for (const std::string_view name : names) answers.push_back({std::string(name), std::string(name)});
  return answers;
}

// What can be chosen at one level: that to which a way as long as the level is deep leads.
Answers answers_of_level(const Question& question, std::string_view row, const std::string Choice::* member) {
  const auto level =
      std::find_if(question.rows.begin(), question.rows.end(), [&](const Choice& one) { return one.id == row; });
  Answers answers;
  if (!question.knows_levels || level == question.rows.end()) return answers;
  const auto depth = static_cast<std::size_t>(level - question.rows.begin()) + 1;
  for (const Choice& choice : question.choices)
    if (question.way_to(choice).size() == depth) answers.push_back({choice.id, choice.*member});
  return answers;
}

Answers answers_of(const Question& question, std::string_view form, std::string_view row) {
  const bool is_choice = question.kind == QuestionKind::single_choice ||
                         question.kind == QuestionKind::multiple_choice || question.kind == QuestionKind::nps;
  if (question.kind == QuestionKind::nps && (form == "NetPromoterScore/Group" || form == "ChoiceGroup/SelectedChoices"))
    return nps_groups(question, {"Detractor", "Passive", "Promoter"});
  if (question.kind == QuestionKind::nps && form == "NetPromoterScore/GroupRecode")
    return nps_groups(question, {"1", "2", "3"});
  if (is_choice && form == recodes) return all_choices(question, &Choice::recode);
  if (is_choice && form == "ChoiceGroup/SelectedChoices") return all_choices(question, &Choice::label);
  if (has_rows(question) && form.starts_with(recodes)) return all_choices(question, &Choice::recode);
  if (has_rows(question) && form.starts_with(row_labels)) return all_choices(question, &Choice::label);
  if (question.kind != QuestionKind::drill_down) return {};
  if (form.starts_with(recodes)) return answers_of_level(question, row, &Choice::recode);
  if (form.starts_with(row_labels)) return answers_of_level(question, row, &Choice::label);
  return {};
}

std::string row_in(std::string_view form) {
  for (const std::string_view part : {recodes, row_labels})
    if (form.starts_with(part) && form.size() > part.size()) return std::string(form.substr(part.size() + 1));
  return "";
}

// One choice is made, and no more.
bool is_single(const AskedChoices& asked) {
  const QuestionKind kind = asked.question->kind;
  return kind == QuestionKind::single_choice || kind == QuestionKind::nps ||
         (kind == QuestionKind::matrix_single && !asked.row.empty());
}

bool leads_to(const Question& question, const std::string& from, const std::string& to) {
  const Choice* end = question.choice(to);
  if (!end) return false;
  const std::vector<const Choice*> way = question.way_to(*end);
  return std::any_of(way.begin(), way.end(), [&](const Choice* one) { return one->id == from; });
}

}  // namespace

AskedChoices asked_choices(const FieldValue& value, const connectors::survey::Survey& survey) {
  AskedChoices asked;
  const auto* text = std::get_if<engine::PipedText>(&value.source);
  if (!text || !text->is_one_pipe()) return asked;
  const auto& pipe = std::get<engine::Pipe>(text->parts.front());
  if (pipe.scheme != "q") return asked;
  const std::string path = pipe.path.substr(0, pipe.path.find('?'));
  const std::size_t slash = std::min(path.find('/'), path.size());
  asked.question = survey.question(path.substr(0, slash));
  if (!asked.question) return asked;
  asked.form = path.substr(std::min(slash + 1, path.size()));
  asked.row = row_in(asked.form);
  asked.answers = answers_of(*asked.question, asked.form, asked.row);
  return asked;
}

bool can_be_given_together(const AskedChoices& one, const PossibleAnswer& first, const AskedChoices& other,
                           const PossibleAnswer& second) {
  if (!one.question || one.question != other.question) return true;
  if (one.question->kind == QuestionKind::drill_down)
    return leads_to(*one.question, first.choice, second.choice) || leads_to(*one.question, second.choice, first.choice);
  if (!is_single(one) || one.row != other.row) return true;
  return first.choice == second.choice;
}

}  // namespace tasks
