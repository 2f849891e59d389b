#include "app/run_report.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "engine/run_document.hpp"

namespace app {
namespace {

void write_row(base::JsonWriter& json, const engine::RunRow& run) {
  json.begin_object();
  json.field("id", run.id);
  json.field("workflow", run.workflow_name);
  json.field("state", engine::to_string(run.state));
  if (!run.code.empty()) json.field("code", run.code);
  if (!run.cause.empty()) {
    json.key("cause");
    json.begin_object();
    json.field("id", run.cause);
    json.field("message", run.cause_message);
    json.end_object();
  }
  if (run.items) engine::write_run_items(json, *run.items);
  if (!run.parent.empty()) json.field("parent", run.parent);
  json.field("dedup_key", run.dedup_key);
  json.field("received_at", base::to_iso8601(run.received_at));
  if (run.due_at) json.field("due_at", base::to_iso8601(*run.due_at));
  if (run.ended_at) json.field("ended_at", base::to_iso8601(*run.ended_at));
  json.end_object();
}

}  // namespace

base::awaitable<std::optional<base::JsonText>> run_report(Services& services, engine::BrandId brand, std::string run_id,
                                                          std::optional<std::string> viewer, bool shows_content) {
  const std::optional<engine::RunRow> run = co_await services.history.find(brand, run_id);
  if (!run) co_return std::nullopt;
  const std::shared_ptr<engine::LiveVersion> version = co_await services.workflows.version(run->version_no);
  if (!version) co_return std::nullopt;
  const std::vector<engine::Fact> facts = co_await services.history.facts(brand, run->no);
  engine::RunDocumentParts parts{*run, version->definition, facts};
  const auto& tasks = version->definition.tasks;
  const bool may_have_children = run->parent.empty() && std::any_of(tasks.begin(), tasks.end(), [](const auto& task) {
                                   return task.for_each.has_value();
                                 });
  if (may_have_children) parts.children = co_await services.history.children(brand, run->no);
  parts.record_link = [&services](const std::string& account, const std::string& record) {
    return services.salesforce.record_url(account, record);
  };
  parts.account = [&services](const std::string& account) { return services.account_directory.find(account); };
  parts.viewer = std::move(viewer);
  parts.shows_content = shows_content;
  co_return engine::run_document(parts);
}

base::JsonText runs_document(const std::vector<engine::RunRow>& rows, bool has_more) {
  base::JsonWriter json;
  json.begin_object();
  json.key("runs");
  json.begin_array();
  for (const engine::RunRow& row : rows) write_row(json, row);
  json.end_array();
  if (has_more) json.field("next_before", rows.back().no);
  json.end_object();
  return base::JsonText{json.take()};
}

base::JsonText not_started_document(const std::vector<engine::EventWithoutRun>& events) {
  base::JsonWriter json;
  json.begin_object();
  json.key("not_started");
  json.begin_array();
  for (const engine::EventWithoutRun& event : events) {
    json.begin_object();
    json.field("event", event.event_id);
    json.field("hook", event.hook);
    json.field("dedup_key", event.dedup_key);
    json.field("workflow", event.workflow_name);
    json.field("code", event.code);
    json.field("message", event.message);
    json.field("at", base::to_iso8601(event.at));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace app
