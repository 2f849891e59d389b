// A survey response as the trigger event that it is.
#pragma once

#include <string>

#include "base/result.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "engine/trigger.hpp"

namespace app {

// The body is a response as the survey platform's API gives it. The event has its own dedup key: a response that was
// changed is another event. Source and time are the caller's. `surveys` holds the wordings that a response may lack.
base::Result<engine::TriggerEvent> response_event(std::string body, const connectors::survey::SurveyShelf& surveys);
// The same of one that has been read; its body is the API's.
engine::TriggerEvent response_event(connectors::survey::Response response,
                                    const connectors::survey::SurveyShelf& surveys);

}  // namespace app
