#include "connectors/survey/loop_list.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/findings.hpp"
#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/question_pipe.hpp"

namespace connectors::survey {

namespace {

constexpr std::string_view list_path = "Loops";

bool begins_with_question(std::string_view path) { return path.starts_with("QID"); }

std::string_view whole_question(std::string_view id) { return id.substr(0, id.find('#')); }

// nullptr where the source is no loop of the survey.
const Block* block_of(std::string_view source, const Survey& survey) {
  if (const Question* question = survey.question(whole_question(source))) {
    const Block* home = survey.block(question->block);
    return home && home->loops && question->is_asked ? home : nullptr;
  }
  for (const Block& block : survey.blocks) {
    if (block.loops && (block.id == source || block.name == source)) return &block;
  }
  return nullptr;
}

// A question of each loop: what a suggestion is made of.
std::vector<std::string> sources_of(const Survey& survey) {
  std::vector<std::string> sources;
  for (const Block& block : survey.blocks) {
    if (!block.loops) continue;
    sources.insert(sources.end(), block.questions.begin(), block.questions.end());
    for (const std::string* name : {&block.id, &block.name}) {
      if (!name->empty()) sources.push_back(*name);
    }
  }
  return sources;
}

bool is_asked_in(const Block& block, std::string_view question) {
  return std::find(block.questions.begin(), block.questions.end(), whole_question(question)) != block.questions.end();
}

// Times, browsers and the order of choices are noted, not answered.
bool is_noted(std::string_view suffix) {
  const auto forms = question_forms();
  return std::any_of(forms.begin(), forms.end(), [&](const QuestionForm& form) {
    const bool is_note =
        form.path.starts_with("Timing/") || form.path.starts_with("Meta/") || form.path == "ChoiceGroup/DisplayOrder";
    return is_note && suffix.ends_with(form.suffix);
  });
}

// 2 before 10.
struct ByNumber {
  bool operator()(const std::string& a, const std::string& b) const {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};
using LoopsByNumber = std::map<std::string, AnsweredLoop, ByNumber>;

// Those that the response names, by a question that the loop asks.
template <class IsOfLoop>
void add_loops_of_response(LoopsByNumber& loops, const Response& response, IsOfLoop is_of_loop) {
  const auto take = [&](const std::string& key) {
    const QuestionName name = take_apart(key);
    if (!name.pass.empty() && is_of_loop(name.id)) loops[std::string(name.pass)];
  };
  for (const auto& [key, value] : response.values) take(key);
  for (const std::string& key : response.displayed) take(key);
}

template <class IsOfLoop>
void note_answers(LoopsByNumber& loops, const Response& response, IsOfLoop is_of_loop) {
  for (const auto& [key, value] : response.values) {
    const QuestionName name = take_apart(key);
    if (name.pass.empty() || value.is_blank() || is_noted(name.suffix) || !is_of_loop(name.id)) continue;
    if (const auto found = loops.find(std::string(name.pass)); found != loops.end()) found->second.is_answered = true;
  }
}

// What the definition says of it. Of a loop over a question's choices, the first field is the choice.
void describe(AnsweredLoop& loop, const Block& block, const Survey& survey) {
  for (const LoopPass& pass : block.passes) {
    if (pass.number != loop.number) continue;
    for (const auto& [field, text] : pass.fields) {
      if (!text.empty()) loop.fields[field] = text;
    }
  }
  if (const Question* source = survey.question(block.loop_question); source && !loop.fields.contains("1")) {
    const Choice* choice = source->rows.empty() ? source->choice(loop.number) : source->row(loop.number);
    if (choice) loop.fields["1"] = choice->label;
  }
  if (const auto first = loop.fields.find("1"); first != loop.fields.end()) loop.text = first->second;
}

// A question's pipe in a loop is told of without the loop's number.
std::string as_item(std::string sentence, std::string_view number) {
  for (const std::string& shown : {fmt::format("q://{}_", number), std::string("q://")}) {
    for (std::size_t at = sentence.find(shown); at != std::string::npos; at = sentence.find(shown, at))
      sentence.replace(at, shown.size(), "item://");
  }
  return sentence;
}

PipeFault question_in_loop_fault(std::string_view source, std::string_view path, const Survey* survey) {
  std::string number = "1";
  if (survey) {
    const Block* block = block_of(source, *survey);
    const QuestionName name = take_apart(path.substr(0, path.find_first_of("/?")));
    if (block && !name.id.empty() && !is_asked_in(*block, name.id)) {
      const std::string near = base::nearest(name.id, block->questions);
      const std::string_view form = path.substr(std::min(path.find('/'), path.size()));
      return {fmt::format("the loop asks no {}, only {}", name.id, listed(block->questions)),
              near.empty() ? "" : fmt::format("item://{}{}", near, form)};
    }
    if (block && !block->passes.empty()) number = block->passes.front().number;
  }
  return {as_item(what_is_wrong_with("q", fmt::format("{}_{}", number, path), survey), number)};
}

PipeFault field_fault(std::string_view source, std::string_view path, const Survey* survey) {
  const Block* block = survey ? block_of(source, *survey) : nullptr;
  // The item has a pass of its own; any stands for it here.
  const std::string number = block && !block->passes.empty() ? block->passes.front().number : "1";
  const char* joint = path.find('?') == std::string_view::npos ? "?" : "&";
  const std::string of_a_pass = fmt::format("{}{}loop={}", path, joint, number);
  if (std::string wrong = what_is_wrong_with("lm", of_a_pass, survey); !wrong.empty()) return {std::move(wrong)};
  if (!block || block->passes.empty()) return {};
  const std::string field(path.substr(path.find('/') + 1, path.find('?') - path.find('/') - 1));
  const bool has_it = std::any_of(block->passes.begin(), block->passes.end(),
                                  [&](const LoopPass& pass) { return pass.fields.contains(field); });
  if (has_it || (field == "1" && !block->loop_question.empty())) return {};
  return {fmt::format("the loop has no field {}", field)};
}

}  // namespace

std::vector<std::string> pass_numbers(const Block& block, const Survey& survey) {
  std::vector<std::string> numbers;
  for (const LoopPass& pass : block.passes) numbers.push_back(pass.number);
  if (const Question* source = survey.question(block.loop_question)) {
    for (const Choice& choice : source->rows.empty() ? source->choices : source->rows) {
      if (std::find(numbers.begin(), numbers.end(), choice.id) == numbers.end()) numbers.push_back(choice.id);
    }
  } else if (!block.loop_question.empty()) {
    return {};
  }
  return numbers;
}

std::optional<std::string_view> loop_list_source(std::string_view path) {
  if (!path.starts_with(list_path)) return std::nullopt;
  const std::string_view rest = path.substr(list_path.size());
  if (rest.empty()) return rest;
  return rest.front() == '/' ? std::optional(rest.substr(1)) : std::nullopt;
}

PipeFault loop_list_fault(std::string_view source, const Survey* survey) {
  if (survey) {
    if (block_of(source, *survey)) return {};
    const std::vector<std::string> known = sources_of(*survey);
    if (known.empty()) return {"the survey has no loop & merge"};
    std::string near = base::nearest(source, known);
    if (near.empty()) near = known.front();
    const std::string right = fmt::format("lm://Loops/{}", near);
    if (source.empty()) return {"'Loops' does not say which: name a question that the loop asks, or its block", right};
    const bool is_question = survey->question(whole_question(source)) != nullptr;
    return {is_question ? fmt::format("{} is not asked in a loop", source)
                        : fmt::format("the survey has no loop '{}': neither a question of that id nor a block", source),
            right};
  }
  const QuestionName name = take_apart(source);
  if (!name.id.empty() && name.pass.empty() && name.suffix.empty()) return {};
  if (!name.pass.empty())
    return {fmt::format("'{}' is one loop, and the list is of all", source), fmt::format("lm://Loops/{}", name.id)};
  if (source.empty())
    return {"'Loops' does not say which: name a question that the loop asks, or its block", "lm://Loops/QID1"};
  return {
      fmt::format("'{}' is no question, and blocks stand in the survey's definition: put survey.qsf beside the "
                  "workflow, or name a question that the loop asks",
                  source)};
}

std::vector<AnsweredLoop> answered_loops(std::string_view source, const PipeContext& context) {
  LoopsByNumber loops;
  const Block* block = context.survey ? block_of(source, *context.survey) : nullptr;
  if (block) {
    const auto is_of_loop = [&](std::string_view id) { return is_asked_in(*block, id); };
    for (const LoopPass& pass : block->passes) loops[pass.number];
    add_loops_of_response(loops, context.response, is_of_loop);
    note_answers(loops, context.response, is_of_loop);
  } else {
    const std::string_view asked = whole_question(source);
    add_loops_of_response(loops, context.response, [&](std::string_view id) { return whole_question(id) == asked; });
    note_answers(loops, context.response, [](std::string_view) { return true; });
  }
  std::vector<AnsweredLoop> list;
  for (auto& [number, loop] : loops) {
    loop.number = number;
    if (block) describe(loop, *block, *context.survey);
    list.push_back(std::move(loop));
  }
  return list;
}

Found find_in_loop(std::string_view source, std::string_view number, std::string_view path,
                   const PipeContext& context) {
  if (PipeFault fault = loop_item_fault(source, path, context.survey); fault.is_one()) return fault;
  const PipeContext inside{context.response, context.survey, number};
  base::Result<base::Value> found = begins_with_question(path)
                                        ? look_up(inside, "q", fmt::format("{}_{}", number, path))
                                        : look_up(inside, "lm", path);
  if (!found) return PipeFault{found.error().message};
  return *std::move(found);
}

PipeFault loop_item_fault(std::string_view source, std::string_view path, const Survey* survey) {
  if (begins_with_question(path)) return question_in_loop_fault(source, path, survey);
  if (path.starts_with("Field/")) return field_fault(source, path, survey);
  return {fmt::format("an item of a loop has no '{}', but id, text, number, Field/1 and so on, and the answers to its "
                      "questions",
                      path),
          begins_with_question(source) ? fmt::format("item://{}/SelectedChoicesRecode", source)
                                       : "item://QID1/SelectedChoicesRecode"};
}

}  // namespace connectors::survey
