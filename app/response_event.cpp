#include "app/response_event.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "connectors/survey/response.hpp"
#include "tasks/survey_response_trigger.hpp"

namespace app {

base::Result<engine::TriggerEvent> response_event(std::string body, const connectors::survey::SurveyShelf& surveys) {
  base::Result<connectors::survey::Response> response = connectors::survey::read_response(body);
  if (!response) return response.error();
  engine::TriggerEvent event;
  // The response with its revision.
  event.dedup_key = response->id.empty() ? "sha256:" + base::to_hex(base::sha256(body))
                                         : fmt::format("{} {}", response->id, response->recorded_date);
  event.survey = response->survey;
  event.values = std::make_shared<tasks::ResponseValues>(*std::move(response), surveys.find(event.survey));
  event.body = std::move(body);
  return event;
}

}  // namespace app
