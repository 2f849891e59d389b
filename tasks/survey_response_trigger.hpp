// The trigger of a survey response: its answers are what pipes mean; the platform's notice is fetched first.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/survey/platform_client.hpp"
#include "connectors/survey/response.hpp"
#include "connectors/survey/survey_shelf.hpp"
#include "engine/trigger.hpp"

namespace tasks {

// What the pipes of one response mean.
class ResponseValues final : public engine::ValueSource {
 public:
  // `survey` may be null: then only what the response itself holds has a meaning.
  explicit ResponseValues(connectors::survey::Response response,
                          std::shared_ptr<const connectors::survey::Survey> survey = nullptr)
      : response_(std::move(response)), survey_(std::move(survey)) {}
  base::Result<base::Value> value(const engine::Pipe& pipe) const override;
  base::Result<engine::Items> items(const engine::Pipe& pipe) const override;
  base::Result<base::Value> in_item(const engine::Pipe& list, const engine::Item& item,
                                    std::string_view path) const override;
  const connectors::survey::Response& response() const { return response_; }

 private:
  connectors::survey::Response response_;
  std::shared_ptr<const connectors::survey::Survey> survey_;
};

class SurveyResponseTrigger final : public engine::TriggerType {
 public:
  // `platform` may be null: then a notice cannot be fetched yet. `surveys` may be null: then only the form of pipes is
  // judged.
  explicit SurveyResponseTrigger(connectors::survey::PlatformClient* platform,
                                 const connectors::survey::SurveyShelf* surveys = nullptr)
      : platform_(platform), surveys_(surveys) {}

  std::string_view name() const override { return "survey_response"; }
  std::string what_is_wrong_with(const engine::Pipe& pipe) const override;
  std::string what_is_wrong_with(const engine::Pipe& pipe, const engine::TriggerDefinition& trigger) const override;
  std::vector<std::string> item_members(const engine::Pipe& pipe) const override;
  std::optional<std::string> what_is_wrong_in_item(const engine::Pipe& list, std::string_view path,
                                                   const engine::TriggerDefinition& trigger) const override;
  base::Result<std::shared_ptr<const engine::ValueSource>> read(std::string_view body) const override;
  base::awaitable<base::Result<std::string>> fetch(std::string notice) override;

 private:
  std::shared_ptr<const connectors::survey::Survey> definition_of(std::string_view survey) const;

  connectors::survey::PlatformClient* platform_;
  const connectors::survey::SurveyShelf* surveys_;
};

}  // namespace tasks
