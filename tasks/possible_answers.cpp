#include "tasks/possible_answers.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "connectors/survey/nps_group.hpp"
#include "connectors/survey/question_pipe.hpp"
#include "engine/pipe.hpp"

namespace tasks {

namespace {

using connectors::survey::Choice;
using connectors::survey::Question;
using connectors::survey::QuestionKind;
using Answers = std::vector<PossibleAnswer>;

constexpr std::string_view text_of_row = "Rows/text";  // no form that a pipe can have
constexpr std::string_view recodes = "SelectedChoicesRecode";
constexpr std::string_view variable_name_of = "SelectedChoicesVariableName";
constexpr std::string_view labels = "ChoiceGroup/SelectedChoices";
constexpr std::string_view typed_labels = "ChoiceGroup/SelectedChoicesTextEntry";
constexpr std::string_view row_labels = "ChoiceGroup/SelectedAnswers";

bool has_rows(const Question& question) {
  return question.kind == QuestionKind::matrix_single || question.kind == QuestionKind::matrix_multiple;
}

bool is_of_choices(const Question& question) {
  return question.kind == QuestionKind::single_choice || question.kind == QuestionKind::multiple_choice ||
         question.kind == QuestionKind::nps;
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

bool is_form(std::string_view form, std::string_view path) {
  return form == path || (form.starts_with(path) && form[path.size()] == '/');
}

// As the pipe brings it: the choice's own name, or its wording where it has none.
Answers variable_names(const Question& question) {
  Answers answers;
  for (const Choice& choice : question.choices)
    answers.push_back({choice.id, choice.variable_name.empty() ? choice.label : choice.variable_name});
  return answers;
}

Answers all_rows(const Question& question, const std::string Choice::* member) {
  Answers answers;
  for (const Choice& row : question.rows) answers.push_back({row.id, row.*member});
  return answers;
}

bool is_wording_of_choices(std::string_view form) {
  return is_form(form, labels) || is_form(form, row_labels) || is_form(form, typed_labels);
}

bool is_of_what_was_offered(std::string_view form) {
  return form == "ChoiceGroup/UnselectedChoices" || form == "ChoiceGroup/DisplayedChoices" ||
         form == "ChoiceGroup/AllChoices";
}

Answers answers_of(const Question& question, std::string_view form, std::string_view row) {
  if (question.kind == QuestionKind::nps && (form == "NetPromoterScore/Group" || form == labels))
    return nps_groups(question, {"Detractor", "Passive", "Promoter"});
  if (question.kind == QuestionKind::nps && form == "NetPromoterScore/GroupRecode")
    return nps_groups(question, {"1", "2", "3"});
  if (question.kind == QuestionKind::drill_down) {
    if (is_form(form, recodes)) return answers_of_level(question, row, &Choice::recode);
    return is_form(form, row_labels) ? answers_of_level(question, row, &Choice::label) : Answers{};
  }
  if (question.kind == QuestionKind::pick_group_rank)
    return is_form(form, labels) ? all_rows(question, &Choice::label) : Answers{};
  if (!is_of_choices(question) && !has_rows(question)) return {};
  if (is_form(form, recodes)) return all_choices(question, &Choice::recode);
  if (is_form(form, variable_name_of)) return variable_names(question);
  const bool is_of_rows = form == "ChoiceGroup/AllChoices" && !question.rows.empty();
  if (is_of_rows) return all_rows(question, &Choice::label);
  const bool is_worded = is_wording_of_choices(form) || (is_of_choices(question) && is_of_what_was_offered(form));
  return is_worded ? all_choices(question, &Choice::label) : Answers{};
}

bool brings_several(const AskedChoices& asked) {
  const Question& question = *asked.question;
  const std::string_view form = asked.form;
  if (is_of_what_was_offered(form)) return asked.answers.size() > 1;
  switch (question.kind) {
    case QuestionKind::multiple_choice: return !asked.is_of_item && question.choices.size() > 1;
    case QuestionKind::matrix_multiple: return question.choices.size() > 1;
    case QuestionKind::matrix_single: return !asked.is_of_item && asked.row.empty() && question.rows.size() > 1;
    case QuestionKind::pick_group_rank: return question.rows.size() > 1;
    default: return false;
  }
}

std::string row_in(std::string_view form) {
  for (const std::string_view part : {recodes, row_labels, labels, typed_labels, variable_name_of})
    if (is_form(form, part) && form.size() > part.size()) return std::string(form.substr(part.size() + 1));
  return "";
}

// One choice is made, and no more.
bool is_single(const AskedChoices& asked) {
  const QuestionKind kind = asked.question->kind;
  if (asked.is_of_item) return kind != QuestionKind::matrix_multiple;
  return kind == QuestionKind::single_choice || kind == QuestionKind::nps ||
         (kind == QuestionKind::matrix_single && !asked.row.empty());
}

bool leads_to(const Question& question, const std::string& from, const std::string& to) {
  const Choice* end = question.choice(to);
  if (!end) return false;
  const std::vector<const Choice*> way = question.way_to(*end);
  return std::any_of(way.begin(), way.end(), [&](const Choice* one) { return one->id == from; });
}

// A question, and what of its answer is asked for.
struct AskedPath {
  std::string question{};
  std::string form{};
  bool is_of_item = false;
};

AskedPath cut_path(std::string_view path) {
  path = path.substr(0, path.find('?'));
  const std::size_t slash = std::min(path.find('/'), path.size());
  return {.question = std::string(path.substr(0, slash)),
          .form = std::string(path.substr(std::min(slash + 1, path.size())))};
}

// ${item://label} of a list of rows or choices is an answer to their question; in a loop, questions go by their names.
AskedPath path_of(const engine::Pipe& pipe, const engine::Pipe* list) {
  if (pipe.scheme == "q") return cut_path(pipe.path);
  if (pipe.scheme != "item" || !list) return {};
  if (list->scheme == "lm") return pipe.path.starts_with("QID") ? cut_path(pipe.path) : AskedPath{};
  if (list->scheme != "q") return {};
  AskedPath path = cut_path(list->path);
  path.is_of_item = true;
  const std::string member = pipe.path.substr(0, pipe.path.find('?'));
  if (member == "recode")
    path.form = recodes;
  else if (member == "label")
    path.form = labels;
  else if (member == "text" && path.form == "Rows")
    path.form = text_of_row;
  else if (member != "value")
    return {};
  return path;
}

}  // namespace

AskedChoices asked_choices(const FieldValue& value, const connectors::survey::Survey& survey,
                           const engine::Pipe* list) {
  AskedChoices asked;
  const auto* text = std::get_if<engine::PipedText>(&value.source);
  if (!text || !text->is_one_pipe()) return asked;
  const AskedPath path = path_of(std::get<engine::Pipe>(text->parts.front()), list);
  const connectors::survey::QuestionName name = connectors::survey::take_apart(path.question);
  asked.question = name.suffix.empty() ? survey.question(name.id) : nullptr;
  if (!asked.question) return asked;
  asked.form = path.form;
  asked.row = row_in(asked.form);
  asked.is_of_item = path.is_of_item;
  asked.answers = path.form == text_of_row ? all_rows(*asked.question, &Choice::label)
                                           : answers_of(*asked.question, asked.form, asked.row);
  asked.may_be_several = !asked.answers.empty() && path.form != text_of_row && brings_several(asked);
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
