// q://: the forms in which an answer is asked for, and a pipe of one of them taken apart.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connectors/survey/pipe_family.hpp"
#include "connectors/survey/question_rows.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

// What a question's pipe asks for.
enum class Part {
  recode,            // the value as it stands on the wire
  label,             // the choice's wording
  label_with_text,   // the same, with what was typed under "Other" in the choice's place
  variable_name,     // the name that the survey gives the choice
  count,             // how many choices
  text,              // what was typed
  number,            // what was typed, slid or given
  rank,              // a place in an order
  unselected,        // wordings of what was not chosen
  displayed,         // wordings of what was offered
  all,               // wordings of what the survey has
  choice_wording,    // the wording of one choice, chosen or not
  answer_wording,    // of one scale point
  wording,           // of the question
  description,       // the question's label
  keyed,             // what stands under the question's key and a suffix
  nps_group,         // Detractor, Passive or Promoter
  nps_group_recode,  // 1, 2 or 3
  file_link,         // where an uploaded file is
  rows,              // the answered rows: a list to do a task for each of
};

// How many segments may stand behind a form: a row, a choice, or both.
struct Segments {
  int at_least = 0;
  int at_most = 0;
};

struct QuestionForm {
  std::string_view path;
  Part part;
  Segments segments{};
  std::string_view suffix{};  // of keyed parts: "_PAGE_SUBMIT"
  bool needs_survey = false;
};

std::span<const QuestionForm> question_forms();

// A pipe that is understood.
struct QuestionPipe {
  std::string_view question;  // "QID3", "2_QID3", "QID3#1"
  const QuestionForm* form = nullptr;
  std::string_view row{};
  std::string_view column{};
};

std::variant<QuestionPipe, PipeFault> understand_question(std::string_view path);

// What would be right, as a whole pipe.
std::string shown_form(const QuestionForm& form, std::string_view question);

// "2" and "QID3#1" of "2_QID3#1".
struct QuestionName {
  std::string_view pass{};
  std::string_view id{};
  std::string_view suffix{};  // "_NPS_GROUP" of QID1_NPS_GROUP
};
QuestionName take_apart(std::string_view question);

// The rows of the pipe's question, answered or not; empty for one that has none.
std::vector<AnsweredRow> find_rows(const QuestionPipe& pipe, const PipeContext& context);

// The answer, typed.
Found find_answer(const QuestionPipe& pipe, const PipeContext& context);

// What is wrong with an understood pipe on this survey.
PipeFault check_on_survey(const QuestionPipe& pipe, const Survey& survey);

}  // namespace connectors::survey
