// Makes a new record; once only where the document names an external-id field for the effect key.
#include <utility>

#include "engine/run_id.hpp"
#include "tasks/duplicate_matches.hpp"
#include "tasks/errors.hpp"
#include "tasks/org_needs.hpp"
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

class SalesforceCreate final : public SalesforceTask {
 public:
  explicit SalesforceCreate(With& with)
      : object_(with.api_name("object")),
        key_field_(with.api_name("idempotency")),
        mapping_(with.written()),
        options_(read_write_options(with)) {
    if (const MappedField* field = mapping_.find(key_field_))
      with.fault(key_also_a_field, "/fields" + base::pointer_token(field->name),
                 "'" + key_field_ + "' is filled by the idempotency key", "leave the field out of \"fields\"");
    for (const MappedField& field : mapping_.fields)
      if (field.value.if_exists != IfExists::replace)
        with.fault(mapping_options_conflict, field.at + "/if_exists", "a new record holds nothing yet",
                   "leave \"if_exists\" out, or write with salesforce_upsert or salesforce_update");
  }

  std::optional<Effect> effect() const override { return key_field_.empty() ? Effect::author_decides : Effect::keyed; }
  const std::string& object() const override { return object_; }
  void add_needs(OrgNeeds& needs) const override {
    ObjectNeed need{.object = object_, .create = true};
    add_written_fields(need, mapping_);
    if (!key_field_.empty())
      need.fields.push_back({.name = key_field_, .read = true, .create = true, .length = engine::effect_key_length});
    needs.add(std::move(need));
  }
  SchemaUse schema_use() const override {
    return {.object = object_, .written = &mapping_, .writing = Writing::creates, .idempotency = key_field_};
  }
  base::Status know(const std::shared_ptr<const ObjectSchema>& schema) override {
    return mapping_.know(schema, Writing::creates);
  }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    const std::optional<AskedDuplicates> asked = asked_duplicates(so_far);
    if (!so_far.empty() && !asked) return done_with_write(so_far);
    base::Result<MappedRecord> record = apply(mapping_, input.values);
    if (!record) return std::move(record).error();
    RecordChange change{.operation = Operation::create, .object = object_, .fields = std::move(record->fields)};
    if (!key_field_.empty()) {
      change.operation = Operation::upsert;
      change.key_field = key_field_;
      // Whatever an earlier try has made stands under the key that it was sent with.
      change.key_value = asked ? asked->key_value : std::string(input.effect_key);
    }
    return write_with(options_, std::move(change), *effect(), asked, std::move(record->notes));
  }

 private:
  std::string object_;
  std::string key_field_;  // empty: nothing protects the insert
  ResponseMapping mapping_;
  WriteOptions options_;
};

}  // namespace

std::shared_ptr<SalesforceTask> read_salesforce_create(With& with) { return std::make_shared<SalesforceCreate>(with); }

}  // namespace tasks
