#include "tests/support/mail_taker.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/crypto.hpp"

namespace support {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<std::string> line_from(tcp::socket& socket, std::string& buffer) {
  const std::size_t size =
      co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer), "\r\n", asio::use_awaitable);
  std::string line = buffer.substr(0, size - 2);
  buffer.erase(0, size);
  co_return line;
}

asio::awaitable<void> say(tcp::socket& socket, std::string words) {
  words += "\r\n";
  co_await asio::async_write(socket, asio::buffer(words), asio::use_awaitable);
}

std::string in_brackets(const std::string& line) {
  const std::size_t begin = line.find('<') + 1;
  return line.substr(begin, line.find('>') - begin);
}

}  // namespace

MailTaker::MailTaker(std::string refusal)
    : refusal_(std::move(refusal)), acceptor_(loop_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {
  port_ = acceptor_.local_endpoint().port();
  asio::co_spawn(loop_, accept(), asio::detached);
  thread_ = std::thread([this] { loop_.run(); });
}

MailTaker::~MailTaker() {
  loop_.stop();
  thread_.join();
}

std::vector<MailTaker::Taken> MailTaker::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

asio::awaitable<void> MailTaker::accept() {
  for (;;) {
    tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
    asio::co_spawn(loop_, talk(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> MailTaker::talk(tcp::socket socket) {
  std::string buffer;
  Taken mail;
  co_await say(socket, "220 mail.example.com ready");
  for (;;) {
    const std::string line = co_await line_from(socket, buffer);
    std::string answer = "250 fine";
    if (line.starts_with("EHLO")) {
      answer = "250-mail.example.com\r\n250 AUTH PLAIN";
    } else if (line == "AUTH PLAIN") {
      co_await say(socket, "334 ");
      mail.login = base::from_base64(co_await line_from(socket, buffer)).value_or("");
      std::ranges::replace(mail.login, '\0', ' ');
      answer = "235 welcome";
    } else if (line.starts_with("MAIL FROM:")) {
      mail.from = in_brackets(line);
    } else if (line.starts_with("RCPT TO:")) {
      mail.to = in_brackets(line);
      if (!refusal_.empty()) answer = refusal_;
    } else if (line == "DATA") {
      co_await say(socket, "354 go on");
      mail.text.clear();
      for (std::string part = co_await line_from(socket, buffer); part != ".";
           part = co_await line_from(socket, buffer))
        mail.text += part + "\r\n";
      const std::lock_guard lock(mutex_);
      taken_.push_back(mail);
    } else if (line == "QUIT") {
      co_await say(socket, "221 bye");
      co_return;
    }
    co_await say(socket, answer);
  }
}

}  // namespace support
