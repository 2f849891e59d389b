#include "app/response_event.hpp"

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "tasks/survey_response_trigger.hpp"

namespace app {

namespace {

engine::TriggerEvent event_of(connectors::survey::Response response, std::string body,
                              const connectors::survey::SurveyShelf& surveys) {
  engine::TriggerEvent event;
  // The response with its revision.
  event.dedup_key = response.id.empty() ? "sha256:" + base::to_hex(base::sha256(body))
                                        : fmt::format("{} {}", response.id, response.recorded_date);
  event.survey = response.survey;
  event.values = std::make_shared<tasks::ResponseValues>(std::move(response), surveys.find(event.survey));
  event.body = std::move(body);
  return event;
}

}  // namespace

base::Result<engine::TriggerEvent> response_event(std::string body, const connectors::survey::SurveyShelf& surveys) {
  base::Result<connectors::survey::Response> response = connectors::survey::read_response(body);
  if (!response) return response.error();
  return event_of(*std::move(response), std::move(body), surveys);
}

engine::TriggerEvent response_event(connectors::survey::Response response,
                                    const connectors::survey::SurveyShelf& surveys) {
  std::string body = connectors::survey::to_json(response);
  return event_of(std::move(response), std::move(body), surveys);
}

}  // namespace app
