// One question of a survey's definition, in either of the API's spellings.
#pragma once

#include <string>

#include "connectors/survey/loose_json.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

// Carried-forward choices are named by `carries_from` and not filled in yet: their question may not have been read.
Question read_question(const LooseJson& value, std::string id, SurveyFaults& faults);

}  // namespace connectors::survey
