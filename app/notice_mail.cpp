#include "app/notice_mail.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace app {
namespace {

constexpr std::size_t subject_bytes_max = 150;  // what lists of mails show, and more

}  // namespace

base::awaitable<base::Status> NoticeMail::hand_over(const engine::NoticeDelivery& delivery) {
  connectors::mail::Mail mail = mail_of(delivery);
  co_return co_await client_.send(std::move(mail));
}

// The account is named to nobody here: who else reads the address is not known.
connectors::mail::Mail NoticeMail::mail_of(const engine::NoticeDelivery& delivery) const {
  const engine::Notice& notice = delivery.record.notice;
  connectors::mail::Mail mail{.id = delivery.record.id, .from = options_.from, .to = options_.to};
  mail.subject = base::shortened(fmt::format("[Sluice] {}", notice.message), subject_bytes_max);
  mail.at = delivery.record.created_at;
  const std::optional<engine::User> user = people_.user(delivery.brand, notice.recipient);
  mail.text = fmt::format("{}\n\nFor:    {}\nKind:   {}\n", notice.message,
                          user ? fmt::format("{} ({})", user->name, notice.recipient) : notice.recipient,
                          engine::to_string(notice.kind));
  if (notice.subject != notice.account) mail.text += fmt::format("About:  {}\n", notice.subject);
  mail.text +=
      fmt::format("Since:  {}\nNotice: {}\n", base::to_iso8601(delivery.record.created_at), delivery.record.id);
  return mail;
}

}  // namespace app
