// What the aliases of a workflow are bound to. Binding is no edit of the workflow.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/org_fit.hpp"
#include "app/api/problem.hpp"
#include "app/api/workflow_access.hpp"
#include "app/errors.hpp"
#include "engine/errors.hpp"

namespace app::api {

namespace {

// Of a workflow that runs: what its tasks would meet in the org behind that account. One that is not enabled is looked
// at when it is.
base::awaitable<base::Findings> misfits(Context& context, const engine::Workflow& workflow, std::string alias,
                                        std::string account) {
  if (!workflow.enabled) co_return base::Findings{};
  const std::shared_ptr<engine::LiveVersion> live = co_await context.services.workflows.version(workflow.version_no);
  if (!live) co_return base::Findings{};
  co_return co_await org_findings_of_binding(context, live->definition, std::move(alias), std::move(account));
}

}  // namespace

// {"account": "acc_…"}: one that the project's owner may use, and that whoever binds may see.
Answer put_binding(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string account = body ? text_of(*body, "account") : "";
  const std::string alias(request.param("alias"));
  const std::optional<connectors::LinkedAccount> known = context.services.accounts.look_up(who.brand_id, account);
  const bool is_there = known && known->state != connectors::AccountState::removed;
  if (is_there) {
    const base::Findings of_org = co_await misfits(context, workflow, alias, account);
    if (base::has_errors(of_org))
      co_return problem(
          409, binding_refused.name,
          "the workflow is enabled, and the org would not take what its tasks write; each fault is listed", "findings",
          base::JsonText{base::to_json(of_org)});
  }
  base::Result<engine::Bindings::Keys> keys = base::Error{engine::account_removed};
  if (is_there) keys = co_await context.services.bindings.bind(who.user, workflow, alias, account);
  if (!keys && keys.error().code == engine::account_removed)
    co_return problem(422, "account_unknown", "'account' must be the id of a linked account that you may use");
  if (!keys) co_return problem(409, keys.error());
  const std::int64_t lifted = co_await context.services.lift(who.brand, *std::move(keys));
  base::JsonWriter json;
  json.begin_object();
  json.field("alias", alias);
  json.field("account", account);
  json.field("released", lifted);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

Answer delete_binding(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  std::string alias(request.param("alias"));
  co_await context.services.bindings.unbind(who.user, workflow, std::move(alias));
  co_return base::http::Response{204, {}, ""};
}

}  // namespace app::api
