// What a pipe can bring of a question's choices, as far as the survey's definition says.
#pragma once

#include <string>
#include <vector>

#include "connectors/survey/survey.hpp"
#include "tasks/field_value.hpp"

namespace tasks {

struct PossibleAnswer {
  std::string choice;  // its id
  std::string text;    // as the pipe brings it
};

// One pipe into a question, and all that it can bring.
struct AskedChoices {
  const connectors::survey::Question* question = nullptr;  // null: it is no pipe into a question of the survey
  std::string form{};                                      // "ChoiceGroup/SelectedAnswers/2"
  std::string row{};                      // of a matrix, or the level of a drill-down; empty: none is named
  bool is_of_item = false;                // of the one row or choice that the task is done for
  bool may_be_several = false;            // one respondent can give more than one
  std::vector<PossibleAnswer> answers{};  // empty: not for the survey to say
};

// `list`: what the task is done for each item of; null where it has none.
AskedChoices asked_choices(const FieldValue& value, const connectors::survey::Survey& survey, const engine::Pipe* list);

// Whether one respondent can give both: always of two questions, or of two rows; of one choice only what tells of the
// same; of a drill-down only what leads to each other.
bool can_be_given_together(const AskedChoices& one, const PossibleAnswer& first, const AskedChoices& other,
                           const PossibleAnswer& second);

}  // namespace tasks
