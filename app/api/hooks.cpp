// Deliveries: a survey response as JSON, or the survey platform's event that one is there.
#include <algorithm>

#include <fmt/format.h>

#include "app/api/handlers.hpp"
#include "app/api/problem.hpp"
#include "app/errors.hpp"
#include "app/response_event.hpp"
#include "base/json_writer.hpp"
#include "connectors/survey/platform_addresses.hpp"
#include "connectors/survey/platform_event.hpp"
#include "engine/errors.hpp"

namespace app::api {
namespace {

using base::http::find_header;

bool is_form(const Request& request) {
  const std::optional<std::string_view> type = find_header(request.headers, "content-type");
  return type && type->starts_with("application/x-www-form-urlencoded");
}

// The sender's own key, where it gives one.
std::optional<std::string_view> explicit_key(const Request& request) {
  for (std::string_view name : {"idempotency-key", "webhook-id"}) {
    if (std::optional<std::string_view> key = find_header(request.headers, name); key && !key->empty()) return key;
  }
  return std::nullopt;
}

void set_dedup_key(engine::TriggerEvent& event, const Request& request, std::string own_key) {
  if (const std::optional<std::string_view> key = explicit_key(request)) {
    event.dedup_key = *key;
    event.key_is_explicit = true;
  } else {
    event.dedup_key = std::move(own_key);
  }
}

base::Result<engine::TriggerEvent> read_response_delivery(const Context& context, Request& request) {
  base::Result<engine::TriggerEvent> event = response_event(std::move(request.body), context.services.surveys);
  if (event) set_dedup_key(*event, request, std::move(event->dedup_key));
  return event;
}

base::Result<engine::TriggerEvent> read_platform_delivery(const Context& context, const Request& request) {
  const auto& platform = context.services.options.survey_platform;
  // An event carries no answers, and nobody could fetch them.
  if (!platform)
    return base::Error{survey_platform_not_configured,
                       "events are taken when the server is started with --survey-platform"};
  base::Result<connectors::survey::PlatformEvent> notice =
      connectors::survey::read_platform_event(request.body, platform->shared_key);
  if (!notice) return notice.error();
  engine::TriggerEvent event;
  set_dedup_key(
      event, request,
      fmt::format("{} {}{}", notice->response_id, notice->completed_date, notice->is_partial ? " partial" : ""));
  event.content = engine::EventContent::notice;
  event.survey = notice->survey_id;
  event.body = std::move(notice->message);
  return event;
}

// The sender, as far as it can be believed: the connection's peer, or what a proxy of ours says of it.
std::optional<base::IpAddress> sender_of(const Context& context, const Request& request) {
  const std::optional<base::IpAddress> peer = base::parse_ip_address(request.remote);
  if (!peer || !base::contains(context.services.options.proxies, *peer)) return peer;
  const std::optional<std::string_view> chain = find_header(request.headers, "x-forwarded-for");
  if (!chain) return peer;
  // The last one is what our proxy has seen; those before it are the sender's word.
  std::string_view last = chain->substr(chain->find_last_of(',') + 1);
  last.remove_prefix(std::min(last.find_first_not_of(' '), last.size()));
  return base::parse_ip_address(last.substr(0, last.find_last_not_of(' ') + 1));
}

bool may_send_platform_events(const Context& context, const Request& request) {
  if (!context.services.options.only_survey_platform_ranges) return true;
  const std::optional<base::IpAddress> sender = sender_of(context, request);
  return sender && base::contains(connectors::survey::platform_addresses(), *sender);
}

base::http::Response accepted(const engine::IntakeAnswer& answer) {
  base::JsonWriter json;
  json.begin_object();
  json.field("event", answer.event_id);
  json.key("runs");
  json.begin_array();
  for (const std::string& id : answer.run_ids) json.string(id);
  json.end_array();
  if (!answer.not_started.empty()) {
    json.key("not_started");
    json.begin_array();
    for (const engine::NotStarted& reason : answer.not_started) {
      json.begin_object();
      json.field("code", reason.code.name);
      json.field("message", reason.message);
      json.end_object();
    }
    json.end_array();
  }
  if (answer.repeated) json.field("repeated", true);
  if (answer.body_differs) json.field("body_differs", true);
  json.end_object();
  return base::http::json_response(202, json.take());
}

}  // namespace

Answer deliver(Context& context, Request& request) {
  const std::string hook(request.param("id"));
  const std::optional<engine::BrandId> brand = context.services.workflows.brand_of_hook(hook);
  if (!brand) co_return problem(404, "hook_unknown", "there is no such hook");
  if (is_form(request) && !may_send_platform_events(context, request))
    co_return problem(403, "sender_not_allowed", "events are taken from the survey platform's own addresses only");
  base::Result<engine::TriggerEvent> event =
      is_form(request) ? read_platform_delivery(context, request) : read_response_delivery(context, request);
  if (!event) {
    const bool is_forged = event.error().code == connectors::survey::event_signature_wrong;
    co_return problem(is_forged ? 401 : 400, event.error());
  }
  event->source = hook;
  event->received_at = context.services.clock.now();
  try {
    base::Result<engine::IntakeAnswer> answer = co_await context.services.intake.accept(*brand, *std::move(event));
    if (!answer) co_return problem(422, answer.error());
    co_return accepted(*answer);
  } catch (const base::sql::DatabaseError& error) {
    // Never 2xx for what is not on the disk: the sender tries again.
    context.services.log.error("an event could not be stored", {{"what", error.what()}});
    base::http::Response refused = problem(503, "storage_unavailable", "the event could not be stored; send it again");
    refused.headers.emplace_back("retry-after", "5");
    co_return refused;
  }
}

}  // namespace app::api
