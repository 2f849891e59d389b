#include "app/cause_document.hpp"

#include "base/json_writer.hpp"

namespace app {
namespace {

void write_words(base::JsonWriter& json, std::string_view name, const std::vector<std::string>& words) {
  json.key(name);
  json.begin_array();
  for (const std::string& word : words) json.string(word);
  json.end_array();
}

void write_cause(base::JsonWriter& json, const engine::CauseRow& row) {
  const engine::FailureCause& cause = row.cause;
  json.begin_object();
  json.field("id", row.id);
  json.key("workflow");
  json.begin_object();
  json.field("id", row.workflow_id);
  json.field("name", row.workflow_name);
  json.end_object();
  if (!cause.task.empty()) json.field("task", cause.task);
  json.field("code", cause.code);
  if (!cause.org_code.empty()) json.field("org_code", cause.org_code);
  if (!cause.fields.empty()) write_words(json, "fields", cause.fields);
  json.field("message", cause.message);
  json.field("runs", row.runs());
  std::vector<std::string> states;
  if (row.fails) states.emplace_back("failed");
  if (row.holds) states.emplace_back("held");
  write_words(json, "states", states);
  json.field("first_at", base::to_iso8601(row.first_at));
  json.field("last_at", base::to_iso8601(row.last_at));
  json.field("example", row.example);
  json.end_object();
}

}  // namespace

base::JsonText causes_document(const std::vector<engine::CauseRow>& rows, bool has_more) {
  base::JsonWriter json;
  json.begin_object();
  json.key("causes");
  json.begin_array();
  for (const engine::CauseRow& row : rows) write_cause(json, row);
  json.end_array();
  if (has_more) json.field("next", engine::to_string(rows.back().place));
  json.end_object();
  return base::JsonText{json.take()};
}

}  // namespace app
