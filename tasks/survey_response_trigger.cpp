#include "tasks/survey_response_trigger.hpp"

#include <utility>

#include "connectors/survey/answer_list.hpp"
#include "connectors/survey/piped_text.hpp"
#include "connectors/survey/platform_event.hpp"

namespace tasks {

base::Result<base::Value> ResponseValues::value(const engine::Pipe& pipe) const {
  return connectors::survey::look_up({response_, survey_.get()}, pipe.scheme, pipe.path);
}

base::Result<engine::Items> ResponseValues::items(const engine::Pipe& pipe) const {
  const connectors::survey::PipeContext context{response_, survey_.get()};
  if (const base::JsonText* nested = connectors::survey::find_nested_list(context, pipe.scheme, pipe.path))
    return engine::items_of(*nested);
  auto list = connectors::survey::find_list(context, pipe.scheme, pipe.path);
  if (!list) return engine::ValueSource::items(pipe);
  if (!*list) return list->error();
  engine::Items items;
  for (connectors::survey::ListItem& one : **list)
    items.push_back({.id = std::move(one.id), .members = std::move(one.members), .is_blank = one.is_blank});
  return items;
}

base::Result<base::Value> ResponseValues::in_item(const engine::Pipe& list, const engine::Item& item,
                                                  std::string_view path) const {
  auto found = connectors::survey::find_in_item({response_, survey_.get()}, list.scheme, list.path, item.id, path);
  return found ? *std::move(found) : engine::ValueSource::in_item(list, item, path);
}

std::vector<std::string> SurveyResponseTrigger::item_members(const engine::Pipe& pipe) const {
  return connectors::survey::list_members(pipe.scheme, pipe.path);
}

std::optional<std::string> SurveyResponseTrigger::what_is_wrong_in_item(
    const engine::Pipe& list, std::string_view path, const engine::TriggerDefinition& trigger) const {
  return connectors::survey::what_is_wrong_in_item(list.scheme, list.path, path, definition_of(trigger.survey).get());
}

std::string SurveyResponseTrigger::what_is_wrong_with(const engine::Pipe& pipe) const {
  return connectors::survey::what_is_wrong_with(pipe.scheme, pipe.path);
}

std::string SurveyResponseTrigger::what_is_wrong_with(const engine::Pipe& pipe,
                                                      const engine::TriggerDefinition& trigger) const {
  return connectors::survey::what_is_wrong_with(pipe.scheme, pipe.path, definition_of(trigger.survey).get());
}

base::Result<std::shared_ptr<const engine::ValueSource>> SurveyResponseTrigger::read(std::string_view body) const {
  base::Result<connectors::survey::Response> response = connectors::survey::read_response(body);
  if (!response) return std::move(response).error();
  std::shared_ptr<const connectors::survey::Survey> survey = definition_of(response->survey);
  return std::shared_ptr<const engine::ValueSource>(
      std::make_shared<ResponseValues>(*std::move(response), std::move(survey)));
}

std::shared_ptr<const connectors::survey::Survey> SurveyResponseTrigger::definition_of(std::string_view survey) const {
  return surveys_ ? surveys_->find(survey) : nullptr;
}

base::awaitable<base::Result<std::string>> SurveyResponseTrigger::fetch(std::string notice) {
  base::Result<connectors::survey::PlatformEvent> event = connectors::survey::read_stored_event(notice);
  if (!event) co_return event.error();
  // Transient: the next start may name the platform, and the response is still there.
  if (!platform_)
    co_return base::Error{connectors::survey::survey_platform_unavailable,
                          "response " + event->response_id + " cannot be fetched: no survey platform is configured"};
  co_return co_await platform_->response(event->survey_id, event->response_id);
}

}  // namespace tasks
