// Posts a text to the feed of a record. Nothing protects it from being posted twice, so the author decides.
#include <utility>

#include "tasks/conversion.hpp"
#include "tasks/salesforce_task.hpp"

namespace tasks {

namespace {

using connectors::salesforce::Operation;
using connectors::salesforce::RecordChange;
using engine::Effect;

const Conversion posted_text{.as = As::text, .length_max = 10'000};

class SalesforceChatterPost final : public SalesforceTask {
 public:
  explicit SalesforceChatterPost(With& with) : record_(with.piped_text("record")), text_(with.piped_text("text")) {}

  std::optional<Effect> effect() const override { return Effect::author_decides; }
  const std::string& object() const override { return object_; }
  void add_needs(connectors::salesforce::OrgNeeds& needs) const override {
    needs.add({.object = object_, .create = true});
  }
  bool wants_schema() const override { return false; }
  SchemaUse schema_use() const override { return {.id = &record_, .id_at = "/record", .takes_me = true}; }
  base::Status know(const std::shared_ptr<const connectors::salesforce::ObjectSchema>&) override { return base::Ok{}; }

  base::Result<engine::Step> next(const engine::TaskInput& input,
                                  std::span<const engine::Answer> so_far) const override {
    if (!so_far.empty()) return engine::Step(engine::Done{so_far.back().content});
    base::Result<std::string> record = required_text(record_, "record", input.values);
    if (!record) return std::move(record).error();
    base::Result<std::string> text = required_text(text_, "text", input.values);
    if (!text) return std::move(text).error();
    base::Value posted(*std::move(text));
    if (base::Status fit = convert(posted, posted_text, nullptr); !fit) return std::move(fit).error();
    base::JsonText fields{base::to_json(posted)};
    RecordChange change{
        .operation = Operation::chatter_post, .object = object_, .id = *std::move(record), .fields = std::move(fields)};
    return write_step(change, Effect::author_decides);
  }

 private:
  std::string object_ = "FeedItem";  // what Salesforce makes of a post
  engine::PipedText record_;
  engine::PipedText text_;
};

}  // namespace

std::shared_ptr<SalesforceTask> read_salesforce_chatter_post(With& with) {
  return std::make_shared<SalesforceChatterPost>(with);
}

}  // namespace tasks
