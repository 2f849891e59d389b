// The loops of a loop & merge as a list: which of them a response has, and what is known of each. Its items are
// looked into by the same forms as piped text, without the loop's number: `QID20/SelectedChoicesRecode`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/survey/pipe_family.hpp"

namespace connectors::survey {

// The numbers of the passes that a loop can have, as they stand before its questions; empty where nobody knows
// beforehand.
std::vector<std::string> pass_numbers(const Block& block, const Survey& survey);

struct AnsweredLoop {
  std::string number;                           // as it stands before the question: "2" of 2_QID20
  std::string text{};                           // the first field, or the choice that is looped over; may be empty
  std::map<std::string, std::string> fields{};  // of the definition, by their numbers
  bool is_answered = false;                     // false: it was skipped, or nothing in it was answered
};

// "QID20" of `Loops/QID20`: a question that is asked in the loop, or its block; nullopt when the path is another one.
std::optional<std::string_view> loop_list_source(std::string_view path);

// Blocks go by their id or their name, and only with a definition.
PipeFault loop_list_fault(std::string_view source, const Survey* survey);

// By number: every fixed loop of the definition, and those that the response names. Without a definition, the loops
// that the source was shown in. Precondition: the list has no fault.
std::vector<AnsweredLoop> answered_loops(std::string_view source, const PipeContext& context);

// What `path` means inside a loop.
Found find_in_loop(std::string_view source, std::string_view number, std::string_view path, const PipeContext& context);
PipeFault loop_item_fault(std::string_view source, std::string_view path, const Survey* survey);

}  // namespace connectors::survey
