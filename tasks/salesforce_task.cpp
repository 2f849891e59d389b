#include "tasks/salesforce_task.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "connectors/survey/piped_text.hpp"
#include "engine/hold_keys.hpp"
#include "tasks/api_name.hpp"
#include "tasks/duplicate_matches.hpp"
#include "tasks/errors.hpp"
#include "tasks/field_places.hpp"
#include "tasks/lost_in_org.hpp"
#include "tasks/record_question.hpp"
#include "tasks/task_schema.hpp"

namespace tasks {

namespace {

using base::Result;
using connectors::salesforce::CallOptions;
using connectors::salesforce::ChangeAnswer;
using connectors::salesforce::Operation;
using connectors::salesforce::RecordChange;
using engine::Answer;
using engine::TaskCall;

CallOptions options_of(const TaskCall& call) {
  CallOptions options;
  options.timeout = call.timeout;
  options.protects_nothing = call.is_write && call.effect == engine::Effect::author_decides;
  options.before_sending = call.before_sending;
  return options;
}

std::optional<bool> was_created(const TaskCall& call, Operation operation, const ChangeAnswer& answer) {
  if (operation == Operation::update || operation == Operation::remove) return false;
  // An earlier try may have made the record, so that this one only met it; or may have made another one.
  if (call.unclear_before) return std::nullopt;
  return operation == Operation::upsert ? answer.created : true;
}

// `places`: of the document, that name what has changed.
base::Error changed_org(const std::string& account, const std::string& object, const std::string& what,
                        const std::vector<std::string>& places) {
  base::Error error{org_schema_changed, fmt::format("the org has changed since this mapping fitted it: {}{}{}", what,
                                                    places.empty() ? "" : " · mapped at ", fmt::join(places, ", "))};
  error.lifted_by =
      "an administrator of the org, who brings it back: the run then goes on by itself; or whoever may run the "
      "workflow, by resuming or cancelling the run";
  error.waits_on = {engine::schema_key(account, folded_name(object))};
  return error;
}

std::vector<std::string> places_of_all(const engine::TaskDefinition& definition, const std::string& object,
                                       const std::vector<std::string>& lost) {
  std::vector<std::string> places;
  for (const std::string& name : lost) {
    const std::vector<std::string> more = places_of(definition, object, same_name(name, object) ? "" : name);
    places.insert(places.end(), more.begin(), more.end());
  }
  return places;
}

}  // namespace

Answer written_answer(const RecordChange& change, const std::string& answered_id, std::optional<bool> created) {
  const bool names_its_record = change.operation == Operation::update || change.operation == Operation::remove;
  const std::string& id = names_its_record ? change.id : answered_id;
  base::JsonWriter out;
  out.begin_object();
  out.key("id");
  id.empty() ? out.null() : out.string(id);
  out.key("created");
  created ? out.boolean(*created) : out.null();
  out.end_object();
  return Answer{base::JsonText{out.take()}};
}

bool SalesforceTask::still_holds(base::TimePoint now) const { return !known_ || known_->is_good(now); }

// A blank is one whatever the org has, and so is what a map lacks.
bool SalesforceTask::doubts(const base::Error& refusal, base::TimePoint now) const {
  const bool is_about_values = refusal.code.name.starts_with("mapping_value_") &&
                               refusal.code != mapping_value_missing && refusal.code != mapping_value_not_in_map;
  return known_ && is_about_values && !known_->is_fresh(now);
}

SalesforceTaskType::SalesforceTaskType(std::string_view name, ReadSalesforceTask read,
                                       connectors::salesforce::Client* client, std::shared_ptr<OrgKnowledge> knowledge)
    : name_(name), schema_(task_schema(name)), read_(read), client_(client), knowledge_(std::move(knowledge)) {}

base::Findings SalesforceTaskType::check(const engine::TaskDefinition& definition,
                                         const engine::CheckContext& context) const {
  With with(definition);
  read_(with);
  base::Findings findings = with.findings();
  for (const With::PlacedPipe& placed : with.pipes()) {
    std::string wrong = context.what_is_wrong_with(placed.pipe);
    if (wrong.empty()) continue;
    base::Finding finding;
    finding.code = connectors::survey::pipe_unknown.name;
    finding.pointer = placed.pointer;
    finding.message = std::move(wrong);
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<engine::Pipe> SalesforceTaskType::pipes(const engine::TaskDefinition& definition) const {
  With with(definition);
  read_(with);
  std::vector<engine::Pipe> pipes;
  for (const With::PlacedPipe& placed : with.pipes()) pipes.push_back(placed.pipe);
  return pipes;
}

std::optional<engine::TaskOutput> SalesforceTaskType::output(const engine::TaskDefinition& definition) const {
  With with(definition);
  return read_(with)->output();
}

std::optional<engine::Effect> SalesforceTaskType::effect(const engine::TaskDefinition& definition) const {
  With with(definition);
  return read_(with)->effect();
}

base::awaitable<Result<std::shared_ptr<const engine::CompiledTask>>> SalesforceTaskType::compile(
    const engine::TaskDefinition& definition, const engine::BoundAccount& account) {
  With with(definition);
  std::shared_ptr<SalesforceTask> task = read_(with);
  if (task->wants_schema() && knowledge_->can_ask() && !account.account_id.empty()) {
    Result<std::shared_ptr<const KnownObject>> object = co_await knowledge_->object(account.account_id, task->object());
    base::Status fits = object ? task->know((*object)->schema) : base::Status(object.error());
    std::shared_ptr<const connectors::salesforce::ObjectSchema> now;
    if (object) now = (*object)->schema;
    if (!fits) co_return co_await why_it_does_not_fit(definition, account, fits.error(), std::move(now));
    task->know_object(*object);
    co_await knowledge_->remember(account.account_id, task->object());
  }
  co_return std::shared_ptr<const engine::CompiledTask>(std::move(task));
}

// The author's mistake ends the run; a change of the org only stops it.
base::awaitable<base::Error> SalesforceTaskType::why_it_does_not_fit(
    const engine::TaskDefinition& definition, const engine::BoundAccount& account, base::Error misfit,
    std::shared_ptr<const connectors::salesforce::ObjectSchema> now) {
  With with(definition);
  const std::shared_ptr<SalesforceTask> task = read_(with);
  const auto before = co_await knowledge_->remembered(account.account_id, task->object());
  if (!before || misfit.code.kind != base::Kind::permanent || !task->know(before)) co_return misfit;
  const std::vector<std::string> lost =
      now ? lost_fields(*before, *now, before->field_names()) : std::vector<std::string>{""};
  knowledge_->drop(account.account_id, task->object());  // whoever lifts this has seen another schema
  co_return changed_org(account.account_id, task->object(), misfit.message,
                        places_of_all(definition, task->object(), lost));
}

base::awaitable<Result<Answer>> SalesforceTaskType::perform(const TaskCall& call) {
  if (call.is_write) co_return co_await write(call);
  co_return co_await ask(call);
}

base::awaitable<Result<Answer>> SalesforceTaskType::ask(const TaskCall& call) {
  Result<RecordQuestion> question = read_record_question(call.content.text);
  if (!question) co_return question.error();
  Result<connectors::salesforce::Soql> soql = to_soql(*question);
  if (!soql) co_return soql.error();
  CallOptions options = options_of(call);
  Result<base::JsonText> rows =
      co_await client_->query(call.account.account_id, *soql, question->limit, std::move(options));
  if (!rows) {
    knowledge_->learn_from(rows.error(), call.account.account_id, question->object);
    co_return rows.error();
  }
  co_return Answer{*std::move(rows)};
}

base::awaitable<Result<Answer>> SalesforceTaskType::write(const TaskCall& call) {
  Result<RecordChange> change = connectors::salesforce::read_record_change(call.content.text);
  if (!change) co_return change.error();
  CallOptions options = options_of(call);
  Result<ChangeAnswer> answer = co_await client_->change(call.account.account_id, *change, std::move(options));
  if (!answer) {
    knowledge_->learn_from(answer.error(), call.account.account_id, change->object);
    const std::optional<ChangedObject> compared =
        co_await knowledge_->compared_since(answer.error(), call.account.account_id, change->object);
    if (!compared) co_return answer.error();
    const LostInOrg lost = lost_of(*change, *compared->before, compared->now.get());
    if (lost.empty()) co_return answer.error();
    std::vector<std::string> places;
    if (call.definition) places = places_of_all(*call.definition, change->object, lost.fields);
    base::Error changed = changed_org(call.account.account_id, change->object, lost.in_words, places);
    changed.details = answer.error().details;
    co_return changed;
  }
  if (answer->duplicates) {
    AskedDuplicates asked{.found = *answer->duplicates, .key_value = change->key_value};
    asked.unclear = call.unclear_before;
    co_return duplicates_answer(asked);
  }
  co_return written_answer(*change, answer->id, was_created(call, change->operation, *answer));
}

engine::Step write_step(const RecordChange& change, engine::Effect effect, std::vector<engine::Note> notes) {
  return engine::Write{connectors::salesforce::to_json(change), effect, std::move(notes)};
}

}  // namespace tasks
