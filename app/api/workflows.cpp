// Workflows as the server holds them, and what their aliases are bound to.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"

namespace app::api {

Answer list_workflows(Context& context, const Principal& who, Request&) {
  base::JsonWriter json;
  json.begin_object();
  json.key("workflows");
  json.begin_array();
  for (const engine::Workflow* workflow : context.services.workflows.all(who.brand)) {
    if (context.services.people.right_of(who.brand, workflow->project, who.user) == engine::Right::none) continue;
    json.begin_object();
    json.field("id", workflow->id);
    json.field("name", workflow->name);
    json.field("file", workflow->file);
    json.field("project", workflow->project);
    json.field("creator", workflow->creator);
    json.field("enabled", workflow->enabled);
    json.field("hook", "/hooks/" + workflow->hook);
    json.key("bindings");
    json.begin_object();
    for (const engine::Binding& binding : context.services.people.bindings(who.brand, workflow->no))
      json.field(binding.alias, binding.account);
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

// {"account": "acc_…"}; binding is not an edit of the workflow.
Answer put_binding(Context& context, const Principal& who, Request& request) {
  const engine::Workflow* workflow = context.services.workflows.find(who.brand, request.param("id"));
  const std::optional<nlohmann::json> body = object_of(request);
  const std::string account_id = text_of(*body, "account");
  const std::optional<connectors::LinkedAccount> account = context.services.accounts.look_up(who.brand_id, account_id);
  if (!account || account->state == connectors::AccountState::removed) {
    co_return problem(422, "account_unknown", "'account' must be the id of a linked account of this brand");
  }
  const std::string alias(request.param("alias"));
  engine::Binding binding{workflow->no, alias, account_id, account->org_id};
  const std::string key = "binding:" + workflow->id + ":" + alias;
  co_await context.services.people.bind(who.user, who.brand, std::move(binding));
  std::vector<std::string> keys{key};
  const std::int64_t lifted = co_await context.services.lift(who.brand, std::move(keys));
  base::JsonWriter json;
  json.begin_object();
  json.field("alias", alias);
  json.field("account", account_id);
  json.field("released", lifted);
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
