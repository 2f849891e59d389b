// The versions of a workflow: pushed, proposed, previewed, told, compared, and adopted by the creator.
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/document_body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/licensing.hpp"
#include "app/api/org_fit.hpp"
#include "app/api/problem.hpp"
#include "app/api/version_answers.hpp"
#include "app/api/workflow_access.hpp"
#include "base/json_document.hpp"
#include "engine/document_diff.hpp"
#include "engine/errors.hpp"

namespace app::api {
namespace {

std::optional<int> base_version_of(const nlohmann::json& body) {
  const auto found = body.find("base_version");
  return found != body.end() && found->is_number_integer() ? std::optional(found->get<int>()) : std::nullopt;
}

bool says_yes(const nlohmann::json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_boolean() && found->get<bool>();
}

// What the orgs have against a version, placed in its text. Bindings that it would invalidate are not used for it.
base::awaitable<base::Findings> findings_of_push(Context& context, const engine::Workflow& workflow,
                                                 const engine::Push& push,
                                                 const std::vector<engine::Invalidated>& invalidated) {
  std::vector<std::string> leave_out;
  for (const engine::Invalidated& one : invalidated) leave_out.push_back(one.binding.alias);
  base::Findings findings = co_await org_findings(context, workflow, push.definition, std::move(leave_out));
  base::JsonDocument::read(push.source, "document").locate(findings);
  co_return findings;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Answer proposed(Context& context, const Principal& who, const engine::Workflow& workflow, engine::Push push) {
  const std::shared_ptr<engine::LiveVersion> live = co_await context.services.workflows.version(workflow.version_no);
  const int live_number = live ? live->number : 0;
  if (push.base_version.value_or(live_number) != live_number) co_return version_moved_answer(live_number);
  const int number = co_await context.services.authoring.propose(who.user, workflow, std::move(push));
  context.services.notice_courier.ring();
  base::JsonWriter json;
  json.begin_object();
  json.field("workflow", workflow.id);
  json.field("proposal", number);
  json.field("version", live_number);
  json.end_object();
  co_return base::http::json_response(201, json.take());
}

// The version that ?name= or the last part of the path names; the live one for an empty text; null: there is none.
base::awaitable<std::shared_ptr<engine::LiveVersion>> version_named(Context& context, const engine::Workflow& workflow,
                                                                    std::string_view text) {
  if (text.empty()) co_return co_await context.services.workflows.version(workflow.version_no);
  const std::optional<int> number = number_in(text);
  if (!number) co_return nullptr;
  const std::optional<engine::VersionRecord> record =
      co_await context.services.workflows.version_numbered(workflow.brand, workflow.no, *number);
  if (!record) co_return nullptr;
  co_return co_await context.services.workflows.version(record->no);
}

base::http::Response preview_answer(const Principal& who, const engine::Workflow& workflow,
                                    const std::vector<engine::Invalidated>& invalidated, const base::Findings& of_org) {
  base::JsonWriter json;
  json.begin_object();
  json.field("workflow", workflow.id);
  json.field("invalidates", invalidated_json(who, invalidated));
  json.field("findings", base::JsonText{base::to_json(of_org)});
  json.end_object();
  return base::http::json_response(200, json.take());
}

base::http::Response no_such_version() { return problem(404, "version_unknown", "there is no such version"); }

}  // namespace

// {"document": {…} or its text, "base_version"?, "acknowledge"?: true, "propose"?: true, "message"?}. With
// ?preview=true nothing is changed, and the answer says what it would invalidate and what the orgs would refuse.
Answer put_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::optional<nlohmann::json> body = object_of(request);
  std::optional<PushedDocument> pushed = read_pushed_document(request.body, context.services.catalog);
  if (!body || !pushed) co_return problem(422, "body_invalid", "send {\"document\": {…}}, or its text");
  if (!pushed->check.definition) co_return problem(pushed->check.findings);
  if (std::optional<base::http::Response> refusal = refuse_without_license(context, who, *pushed->check.definition))
    co_return *std::move(refusal);
  engine::Push push{.definition = *std::move(pushed->check.definition),
                    .source = std::move(pushed->source),
                    .message = text_of(*body, "message"),
                    .base_version = base_version_of(*body),
                    .acknowledged = says_yes(*body, "acknowledge")};
  const bool is_preview = request.query_value("preview") == "true";
  if (!is_preview && says_yes(*body, "propose")) co_return co_await proposed(context, who, workflow, std::move(push));
  const std::vector<engine::Invalidated> invalidated =
      context.services.authoring.preview(who.user, workflow, push.definition);
  // Nothing is asked of an org for what will be refused anyway.
  base::Findings of_org;
  if (is_preview || invalidated.empty() || push.acknowledged)
    of_org = co_await findings_of_push(context, workflow, push, invalidated);
  if (is_preview) co_return preview_answer(who, workflow, invalidated, of_org);
  if (base::has_errors(of_org)) co_return problem(of_org);
  const engine::Pushed outcome = co_await context.services.authoring.push(who.user, workflow, std::move(push));
  co_return co_await pushed_answer(context, who, workflow, outcome, std::move(of_org));
}

// ?version=N: byte for byte as it was pushed.
Answer show_document(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  std::int64_t version_no = workflow.version_no;
  if (const std::string_view named = request.query_value("version"); !named.empty()) {
    const std::optional<int> number = number_in(named);
    std::optional<engine::VersionRecord> record;
    if (number) record = co_await context.services.workflows.version_numbered(who.brand, workflow.no, *number);
    if (!record) co_return no_such_version();
    version_no = record->no;
  }
  std::string source = co_await context.services.workflows.source(who.brand, version_no);
  if (source.empty()) co_return no_such_version();
  co_return base::http::json_response(200, std::move(source));
}

Answer list_versions(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::vector<engine::VersionRecord> versions =
      co_await context.services.workflows.versions(who.brand, workflow.no);
  co_return versions_answer("versions", workflow, versions);
}

Answer show_version(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::optional<int> number = number_in(request.param("n"));
  std::optional<engine::VersionRecord> record;
  if (number) record = co_await context.services.workflows.version_numbered(who.brand, workflow.no, *number);
  if (!record) co_return no_such_version();
  base::JsonWriter json;
  write_version(json, workflow, *record);
  co_return base::http::json_response(200, json.take());
}

// ?from=N&to=M; without `to`, to the live one.
Answer diff_versions(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  if (request.query_value("from").empty()) co_return problem(422, "query_invalid", "'from' must be a version's number");
  const auto from = co_await version_named(context, workflow, request.query_value("from"));
  const auto to = co_await version_named(context, workflow, request.query_value("to"));
  if (!from || !to) co_return no_such_version();
  base::JsonWriter json;
  json.begin_object();
  json.field("from", from->number);
  json.field("to", to->number);
  json.field("changes", engine::to_json(engine::document_diff(from->definition, to->definition)));
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

// The creator makes a foreign live version the own one.
Answer adopt_workflow(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  if (workflow.creator != who.user) co_return creator_only_answer();
  const engine::Pushed outcome = co_await context.services.authoring.adopt_live(who.user, workflow);
  base::Findings nothing_new;
  co_return co_await pushed_answer(context, who, workflow, outcome, std::move(nothing_new));
}

}  // namespace app::api
