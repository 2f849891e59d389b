// What all Salesforce task types have in common: a document that is read once, an account, and one way to the org.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/client.hpp"
#include "connectors/salesforce/org_needs.hpp"
#include "connectors/salesforce/record.hpp"
#include "engine/task.hpp"
#include "tasks/org_knowledge.hpp"
#include "tasks/response_mapping.hpp"
#include "tasks/schema_use.hpp"
#include "tasks/with.hpp"

namespace tasks {

// A Salesforce task, read from its `with`; shared by its runs once it is compiled.
class SalesforceTask : public engine::CompiledTask {
 public:
  // nullopt: it writes nothing.
  virtual std::optional<engine::Effect> effect() const = 0;
  virtual const std::string& object() const = 0;
  // The rights that it takes, as far as the document says.
  virtual void add_needs(connectors::salesforce::OrgNeeds& needs) const = 0;
  // What an org's schema has to have for it; points into the task.
  virtual SchemaUse schema_use() const = 0;
  // Of a write: the record's id, and what has become of it.
  virtual engine::TaskOutput output() const { return {.members = {"id", "created"}}; }
  // Whether the org's own description of the object makes it better.
  virtual bool wants_schema() const { return true; }
  // From now on values become what the org's fields take. An error names what the org lacks.
  virtual base::Status know(const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema) = 0;

  // What it knows is as old as the answer that it came with.
  void know_object(std::shared_ptr<const KnownObject> object) { known_ = std::move(object); }
  bool still_holds(base::TimePoint now) const final;
  bool doubts(const base::Error& refusal, base::TimePoint now) const final;

 private:
  std::shared_ptr<const KnownObject> known_{};  // null: the org is not known
};

// Reads a `with`, noting its faults; the task is complete when none was noted.
using ReadSalesforceTask = std::shared_ptr<SalesforceTask> (*)(With&);
// Null for what is no Salesforce task.
ReadSalesforceTask reader_of(std::string_view type);

class SalesforceTaskType final : public engine::TaskType {
 public:
  SalesforceTaskType(std::string_view name, ReadSalesforceTask read, connectors::salesforce::Client* client,
                     std::shared_ptr<OrgKnowledge> knowledge);

  std::string_view name() const override { return name_; }
  std::string_view extension() const override { return "salesforce"; }
  std::string_view schema() const override { return schema_; }
  base::Findings check(const engine::TaskDefinition& definition, const engine::CheckContext& context) const override;
  std::vector<engine::Pipe> pipes(const engine::TaskDefinition& definition) const override;
  std::optional<engine::TaskOutput> output(const engine::TaskDefinition& definition) const override;
  std::optional<engine::Effect> effect(const engine::TaskDefinition& definition) const override;
  base::awaitable<base::Result<std::shared_ptr<const engine::CompiledTask>>> compile(
      const engine::TaskDefinition& definition, const engine::BoundAccount& account) override;
  base::awaitable<base::Result<engine::Answer>> perform(const engine::TaskCall& call) override;

 private:
  base::awaitable<base::Error> why_it_does_not_fit(const engine::TaskDefinition& definition,
                                                   const engine::BoundAccount& account, base::Error misfit,
                                                   std::shared_ptr<const connectors::salesforce::ObjectSchema> now);
  base::awaitable<base::Result<engine::Answer>> ask(const engine::TaskCall& call);
  base::awaitable<base::Result<engine::Answer>> write(const engine::TaskCall& call);

  std::string name_;
  std::string schema_;
  ReadSalesforceTask read_;
  connectors::salesforce::Client* client_;
  std::shared_ptr<OrgKnowledge> knowledge_;
};

// The step that writes `change`.
engine::Step write_step(const connectors::salesforce::RecordChange& change, engine::Effect effect,
                        std::vector<engine::Note> notes = {});
// What a task is told of a write that was carried out: `{"id": …, "created": …}`. Updates and deletes have named their
// record themselves; `created` is null where it is not known.
engine::Answer written_answer(const connectors::salesforce::RecordChange& change, const std::string& answered_id,
                              std::optional<bool> created);

}  // namespace tasks
