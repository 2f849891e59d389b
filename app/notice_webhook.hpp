// The webhook of an operator that wants notices where people look: chat, mail, paging. Each notice is handed over until
// it is taken, in the form of Standard Webhooks.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/http/client.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"

namespace app {

struct NoticeWebhookOptions {
  std::string url;
  base::Secret key{};  // signs what is sent (HMAC-SHA256); empty: nothing is signed
};

class NoticeWebhook {
 public:
  NoticeWebhook(base::http::Client& http, engine::Notices& notices, const engine::PeopleStore& people,
                base::Clock& clock, base::Log& log, NoticeWebhookOptions options)
      : http_(http),
        notices_(notices),
        people_(people),
        clock_(clock),
        log_(log),
        options_(std::move(options)),
        bell_(clock) {}

  // Until the loop ends. Notices that are due stand in the table, so nothing is lost with the program.
  base::awaitable<void> run();
  // There may be a new one.
  void ring() { bell_.ring(); }
  // Hands over all that are due now, each once; how many were taken.
  base::awaitable<int> deliver_due();

 private:
  base::http::Request request_for(const engine::NoticeDelivery& delivery) const;

  base::http::Client& http_;
  engine::Notices& notices_;
  const engine::PeopleStore& people_;
  base::Clock& clock_;
  base::Log& log_;
  NoticeWebhookOptions options_;
  base::Bell bell_;
};

}  // namespace app
