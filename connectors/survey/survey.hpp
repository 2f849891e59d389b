// A survey's definition: its questions, what can be answered to them, and what its flow declares.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectors::survey {

// What shape a question's answer has, whatever the question looks like.
enum class QuestionKind {
  single_choice,
  multiple_choice,
  nps,
  text,
  form,
  matrix_single,
  matrix_multiple,
  matrix_text,
  slider,
  constant_sum,
  rank_order,
  side_by_side,
  pick_group_rank,
  drill_down,
  file_upload,
  timing,
  meta,
  descriptive,  // shows a text, asks nothing
  other,        // is known to exist; its answers are reached by their keys only
};

std::string_view to_string(QuestionKind kind);

// Something that can be chosen, or a row that can be answered.
struct Choice {
  std::string id;               // "4"; "x4" when it was carried forward
  std::string label{};          // without HTML
  std::string recode{};         // the value under which it arrives; the id where the survey gives none
  std::string variable_name{};  // may be empty
  std::string export_tag{};     // may be empty
  bool takes_text = false;
  std::string under{};  // of a drill-down's choice: the one that leads to it, by its id; empty: none has to be chosen
};

using Choices = std::vector<Choice>;

struct Question {
  std::string id;  // QID5; of a side-by-side column QID5#1
  std::string export_tag{};
  std::string text{};         // without HTML
  std::string description{};  // the label that the author gave it
  std::string type{};         // as the platform calls it: MC, TE, Matrix…
  std::string selector{};
  std::string sub_selector{};
  QuestionKind kind = QuestionKind::other;
  Choices rows{};                     // statements, fields, bars, items to rank, levels
  Choices choices{};                  // of the question, or of each of its rows
  std::vector<std::string> groups{};  // of pick, group and rank; groups are counted from 0
  std::vector<Question> columns{};    // of a side-by-side
  bool knows_levels = false;          // of a drill-down: its choices say which one leads to them
  std::string carries_from{};         // the question whose choices are carried forward into this one
  std::string block{};
  bool is_asked = true;  // false: it lies in the survey's trash

  // nullptr where there is none.
  const Choice* row(std::string_view id) const;
  const Choice* choice(std::string_view id) const;
  const Choice* choice_of_recode(std::string_view recode) const;
  // The choices of a drill-down that lead to `choice`, from the first level down to itself. Precondition: knows_levels.
  std::vector<const Choice*> way_to(const Choice& choice) const;
};

// One pass of a loop: its number as it stands before the question (`2_QID5`), and its fields by theirs.
struct LoopPass {
  std::string number;
  std::map<std::string, std::string> fields{};
};

struct Block {
  std::string id;
  std::string name{};
  std::vector<std::string> questions{};
  bool loops = false;
  std::string loop_question{};     // whose choices are looped over; empty when the passes are fixed
  std::vector<LoopPass> passes{};  // those that are known before anybody answers
};

struct EmbeddedField {
  std::string name;
  std::string type{};           // as the flow says it: Text, Number…; may be empty
  std::string value{};          // what the flow sets; empty: it comes from outside
  bool from_recipient = false;  // from the contact or the link
};

struct ScoringCategory {
  std::string id;
  std::string name{};
};

struct Survey {
  std::string id;
  std::string name{};
  std::string brand{};
  std::string status{};
  std::vector<Question> questions{};  // in the order of the blocks
  std::vector<EmbeddedField> fields{};
  std::vector<Block> blocks{};
  std::vector<ScoringCategory> scoring{};

  // nullptr where there is none. `QID5#1` finds a column.
  const Question* question(std::string_view id) const;
  const Block* block(std::string_view id) const;
  const EmbeddedField* field(std::string_view name) const;
  bool is_looped(const Question& question) const;
};

}  // namespace connectors::survey
