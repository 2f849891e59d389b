// Workflows as the server holds them: made, listed, renamed, enabled, copied, removed, and shown before the gate.
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/document_body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/licensing.hpp"
#include "app/api/org_fit.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "app/api/workflow_access.hpp"
#include "engine/errors.hpp"

namespace app::api {
namespace {

void write_report(base::JsonWriter& json, const GateReport& report, const std::string& task) {
  json.begin_object();
  json.field("task", task);
  json.field("alias", report.used.alias);
  json.key("verdict");
  json.begin_object();
  json.field("allowed", report.verdict.allowed());
  if (report.verdict.allowed()) {
    json.field("grounds", report.verdict.grounds);
  } else {
    json.field("code", report.verdict.refusal->code.name);
    json.field("message", report.verdict.refusal->message);
    json.field("lifted_by", report.verdict.lifted_by);
  }
  json.end_object();
  json.field("diagnosis", report.diagnosis);
  json.end_object();
}

// Of each alias and each of its tasks; with `refused_only` what stands in the way.
base::JsonText reports_json(const std::vector<GateReport>& reports, bool refused_only) {
  base::JsonWriter json;
  json.begin_array();
  for (const GateReport& report : reports) {
    if (refused_only && report.verdict.allowed()) continue;
    for (const std::string& task : report.used.tasks) write_report(json, report, task);
  }
  json.end_array();
  return {json.take()};
}

// The project that a body names, or the only one in which the user may edit; its refusal where there is none.
struct TargetProject {
  std::string id;
  std::optional<base::http::Response> refusal;
};

TargetProject target_project(Context& context, const Principal& who, const std::string& named) {
  if (named.empty()) return {"", problem(422, "body_invalid", "'project' must be the id of a project")};
  const engine::Right right = context.services.people.right_of(who.brand, named, who.user);
  if (right == engine::Right::none) return {"", problem(404, "project_unknown", "there is no such project")};
  if (right < engine::Right::edit) return {"", not_allowed(engine::Right::edit, right)};
  return {named, std::nullopt};
}

}  // namespace

// ?project=prj_…&enabled=true
Answer list_workflows(Context& context, const Principal& who, Request& request) {
  PageRequest asked = read_page(request, {"project", "enabled"});
  if (asked.refusal) co_return *std::move(asked.refusal);
  const std::string_view project = request.query_value("project");
  const std::string_view enabled = request.query_value("enabled");
  std::map<std::string, std::string> listed;  // in the order of ids
  for (const engine::Workflow* workflow : context.services.workflows.all(who.brand)) {
    if (context.services.people.right_of(who.brand, workflow->project, who.user) == engine::Right::none) continue;
    if (!passes(project, workflow->project) || !passes(enabled, workflow->enabled ? "true" : "false")) continue;
    base::JsonWriter json;
    co_await write_workflow(context, who, *workflow, json);
    listed[workflow->id] = json.take();
  }
  co_return page_of(
      "workflows", listed, asked.page, [](const auto& one) { return one.first; },
      [](base::JsonWriter& json, const auto& one) { json.raw(one.second); });
}

// {"project": "prj_…", "document": {…} or its text, "name"?, "message"?}
Answer post_workflow(Context& context, const Principal& who, Request& request) {
  const std::optional<nlohmann::json> body = object_of(request);
  std::optional<PushedDocument> pushed = read_pushed_document(request.body, context.services.catalog);
  if (!body || !pushed) co_return problem(422, "body_invalid", "send {\"project\": \"prj_…\", \"document\": {…}}");
  TargetProject target = target_project(context, who, text_of(*body, "project"));
  if (target.refusal) co_return *std::move(target.refusal);
  if (!pushed->check.definition) co_return problem(pushed->check.findings);
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who, *pushed->check.definition))
    co_return *std::move(refusal);
  engine::Push push{.definition = *std::move(pushed->check.definition),
                    .source = std::move(pushed->source),
                    .message = text_of(*body, "message")};
  std::string name = text_of(*body, "name");
  const std::string id = co_await context.services.authoring.create(who.user, who.brand, std::move(target.id),
                                                                    std::move(name), std::move(push));
  const engine::Workflow& workflow = *context.services.workflows.find(who.brand, id);
  base::JsonWriter json;
  json.begin_object();
  json.key("workflow");
  co_await write_workflow(context, who, workflow, json);
  json.field("version", 1);
  json.end_object();
  co_return base::http::json_response(201, json.take());
}

Answer show_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  co_return co_await workflow_answer(context, who, workflow, 200);
}

// {"name": "…"}
Answer rename_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::optional<nlohmann::json> body = object_of(request);
  std::string name = body ? text_of(*body, "name") : "";
  if (name.empty()) co_return problem(422, "body_invalid", "'name' is missing");
  co_await context.services.workflows.rename(who.user, workflow.no, std::move(name));
  co_return co_await workflow_answer(context, who, workflow, 200);
}

// Its runs that wait are cancelled; what has happened stays readable.
Answer delete_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  if (!workflow.file.empty()) {
    co_return problem(409, "workflow_of_a_file",
                      fmt::format("it is read from the file '{}' at every start: remove that file", workflow.file));
  }
  co_await context.services.workflows.remove(who.user, workflow.no);
  co_return base::http::Response{204, {}, ""};
}

// Refused with everything that stands in the way at once.
Answer enable_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::shared_ptr<engine::LiveVersion> live = co_await context.services.workflows.version(workflow.version_no);
  if (!live) co_return problem(409, "workflow_not_understood", "its live version is not understood by this program");
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who, live->definition))
    co_return *std::move(refusal);
  const std::vector<GateReport> reports = gate_reports(context, who, workflow, live->definition);
  for (const GateReport& report : reports) {
    if (report.verdict.allowed()) continue;
    co_return problem(409, engine::enable_refused.name,
                      "the gate does not let all of its tasks through; each is listed", "refusals",
                      reports_json(reports, true));
  }
  std::vector<std::string> nothing_left_out;
  const base::Findings of_org = co_await org_findings(context, workflow, live->definition, std::move(nothing_left_out));
  if (base::has_errors(of_org)) {
    co_return problem(409, engine::enable_refused.name,
                      "the org would not take what its tasks write; each fault is listed", "findings",
                      base::JsonText{base::to_json(of_org)});
  }
  co_await context.services.workflows.set_enabled(who.user, workflow.no, true);
  co_return co_await workflow_answer(context, who, workflow, 200);
}

Answer disable_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  co_await context.services.workflows.set_enabled(who.user, workflow.no, false);
  co_return co_await workflow_answer(context, who, workflow, 200);
}

// {"project"?, "name"?}: into the same project unless another is named.
Answer copy_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string named = body ? text_of(*body, "project") : "";
  TargetProject target = target_project(context, who, named.empty() ? workflow.project : named);
  if (target.refusal) co_return *std::move(target.refusal);
  const std::shared_ptr<engine::LiveVersion> live = co_await context.services.workflows.version(workflow.version_no);
  if (!live) co_return problem(409, "workflow_not_understood", "its live version is not understood by this program");
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who, live->definition))
    co_return *std::move(refusal);
  std::string name = body ? text_of(*body, "name") : "";
  const std::string id =
      co_await context.services.authoring.copy(who.user, workflow, std::move(target.id), std::move(name));
  co_return co_await workflow_answer(context, who, *context.services.workflows.find(who.brand, id), 201);
}

// What the gate would say to each of its tasks now.
Answer show_gate(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::shared_ptr<engine::LiveVersion> live = co_await context.services.workflows.version(workflow.version_no);
  base::JsonWriter json;
  json.begin_object();
  json.field("workflow", workflow.id);
  json.field("version", live ? live->number : 0);
  std::vector<GateReport> reports;
  if (live) reports = gate_reports(context, who, workflow, live->definition);
  json.field("tasks", reports_json(reports, false));
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
