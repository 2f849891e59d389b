#include "tests/engine/fake_catalog.hpp"

#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/pipe.hpp"

namespace engine_test {
namespace {

constexpr std::string_view fake_with_schema = R"({
  "type": "object", "required": ["text"], "additionalProperties": false,
  "properties": {"text": {"$ref": "#/definitions/text"}, "more": {}},
  "definitions": {"text": {"type": "string", "minLength": 1, "examples": ["Score ${q://QID1/Score}"]}}
})";

constexpr base::ErrorCode fake_does_nothing{"fake_does_nothing", base::Kind::permanent};

class FakeTaskType final : public engine::TaskType {
 public:
  FakeTaskType(std::string_view name, std::string_view extension, engine::Effect effect)
      : name_(name), extension_(extension), effect_(effect) {}

  std::string_view name() const override { return name_; }
  std::string_view extension() const override { return extension_; }
  std::string_view schema() const override { return fake_with_schema; }

  base::Findings check(const engine::TaskDefinition& definition, const engine::CheckContext& context) const override {
    base::Findings findings;
    for (const engine::Pipe& pipe : pipes(definition)) {
      const std::string wrong = context.what_is_wrong_with(pipe);
      if (!wrong.empty()) {
        findings.push_back({.code = "pipe_unknown", .pointer = definition.pointer() + "/with/text", .message = wrong});
      }
    }
    return findings;
  }

  std::vector<engine::Pipe> pipes(const engine::TaskDefinition& definition) const override {
    const auto text =
        engine::parse_piped_text(nlohmann::json::parse(definition.with.text).at("text").get<std::string>());
    return text ? text->pipes() : std::vector<engine::Pipe>{};
  }

  std::optional<engine::Effect> effect(const engine::TaskDefinition&) const override { return effect_; }

  base::awaitable<base::Result<std::shared_ptr<const engine::CompiledTask>>> compile(
      const engine::TaskDefinition&, const engine::BoundAccount&) override {
    co_return base::Error{fake_does_nothing};
  }
  base::awaitable<base::Result<engine::Answer>> perform(const engine::TaskCall&) override {
    co_return base::Error{fake_does_nothing};
  }

 private:
  std::string_view name_;
  std::string_view extension_;
  engine::Effect effect_;
};

class FakeTriggerType final : public engine::TriggerType {
 public:
  std::string_view name() const override { return "survey_response"; }
  std::string what_is_wrong_with(const engine::Pipe& pipe) const override {
    static const std::set<std::string> known{"q", "e", "m", "rm"};
    return known.contains(pipe.scheme) ? "" : "there is no pipe '" + pipe.scheme + "://'";
  }
  base::Result<std::shared_ptr<const engine::ValueSource>> read(std::string_view) const override {
    return base::Error{fake_does_nothing};
  }
  base::awaitable<base::Result<std::string>> fetch(std::string) override { co_return base::Error{fake_does_nothing}; }
};

}  // namespace

engine::Catalog fake_catalog() {
  std::vector<std::unique_ptr<engine::TaskType>> tasks;
  tasks.push_back(std::make_unique<FakeTaskType>("note", "", engine::Effect::repeatable));
  tasks.push_back(std::make_unique<FakeTaskType>("post", "salesforce", engine::Effect::author_decides));
  std::vector<std::unique_ptr<engine::TriggerType>> triggers;
  triggers.push_back(std::make_unique<FakeTriggerType>());
  return {std::move(tasks), std::move(triggers)};
}

}  // namespace engine_test
