// The rows of a matrix, a form or a ranking, each with its answer: what a list over rows is made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

struct AnsweredRow {
  std::string id;        // "2", "x2"
  std::string text{};    // the row's wording; empty without the survey's definition
  base::Value recode{};  // blank where it was left out
  base::Value label{};   // the wording of the answer
  bool shown = false;
};

// In the survey's order, with every row that it has; without its definition, the rows that the response names, by
// number. `question` may carry its loop ("2_QID4") or its column ("QID5#1").
std::vector<AnsweredRow> answered_rows(const Response& response, std::string_view question, const Question* definition);

// A recode, or a list of them, in the words of the question's choices; what is none of them stays as it is, as text.
base::Value worded(const base::Value& recodes, const Question& definition);

}  // namespace connectors::survey
