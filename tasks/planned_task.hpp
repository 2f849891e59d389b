// A task type in a plan: the same in every decision, but what it would write is noted and not sent.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/async.hpp"
#include "base/time.hpp"
#include "connectors/salesforce/client.hpp"
#include "engine/task.hpp"
#include "tasks/org_knowledge.hpp"
#include "tasks/planned_org.hpp"

namespace tasks {

// What the runs of a plan would have written so far, in all orgs: later tasks and later responses read it.
class PlannedWrites {
 public:
  // Whether an earlier run can have made records under the keys of these: that is so where a run is replayed.
  enum class OwnKeys { are_new, may_be_there };
  explicit PlannedWrites(OwnKeys own_keys = OwnKeys::are_new) : own_keys_(own_keys) {}

  // By the key of the write; null where none was planned, or the org would refuse it.
  const PlannedChange* find(std::string_view effect_key) const;
  // Made-up ids of new records as people are told of them: "(new Contact 2)".
  std::string in_words(std::string text) const;

 private:
  friend class PlannedTaskType;

  // While it lives nobody else reads or writes: of tasks that run side by side one comes after the other.
  class Turn;
  base::awaitable<std::unique_ptr<Turn>> turn(base::Clock& clock);
  std::string new_key(const std::string& effect_key) const {
    return own_keys_ == OwnKeys::are_new ? effect_key : std::string();
  }
  PlannedOrg& org(const engine::BoundAccount& account, connectors::salesforce::Client& client, OrgKnowledge& knowledge,
                  base::Clock& clock);

  OwnKeys own_keys_;
  std::map<std::string, std::unique_ptr<PlannedOrg>> orgs_{};  // by id; several accounts may lead to one
  std::map<std::string, PlannedChange, std::less<>> changes_{};
  bool is_taken_ = false;
  std::deque<std::shared_ptr<base::Bell>> waiting_{};
};

class PlannedTaskType final : public engine::TaskType {
 public:
  PlannedTaskType(std::unique_ptr<engine::TaskType> type, connectors::salesforce::Client& client,
                  std::shared_ptr<OrgKnowledge> knowledge, base::Clock& clock, PlannedWrites& writes)
      : type_(std::move(type)), client_(client), knowledge_(std::move(knowledge)), clock_(clock), writes_(writes) {}

  std::string_view name() const override { return type_->name(); }
  std::string_view extension() const override { return type_->extension(); }
  std::string_view schema() const override { return type_->schema(); }
  base::Findings check(const engine::TaskDefinition& definition, const engine::CheckContext& context) const override {
    return type_->check(definition, context);
  }
  std::vector<engine::Pipe> pipes(const engine::TaskDefinition& definition) const override {
    return type_->pipes(definition);
  }
  std::optional<engine::TaskOutput> output(const engine::TaskDefinition& definition) const override {
    return type_->output(definition);
  }
  std::optional<engine::Effect> effect(const engine::TaskDefinition& definition) const override {
    return type_->effect(definition);
  }
  base::awaitable<base::Result<std::shared_ptr<const engine::CompiledTask>>> compile(
      const engine::TaskDefinition& definition, const engine::BoundAccount& account) override {
    return type_->compile(definition, account);
  }
  base::awaitable<base::Result<engine::Answer>> perform(const engine::TaskCall& call) override;

 private:
  std::unique_ptr<engine::TaskType> type_;
  connectors::salesforce::Client& client_;
  std::shared_ptr<OrgKnowledge> knowledge_;
  base::Clock& clock_;
  PlannedWrites& writes_;
};

}  // namespace tasks
