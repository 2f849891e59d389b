#include "connectors/survey/answer_list.hpp"

#include <fmt/format.h>

#include "connectors/survey/loop_list.hpp"
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

// The question or block of a list of loops; nullopt for any other pipe.
std::optional<std::string_view> as_list_of_loops(std::string_view scheme, std::string_view path) {
  if (scheme != "lm" || path.find('?') != std::string_view::npos) return std::nullopt;
  return loop_list_source(path);
}

base::Result<AnswerList> list_of_loops(std::string_view source, const PipeContext& context) {
  if (const PipeFault fault = loop_list_fault(source, context.survey); fault.is_one())
    return base::Error{pipe_unknown, fmt::format("'lm://Loops/{}': {}", source, to_sentence(fault))};
  AnswerList list;
  for (const AnsweredLoop& loop : answered_loops(source, context)) {
    ListItem item{.id = loop.number, .is_blank = !loop.is_answered};
    item.members = {{"id", loop.number}, {"text", loop.text}};
    for (const auto& [field, text] : loop.fields) item.members.emplace_back(fmt::format("Field/{}", field), text);
    list.push_back(std::move(item));
  }
  return list;
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
  if (const auto source = as_list_of_loops(scheme, path)) return list_of_loops(*source, context);
  const std::optional<QuestionPipe> pipe = as_list(scheme, path);
  if (!pipe) return std::nullopt;
  if (pipe->form->part == Part::rows) return list_of_rows(find_rows(*pipe, context));
  return list_of_choices(context, *pipe);
}

const base::JsonText* find_nested_list(const PipeContext& context, std::string_view scheme, std::string_view path) {
  const std::string_view before = scheme == "event" ? "values/" : scheme == "e" ? "Field/" : "";
  if (before.empty() || !path.starts_with(before)) return nullptr;
  const auto at = context.response.nested.find(path.substr(before.size()));
  return at != context.response.nested.end() && at->second.text.starts_with('[') ? &at->second : nullptr;
}

std::vector<std::string> list_members(std::string_view scheme, std::string_view path) {
  if (as_list_of_loops(scheme, path)) return {"id", "text"};
  const std::optional<QuestionPipe> pipe = as_list(scheme, path);
  if (!pipe) return {};
  if (pipe->form->part == Part::rows) return {"id", "text", "recode", "label"};
  return {"value", "recode", "label"};
}

std::optional<base::Result<base::Value>> find_in_item(const PipeContext& context, std::string_view scheme,
                                                      std::string_view path, std::string_view item_id,
                                                      std::string_view member) {
  const auto source = as_list_of_loops(scheme, path);
  if (!source) return std::nullopt;
  Found found = find_in_loop(*source, item_id, member, context);
  if (const auto* fault = std::get_if<PipeFault>(&found))
    return base::Error{pipe_unknown, fmt::format("'item://{}': {}", member, to_sentence(*fault))};
  return std::get<base::Value>(std::move(found));
}

std::optional<std::string> what_is_wrong_in_item(std::string_view scheme, std::string_view path,
                                                 std::string_view member, const Survey* survey) {
  const auto source = as_list_of_loops(scheme, path);
  if (!source) return std::nullopt;
  const PipeFault fault = loop_item_fault(*source, member, survey);
  return fault.is_one() ? to_sentence(fault) : "";
}

}  // namespace connectors::survey
