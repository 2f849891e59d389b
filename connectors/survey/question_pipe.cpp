#include "connectors/survey/question_pipe.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/findings.hpp"

namespace connectors::survey {

namespace {

constexpr Segments no_row{0, 0};
constexpr Segments a_row_or_none{0, 1};
constexpr Segments a_row{1, 1};

// Longer paths before their beginnings.
constexpr std::array<QuestionForm, 33> forms{{
    {"SelectedChoicesRecode", Part::recode, a_row_or_none},
    {"SelectedChoicesVariableName", Part::variable_name, a_row_or_none, "", true},
    {"SelectedChoicesCount", Part::count, a_row_or_none},
    {"ChoiceGroup/SelectedChoicesTextEntry", Part::label_with_text, a_row_or_none},
    {"ChoiceGroup/SelectedChoices", Part::label, a_row_or_none},
    {"ChoiceGroup/SelectedAnswers", Part::label, a_row},
    {"ChoiceGroup/UnselectedChoices", Part::unselected, no_row, "", true},
    {"ChoiceGroup/DisplayedChoices", Part::displayed, no_row, "", true},
    {"ChoiceGroup/AllChoices", Part::all, no_row, "", true},
    {"ChoiceGroup/ChoiceDescription", Part::choice_wording, a_row, "", true},
    {"AnswerGroup/ChoiceDescription", Part::answer_wording, a_row, "", true},
    {"ChoiceTextEntryValue", Part::text, {0, 2}},
    {"ChoiceNumericEntryValue/Rank", Part::rank, {1, 2}},
    {"ChoiceNumericEntryValue", Part::number, {1, 2}},
    {"Rows", Part::rows, no_row},
    {"QuestionText", Part::wording, no_row, "", true},
    {"QuestionDescription", Part::description, no_row, "", true},
    {"FileUpload/Link", Part::file_link, no_row},
    {"FileUpload/Id", Part::keyed, no_row, "_FILE_ID"},
    {"FileUpload/Name", Part::keyed, no_row, "_FILE_NAME"},
    {"FileUpload/Size", Part::keyed, no_row, "_FILE_SIZE"},
    {"FileUpload/Type", Part::keyed, no_row, "_FILE_TYPE"},
    {"Timing/FirstClick", Part::keyed, no_row, "_FIRST_CLICK"},
    {"Timing/LastClick", Part::keyed, no_row, "_LAST_CLICK"},
    {"Timing/PageSubmit", Part::keyed, no_row, "_PAGE_SUBMIT"},
    {"Timing/ClickCount", Part::keyed, no_row, "_CLICK_COUNT"},
    {"Meta/Browser", Part::keyed, no_row, "_BROWSER"},
    {"Meta/Version", Part::keyed, no_row, "_VERSION"},
    {"Meta/OperatingSystem", Part::keyed, no_row, "_OS"},
    {"Meta/Resolution", Part::keyed, no_row, "_RESOLUTION"},
    {"NetPromoterScore/GroupRecode", Part::nps_group_recode, no_row},
    {"NetPromoterScore/Group", Part::nps_group, no_row},
    {"ChoiceGroup/DisplayOrder", Part::keyed, no_row, "_DO"},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_character(char c) { return is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// `2_QID5` is the second pass of a loop, `QID5#1` the first column of a side-by-side, `QID1_NPS_GROUP` an NPS group.
bool is_question_name(std::string_view name) {
  const QuestionName parts = take_apart(name);
  if (parts.id.empty() || !std::all_of(parts.suffix.begin(), parts.suffix.end(), is_word_character)) return false;
  return parts.suffix.empty() || parts.suffix.front() == '_';
}

std::string as_question_name(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return is_question_name(upper) ? upper : std::string("QID1");
}

PipeFault unknown_form(std::string_view question, std::string_view form) {
  std::vector<std::string> known;
  for (const QuestionForm& one : forms) known.emplace_back(one.path);
  // Compared with and without last segments, which may be a row and a column.
  std::string near;
  for (std::string_view tried = form; near.empty() && !tried.empty();) {
    near = base::nearest(tried, known);
    const std::size_t slash = tried.rfind('/');
    tried = slash == std::string_view::npos ? "" : tried.substr(0, slash);
  }
  PipeFault fault{fmt::format("'{}' is no form of a question's answer", form)};
  for (const QuestionForm& one : forms) {
    if (one.path == near) fault.right = shown_form(one, question);
  }
  // Of Meta/OS, the forms that begin with Meta/ are nearest.
  const std::string_view group = form.substr(0, form.find('/') == std::string_view::npos ? 0 : form.find('/') + 1);
  for (const QuestionForm& one : forms) {
    if (fault.right.empty() && !group.empty() && one.path.starts_with(group)) fault.right = shown_form(one, question);
  }
  if (fault.right.empty()) fault.right = shown_form(forms.front(), question);
  return fault;
}

struct GivenSegments {
  std::array<std::string_view, 2> text{};
  int count = 0;  // may be more than there is room for
};

// What stands behind the form's own path, cut at its slashes; nullopt when the path is not of this form.
std::optional<GivenSegments> segments_behind(const QuestionForm& form, std::string_view path) {
  if (!path.starts_with(form.path)) return std::nullopt;
  std::string_view rest = path.substr(form.path.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  GivenSegments given;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (segment.empty() || !std::all_of(segment.begin(), segment.end(), is_word_character)) return std::nullopt;
    if (given.count < 2) given.text[static_cast<std::size_t>(given.count)] = segment;
    ++given.count;
    rest = slash == std::string_view::npos ? "" : rest.substr(slash);
  }
  return given;
}

PipeFault wrong_segments(const QuestionForm& form, std::string_view question, std::string_view path, int given) {
  if (given < form.segments.at_least) {
    return {fmt::format("'{}' needs the number of a row or choice", path), shown_form(form, question)};
  }
  if (form.segments.at_most == 0) return {fmt::format("'{}' takes no row", form.path), shown_form(form, question)};
  return {fmt::format("'{}' has too many rows: '{}' takes {}", path, form.path,
                      form.segments.at_most == 1 ? "one" : "a row and a column"),
          shown_form(form, question)};
}

PipeFault question_fault(const PipePath& pipe, const Survey* survey) {
  auto understood = understand_question(pipe.path);
  if (auto* fault = std::get_if<PipeFault>(&understood)) return std::move(*fault);
  const QuestionPipe& asked = std::get<QuestionPipe>(understood);
  if (survey) return check_on_survey(asked, *survey);
  if (!asked.form->needs_survey) return {};
  return {
      fmt::format("'{}' asks for wordings that are not part of a response: put the survey's definition, survey.qsf, "
                  "beside the workflow",
                  asked.form->path)};
}

Found find_question(const PipePath& pipe, const PipeContext& context) {
  auto understood = understand_question(pipe.path);
  if (auto* fault = std::get_if<PipeFault>(&understood)) return std::move(*fault);
  return find_answer(std::get<QuestionPipe>(understood), context);
}

}  // namespace

std::span<const QuestionForm> question_forms() { return forms; }

QuestionName take_apart(std::string_view question) {
  QuestionName parts;
  const std::size_t start = question.find("QID");
  if (start == std::string_view::npos || (start > 0 && (start < 2 || question[start - 1] != '_'))) return {};
  if (start > 0) parts.pass = question.substr(0, start - 1);
  if (!std::all_of(parts.pass.begin(), parts.pass.end(), is_digit)) return {};
  std::size_t end = start + 3;
  auto skip_digits = [&] {
    const std::size_t first = end;
    while (end < question.size() && is_digit(question[end])) ++end;
    return end > first;
  };
  if (!skip_digits()) return {};
  if (end < question.size() && question[end] == '#') {
    ++end;
    if (!skip_digits()) return {};
  }
  parts.id = question.substr(start, end - start);
  parts.suffix = question.substr(end);
  return parts;
}

std::string shown_form(const QuestionForm& form, std::string_view question) {
  return fmt::format("q://{}/{}{}", question, form.path, form.segments.at_least > 0 ? "/1" : "");
}

std::variant<QuestionPipe, PipeFault> understand_question(std::string_view path) {
  const std::size_t slash = path.find('/');
  const std::string_view question = path.substr(0, slash);
  const std::string_view form = slash == std::string_view::npos ? "" : path.substr(slash + 1);
  if (!is_question_name(question)) {
    return PipeFault{fmt::format("'{}' is no question", question),
                     fmt::format("q://{}/{}", as_question_name(question), form.empty() ? forms.front().path : form)};
  }
  if (form.empty()) {
    return PipeFault{fmt::format("'q://{}' does not say what of the answer is meant", question),
                     shown_form(forms.front(), question)};
  }
  for (const QuestionForm& known : forms) {
    const auto given = segments_behind(known, form);
    if (!given) continue;
    if (given->count < known.segments.at_least || given->count > known.segments.at_most) {
      return wrong_segments(known, question, form, given->count);
    }
    return QuestionPipe{.question = question, .form = &known, .row = given->text[0], .column = given->text[1]};
  }
  return unknown_form(question, form);
}

const PipeFamily question_pipes{"q", " displayLogic ", question_fault, find_question};

}  // namespace connectors::survey
