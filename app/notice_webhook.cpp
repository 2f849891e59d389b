#include "app/notice_webhook.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/json_writer.hpp"

namespace app {
namespace {

constexpr base::Duration next_look{15'000};
constexpr base::Duration first_pause{5'000};
constexpr base::Duration longest_pause_of_deliveries{3'600'000};
constexpr int tries_max = 100;  // about four days
constexpr int page_size = 20;

base::Duration pause_after(int tries) {
  base::Duration pause = first_pause;
  for (int i = 0; i < tries && pause < longest_pause_of_deliveries; ++i) pause *= 2;
  return std::min(pause, longest_pause_of_deliveries);
}

}  // namespace

base::awaitable<void> NoticeWebhook::run() {
  for (;;) {
    try {
      co_await deliver_due();
    } catch (const std::exception& error) {
      log_.error("notices could not be handed over", {{"what", error.what()}});
    }
    co_await bell_.wait_until(clock_.now() + next_look);
  }
}

base::awaitable<int> NoticeWebhook::deliver_due() {
  int taken = 0;
  for (const engine::NoticeDelivery& delivery : co_await notices_.due_at_webhook(page_size)) {
    base::http::Request request = request_for(delivery);
    const base::Result<base::http::Response> answer = co_await http_.send(std::move(request));
    const bool is_taken = answer && answer->status / 100 == 2;
    if (is_taken) {
      ++taken;
      co_await notices_.delivered(delivery.record.no);
      continue;
    }
    const bool goes_on = delivery.tries + 1 < tries_max;
    log_.warning("the webhook did not take a notice",
                 {{"notice", delivery.record.id},
                  {"why", answer ? fmt::format("status {}", answer->status) : answer.error().message}});
    std::optional<base::TimePoint> later;
    if (goes_on) later = clock_.now() + pause_after(delivery.tries);
    co_await notices_.deliver_later(delivery.record.no, later);
  }
  co_return taken;
}

// The account is named to nobody here: who reads the operator's channel is not known.
base::http::Request NoticeWebhook::request_for(const engine::NoticeDelivery& delivery) const {
  const engine::Notice& notice = delivery.record.notice;
  base::JsonWriter json;
  json.begin_object();
  json.field("id", delivery.record.id);
  json.field("kind", engine::to_string(notice.kind));
  if (const engine::Brand* brand = people_.brand(delivery.brand)) json.field("brand", brand->id);
  json.key("recipient");
  json.begin_object();
  json.field("id", notice.recipient);
  if (const std::optional<engine::User> user = people_.user(delivery.brand, notice.recipient))
    json.field("name", user->name);
  json.end_object();
  if (notice.subject != notice.account) json.field("subject", notice.subject);
  json.field("message", notice.message);
  json.field("created_at", base::to_iso8601(delivery.record.created_at));
  json.end_object();

  base::http::Request request{.method = "POST", .url = options_.url, .body = json.take()};
  const std::string timestamp = std::to_string(base::to_millis(clock_.now()) / 1000);
  request.headers = {
      {"content-type", "application/json"}, {"webhook-id", delivery.record.id}, {"webhook-timestamp", timestamp}};
  if (!options_.key.empty()) {
    const std::string signed_text = fmt::format("{}.{}.{}", delivery.record.id, timestamp, request.body);
    request.headers.emplace_back("webhook-signature",
                                 "v1," + base::to_base64(base::hmac_sha256(options_.key.reveal(), signed_text)));
  }
  return request;
}

}  // namespace app
