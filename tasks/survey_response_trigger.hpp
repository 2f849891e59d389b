// The trigger of a survey response: its answers are what pipes mean; the platform's notice is fetched first.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connectors/survey/platform_client.hpp"
#include "connectors/survey/response.hpp"
#include "engine/trigger.hpp"

namespace tasks {

// What the pipes of one response mean.
class ResponseValues final : public engine::ValueSource {
 public:
  explicit ResponseValues(connectors::survey::Response response) : response_(std::move(response)) {}
  base::Result<base::Value> value(const engine::Pipe& pipe) const override;
  const connectors::survey::Response& response() const { return response_; }

 private:
  connectors::survey::Response response_;
};

class SurveyResponseTrigger final : public engine::TriggerType {
 public:
  // `platform` may be null: then a notice cannot be fetched yet.
  explicit SurveyResponseTrigger(connectors::survey::PlatformClient* platform) : platform_(platform) {}

  std::string_view name() const override { return "survey_response"; }
  std::string what_is_wrong_with(const engine::Pipe& pipe) const override;
  base::Result<std::shared_ptr<const engine::ValueSource>> read(std::string_view body) const override;
  base::awaitable<base::Result<std::string>> fetch(std::string notice) override;

 private:
  connectors::survey::PlatformClient* platform_;
};

}  // namespace tasks
