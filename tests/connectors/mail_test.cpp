// Mail: what stands in its headers, and that a server gets it as it was meant.
#include "connectors/mail/mail.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "base/crypto.hpp"
#include "connectors/errors.hpp"
#include "connectors/mail/smtp_client.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/mail_taker.hpp"

using Catch::Contains;
using connectors::mail::header_text;
using connectors::mail::is_address;
using connectors::mail::Mail;

namespace {

Mail a_mail() {
  Mail mail{.id = "ntc_1", .from = "sluice@example.com", .to = "ops@example.com"};
  mail.subject = "[Sluice] Ask María";
  mail.text = "A score needs a comment. Ask María.\n.\nequals = sign\n";
  mail.at = base::from_millis(1'767'614'400'000);
  return mail;
}

base::Status sent_to(const std::string& url, const Mail& mail, const std::string& username = "") {
  boost::asio::io_context loop;
  connectors::mail::SmtpOptions options{.url = url, .username = username, .password = base::Secret("pass word")};
  connectors::mail::SmtpClient client(loop, std::move(options));
  return support::run(loop, client.send(mail));
}

}  // namespace

TEST_CASE("an address is one mailbox of a host, and nothing that could end a header or name a second one") {
  for (const char* good : {"ops@example.com", "o.p-s+sluice@mail.example.co.uk", "root@localhost"})
    CHECK(is_address(good));
  for (const char* bad : {"", "ops", "@example.com", "ops@", "a@b@c", "Ops <ops@example.com>", "a@b.com,c@d.com",
                          "a@b.com\r\nBcc: x@y.com", "a b@c.com"})
    CHECK_FALSE(is_address(bad));
}

TEST_CASE("a header's text stays on its line, and what is not ASCII is encoded words of at most 75 characters") {
  CHECK(header_text("runs fail: call us") == "runs fail: call us");
  CHECK(header_text("two\r\nlines") == "two  lines");
  CHECK(header_text("María") == "=?UTF-8?B?TWFyw61h?=");

  std::string long_text;
  for (int i = 0; i < 60; ++i) long_text += "é";
  const std::string words = header_text(long_text);
  std::string decoded;
  std::size_t at = 0;
  while (at < words.size()) {
    const std::size_t end = words.find("?=", at) + 2;
    CHECK(end - at <= 75);
    const std::string word = words.substr(at + 10, end - at - 12);
    const std::string part = base::from_base64(word).value_or("");
    CHECK(part.size() % 2 == 0);  // no character is cut
    decoded += part;
    if (end < words.size()) CHECK(words.substr(end, 3) == "\r\n ");
    at = end + 3;
  }
  CHECK(decoded == long_text);
}

TEST_CASE("a date is written as mail has it") {
  CHECK(connectors::mail::header_date(base::from_millis(1'767'614'400'000)) == "Mon, 05 Jan 2026 12:00:00 +0000");
}

TEST_CASE("a mail server gets the mail, its envelope and its words") {
  const support::MailTaker taker;

  REQUIRE(sent_to(taker.url(), a_mail()));

  REQUIRE(taker.taken().size() == 1);
  const support::MailTaker::Taken mail = taker.taken().front();
  CHECK(mail.from == "sluice@example.com");
  CHECK(mail.to == "ops@example.com");
  CHECK(mail.login.empty());
  for (const char* line :
       {"From: <sluice@example.com>\r\n", "To: <ops@example.com>\r\n", "Date: Mon, 05 Jan 2026 12:00:00 +0000\r\n",
        "Subject: =?UTF-8?B?W1NsdWljZV0gQXNrIE1hcsOtYQ==?=\r\n", "Message-ID: <ntc_1@example.com>\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n", "comment. Ask Mar=C3=ADa.\r\n", "\r\nequals =3D sign\r\n"})
    CHECK_THAT(mail.text, Contains(line));
}

TEST_CASE("a user's name and password are said to the server, where there are some") {
  const support::MailTaker taker;
  REQUIRE(sent_to(taker.url(), a_mail(), "sluice"));
  REQUIRE(taker.taken().size() == 1);
  CHECK(taker.taken().front().login == " sluice pass word");
}

TEST_CASE("what the server does not take is told in its own words, and so is that nobody is there") {
  const support::MailTaker taker("550 no such mailbox here");
  const base::Status refused = sent_to(taker.url(), a_mail(), "sluice");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == connectors::mail_not_taken);
  CHECK_THAT(refused.error().message, Contains("550") && !Contains("pass word"));
  CHECK(taker.taken().empty());

  const base::Status nobody = sent_to("smtp://127.0.0.1:1", a_mail());
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == connectors::mail_not_taken);
}
