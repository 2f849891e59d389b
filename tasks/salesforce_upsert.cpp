// Makes a record or changes the one that has the same external id: the same again is the same record.
#include <utility>

#include <fmt/format.h>

#include "tasks/duplicate_matches.hpp"
#include "tasks/errors.hpp"
#include "tasks/org_needs.hpp"
#include "tasks/present_record.hpp"
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

class SalesforceUpsert final : public SalesforceTask {
 public:
  explicit SalesforceUpsert(With& with)
      : object_(with.api_name("object")), mapping_(with.written()), options_(read_write_options(with)) {
    ResponseMapping key = with.mapping("key");
    if (key.fields.size() != 1) {
      with.fault(key_not_single, "/key", fmt::format("an upsert has one key, and this one has {}", key.fields.size()),
                 "name the one external-id field by which the record is found");
      return;
    }
    key_ = std::move(key.fields.front());
    if (const MappedField* field = mapping_.find(key_.name))
      with.fault(key_also_a_field, "/fields" + base::pointer_token(field->name),
                 fmt::format("'{}' is the key already", key_.name), "leave the field out of \"fields\"");
    if (const std::vector<std::string> looked_at = mapping_.looked_at(); !looked_at.empty())
      present_ = look_at_present(object_, key_, looked_at);
  }

  std::optional<Effect> effect() const override { return Effect::repeatable; }
  const std::string& object() const override { return object_; }
  void add_needs(OrgNeeds& needs) const override {
    ObjectNeed need{.object = object_, .create = true, .update = true};
    add_written_fields(need, mapping_);
    // The key finds the record, and is written only into a new one.
    need.fields.push_back({.name = key_.name, .read = true, .create = true});
    needs.add(std::move(need));
  }
  SchemaUse schema_use() const override {
    return {.object = object_, .written = &mapping_, .writing = Writing::either, .key = &key_};
  }
  base::Status know(const std::shared_ptr<const ObjectSchema>& schema) override {
    key_.value.field = field_of(schema, key_.name);
    if (present_) know_types(*present_, *schema);
    return mapping_.know(schema, Writing::either);
  }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    const std::optional<AskedDuplicates> asked = asked_duplicates(so_far);
    if (so_far.size() > (present_ ? 1U : 0U) && !asked) return done_with_write(so_far);
    std::optional<Cut> cut_of_key;
    base::Result<std::string> key = key_value(input.values, cut_of_key);
    if (!key) return std::move(key).error();
    base::Result<std::optional<PresentRecord>> present{std::nullopt};
    if (present_) {
      if (so_far.empty()) return question_about_present(input.values);
      present = present_in(*present_, so_far.front());
      if (!present) return std::move(present).error();
    }
    base::Result<MappedRecord> record = apply(mapping_, input.values, *present ? &**present : nullptr);
    if (!record) return std::move(record).error();
    if (cut_of_key) record->notes.push_back(note_on_cut(key_.name, *cut_of_key));
    RecordChange change{.operation = Operation::upsert,
                        .object = object_,
                        .key_field = key_.name,
                        .key_value = *std::move(key),
                        .fields = std::move(record->fields)};
    return write_with(options_, std::move(change), Effect::repeatable, asked, std::move(record->notes));
  }

 private:
  base::Result<engine::Step> question_about_present(const engine::ValueSource& values) const {
    base::Result<std::optional<engine::Read>> question = question_of(*present_, values);
    if (!question) return std::move(question).error();
    if (*question) return engine::Step(**std::move(question));
    return base::Error{mapping_value_missing, fmt::format("{}: the key is blank", key_.name)};
  }

  base::Result<std::string> key_value(const engine::ValueSource& values, std::optional<Cut>& cut) const {
    base::Result<WrittenValue> value = value_of(key_, values, &cut);
    if (!value) return std::move(value).error();
    if (!*value || (*value)->is_blank())
      return base::Error{mapping_value_missing,
                         fmt::format("{}: the key is blank, so no record can be named by it", key_.name)};
    return base::to_text(**value);
  }

  std::string object_;
  MappedField key_;
  ResponseMapping mapping_;
  WriteOptions options_;
  std::optional<RecordMatch> present_{};  // how what the record holds is found; nullopt: it need not be known
};

}  // namespace

std::shared_ptr<SalesforceTask> read_salesforce_upsert(With& with) { return std::make_shared<SalesforceUpsert>(with); }

}  // namespace tasks
