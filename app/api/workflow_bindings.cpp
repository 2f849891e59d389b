// What the aliases of a workflow are bound to. Binding is no edit of the workflow.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "app/api/workflow_access.hpp"
#include "engine/errors.hpp"

namespace app::api {

// {"account": "acc_…"}: one that the project's owner may use, and that whoever binds may see.
Answer put_binding(Context& context, const Principal& who, Request& request) {
  const engine::Workflow& workflow = workflow_in(context, who, request);
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string account = body ? text_of(*body, "account") : "";
  const std::string alias(request.param("alias"));
  const std::optional<connectors::LinkedAccount> known = context.services.accounts.look_up(who.brand_id, account);
  const bool is_there = known && known->state != connectors::AccountState::removed;
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
