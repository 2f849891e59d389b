// Hands mail to a server that sends it on (SMTP, RFC 5321).
#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "connectors/mail/mail.hpp"

namespace connectors::mail {

struct SmtpOptions {
  // smtp://host:port or smtps://host:port. The former turns to TLS before anything is said, unless the server is on
  // this machine.
  std::string url = "smtp://127.0.0.1:25";
  std::string username{};  // empty: nobody logs in
  base::Secret password{};
};

class SmtpClient {
 public:
  // Calls from the loop's thread; destroyed before the loop.
  SmtpClient(boost::asio::io_context& loop, SmtpOptions options);
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  // Ok once the server has taken it, else mail_not_taken with its own words. One that was taken although the answer got
  // lost is an error all the same: whoever sends it again sends the same id.
  base::awaitable<base::Status> send(Mail mail);

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace connectors::mail
