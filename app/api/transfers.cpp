// Handing a project on: what it would change, and doing it.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"

namespace app::api {
namespace {

std::string_view verdict_word(const engine::Verdict& verdict) {
  return verdict.allowed() ? "allowed" : verdict.refusal->code.name;
}

void write_planned_task(base::JsonWriter& json, const Principal& who, const engine::PlannedTask& task) {
  json.begin_object();
  json.field("task", task.id);
  json.field("alias", task.alias);
  if (task.account) {
    if (engine::may_be_shown(*task.account, who.user)) json.field("account", task.account->id);
    json.field("environment", task.account->environment);
    json.field("org_id", task.account->org_id);
  }
  json.field("before", verdict_word(task.before));
  json.field("after", verdict_word(task.after));
  if (!task.after.allowed()) {
    json.field("message", task.after.refusal->message);
    json.field("lifted_by", task.after.lifted_by);
  }
  json.end_object();
}

void write_plan(base::JsonWriter& json, const Principal& who, const engine::TransferPlan& plan) {
  json.begin_object();
  json.field("project", plan.project);
  json.field("from", plan.from);
  json.field("to", plan.to);
  json.key("workflows");
  json.begin_array();
  for (const engine::PlannedWorkflow& workflow : plan.workflows) {
    json.begin_object();
    json.field("id", workflow.id);
    json.field("name", workflow.name);
    json.field("creator_before", workflow.creator_before);
    json.field("creator_after", workflow.creator_after);
    json.key("tasks");
    json.begin_array();
    for (const engine::PlannedTask& task : workflow.tasks) write_planned_task(json, who, task);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("accounts");
  json.begin_array();
  for (const auto& [id, account] : plan.accounts) {
    json.begin_object();
    if (engine::may_be_shown(account, who.user)) {
      json.field("id", id);
      json.field("name", account.name);
    }
    json.field("origin", account.shared_kind ? "extensions" : "workflows");
    json.field("environment", account.environment);
    json.field("org_id", account.org_id);
    json.end_object();
  }
  json.end_array();
  json.key("runs");
  json.begin_object();
  json.field("queued", plan.runs.queued);
  json.field("held", plan.runs.held);
  json.end_object();
  json.end_object();
}

bool is_set(const nlohmann::json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_boolean() && found->get<bool>();
}

}  // namespace

// {"to": "usr_…", "keep_creator"?: true, "plan"?: true}
Answer transfer_project(Context& context, const Principal& who, Request& request) {
  const std::optional<engine::Project> project = context.services.people.project(who.brand, request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string to = body ? text_of(*body, "to") : "";
  if (!body || !context.services.people.user(who.brand, to))
    co_return problem(422, "user_unknown", "'to' must be the id of a user of this brand");
  const bool keep_creator = is_set(*body, "keep_creator");
  const bool plan_only = is_set(*body, "plan");
  engine::ProjectTransfer::Done done;
  if (plan_only)
    done.plan = co_await context.services.transfer.plan(who.brand, *project, to, keep_creator);
  else
    done = co_await context.services.transfer.apply(who.user, who.brand, *project, to, keep_creator);
  const std::int64_t released = co_await context.services.lift(who.brand, std::move(done.keys_lifted));
  context.services.notice_courier.ring();
  base::JsonWriter json;
  json.begin_object();
  json.key("plan");
  write_plan(json, who, done.plan);
  json.field("applied", !plan_only);
  json.field("released", released);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
