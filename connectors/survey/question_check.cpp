// What is wrong with a question's pipe on the survey that it is asked of.
#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "connectors/survey/pipe_offers.hpp"
#include "connectors/survey/question_pipe.hpp"

namespace connectors::survey {

namespace {

bool is_one_of(QuestionKind kind, std::initializer_list<QuestionKind> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_matrix(QuestionKind kind) {
  return is_one_of(kind, {QuestionKind::matrix_single, QuestionKind::matrix_multiple, QuestionKind::matrix_text});
}

bool takes_text(const Choices& choices) {
  return std::any_of(choices.begin(), choices.end(), [](const Choice& one) { return one.takes_text; });
}

bool is_keyed_for(std::string_view form, QuestionKind kind) {
  if (form.starts_with("FileUpload/")) return kind == QuestionKind::file_upload;
  if (form.starts_with("Timing/")) return kind == QuestionKind::timing;
  if (form.starts_with("Meta/")) return kind == QuestionKind::meta;
  return true;
}

// Whether answers to such a question can be asked for in this form.
bool form_fits(const QuestionForm& asked, const Question& question) {
  using enum QuestionKind;
  const QuestionKind kind = question.kind;
  if (kind == other) return true;
  switch (asked.part) {
    case Part::recode:
    case Part::variable_name:
      return is_one_of(
          kind, {single_choice, multiple_choice, nps, matrix_single, matrix_multiple, drill_down, pick_group_rank});
    case Part::label:
      if (asked.segments.at_least > 0) return is_one_of(kind, {matrix_single, matrix_multiple, drill_down});
      return is_one_of(
          kind, {single_choice, multiple_choice, nps, matrix_single, matrix_multiple, drill_down, pick_group_rank});
    case Part::label_with_text:
      return is_one_of(kind, {single_choice, multiple_choice, matrix_single, matrix_multiple});
    case Part::count: return is_one_of(kind, {single_choice, multiple_choice, matrix_multiple, pick_group_rank});
    case Part::text:
      return is_one_of(kind, {text, form, matrix_text}) || takes_text(question.choices) || takes_text(question.rows);
    case Part::number: return is_one_of(kind, {slider, constant_sum, rank_order, matrix_text});
    case Part::rank: return is_one_of(kind, {rank_order, pick_group_rank});
    case Part::unselected:
    case Part::displayed: return is_one_of(kind, {single_choice, multiple_choice, nps});
    case Part::all:
    case Part::choice_wording: return !question.choices.empty() || !question.rows.empty();
    case Part::answer_wording: return is_matrix(kind) || kind == drill_down;
    case Part::wording:
    case Part::description: return true;
    case Part::rows: return is_matrix(kind) || is_one_of(kind, {form, slider, constant_sum, rank_order, drill_down});
    case Part::nps_group:
    case Part::nps_group_recode: return kind == nps;
    case Part::file_link: return kind == file_upload;
    case Part::keyed: return is_keyed_for(asked.path, kind);
  }
  return true;
}

// What a segment behind the form stands for.
struct Expected {
  std::string_view what;         // "row"
  std::vector<std::string> ids;  // that there are
  std::vector<std::string> names{};
};

Expected choices_expected(std::string_view what, const Choices& choices) {
  Expected expected{what, {}};
  for (const Choice& choice : choices) {
    expected.ids.push_back(choice.id);
    expected.names.push_back(choice.label);
  }
  return expected;
}

Expected groups_expected(const Question& question) {
  Expected expected{"group", {}};
  for (std::size_t i = 0; i < question.groups.size(); ++i) {
    expected.ids.push_back(std::to_string(i));
    expected.names.push_back(question.groups[i]);
  }
  return expected;
}

// The choices or rows under which something can be typed.
Expected texts_expected(const Question& question) {
  using enum QuestionKind;
  if (is_one_of(question.kind, {form, matrix_text})) return choices_expected("field", question.rows);
  Choices with_text;
  for (const Choices* list : {&question.choices, &question.rows}) {
    std::copy_if(list->begin(), list->end(), std::back_inserter(with_text),
                 [](const Choice& one) { return one.takes_text; });
  }
  return choices_expected("choice with a text", with_text);
}

// What the first segment has to be; nullopt when there must be none.
std::optional<Expected> expected_row(const QuestionForm& asked, const Question& question) {
  using enum QuestionKind;
  switch (asked.part) {
    case Part::text: return question.kind == text ? std::nullopt : std::optional(texts_expected(question));
    case Part::choice_wording:
      return question.rows.empty() ? choices_expected("choice", question.choices)
                                   : choices_expected("row", question.rows);
    case Part::answer_wording: return choices_expected("answer", question.choices);
    default: break;
  }
  if (question.kind == pick_group_rank) return groups_expected(question);
  if (question.rows.empty()) return std::nullopt;
  return choices_expected(question.kind == drill_down ? "level" : "row", question.rows);
}

// A list over all rows is what these give without a row.
bool may_do_without_row(const QuestionForm& form, const Question& question) {
  if (form.segments.at_least > 0 || question.kind == QuestionKind::pick_group_rank) return false;
  return form.part == Part::recode || form.part == Part::label;
}

std::string known_ids(const Expected& expected) {
  constexpr std::size_t shown_max = 12;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < expected.ids.size() && i < shown_max; ++i) {
    const bool has_name = i < expected.names.size() && !expected.names[i].empty();
    shown.push_back(has_name ? fmt::format("{} ({})", expected.ids[i], expected.names[i]) : expected.ids[i]);
  }
  if (expected.ids.size() > shown_max) shown.push_back("more");
  return listed(shown);
}

std::string with_row(const QuestionPipe& pipe, std::string_view row) {
  return fmt::format("q://{}/{}/{}", pipe.question, pipe.form->path, row);
}

PipeFault wrong_row(const QuestionPipe& pipe, const Expected& expected, std::string_view given, std::string_view id) {
  if (expected.ids.empty()) return {fmt::format("{} has no {}", id, expected.what)};
  std::string near = base::nearest(given, expected.names);
  if (!near.empty()) {
    const auto at = std::find(expected.names.begin(), expected.names.end(), near);
    near = expected.ids[static_cast<std::size_t>(at - expected.names.begin())];
  }
  return {fmt::format("{} has no {} '{}', only {}", id, expected.what, given, known_ids(expected)),
          near.empty() ? "" : with_row(pipe, near)};
}

PipeFault check_row(const QuestionPipe& pipe, const Question& question) {
  const std::optional<Expected> expected = expected_row(*pipe.form, question);
  if (pipe.row.empty()) {
    if (!expected || pipe.form->segments.at_most == 0 || may_do_without_row(*pipe.form, question)) return {};
    const std::string example = expected->ids.empty() ? "1" : expected->ids.front();
    return {
        fmt::format("{} is answered {} by {}: {}", question.id, expected->what, expected->what, known_ids(*expected)),
        with_row(pipe, example)};
  }
  if (!expected) {
    return {fmt::format("{} has no rows: it is one answer ({})", question.id, to_string(question.kind)),
            fmt::format("q://{}/{}", pipe.question, pipe.form->path)};
  }
  const auto& ids = expected->ids;
  if (std::find(ids.begin(), ids.end(), pipe.row) == ids.end())
    return wrong_row(pipe, *expected, pipe.row, question.id);
  return {};
}

// The second segment: the column of a matrix of texts, or the item within a group.
PipeFault check_column(const QuestionPipe& pipe, const Question& question) {
  const bool in_group = question.kind == QuestionKind::pick_group_rank && pipe.form->part == Part::rank;
  const bool is_cell =
      question.kind == QuestionKind::matrix_text && (pipe.form->part == Part::text || pipe.form->part == Part::number);
  const bool needs_one = in_group || is_cell;
  if (!needs_one) {
    if (pipe.column.empty()) return {};
    return {fmt::format("a row of {} has no columns", question.id), with_row(pipe, pipe.row)};
  }
  const Expected expected =
      in_group ? choices_expected("item", question.rows) : choices_expected("column", question.choices);
  if (expected.ids.empty()) return {};
  if (pipe.column.empty()) {
    return {fmt::format("{} needs the {} as well: {}", question.id, expected.what, known_ids(expected)),
            with_row(pipe, fmt::format("{}/{}", pipe.row, expected.ids.front()))};
  }
  if (std::find(expected.ids.begin(), expected.ids.end(), pipe.column) != expected.ids.end()) return {};
  return {fmt::format("{} has no {} '{}', only {}", question.id, expected.what, pipe.column, known_ids(expected))};
}

PipeFault unknown_column(const QuestionPipe& pipe, const Question& whole, std::string_view id) {
  Expected expected{"column", {}};
  for (const Question& column : whole.columns) {
    expected.ids.push_back(column.id.substr(whole.id.size() + 1));
    expected.names.push_back(column.text);
  }
  if (expected.ids.empty()) {
    return {fmt::format("{} has no columns: it is one answer ({})", whole.id, to_string(whole.kind)),
            fmt::format("q://{}/{}{}{}", whole.id, pipe.form->path, pipe.row.empty() ? "" : "/", pipe.row)};
  }
  return {fmt::format("{} has no column '{}', only {}", whole.id, id.substr(whole.id.size() + 1), known_ids(expected)),
          fmt::format("q://{}#{}/{}{}{}", whole.id, expected.ids.front(), pipe.form->path, pipe.row.empty() ? "" : "/",
                      pipe.row)};
}

PipeFault unknown_question(const QuestionPipe& pipe, const Survey& survey, std::string_view id) {
  if (const Question* whole = survey.question(id.substr(0, id.find('#'))); whole && whole->is_asked)
    return unknown_column(pipe, *whole, id);
  std::vector<std::string> names;
  for (const Question& question : survey.questions) {
    if (question.is_asked) names.push_back(question.id);
  }
  const std::string near = base::nearest(id, names);
  PipeFault fault{fmt::format("the survey has no question {}", id)};
  if (!near.empty()) {
    std::string form = fmt::format("{}{}{}", pipe.form->path, pipe.row.empty() ? "" : "/", pipe.row);
    fault.right = fmt::format("q://{}/{}", near, form);
  }
  return fault;
}

PipeFault check_pass(const QuestionName& name, const QuestionPipe& pipe, const Question& question,
                     const Survey& survey) {
  const std::string_view rest = pipe.question.substr(name.pass.empty() ? 0 : name.pass.size() + 1);
  if (!survey.is_looped(question)) {
    if (name.pass.empty()) return {};
    return {fmt::format("{} is not asked in a loop", question.id), fmt::format("q://{}/{}", rest, pipe.form->path)};
  }
  if (!name.pass.empty()) {
    const std::vector<LoopPass>& passes = survey.block(question.block)->passes;
    auto is_this = [&](const LoopPass& pass) { return pass.number == name.pass; };
    if (passes.empty() || std::any_of(passes.begin(), passes.end(), is_this)) return {};
    Expected expected{"pass", {}};
    for (const LoopPass& pass : passes) expected.ids.push_back(pass.number);
    return {fmt::format("the loop of {} has no pass {}, only {}", question.id, name.pass, known_ids(expected))};
  }
  const std::vector<LoopPass>& passes = survey.block(question.block)->passes;
  return {fmt::format("{} is asked in a loop, once in each pass: name the pass", question.id),
          fmt::format("q://{}_{}/{}{}{}", passes.empty() ? "1" : passes.front().number, rest, pipe.form->path,
                      pipe.row.empty() ? "" : "/", pipe.row)};
}

}  // namespace

PipeFault check_on_survey(const QuestionPipe& pipe, const Survey& survey) {
  const QuestionName name = take_apart(pipe.question);
  const Question* question = survey.question(name.id);
  if (!question) return unknown_question(pipe, survey, name.id);
  const Question* whole = survey.question(name.id.substr(0, name.id.find('#')));
  if (!whole->is_asked) return {fmt::format("{} lies in the survey's trash and is not asked", whole->id)};
  if (PipeFault fault = check_pass(name, pipe, *whole, survey); fault.is_one()) return fault;
  if (!name.suffix.empty()) return {};  // a key of the wire, as it is
  if (question->kind == QuestionKind::side_by_side && question == whole && pipe.form->part != Part::wording &&
      pipe.form->part != Part::description) {
    return {fmt::format("{} is side by side: name a column", question->id),
            fmt::format("q://{}#1/{}/1", pipe.question, pipe.form->path)};
  }
  if (!form_fits(*pipe.form, *question)) {
    const std::vector<PipeOffer> offers = offers_of(*question, survey);
    return {fmt::format("{} is of the kind '{}', whose answers have no '{}'", question->id, to_string(question->kind),
                        pipe.form->path),
            offers.empty() ? "" : offers.front().pipe};
  }
  if (PipeFault fault = check_row(pipe, *question); fault.is_one() || pipe.row.empty()) return fault;
  return check_column(pipe, *question);
}

}  // namespace connectors::survey
