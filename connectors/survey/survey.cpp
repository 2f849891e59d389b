#include "connectors/survey/survey.hpp"

#include <algorithm>

namespace connectors::survey {

namespace {

template <class Items, class Claim>
auto first_where(const Items& items, Claim claim) -> decltype(items.data()) {
  auto at = std::find_if(items.begin(), items.end(), claim);
  return at == items.end() ? nullptr : &*at;
}

const Choice* choice_with_id(const Choices& choices, std::string_view id) {
  return first_where(choices, [id](const Choice& one) { return one.id == id; });
}

}  // namespace

std::string_view to_string(QuestionKind kind) {
  switch (kind) {
    case QuestionKind::single_choice: return "single choice";
    case QuestionKind::multiple_choice: return "multiple choice";
    case QuestionKind::nps: return "nps";
    case QuestionKind::text: return "text";
    case QuestionKind::form: return "form";
    case QuestionKind::matrix_single: return "matrix, one answer a row";
    case QuestionKind::matrix_multiple: return "matrix, several answers a row";
    case QuestionKind::matrix_text: return "matrix, text";
    case QuestionKind::slider: return "slider";
    case QuestionKind::constant_sum: return "constant sum";
    case QuestionKind::rank_order: return "rank order";
    case QuestionKind::side_by_side: return "side by side";
    case QuestionKind::pick_group_rank: return "pick, group and rank";
    case QuestionKind::drill_down: return "drill down";
    case QuestionKind::file_upload: return "file upload";
    case QuestionKind::timing: return "timing";
    case QuestionKind::meta: return "meta";
    case QuestionKind::descriptive: return "text without a question";
    case QuestionKind::other: return "other";
  }
  return "other";
}

const Choice* Question::row(std::string_view wanted) const { return choice_with_id(rows, wanted); }

const Choice* Question::choice(std::string_view wanted) const { return choice_with_id(choices, wanted); }

const Choice* Question::choice_of_recode(std::string_view wanted) const {
  return first_where(choices, [wanted](const Choice& one) { return one.recode == wanted; });
}

std::vector<const Choice*> Question::way_to(const Choice& to) const {
  std::vector<const Choice*> way;
  for (const Choice* at = &to; at && way.size() <= rows.size(); at = choice(at->under)) way.insert(way.begin(), at);
  return way;
}

const Question* Survey::question(std::string_view wanted) const {
  const std::string_view whole = wanted.substr(0, wanted.find('#'));
  const Question* found = first_where(questions, [whole](const Question& one) { return one.id == whole; });
  if (!found || whole.size() == wanted.size()) return found;
  return first_where(found->columns, [wanted](const Question& one) { return one.id == wanted; });
}

const Block* Survey::block(std::string_view wanted) const {
  return first_where(blocks, [wanted](const Block& one) { return one.id == wanted; });
}

const EmbeddedField* Survey::field(std::string_view wanted) const {
  return first_where(fields, [wanted](const EmbeddedField& one) { return one.name == wanted; });
}

bool Survey::is_looped(const Question& asked) const {
  const Block* home = block(asked.block);
  return home && home->loops;
}

}  // namespace connectors::survey
