// Changes a record that exists, named by its id or found by a match.
#include <utility>

#include "tasks/duplicate_matches.hpp"
#include "tasks/org_needs.hpp"
#include "tasks/present_record.hpp"
#include "tasks/record_target.hpp"
#include "tasks/salesforce_task.hpp"
#include "tasks/write_options.hpp"

namespace tasks {

namespace {

using connectors::salesforce::ObjectNeed;
using connectors::salesforce::ObjectSchema;
using connectors::salesforce::Operation;
using connectors::salesforce::OrgNeeds;
using connectors::salesforce::RecordChange;
using engine::Effect;

class SalesforceUpdate final : public SalesforceTask {
 public:
  explicit SalesforceUpdate(With& with)
      : object_(with.api_name("object")),
        target_(read_record_target(with)),
        mapping_(with.written()),
        options_(read_write_options(with)) {
    const std::vector<std::string> looked_at = mapping_.looked_at();
    if (looked_at.empty()) return;
    if (auto* match = std::get_if<RecordMatch>(&target_.by)) {
      also_select(*match, looked_at);
      present_ = *match;
    } else {
      MappedField id{.name = "Id", .value = {.source = std::get<engine::PipedText>(target_.by)}};
      present_ = look_at_present(object_, std::move(id), looked_at);
    }
  }

  std::optional<Effect> effect() const override { return Effect::repeatable; }
  engine::TaskOutput output() const override { return {.members = {"id", "updated"}}; }
  const std::string& object() const override { return object_; }
  void add_needs(OrgNeeds& needs) const override {
    ObjectNeed need{.object = object_, .update = true};
    add_written_fields(need, mapping_);
    needs.add(std::move(need));
    add_searched(needs, target_);
  }
  SchemaUse schema_use() const override {
    return {.object = object_,
            .written = &mapping_,
            .writing = Writing::updates,
            .match = std::get_if<RecordMatch>(&target_.by),
            .id = std::get_if<engine::PipedText>(&target_.by)};
  }
  base::Status know(const std::shared_ptr<const ObjectSchema>& schema) override {
    know_types(target_, *schema);
    if (present_) know_types(*present_, *schema);
    return mapping_.know(schema, Writing::updates);
  }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    base::Result<TargetState> target = find_target(target_, input, so_far);
    if (!target) return std::move(target).error();
    if (auto* question = std::get_if<engine::Read>(&*target)) return engine::Step(std::move(*question));
    if (std::holds_alternative<NoRecord>(*target)) return done_with(nullptr, "updated");
    const std::string& id = std::get<std::string>(*target);
    const std::size_t questions = present_ ? 1 : answers_of_finding(target_);
    const std::optional<AskedDuplicates> asked = asked_duplicates(so_far);
    if (so_far.size() > questions && !asked) return done_with(&id, "updated");
    base::Result<std::optional<PresentRecord>> present{std::nullopt};
    if (present_) {
      if (so_far.empty()) return question_about_present(input.values);
      present = present_in(*present_, so_far.front());
      if (!present) return std::move(present).error();
    }
    base::Result<MappedRecord> record = apply(mapping_, input.values, *present ? &**present : nullptr);
    if (!record) return std::move(record).error();
    RecordChange change{
        .operation = Operation::update, .object = object_, .id = id, .fields = std::move(record->fields)};
    return write_with(options_, std::move(change), Effect::repeatable, asked, std::move(record->notes));
  }

 private:
  base::Result<engine::Step> question_about_present(const engine::ValueSource& values) const {
    base::Result<std::optional<engine::Read>> question = question_of(*present_, values);
    if (!question) return std::move(question).error();
    return engine::Step(**std::move(question));
  }

  std::string object_;
  RecordTarget target_;
  ResponseMapping mapping_;
  WriteOptions options_;
  std::optional<RecordMatch> present_{};  // how what the record holds is found; nullopt: it need not be known
};

}  // namespace

std::shared_ptr<SalesforceTask> read_salesforce_update(With& with) { return std::make_shared<SalesforceUpdate>(with); }

}  // namespace tasks
