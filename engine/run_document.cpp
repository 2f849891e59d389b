#include "engine/run_document.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "engine/fact_words.hpp"
#include "engine/for_each.hpp"
#include "engine/graph.hpp"
#include "engine/run_story.hpp"

namespace engine {
namespace {

void write_time(base::JsonWriter& json, std::string_view name, base::TimePoint at) {
  json.field(name, base::to_iso8601(at));
}

// ---- what this reader may see of an account

bool sees(const RunDocumentParts& parts, const std::string& account_id, bool is_personal) {
  return sees_account(parts.account, parts.viewer, account_id, is_personal);
}

void write_where(base::JsonWriter& json, const Fact& start) {
  if (!start.environment.empty()) json.field("environment", start.environment);
  if (!start.org_id.empty()) json.field("org_id", start.org_id);
}

void write_linked(base::JsonWriter& json, const RunDocumentParts& parts, const Fact& start) {
  json.key("linked");
  json.begin_object();
  if (sees(parts, start.account, start.grounds == "own")) {
    json.field("id", start.account);
    if (const std::optional<AccountFacts> account = parts.account ? parts.account(start.account) : std::nullopt)
      json.field("name", account->name);
  }
  write_where(json, start);
  json.end_object();
}

void write_error(base::JsonWriter& json, const RunDocumentParts& parts, const Fact& fact) {
  json.key("error");
  json.begin_object();
  json.field("code", fact.code);
  json.field("message", fact.message);
  if (parts.shows_content && !fact.details.empty()) json.field("details", base::JsonText{fact.details});
  json.end_object();
}

void write_diagnosis(base::JsonWriter& json, const RunDocumentParts& parts, const Fact& fact) {
  if (!fact.content.empty()) json.field("diagnosis", diagnosis_for(fact.content, parts.account, parts.viewer));
}

void write_attempt_end(base::JsonWriter& json, const RunDocumentParts& parts, const Fact& fact) {
  switch (fact.what) {
    case What::answered:
      write_time(json, "ended_at", fact.at);
      json.field("outcome", "answered");
      if (parts.shows_content) json.field("answer", fact.content);
      break;
    case What::tried:
      write_time(json, "ended_at", fact.at);
      json.field("outcome", fact.kind == base::Kind::uncertain ? "unclear" : base::to_string(fact.kind));
      write_error(json, parts, fact);
      write_diagnosis(json, parts, fact);
      if (fact.due_at) write_time(json, "next_attempt_at", *fact.due_at);
      break;
    case What::failed:
    case What::held:
      write_time(json, "ended_at", fact.at);
      json.field("outcome", to_string(fact.what));
      write_error(json, parts, fact);
      write_diagnosis(json, parts, fact);
      break;
    case What::taken: json.field("outcome", "interrupted"); break;
    default: break;
  }
}

void write_verdict(base::JsonWriter& json, const RunDocumentParts& parts, const Fact& start) {
  json.key("verdict");
  json.begin_object();
  json.field("allowed", true);
  json.field("auth_epoch", start.epoch);
  if (!start.account.empty() && sees(parts, start.account, start.grounds == "own"))
    json.field("account", start.account);
  write_where(json, start);
  if (!start.grounds.empty()) json.field("grounds", start.grounds);
  json.end_object();
}

// A try that came to nothing before there was a request to send: the org could not be asked for its schema.
void write_preparation(base::JsonWriter& json, const RunDocumentParts& parts, const Fact& tried, int number) {
  json.begin_object();
  json.field("number", number);
  write_time(json, "started_at", tried.at);
  json.field("kind", "preparation");
  write_attempt_end(json, parts, tried);
  json.end_object();
}

// A start and the next fact of its task that ends it; a start without one is under way or was cut. `at` is the start's
// place; the end's is given back.
std::size_t write_attempt(base::JsonWriter& json, const RunDocumentParts& parts, const TaskStory& task, std::size_t at,
                          const Fact* frozen) {
  const Fact& start = *task.facts[at];
  json.begin_object();
  json.field("number", start.attempt);
  write_time(json, "started_at", start.at);
  write_verdict(json, parts, start);
  if (frozen) {
    json.field("kind", frozen->is_write ? "write" : "read");
    if (parts.shows_content) json.field("request", frozen->content);
  }
  std::size_t next = at + 1;
  while (next < task.facts.size() && task.facts[next]->what == What::sent) {
    write_time(json, "sent_at", task.facts[next]->at);
    ++next;
  }
  if (next < task.facts.size() && task.facts[next]->what != What::started)
    write_attempt_end(json, parts, *task.facts[next]);
  else
    --next;
  json.end_object();
  return next;
}

void write_attempts(base::JsonWriter& json, const RunDocumentParts& parts, const TaskStory& task) {
  json.key("attempts");
  json.begin_array();
  const Fact* frozen = nullptr;
  int last = 0;
  for (std::size_t i = 0; i < task.facts.size(); ++i) {
    const Fact& fact = *task.facts[i];
    if (fact.what == What::tried) write_preparation(json, parts, fact, last + 1);
    if (fact.what != What::started) continue;
    if (!fact.content.empty()) frozen = &fact;
    last = fact.attempt;
    i = write_attempt(json, parts, task, i, frozen);
  }
  json.end_array();
}

void write_hold(base::JsonWriter& json, const RunDocumentParts& parts, const TaskStory& task) {
  const Fact* held = nullptr;
  for (const Fact* fact : task.facts) {
    if (fact->what == What::held) held = fact;
  }
  if (!held || task.progress.state != TaskState::held) return;
  json.key("held");
  json.begin_object();
  json.field("code", held->code);
  json.field("message", held->message);
  json.field("lifted_by", held->lifted_by);
  json.key("keys");
  json.begin_array();
  for (const std::string& key : held->keys) {
    constexpr std::string_view of_account = "account:";
    const bool is_hidden = key.starts_with(of_account) && !sees(parts, key.substr(of_account.size()), false);
    if (!is_hidden) json.string(key);
  }
  json.end_array();
  write_diagnosis(json, parts, *held);
  json.end_object();
}

void write_result(base::JsonWriter& json, const TaskStory& task, const RunDocumentParts& parts) {
  const Fact& last = *task.facts.back();
  if (last.what != What::done) return;
  if (parts.shows_content) json.field("output", last.content);
  for (const char* name : {"id", "Id"}) {
    for (const auto& [member, value] : task.progress.output) {
      if (member != name || value.is_blank() || !parts.record_link) continue;
      const std::string id = base::to_text(value);
      const std::string link = parts.record_link(task.allowed ? task.allowed->account : "", id);
      json.key("record");
      json.begin_object();
      json.field("id", id);
      if (!link.empty()) json.field("url", link);
      json.end_object();
      return;
    }
  }
}

void write_notes(base::JsonWriter& json, const TaskStory& task) {
  const bool has_any =
      std::any_of(task.facts.begin(), task.facts.end(), [](const Fact* fact) { return !fact->notes.empty(); });
  if (!has_any) return;
  json.key("notes");
  json.begin_array();
  for (const Fact* fact : task.facts) {
    for (const Note& note : fact->notes) write_note(json, note);
  }
  json.end_array();
}

// A list as it has been spread so far: how many items are in which state, and where each one's own story stands.
void write_for_each(base::JsonWriter& json, const RunDocumentParts& parts, const TaskDefinition& definition,
                    const TaskStory& task) {
  json.key("for_each");
  json.begin_object();
  json.field("list", to_string(definition.for_each->list));
  for (const Fact* fact : task.facts) {
    if (fact->what == What::spread) json.field("left_out", count_frozen(fact->content).left_out);
  }
  std::map<RunState, int> count;
  json.key("children");
  json.begin_array();
  for (const RunRow& child : parts.children) {
    if (child.task != definition.id) continue;
    ++count[child.state];
    json.begin_object();
    json.field("number", child.item);
    json.field("run", child.id);
    json.field("state", to_string(child.state));
    if (!child.code.empty()) json.field("code", child.code);
    json.end_object();
  }
  json.end_array();
  for (const auto& [state, number] : count) json.field(to_string(state), number);
  json.end_object();
}

void write_after(base::JsonWriter& json, const RunDocumentParts& parts, const TaskDefinition& definition) {
  json.key("after");
  json.begin_array();
  for (const Edge& edge : definition.after) {
    if (!parts.run.task.empty()) break;  // a child run waits for nothing
    json.begin_object();
    json.field("task", parts.definition.tasks[edge.from].id);
    json.field("on", to_string(edge.on));
    json.end_object();
  }
  json.end_array();
}

void write_task(base::JsonWriter& json, const RunDocumentParts& parts, std::size_t index, std::size_t column,
                const TaskStory& task) {
  const TaskDefinition& definition = parts.definition.tasks[index];
  json.begin_object();
  json.field("id", definition.id);
  json.field("type", definition.type);
  if (!definition.account.empty()) {
    json.key("account");
    json.begin_object();
    json.field("alias", definition.account);
    if (task.allowed && parts.account) write_linked(json, parts, *task.allowed);
    json.end_object();
  }
  if (definition.for_each && parts.run.task.empty()) write_for_each(json, parts, definition, task);
  write_after(json, parts, definition);
  json.field("column", static_cast<std::int64_t>(column));
  json.field("state", to_string(task.progress.state));
  if (!task.progress.code.empty()) {
    json.field("code", task.progress.code);
    json.field("message", why(task));
    if (task.progress.state == TaskState::failed) write_diagnosis(json, parts, *task.facts.back());
  }
  if (task.effect) json.field("effect", to_string(*task.effect));
  if (task.unsure) json.field("unsure", true);
  if (task.progress.due_at) write_time(json, "due_at", *task.progress.due_at);
  if (!task.facts.empty()) {
    write_time(json, "started_at", task.facts.front()->at);
    if (is_over(task.progress.state)) write_time(json, "ended_at", task.facts.back()->at);
  }
  write_attempts(json, parts, task);
  write_notes(json, task);
  if (!task.facts.empty()) {
    write_hold(json, parts, task);
    write_result(json, task, parts);
  }
  json.end_object();
}

void write_history(base::JsonWriter& json, const RunDocumentParts& parts) {
  json.key("history");
  json.begin_array();
  for (const Fact& fact : parts.facts) {
    json.begin_object();
    write_time(json, "at", fact.at);
    if (fact.task >= 0) json.field("task", parts.definition.tasks.at(static_cast<std::size_t>(fact.task)).id);
    json.field("what", to_string(fact.what));
    json.field("message", in_words(fact));
    json.end_object();
  }
  json.end_array();
}

void write_head(base::JsonWriter& json, const RunRow& run) {
  json.field("id", run.id);
  json.key("workflow");
  json.begin_object();
  json.field("id", run.workflow_id);
  json.field("name", run.workflow_name);
  json.field("version", run.version);
  json.end_object();
  json.field("state", to_string(run.state));
  if (!run.code.empty()) json.field("code", run.code);
  if (run.items) write_run_items(json, *run.items);
  json.field("hook", run.hook);
  json.key("event");
  json.begin_object();
  json.field("id", run.event_id);
  json.field("dedup_key", run.dedup_key);
  json.end_object();
  json.field("project", run.project);
  json.field("owner", run.owner);
  json.field("creator", run.creator);
  json.field("auth_epoch", run.auth_epoch);
  json.field("replay", run.replay);
  if (!run.task.empty()) {
    json.key("parent");
    json.begin_object();
    json.field("run", run.parent);
    json.field("task", run.task);
    json.field("item", run.item);
    json.end_object();
  }
  write_time(json, "received_at", run.received_at);
  if (run.due_at) write_time(json, "due_at", *run.due_at);
  if (run.ended_at) write_time(json, "ended_at", *run.ended_at);
}

}  // namespace

void write_run_items(base::JsonWriter& json, const RunItems& items) {
  json.key("items");
  json.begin_object();
  json.field("all", items.all());
  const std::array<std::pair<RunState, std::int64_t>, 6> counts{{{RunState::succeeded, items.succeeded},
                                                                 {RunState::failed, items.failed},
                                                                 {RunState::cancelled, items.cancelled},
                                                                 {RunState::held, items.held},
                                                                 {RunState::running, items.running},
                                                                 {RunState::queued, items.queued}}};
  for (const auto& [state, count] : counts) {
    if (count > 0) json.field(to_string(state), count);
  }
  json.end_object();
}

base::JsonText run_document(const RunDocumentParts& parts) {
  const RunStory story = fold_story(parts.definition.tasks.size(), parts.facts);
  const std::vector<std::size_t> column = columns(parts.definition.tasks);
  base::JsonWriter json;
  json.begin_object();
  write_head(json, parts.run);
  for (const Fact& fact : parts.facts) {
    if (fact.what == What::replays) json.field("replay_of", fact.message);
  }
  json.key("tasks");
  json.begin_array();
  for (std::size_t i = 0; i < story.tasks.size(); ++i) {
    const bool is_of_item = !parts.run.task.empty();
    if (is_of_item && parts.definition.tasks[i].id != parts.run.task) continue;
    write_task(json, parts, i, is_of_item ? 0 : column[i], story.tasks[i]);
  }
  json.end_array();
  write_history(json, parts);
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace engine
