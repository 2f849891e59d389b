// Where notices are posted to: takes whatever comes to /notices, on a thread of its own.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/http/server.hpp"
#include "base/log.hpp"

namespace promises {

class NoticeTaker {
 public:
  NoticeTaker() {
    router_.add("POST", "/notices",
                [this](base::http::ServerRequest& request) -> base::awaitable<base::http::Response> {
                  const std::lock_guard lock(mutex_);
                  taken_.push_back({request.headers, request.body});
                  co_return base::http::Response{204, {}, ""};
                });
    server_ = base::http::listen(loop_, router_, log_);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~NoticeTaker() {
    loop_.stop();
    thread_.join();
  }

  struct Taken {
    base::http::Headers headers;
    std::string body;
  };
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/notices"; }
  std::vector<Taken> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  boost::asio::io_context loop_;
  base::SilentLog log_;
  base::http::Router router_;
  std::unique_ptr<base::http::Server> server_;
  mutable std::mutex mutex_;
  std::vector<Taken> taken_;
  std::thread thread_;
};

}  // namespace promises
