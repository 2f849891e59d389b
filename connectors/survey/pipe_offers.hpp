// What can be mapped from a survey: the pipes to paste, with what they bring.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/survey/survey.hpp"

namespace connectors::survey {

struct PipeOffer {
  std::string pipe;       // "q://QID4/SelectedChoicesRecode/1"
  std::string_view type;  // "number", "text", "list"
  std::string what;       // "recode · Speed"
};

// The pipes of one question, the most useful first; of a looped one those of each pass that is known beforehand.
std::vector<PipeOffer> offers_of(const Question& question, const Survey& survey);
// The lists of answered loops, for for_each, and the fields of each pass.
std::vector<PipeOffer> offers_of_loops(const Survey& survey);
std::vector<PipeOffer> offers_of_scores(const Survey& survey);
// The embedded data that the flow declares.
std::vector<PipeOffer> offers_of_fields(const Survey& survey);

}  // namespace connectors::survey
