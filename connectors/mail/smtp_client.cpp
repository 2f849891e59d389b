#include "connectors/mail/smtp_client.hpp"

#include <curl/curl.h>

#include <array>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/http/curl_loop.hpp"
#include "base/http/curl_transfer.hpp"
#include "base/suspend.hpp"
#include "connectors/accounts/endpoint_url.hpp"
#include "connectors/errors.hpp"

namespace connectors::mail {
namespace {

constexpr long longest_exchange_ms = 30'000;
constexpr std::size_t connections_kept = 2;

// Mail ends its lines with both.
std::string with_mail_line_ends(const std::string& text) {
  std::string lines;
  for (const char c : text) {
    if (c == '\n' && !lines.ends_with('\r')) lines += '\r';
    lines += c;
  }
  return lines;
}

bool is_on_this_machine(const std::string& url) {
  const std::optional<EndpointUrl> server = parse_endpoint_url(url);
  return server && is_loopback(server->host);
}

std::vector<std::string> headers_of(const Mail& mail) {
  return {fmt::format("From: <{}>", mail.from),
          fmt::format("To: <{}>", mail.to),
          fmt::format("Subject: {}", header_text(mail.subject)),
          fmt::format("Date: {}", header_date(mail.at)),
          fmt::format("Message-ID: <{}@{}>", mail.id, mail.from.substr(mail.from.find('@') + 1)),
          "Auto-Submitted: auto-generated"};  // RFC 3834: nobody's holiday answers it
}

// A mail under way.
struct Sending {
  explicit Sending(const Mail& mail)
      : easy(curl_easy_init()),
        body(easy ? curl_mime_init(easy) : nullptr),
        headers(base::http::to_curl_list(headers_of(mail))),
        recipients(base::http::to_curl_list({fmt::format("<{}>", mail.to)})) {
    if (easy == nullptr || body == nullptr) throw std::bad_alloc();
    curl_mimepart* part = curl_mime_addpart(body);
    const std::string text = with_mail_line_ends(mail.text);
    curl_mime_data(part, text.data(), text.size());
    curl_mime_type(part, "text/plain; charset=utf-8");
    curl_mime_encoder(part, "quoted-printable");
    const std::string author = fmt::format("<{}>", mail.from);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, author.c_str());  // curl copies texts
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, body);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, curl_says.data());
  }
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;
  ~Sending() {
    curl_mime_free(body);
    curl_easy_cleanup(easy);
  }

  CURL* easy;
  curl_mime* body;
  base::http::CurlList headers;
  base::http::CurlList recipients;
  std::array<char, CURL_ERROR_SIZE> curl_says{};
  base::http::CurlLoop::Opening opening{};
  std::optional<base::Resumption<void>> sender{};
  std::optional<base::Status>* outcome = nullptr;  // in the sender's coroutine
};

}  // namespace

class SmtpClient::Core {
 public:
  Core(boost::asio::io_context& loop, SmtpOptions options)
      : options_(std::move(options)),
        is_local_(is_on_this_machine(options_.url)),
        curl_(std::make_shared<base::http::CurlLoop>(
            loop, connections_kept, [this](void* easy, int code) { on_done(easy, static_cast<CURLcode>(code)); })) {}

  static base::awaitable<base::Status> send(std::shared_ptr<Core> core, Mail mail) {
    if (!core->curl_) co_return base::Error{mail_not_taken, "the program is stopping"};
    std::optional<base::Status> outcome;
    auto begin = [&](base::Resumption<void> sender) { core->begin(mail, outcome, std::move(sender)); };
    co_await base::suspend<void>(begin);
    co_return std::move(*outcome);
  }

  void close() {
    while (!active_.empty())
      finish(active_.begin()->first, base::Error{mail_not_taken, "the program stopped before the mail was taken"});
    curl_.reset();
  }

 private:
  void begin(const Mail& mail, std::optional<base::Status>& outcome, base::Resumption<void> sender) {
    auto sending = std::make_unique<Sending>(mail);
    CURL* easy = sending->easy;
    set_server(easy);
    sending->outcome = &outcome;
    sending->sender.emplace(std::move(sender));
    sending->sender->on_cancel([this, easy] {
      const std::unique_ptr<Sending> cancelled = take(easy);
      cancelled->sender->abort();
    });
    curl_->adopt(easy, sending->opening);
    active_[easy] = std::move(sending);
    curl_->add(easy);
  }

  void set_server(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, longest_exchange_ms);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    curl_easy_setopt(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_USE_SSL, is_local_ ? long{CURLUSESSL_NONE} : long{CURLUSESSL_ALL});
    if (options_.username.empty()) return;
    curl_easy_setopt(easy, CURLOPT_USERNAME, options_.username.c_str());
    const std::string password(options_.password.reveal());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, password.c_str());
  }

  void on_done(CURL* easy, CURLcode code) {
    if (code == CURLE_OK) return finish(easy, base::Ok{});
    const Sending& sending = *active_.at(easy);
    const char* said = sending.curl_says[0] != '\0' ? sending.curl_says.data() : curl_easy_strerror(code);
    finish(easy, base::Error{mail_not_taken, fmt::format("the mail server did not take it: {}", said)});
  }

  void finish(CURL* easy, base::Status outcome) {
    const std::unique_ptr<Sending> ended = take(easy);
    ended->outcome->emplace(std::move(outcome));
    (*ended->sender)();
  }

  std::unique_ptr<Sending> take(CURL* easy) {
    curl_->remove(easy);
    std::unique_ptr<Sending> taken = std::move(active_.at(easy));
    active_.erase(easy);
    return taken;
  }

  SmtpOptions options_;
  bool is_local_;
  std::shared_ptr<base::http::CurlLoop> curl_;  // null once closed
  std::map<CURL*, std::unique_ptr<Sending>> active_;
};

SmtpClient::SmtpClient(boost::asio::io_context& loop, SmtpOptions options)
    : core_(std::make_shared<Core>(loop, std::move(options))) {}

SmtpClient::~SmtpClient() { core_->close(); }

base::awaitable<base::Status> SmtpClient::send(Mail mail) { return Core::send(core_, std::move(mail)); }

}  // namespace connectors::mail
