// The group that an NPS score puts its respondent into: 0 to 6 Detractor, 7 and 8 Passive, 9 and 10 Promoter.
#pragma once

#include <optional>
#include <string_view>

#include "base/value.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

enum class NpsGroup { detractor = 1, passive = 2, promoter = 3 };  // the recodes of the group

std::string_view to_string(NpsGroup group);  // "Promoter"

// nullopt for what is no whole number from 0 to 10.
std::optional<NpsGroup> group_of_score(double score);
std::optional<NpsGroup> group_of_score(std::string_view score);

// Whether `question` ("QID1", "2_QID1") asks for an NPS score: as its definition says, or, where there is none, since
// the response has a group for it.
bool asks_nps(const Response& response, std::string_view question, const Question* definition);

// By the score, whatever else the response carries; only where it has none from 0 to 10, the group that it carries
// itself, as a number or by name.
std::optional<NpsGroup> nps_group(const Response& response, std::string_view question);

}  // namespace connectors::survey
