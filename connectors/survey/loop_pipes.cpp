// lm://: the pass of a loop & merge, its fields, and how many passes there were.
#include <set>

#include <fmt/format.h>

#include "connectors/survey/loop_list.hpp"
#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

namespace {

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "2" of "2_QID20"; empty for a key outside of any loop.
std::string_view pass_of(std::string_view key) {
  const std::size_t end = key.find("_QID");
  if (end == std::string_view::npos || !are_digits(key.substr(0, end))) return {};
  return key.substr(0, end);
}

double passes_in(const Response& response) {
  std::set<std::string_view> passes;
  for (const auto& [key, value] : response.values) {
    if (std::string_view pass = pass_of(key); !pass.empty()) passes.insert(pass);
  }
  return static_cast<double>(passes.size());
}

// The field's number, of `Field/1`; empty when the path is another one.
std::string_view loop_field_of(std::string_view path) {
  constexpr std::string_view prefix = "Field/";
  if (!path.starts_with(prefix) || !are_digits(path.substr(prefix.size()))) return {};
  return path.substr(prefix.size());
}

PipeFault loop_fault(const PipePath& pipe, const Survey* survey) {
  if (const std::optional<std::string_view> source = loop_list_source(pipe.path)) {
    if (pipe.option.empty()) return loop_list_fault(*source, survey);
    return {fmt::format("'{}' is of all loops, not of one", pipe.path), fmt::format("lm://{}", pipe.path)};
  }
  if (!pipe.option.empty() && !are_digits(pipe.option_value)) {
    return {fmt::format("'{}' is no pass of a loop", pipe.option_value), fmt::format("lm://{}?loop=1", pipe.path)};
  }
  if (pipe.path == "CurrentLoopNumber" || pipe.path == "TotalLoops") return {};
  const std::string_view field = loop_field_of(pipe.path);
  if (field.empty()) {
    return {fmt::format("'{}' is not among what a loop knows: Field/1 and so on, CurrentLoopNumber, TotalLoops, "
                        "and Loops/QID20, the loops that ask QID20",
                        pipe.path),
            "lm://Field/1"};
  }
  if (!survey) {
    return {
        "the fields of a loop stand in the survey's definition, not in a response: put survey.qsf beside the workflow"};
  }
  for (const Block& block : survey->blocks) {
    if (!block.loops) continue;
    if (block.passes.empty()) return {};
    for (const LoopPass& pass : block.passes) {
      if (pass.fields.contains(std::string(field)) || (field == "1" && !block.loop_question.empty())) return {};
    }
  }
  return {fmt::format("no loop of the survey has a field {}", field)};
}

// What the definition says of a field; of a loop over a question's choices, the first field is the choice.
base::Value field_of_pass(const Survey& survey, std::string_view number, std::string_view field) {
  for (const Block& block : survey.blocks) {
    if (!block.loops) continue;
    for (const LoopPass& pass : block.passes) {
      if (pass.number != number) continue;
      auto at = pass.fields.find(std::string(field));
      if (at != pass.fields.end() && !at->second.empty()) return at->second;
    }
    const Question* source = survey.question(block.loop_question);
    if (!source || field != "1") continue;
    const Choice* choice = source->rows.empty() ? source->choice(number) : source->row(number);
    if (choice) return choice->label;
  }
  return base::Blank{};
}

// By their wording, or by their number where that is not known.
base::Value names_of_loops(std::string_view source, const PipeContext& context) {
  base::List names;
  for (const AnsweredLoop& loop : answered_loops(source, context)) {
    if (loop.is_answered) names.emplace_back(loop.text.empty() ? loop.number : loop.text);
  }
  return names.empty() ? base::Value(base::Blank{}) : base::Value(std::move(names));
}

Found find_loop(const PipePath& pipe, const PipeContext& context) {
  if (PipeFault fault = loop_fault(pipe, context.survey); fault.is_one()) return fault;
  if (const auto source = loop_list_source(pipe.path)) return names_of_loops(*source, context);
  if (pipe.path == "TotalLoops") return base::number(passes_in(context.response));
  const std::string_view pass = pipe.option.empty() ? context.loop : pipe.option_value;
  if (pass.empty()) return base::Value(base::Blank{});
  if (pipe.path == "CurrentLoopNumber") return base::number(std::string(pass));
  return field_of_pass(*context.survey, pass, loop_field_of(pipe.path));
}

}  // namespace

const PipeFamily loop_pipes{"lm", " loop ", loop_fault, find_loop};

}  // namespace connectors::survey
