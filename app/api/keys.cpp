// The keys that secrets are sealed with, for the operator: their ids and what each has sealed, never the keys.
#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "base/json_writer.hpp"

namespace app::api {
namespace {

std::string_view state_of(const connectors::KeyUse& use) {
  if (use.is_active) return "active";
  return use.secrets > 0 ? "opens" : "unused";
}

void write_rotation(base::JsonWriter& json, const connectors::KeyRotation& rotation) {
  json.begin_object();
  json.field("from", rotation.from);
  json.field("to", rotation.to);
  json.field("state", std::string_view(rotation.is_done ? "done" : "running"));
  json.field("total", rotation.total);
  json.field("done", rotation.done);
  json.field("unreadable", rotation.unreadable);
  json.field("started_at", base::to_iso8601(rotation.started_at));
  if (rotation.ended_at) json.field("ended_at", base::to_iso8601(*rotation.ended_at));
  json.end_object();
}

base::awaitable<base::http::Response> report_keys(Context& context, int status) {
  const connectors::KeyReport report = co_await context.services.key_rotator.report();
  base::JsonWriter json;
  json.begin_object();
  json.field("source", context.services.key_source.described);
  json.key("keys");
  json.begin_array();
  for (const connectors::KeyUse& use : report.keys) {
    json.begin_object();
    json.field("id", use.id);
    json.field("state", state_of(use));
    json.field("secrets", use.secrets);
    json.end_object();
  }
  json.end_array();
  if (report.rotation) {
    json.key("rotation");
    write_rotation(json, *report.rotation);
  }
  json.end_object();
  co_return base::http::json_response(status, json.take());
}

}  // namespace

Answer list_keys(Context& context, const Principal&, Request&) { co_return co_await report_keys(context, 200); }

Answer rotate_keys(Context& context, const Principal& who, Request&) {
  const base::Status begun = co_await context.services.key_rotator.rotate(who.who());
  if (!begun) co_return problem(409, begun.error());
  co_return co_await report_keys(context, 202);
}

}  // namespace app::api
