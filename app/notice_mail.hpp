// Notices as mails to one address of the operator's, who knows whom they concern.
#pragma once

#include <string>

#include <boost/asio/io_context.hpp>

#include "app/notice_channel.hpp"
#include "connectors/mail/smtp_client.hpp"
#include "engine/people_store.hpp"

namespace app {

struct NoticeMailOptions {
  std::string to{};
  std::string from{};
  connectors::mail::SmtpOptions server{};
};

class NoticeMail final : public NoticeChannel {
 public:
  NoticeMail(boost::asio::io_context& loop, const engine::PeopleStore& people, NoticeMailOptions options)
      : client_(loop, options.server), people_(people), options_(std::move(options)) {}

  std::string_view name() const override { return "the mail server"; }
  base::awaitable<base::Status> hand_over(const engine::NoticeDelivery& delivery) override;

 private:
  connectors::mail::Mail mail_of(const engine::NoticeDelivery& delivery) const;

  connectors::mail::SmtpClient client_;
  const engine::PeopleStore& people_;
  NoticeMailOptions options_;
};

}  // namespace app
