// Login apps: registered by a brand admin, one per login host; the secret goes in and never comes out.
#include <nlohmann/json.hpp>

#include "app/api/body.hpp"
#include "app/api/handlers.hpp"
#include "app/api/paging.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"

namespace app::api {
namespace {

void write_app(base::JsonWriter& json, const Context& context, const connectors::LoginApp& app) {
  json.begin_object();
  json.field("id", app.id);
  json.field("host", app.login_url);
  json.field("environment", connectors::to_string(app.environment));
  json.field("client_id", app.client_id);
  json.field("has_secret", app.has_secret);
  json.field("callback", context.services.linking.callback());
  json.end_object();
}

base::http::Response no_such_app() { return problem(404, "login_app_unknown", "there is no such login app"); }

}  // namespace

Answer list_apps(Context& context, const Principal& who, Request& request) {
  PageRequest page = read_page(request);
  if (page.refusal) co_return *std::move(page.refusal);
  std::vector<connectors::LoginApp> apps = context.services.login_apps.list(who.brand_id);
  std::ranges::sort(apps, {}, &connectors::LoginApp::id);
  co_return page_of(
      "apps", apps, page.page, [](const connectors::LoginApp& app) { return app.id; },
      [&](base::JsonWriter& json, const connectors::LoginApp& app) { write_app(json, context, app); });
}

// {"host": "https://login.salesforce.com", "environment": "production", "client_id": "…", "client_secret": "…"?}
Answer post_app(Context& context, const Principal& who, Request& request) {
  const nlohmann::json body = object_of(request).value_or(nlohmann::json::object());
  connectors::LoginApp app;
  const std::string host = text_of(body, "host");
  const std::string url = host.find("://") == std::string::npos ? "https://" + host : host;
  if (base::Status allowed = context.services.hosts.check(url); !allowed) co_return problem(422, allowed.error());
  app.login_url = connectors::origin_of_url(url);
  app.environment = connectors::environment_from(text_of(body, "environment"));
  app.client_id = text_of(body, "client_id");
  base::Secret secret(text_of(body, "client_secret"));
  const bool is_known = context.services.login_apps.at(who.brand_id, app.login_url).has_value();
  app = co_await context.services.login_apps.put(who.user, who.brand_id, std::move(app), std::move(secret));
  base::JsonWriter json;
  write_app(json, context, app);
  co_return base::http::json_response(is_known ? 200 : 201, json.take());
}

Answer delete_app(Context& context, const Principal& who, Request& request) {
  std::string id(request.param("id"));
  const bool removed = co_await context.services.login_apps.remove(who.user, who.brand_id, std::move(id));
  if (!removed) co_return no_such_app();
  co_return base::http::Response{204, {}, ""};
}

Answer show_app_setup(Context& context, const Principal& who, Request& request) {
  const std::optional<connectors::LoginApp> app = context.services.login_apps.find(who.brand_id, request.param("id"));
  if (!app) co_return no_such_app();
  const std::string callback = context.services.linking.callback();
  base::JsonWriter json;
  json.begin_object();
  json.field("callback", callback);
  json.key("steps");
  json.begin_array();
  for (const std::string& step : connectors::login_app_steps(*app, callback)) json.string(step);
  json.end_array();
  json.key("files");
  json.begin_array();
  for (const connectors::SetupFile& file : connectors::external_client_app_files(*app, callback)) {
    json.begin_object();
    json.field("path", file.path);
    json.field("text", file.text);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  co_return base::http::json_response(200, json.take());
}

}  // namespace app::api
