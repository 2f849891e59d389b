// The files that hold a survey's definition: both answers of the platform's API, and its own .qsf files.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/findings.hpp"
#include "base/json_document.hpp"
#include "connectors/survey/survey.hpp"

namespace connectors::survey {

inline constexpr base::ErrorCode survey_invalid{"survey_invalid", base::Kind::permanent};

// A definition is of another survey than the workflow beside it.
inline constexpr base::ErrorCode survey_definition_differs{"survey_definition_differs", base::Kind::permanent};

struct SurveyReading {
  std::optional<Survey> survey;  // present when no finding is an error
  base::Findings findings;       // all of them, with their places
};

// Which of the three shapes it is is seen from the document. What Sluice does not know is passed over.
SurveyReading read_survey(const base::JsonDocument& document);
SurveyReading read_survey_file(const std::string& path);

}  // namespace connectors::survey
