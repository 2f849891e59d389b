// A mail server that takes mail and keeps it, on a thread of its own.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace support {

class MailTaker {
 public:
  // `refusal`: how recipients are answered, e.g. "550 no such mailbox"; empty: all are taken.
  explicit MailTaker(std::string refusal = "");
  ~MailTaker();
  MailTaker(const MailTaker&) = delete;
  MailTaker& operator=(const MailTaker&) = delete;

  struct Taken {
    std::string from;  // as the envelope has it
    std::string to;
    std::string login;  // AUTH PLAIN, decoded with its zero bytes as spaces; empty: nobody logged in
    std::string text;   // header and body, as they came
  };
  std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  std::vector<Taken> taken() const;

 private:
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> talk(boost::asio::ip::tcp::socket socket);

  std::string refusal_;
  boost::asio::io_context loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Taken> taken_;
  std::thread thread_;
};

}  // namespace support
