#include "engine/authoring.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/id.hpp"
#include "base/json_writer.hpp"
#include "engine/authorisation.hpp"
#include "engine/hold_keys.hpp"

namespace engine {
namespace {

// {"version":4,"fingerprint":"…","invalidated":["crm"]}: ids and hashes, never the document.
base::JsonText details_of_version(int number, const std::string& fingerprint,
                                  const std::vector<Invalidated>& invalidated) {
  base::JsonWriter json;
  json.begin_object();
  json.field("version", number);
  if (!fingerprint.empty()) json.field("fingerprint", fingerprint);
  if (!invalidated.empty()) {
    json.key("invalidated");
    json.begin_array();
    for (const Invalidated& one : invalidated) json.string(one.binding.alias);
    json.end_array();
  }
  json.end_object();
  return {json.take()};
}

base::JsonText details_of_copy(const Workflow& from, const Workflow& copy, std::size_t bindings_kept) {
  base::JsonWriter json;
  json.begin_object();
  json.field("from", from.id);
  json.field("project", copy.project);
  json.field("bindings_kept", static_cast<std::int64_t>(bindings_kept));
  json.end_object();
  return {json.take()};
}

std::string listed(const std::vector<Invalidated>& invalidated) {
  std::string text;
  for (const Invalidated& one : invalidated) text += fmt::format("{}'{}'", text.empty() ? "" : ", ", one.binding.alias);
  return text;
}

}  // namespace

// ---- new workflows

base::awaitable<std::string> Authoring::create(std::string who, BrandId brand, std::string project, std::string name,
                                               Push push) {
  Workflow workflow;
  workflow.brand = brand;
  workflow.id = base::random_id("wfl_", random_);
  workflow.project = std::move(project);
  workflow.name = name.empty() ? push.definition.name : std::move(name);
  workflow.creator = who;
  workflow.hook = base::random_id("hk_", random_);
  const std::string id = workflow.id;
  co_await workflows_.add(who, std::move(workflow));
  const Workflow& added = *workflows_.find(brand, id);
  AuditEntry entry{who, "workflow.published", id, details_of_version(1, push.definition.fingerprint, {})};
  NewVersion version{std::move(push.definition), std::move(push.source), who, std::move(push.message)};
  const std::string label = added.name;
  co_await workflows_.publish_on(std::move(entry), added.no, added.version_no, 1, std::move(version), {});
  if (added.name != label) co_await workflows_.rename(who, added.no, label);
  co_return id;
}

base::awaitable<std::string> Authoring::copy(std::string who, const Workflow& workflow, std::string project,
                                             std::string name) {
  const std::shared_ptr<LiveVersion> live = co_await workflows_.version(workflow.version_no);
  Push push{.definition = live->definition};
  push.source = co_await workflows_.source(workflow.brand, workflow.version_no);
  push.message = fmt::format("a copy of version {} of {}", live->number, workflow.id);
  if (name.empty()) name = fmt::format("{} (copy)", workflow.name);
  const std::string id = co_await create(who, workflow.brand, std::move(project), std::move(name), std::move(push));
  const Workflow& made = *workflows_.find(workflow.brand, id);
  const std::vector<std::string> groups = people_.groups_of(workflow.brand, who);
  std::vector<Binding> kept;
  for (Binding binding : people_.bindings(workflow.brand, workflow.no)) {
    const std::optional<AccountFacts> account = accounts_.find(binding.account);
    if (!account || grounds_to_use(*account, who, groups).empty()) continue;
    // What awaits on the original was invalidated by an edit of the original; the copy is the copier's own.
    kept.push_back(Binding{.workflow = made.no,
                           .alias = std::move(binding.alias),
                           .account = std::move(binding.account),
                           .org_id = std::move(binding.org_id)});
  }
  AuditEntry entry{who, "workflow.copied", id, details_of_copy(workflow, made, kept.size())};
  base::sql::Batch batch;
  for (const Binding& binding : kept) batch.push_back(PeopleStore::put_binding(workflow.brand, binding));
  co_await audit_.commit(workflow.brand, std::move(entry), std::move(batch));
  for (const Binding& binding : kept) people_.binding_is(workflow.brand, binding);
  co_return id;
}

// ---- edits

Edit Authoring::edit_of(const std::string& who, const Workflow& workflow, const WorkflowDefinition& definition) const {
  Edit edit{.editor = who,
            .editor_groups = people_.groups_of(workflow.brand, who),
            .creator = workflow.creator,
            .uses_accounts = uses_accounts(definition, catalog_)};
  for (const Binding& binding : people_.bindings(workflow.brand, workflow.no))
    edit.bindings.push_back({binding, accounts_.find(binding.account)});
  return edit;
}

std::vector<Invalidated> Authoring::preview(const std::string& who, const Workflow& workflow,
                                            const WorkflowDefinition& definition) const {
  return invalidated_by(edit_of(who, workflow, definition));
}

base::awaitable<Pushed> Authoring::push(std::string who, const Workflow& workflow, Push push) {
  const std::shared_ptr<LiveVersion> live = co_await workflows_.version(workflow.version_no);
  const int live_number = live ? live->number : 0;
  if (push.base_version && *push.base_version != live_number)
    co_return Pushed{.to = Pushed::To::moved, .version = live_number};
  if (live && live->definition.fingerprint == push.definition.fingerprint)
    co_return Pushed{.to = Pushed::To::unchanged, .version = live_number};
  const int number = co_await workflows_.next_number(workflow.no);

  // From here to the commit nothing is awaited: it is decided on what is committed with it.
  const Edit edit = edit_of(who, workflow, push.definition);
  std::vector<Invalidated> invalidated = invalidated_by(edit);
  if (!invalidated.empty() && !push.acknowledged) {
    co_return Pushed{.to = Pushed::To::would_invalidate, .version = live_number, .invalidated = std::move(invalidated)};
  }
  const std::vector<Binding> changed = changed_bindings(edit, number);
  base::sql::Batch also = statements_of(workflow.brand, changed);
  tell_of_edit(also, who, workflow, number, invalidated);
  AuditEntry entry{who, "workflow.published", workflow.id,
                   details_of_version(number, push.definition.fingerprint, invalidated)};
  NewVersion version{std::move(push.definition), std::move(push.source), who, std::move(push.message)};
  const std::int64_t expected = live ? live->no : workflow.version_no;
  const std::shared_ptr<LiveVersion> next = co_await workflows_.publish_on(std::move(entry), workflow.no, expected,
                                                                           number, std::move(version), std::move(also));
  if (!next) co_return Pushed{.to = Pushed::To::moved, .version = live_number};
  Pushed pushed{.version = number, .invalidated = std::move(invalidated)};
  pushed.keys_lifted = take(workflow, changed);
  co_return pushed;
}

// ---- proposals

base::awaitable<int> Authoring::propose(std::string who, const Workflow& workflow, Push push) {
  const std::shared_ptr<LiveVersion> live = co_await workflows_.version(workflow.version_no);
  const int base = push.base_version.value_or(live ? live->number : 0);
  base::sql::Batch also;
  tell(also, workflow.brand, {workflow.creator, owner_of(workflow)}, who,
       {.kind = NoticeKind::proposal_made,
        .subject = workflow.id,
        .message = fmt::format("{} proposes a change of '{}', made from version {}; the creator adopts or declines it",
                               name_of(workflow.brand, who), workflow.name, base),
        .dedup_key = base::random_id("proposal:", random_)});
  AuditEntry entry{who, "proposal.made", workflow.id, details_of_version(base, push.definition.fingerprint, {})};
  NewVersion version{std::move(push.definition), std::move(push.source), who, std::move(push.message)};
  co_return co_await workflows_.propose(std::move(entry), workflow.no, base, std::move(version), std::move(also));
}

base::awaitable<Pushed> Authoring::adopt(std::string who, const Workflow& workflow, VersionRecord draft) {
  const std::shared_ptr<LiveVersion> live = co_await workflows_.version(workflow.version_no);
  const std::shared_ptr<LiveVersion> proposed = co_await workflows_.version(draft.no);
  const int live_number = live ? live->number : 0;
  if (!proposed || draft.base != live_number) co_return Pushed{.to = Pushed::To::moved, .version = live_number};
  Pushed pushed{.version = draft.number};
  for (const UsedAlias& used : used_aliases(proposed->definition, catalog_)) {
    if (!people_.binding(workflow.brand, workflow.no, used.alias)) pushed.unbound.push_back(used.alias);
  }
  if (!pushed.unbound.empty()) {
    pushed.to = Pushed::To::unbound;
    pushed.version = live_number;
    co_return pushed;
  }
  const std::vector<Binding> changed = changed_bindings(edit_of(who, workflow, proposed->definition), draft.number);
  base::sql::Batch also = statements_of(workflow.brand, changed);
  tell(also, workflow.brand, {draft.author, owner_of(workflow)}, who,
       {.kind = NoticeKind::proposal_adopted,
        .subject = workflow.id,
        .message = fmt::format("the proposal {} of {} is the live version of '{}' now", draft.number,
                               name_of(workflow.brand, draft.author), workflow.name),
        .dedup_key = fmt::format("adopted:{}:{}", workflow.id, draft.number)});
  AuditEntry entry{who, "proposal.adopted", workflow.id, details_of_version(draft.number, draft.fingerprint, {})};
  const bool stands =
      co_await workflows_.adopt_draft(std::move(entry), workflow.no, live ? live->no : 0, draft, std::move(also));
  if (!stands) co_return Pushed{.to = Pushed::To::moved, .version = live_number};
  pushed.keys_lifted = take(workflow, changed);
  co_return pushed;
}

base::awaitable<bool> Authoring::decline(std::string who, const Workflow& workflow, VersionRecord draft) {
  base::sql::Batch also;
  tell(also, workflow.brand, {draft.author}, who,
       {.kind = NoticeKind::proposal_declined,
        .subject = workflow.id,
        .message = fmt::format("the proposal {} for '{}' was declined", draft.number, workflow.name),
        .dedup_key = fmt::format("declined:{}:{}", workflow.id, draft.number)});
  AuditEntry entry{who, "proposal.declined", workflow.id, details_of_version(draft.number, draft.fingerprint, {})};
  co_return co_await workflows_.decline_draft(std::move(entry), workflow.no, draft, std::move(also));
}

base::awaitable<Pushed> Authoring::adopt_live(std::string who, const Workflow& workflow) {
  const std::shared_ptr<LiveVersion> live = co_await workflows_.version(workflow.version_no);
  Edit edit{.editor = who, .creator = who, .uses_accounts = true};
  for (const Binding& binding : people_.bindings(workflow.brand, workflow.no)) edit.bindings.push_back({binding});
  Pushed pushed{.version = live ? live->number : 0};
  const std::vector<Binding> changed = changed_bindings(edit, pushed.version);
  base::sql::Batch batch = statements_of(workflow.brand, changed);
  batch.push_back(workflows_.put_adoption(workflow, who));
  AuditEntry entry{who, "workflow.adopted", workflow.id, details_of_version(pushed.version, "", {})};
  co_await audit_.commit(workflow.brand, std::move(entry), std::move(batch));
  pushed.keys_lifted = take(workflow, changed);
  co_return pushed;
}

// ---- what stands in one transaction with the change

base::sql::Batch Authoring::statements_of(BrandId brand, const std::vector<Binding>& bindings) const {
  base::sql::Batch batch;
  for (const Binding& binding : bindings) batch.push_back(PeopleStore::put_standing(brand, binding));
  return batch;
}

std::vector<std::string> Authoring::take(const Workflow& workflow, const std::vector<Binding>& bindings) {
  std::vector<std::string> keys;
  for (const Binding& binding : bindings) {
    people_.standing_is(workflow.brand, binding);
    if (!binding.awaits) keys.push_back(binding_key(workflow.id, binding.alias));
  }
  return keys;
}

std::string Authoring::owner_of(const Workflow& workflow) const {
  const std::optional<Project> project = people_.project(workflow.brand, workflow.project);
  return project ? project->owner : "";
}

std::string Authoring::name_of(BrandId brand, const std::string& user) const {
  const std::optional<User> found = people_.user(brand, user);
  return found ? found->name : user;
}

// Each recipient once, and nobody of what they have done themselves.
void Authoring::tell(base::sql::Batch& batch, BrandId brand, std::vector<std::string> recipients,
                     const std::string& but, Notice notice) const {
  std::sort(recipients.begin(), recipients.end());
  recipients.erase(std::unique(recipients.begin(), recipients.end()), recipients.end());
  for (std::string& recipient : recipients) {
    if (recipient.empty() || recipient == but) continue;
    notice.recipient = std::move(recipient);
    batch.push_back(notices_.put(brand, notice));
  }
}

void Authoring::tell_of_edit(base::sql::Batch& batch, const std::string& who, const Workflow& workflow, int number,
                             const std::vector<Invalidated>& invalidated) const {
  if (invalidated.empty()) return;
  tell(batch, workflow.brand, {workflow.creator, owner_of(workflow)}, who,
       {.kind = NoticeKind::edit_invalidated,
        .subject = workflow.id,
        .message = fmt::format("version {} of '{}', an edit by {}, who is not its creator, has invalidated the login "
                               "behind {}: its runs wait until access is proved again or the creator adopts it",
                               number, workflow.name, name_of(workflow.brand, who), listed(invalidated)),
        .dedup_key = fmt::format("edit:{}:{}", workflow.id, number)});
}

}  // namespace engine
