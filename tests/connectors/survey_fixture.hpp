// The survey "Service check" and a response to it, which hold every kind of question.
#pragma once

#include <string>

#include "connectors/survey/response.hpp"
#include "connectors/survey/survey_document.hpp"
#include "tests/support/fixture.hpp"

namespace support {

inline connectors::survey::SurveyReading read_survey_fixture(const std::string& name) {
  return connectors::survey::read_survey(base::JsonDocument::read(fixture("surveys/" + name), name));
}

inline connectors::survey::Survey service_check() { return *read_survey_fixture("check.definition.json").survey; }

inline connectors::survey::Response service_check_response() {
  return *connectors::survey::read_response(fixture("surveys/check.response.json"));
}

}  // namespace support
