// libcurl's multi handle, driven by an Asio loop: who waits for which socket, and when curl wants to be called again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace base::http {

// An easy handle is a CURL*, a code a CURLcode; curl's header stays out of ours.
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  using Easy = void*;
  using OnDone = std::function<void(Easy, int code)>;

  // What a handle brings along when it opens sockets. It stays where it is until the handle is removed.
  struct Opening {
    std::function<bool(const std::string& address)> allowed{};  // empty: every address
    bool refused_one = false;
    CurlLoop* loop = nullptr;  // set by adopt()
  };

  // `on_done` is called once for every handle that ended by itself; it may remove that handle and add others.
  CurlLoop(boost::asio::io_context& loop, std::size_t connections_kept, OnDone on_done);
  // Every handle was removed before. Closes the connections.
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // Before add(), and again after every reset of the handle.
  void adopt(Easy easy, Opening& opening);
  // The transfer begins in the loop's next turn.
  void add(Easy easy);
  void remove(Easy easy);

 private:
  struct Watch;
  struct Callbacks;

  std::shared_ptr<Watch> watch(int socket, bool opened_here);
  void forget(int socket);
  void arm(const std::shared_ptr<Watch>& watched);
  void on_ready(const std::shared_ptr<Watch>& watched, int event, bool failed);
  void set_timer(long after_ms);
  void call_soon();
  void drive(int socket, int events);

  boost::asio::io_context& loop_;
  OnDone on_done_;
  void* multi_;
  boost::asio::steady_timer timer_;
  bool call_wanted_ = false;
  bool call_posted_ = false;
  std::unordered_map<int, std::shared_ptr<Watch>> watches_;
};

}  // namespace base::http
