#include "connectors/survey/answer_list.hpp"

#include <fmt/format.h>

#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/question_pipe.hpp"

namespace connectors::survey {

namespace {

// A question's pipe that means a list with more to it than its value; nullopt for any other.
std::optional<QuestionPipe> as_list(std::string_view scheme, std::string_view path) {
  // A modifier asks for a text.
  if (scheme != "q" || path.find('?') != std::string_view::npos) return std::nullopt;
  auto understood = understand_question(path);
  const auto* pipe = std::get_if<QuestionPipe>(&understood);
  if (!pipe) return std::nullopt;
  const bool is_of_choices = pipe->row.empty() && (pipe->form->path == "ChoiceGroup/SelectedChoices" ||
                                                   pipe->form->path == "SelectedChoicesRecode");
  return pipe->form->part == Part::rows || is_of_choices ? std::optional(*pipe) : std::nullopt;
}

AnswerList list_of_rows(const std::vector<AnsweredRow>& rows) {
  AnswerList list;
  for (const AnsweredRow& row : rows) {
    ListItem item{.id = row.id, .is_blank = row.recode.is_blank()};
    item.members = {{"id", row.id}, {"text", row.text}, {"recode", row.recode}, {"label", row.label}};
    list.push_back(std::move(item));
  }
  return list;
}

base::List as_items(const base::Value& value) {
  if (const auto* many = std::get_if<base::List>(&value.data)) return *many;
  return value.is_blank() ? base::List{} : base::List{value};
}

// Recodes and wordings stand in the same order.
base::Result<AnswerList> list_of_choices(const PipeContext& context, const QuestionPipe& pipe) {
  const auto ask = [&](std::string_view form) {
    return look_up(context, "q", fmt::format("{}/{}", pipe.question, form));
  };
  const base::Result<base::Value> recodes = ask("SelectedChoicesRecode");
  if (!recodes) return recodes.error();
  const base::Result<base::Value> labels = ask("ChoiceGroup/SelectedChoices");
  if (!labels) return labels.error();
  const bool asks_label = pipe.form->part == Part::label;
  const base::List all_recodes = as_items(*recodes);
  const base::List all_labels = as_items(*labels);
  AnswerList list;
  for (std::size_t i = 0; i < all_recodes.size(); ++i) {
    const base::Value label = i < all_labels.size() ? all_labels[i] : base::Value{};
    ListItem item{.id = base::to_text(all_recodes[i]), .is_blank = all_recodes[i].is_blank()};
    item.members = {{"value", asks_label ? label : all_recodes[i]}, {"recode", all_recodes[i]}, {"label", label}};
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace

std::optional<base::Result<AnswerList>> find_list(const PipeContext& context, std::string_view scheme,
                                                  std::string_view path) {
  const std::optional<QuestionPipe> pipe = as_list(scheme, path);
  if (!pipe) return std::nullopt;
  if (pipe->form->part == Part::rows) return list_of_rows(find_rows(*pipe, context));
  return list_of_choices(context, *pipe);
}

std::vector<std::string> list_members(std::string_view scheme, std::string_view path) {
  const std::optional<QuestionPipe> pipe = as_list(scheme, path);
  if (!pipe) return {};
  if (pipe->form->part == Part::rows) return {"id", "text", "recode", "label"};
  return {"value", "recode", "label"};
}

}  // namespace connectors::survey
