// Deletes a record, named by its id or found by a match. One that is gone already is as good as deleted.
#include <utility>

#include "tasks/org_needs.hpp"
#include "tasks/record_target.hpp"
#include "tasks/salesforce_task.hpp"

namespace tasks {

namespace {

using connectors::salesforce::Operation;
using connectors::salesforce::OrgNeeds;
using connectors::salesforce::RecordChange;
using engine::Effect;

class SalesforceDelete final : public SalesforceTask {
 public:
  explicit SalesforceDelete(With& with) : object_(with.api_name("object")), target_(read_record_target(with)) {}

  std::optional<Effect> effect() const override { return Effect::repeatable; }
  engine::TaskOutput output() const override { return {.members = {"id", "deleted"}}; }
  const std::string& object() const override { return object_; }
  void add_needs(OrgNeeds& needs) const override {
    needs.add({.object = object_, .remove = true});
    add_searched(needs, target_);
  }
  bool wants_schema() const override { return std::holds_alternative<RecordMatch>(target_.by); }
  SchemaUse schema_use() const override {
    return {.object = object_,
            .match = std::get_if<RecordMatch>(&target_.by),
            .id = std::get_if<engine::PipedText>(&target_.by),
            .removes = true};
  }
  base::Status know(const std::shared_ptr<const connectors::salesforce::ObjectSchema>& schema) override {
    know_types(target_, *schema);
    return base::Ok{};
  }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    base::Result<TargetState> target = find_target(target_, input, so_far);
    if (!target) return std::move(target).error();
    if (auto* question = std::get_if<engine::Read>(&*target)) return engine::Step(std::move(*question));
    if (std::holds_alternative<NoRecord>(*target)) return done_with(nullptr, "deleted");
    const std::string& id = std::get<std::string>(*target);
    if (so_far.size() > answers_of_finding(target_)) return done_with(&id, "deleted");
    RecordChange change{.operation = Operation::remove, .object = object_, .id = id};
    return write_step(change, Effect::repeatable);
  }

 private:
  std::string object_;
  RecordTarget target_;
};

}  // namespace

std::shared_ptr<SalesforceTask> read_salesforce_delete(With& with) { return std::make_shared<SalesforceDelete>(with); }

}  // namespace tasks
