// lm://: the pass of a loop & merge, its fields, and how many passes there were.
#include <algorithm>
#include <set>
#include <vector>

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

bool has_field(const Block& block, std::string_view field) {
  if (!block.loops) return false;
  if (block.passes.empty() || (field == "1" && !block.loop_question.empty())) return true;
  return std::any_of(block.passes.begin(), block.passes.end(),
                     [&](const LoopPass& pass) { return pass.fields.contains(std::string(field)); });
}

// Whether one of the survey's loops that fit has the pass that is named; of one that is not named, what would be right.
template <class Fits>
PipeFault pass_fault(const PipePath& pipe, const Survey& survey, Fits fits) {
  std::vector<std::string> known;
  for (const Block& block : survey.blocks) {
    if (!fits(block)) continue;
    const std::vector<std::string> numbers = pass_numbers(block, survey);
    if (numbers.empty() || std::find(numbers.begin(), numbers.end(), pipe.option_value) != numbers.end()) return {};
    known.insert(known.end(), numbers.begin(), numbers.end());
  }
  if (known.empty()) return {"the survey has no loop & merge"};
  return {fmt::format("the loop has no pass {}, only {}", pipe.option_value, listed(known)),
          fmt::format("lm://{}?loop={}", pipe.path, known.front())};
}

// Outside of a loop, `lm://Field/1` is of no pass. In the items of a list of loops each is of its own.
PipeFault no_pass_fault(const PipePath& pipe, const Survey* survey) {
  std::string number = "1";
  for (const Block& block : survey ? survey->blocks : std::vector<Block>{}) {
    if (block.loops && !block.passes.empty()) {
      number = block.passes.front().number;
      break;
    }
  }
  return {fmt::format("'{}' does not say of which pass of the loop; for each of them, a task with for_each over "
                      "lm://Loops/QID finds item://{}",
                      pipe.path, pipe.path == "CurrentLoopNumber" ? "id" : pipe.path),
          fmt::format("lm://{}?loop={}", pipe.path, number)};
}

// What is wrong, but for the pass, which the place may give.
PipeFault loop_path_fault(const PipePath& pipe, const Survey* survey) {
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
            "lm://Field/1?loop=1"};
  }
  if (!survey) {
    return {
        "the fields of a loop stand in the survey's definition, not in a response: put survey.qsf beside the workflow"};
  }
  const auto has_it = [&](const Block& block) { return has_field(block, field); };
  if (std::any_of(survey->blocks.begin(), survey->blocks.end(), has_it)) return {};
  return {fmt::format("no loop of the survey has a field {}", field)};
}

PipeFault loop_fault(const PipePath& pipe, const Survey* survey) {
  if (PipeFault fault = loop_path_fault(pipe, survey); fault.is_one()) return fault;
  if (loop_list_source(pipe.path) || pipe.path == "TotalLoops") return {};
  if (pipe.option.empty()) return no_pass_fault(pipe, survey);
  if (!survey) return {};
  const std::string_view field = loop_field_of(pipe.path);
  return pass_fault(pipe, *survey,
                    [&](const Block& block) { return block.loops && (field.empty() || has_field(block, field)); });
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
  if (PipeFault fault = loop_path_fault(pipe, context.survey); fault.is_one()) return fault;
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
