// The webhook of an operator that wants notices where people look: chat, paging. In the form of Standard Webhooks.
#pragma once

#include <string>

#include "app/notice_channel.hpp"
#include "base/async.hpp"
#include "base/http/client.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"

namespace app {

struct NoticeWebhookOptions {
  std::string url;
  base::Secret key{};  // signs what is sent (HMAC-SHA256); empty: nothing is signed
};

class NoticeWebhook final : public NoticeChannel {
 public:
  NoticeWebhook(base::http::Client& http, const engine::PeopleStore& people, base::Clock& clock,
                NoticeWebhookOptions options)
      : http_(http), people_(people), clock_(clock), options_(std::move(options)) {}

  std::string_view name() const override { return "the webhook"; }
  base::awaitable<base::Status> hand_over(const engine::NoticeDelivery& delivery) override;

 private:
  base::http::Request request_for(const engine::NoticeDelivery& delivery) const;

  base::http::Client& http_;
  const engine::PeopleStore& people_;
  base::Clock& clock_;
  NoticeWebhookOptions options_;
};

}  // namespace app
