#include "app/notice_webhook.hpp"

#include <fmt/format.h>

#include "app/errors.hpp"
#include "base/crypto.hpp"
#include "base/json_writer.hpp"

namespace app {

base::awaitable<base::Status> NoticeWebhook::hand_over(const engine::NoticeDelivery& delivery) {
  base::http::Request request = request_for(delivery);
  const base::Result<base::http::Response> answer = co_await http_.send(std::move(request));
  if (!answer) co_return answer.error();
  if (answer->status / 100 != 2) co_return base::Error{notice_not_taken, fmt::format("status {}", answer->status)};
  co_return base::Ok{};
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
