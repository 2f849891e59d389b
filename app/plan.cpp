#include "app/plan.hpp"

#include <array>

#include "base/json_writer.hpp"

namespace app {
namespace {

constexpr std::array<std::pair<Outlook, std::string_view>, 10> outlook_words{{{Outlook::creates, "create"},
                                                                              {Outlook::updates, "update"},
                                                                              {Outlook::removes, "delete"},
                                                                              {Outlook::posts, "post"},
                                                                              {Outlook::changes_nothing, "no_change"},
                                                                              {Outlook::finds, "find"},
                                                                              {Outlook::fails, "would_fail"},
                                                                              {Outlook::skipped, "skipped"},
                                                                              {Outlook::held, "held"},
                                                                              {Outlook::undecided, "undecided"}}};

void field_if_any(base::JsonWriter& json, std::string_view name, const std::string& text) {
  if (!text.empty()) json.field(name, text);
}

void write_key(base::JsonWriter& json, const PlannedTask& task) {
  if (!task.key.empty()) {
    json.key("key");
    json.begin_object();
    for (const auto& [field, value] : task.key) {
      json.key(field);
      json.value(value);
    }
    json.end_object();
  }
  field_if_any(json, "own_key", task.own_key);
  if (task.matched) json.field("matched", *task.matched);
}

void write_fields(base::JsonWriter& json, const std::vector<tasks::FieldDifference>& fields, bool shows_values) {
  json.key("fields");
  json.begin_array();
  for (const tasks::FieldDifference& difference : fields) {
    json.begin_object();
    json.field("field", difference.field);
    if (shows_values) {
      json.key("old");
      json.value(difference.before);
      json.key("new");
      json.value(difference.after);
    }
    json.end_object();
  }
  json.end_array();
}

void write_response(base::JsonWriter& json, const PlannedResponse& response) {
  json.begin_object();
  json.field("file", response.file);
  field_if_any(json, "place", response.place);
  field_if_any(json, "response", response.response);
  json.field("starts", response.code.empty());
  field_if_any(json, "code", response.code);
  field_if_any(json, "message", response.message);
  json.key("tasks");
  json.begin_array();
  for (const PlannedTask& task : response.tasks) write_planned_task(json, task);
  json.end_array();
  json.field("calls", response.calls());
  json.end_object();
}

void write_account(base::JsonWriter& json, const PlannedAccount& account) {
  json.begin_object();
  json.field("alias", account.alias);
  field_if_any(json, "account", account.id);
  field_if_any(json, "environment", account.environment);
  field_if_any(json, "org_id", account.org_id);
  field_if_any(json, "salesforce_user", account.username);
  json.end_object();
}

}  // namespace

std::optional<Outlook> read_outlook(std::string_view word) {
  for (const auto& [known, its_word] : outlook_words)
    if (word == its_word) return known;
  return std::nullopt;
}

std::string_view to_string(Outlook outlook) {
  for (const auto& [known, word] : outlook_words)
    if (known == outlook) return word;
  return "undecided";
}

void write_planned_task(base::JsonWriter& json, const PlannedTask& task, bool shows_values) {
  json.begin_object();
  json.field("task", task.id);
  if (task.item > 0) json.field("item", task.item);
  json.field("type", task.type);
  field_if_any(json, "account", task.account);
  json.field("does", to_string(task.outlook));
  field_if_any(json, "object", task.object);
  field_if_any(json, "record", task.record);
  if (shows_values) write_key(json, task);
  if (task.outlook == Outlook::creates || task.outlook == Outlook::updates)
    write_fields(json, task.fields, shows_values);
  if (shows_values) field_if_any(json, "text", task.text);
  field_if_any(json, "code", task.code);
  field_if_any(json, "message", task.message);
  if (!task.notes.empty()) {
    json.key("notes");
    engine::write_notes(json, task.notes);
  }
  json.field("calls", task.calls);
  json.end_object();
}

std::int64_t PlannedResponse::calls() const {
  std::int64_t sum = 0;
  for (const PlannedTask& task : tasks) sum += task.calls;
  return sum;
}

void PlanTally::add(const PlannedResponse& response) {
  ++responses;
  if (response.is_unreadable)
    ++unreadable;
  else if (!response.code.empty())
    ++not_started;
  for (const PlannedTask& task : response.tasks) ++tasks[task.outlook];
  calls += response.calls();
}

std::int64_t PlanTally::count(Outlook outlook) const {
  const auto found = tasks.find(outlook);
  return found == tasks.end() ? 0 : found->second;
}

bool PlanTally::has_changes() const {
  return count(Outlook::creates) + count(Outlook::updates) + count(Outlook::removes) + count(Outlook::posts) > 0;
}

base::JsonText to_json(const PlanHead& head, const std::vector<PlannedResponse>& responses, const PlanTally& tally) {
  base::JsonWriter json;
  json.begin_object();
  json.field("workflow", head.workflow);
  json.key("accounts");
  json.begin_array();
  for (const PlannedAccount& account : head.accounts) write_account(json, account);
  json.end_array();
  json.key("responses");
  json.begin_array();
  for (const PlannedResponse& response : responses) write_response(json, response);
  json.end_array();
  json.key("summary");
  json.begin_object();
  json.field("responses", tally.responses);
  for (const auto& [outlook, word] : outlook_words) json.field(word, tally.count(outlook));
  json.field("not_started", tally.not_started);
  json.field("unreadable", tally.unreadable);
  json.field("calls", tally.calls);
  json.end_object();
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace app
