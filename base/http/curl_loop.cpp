#include "base/http/curl_loop.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <new>

#include <curl/curl.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

namespace base::http {

namespace {

// "" for a family that has no numeric addresses, e.g. a Unix socket.
std::string numeric_address(const curl_sockaddr& address) {
  std::array<char, NI_MAXHOST> text{};
  int failed =
      ::getnameinfo(&address.addr, address.addrlen, text.data(), socklen_t{text.size()}, nullptr, 0, NI_NUMERICHOST);
  return failed == 0 && (address.family == AF_INET || address.family == AF_INET6) ? std::string(text.data()) : "";
}

}  // namespace

struct CurlLoop::Watch {
  Watch(boost::asio::io_context& loop, int socket, bool opened_by_us)
      : descriptor(loop, socket), opened_here(opened_by_us) {}

  boost::asio::posix::stream_descriptor descriptor;
  bool opened_here;
  int wanted = 0;  // CURL_POLL_IN | CURL_POLL_OUT
  bool reading = false;
  bool writing = false;
};

// What curl calls; never from within our own calls to Asio.
struct CurlLoop::Callbacks {
  static int on_interest(CURL*, curl_socket_t socket, int what, void* self, void*) {
    auto& loop = *static_cast<CurlLoop*>(self);
    if (what != CURL_POLL_REMOVE) {
      auto watched = loop.watch(socket, false);
      watched->wanted = what;
      loop.arm(watched);
      return 0;
    }
    auto found = loop.watches_.find(socket);
    if (found == loop.watches_.end()) return 0;
    // A pooled connection stays registered until it is closed: no system calls between its requests. Other sockets (the
    // resolver's) are closed behind our back.
    found->second->wanted = 0;
    if (!found->second->opened_here) loop.forget(socket);
    return 0;
  }

  static int on_timer(CURLM*, long after_ms, void* self) {
    static_cast<CurlLoop*>(self)->set_timer(after_ms);
    return 0;
  }

  // The last moment at which the address is known and nothing has been sent to it.
  static curl_socket_t open_socket(void* from, curlsocktype, curl_sockaddr* address) {
    auto& opening = *static_cast<Opening*>(from);
    if (opening.allowed && !opening.allowed(numeric_address(*address))) {
      opening.refused_one = true;
      return CURL_SOCKET_BAD;
    }
    int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket >= 0) opening.loop->watch(socket, true);
    return socket;
  }

  static int close_socket(void* self, curl_socket_t socket) {
    static_cast<CurlLoop*>(self)->forget(socket);
    return ::close(socket);
  }
};

CurlLoop::CurlLoop(boost::asio::io_context& loop, std::size_t connections_kept, OnDone on_done)
    : loop_(loop), on_done_(std::move(on_done)), timer_(loop) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Callbacks::on_interest);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Callbacks::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(connections_kept));
}

CurlLoop::~CurlLoop() { curl_multi_cleanup(multi_); }

void CurlLoop::adopt(Easy easy, Opening& opening) {
  opening.loop = this;
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &opening);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Callbacks::close_socket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

void CurlLoop::add(Easy easy) { curl_multi_add_handle(multi_, easy); }

void CurlLoop::remove(Easy easy) { curl_multi_remove_handle(multi_, easy); }

std::shared_ptr<CurlLoop::Watch> CurlLoop::watch(int socket, bool opened_here) {
  auto& place = watches_[socket];
  if (!place) place = std::make_shared<Watch>(loop_, socket, opened_here);
  return place;
}

void CurlLoop::forget(int socket) {
  auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  found->second->wanted = 0;
  found->second->descriptor.release();  // the socket is curl's; its waits end with operation_aborted
  watches_.erase(found);
}

void CurlLoop::arm(const std::shared_ptr<Watch>& watched) {
  using boost::asio::posix::descriptor_base;
  auto wait = [&](descriptor_base::wait_type type, int event) {
    watched->descriptor.async_wait(type, [weak = weak_from_this(), watched, event](boost::system::error_code error) {
      (event == CURL_CSELECT_IN ? watched->reading : watched->writing) = false;
      auto self = weak.lock();
      if (self && error != boost::asio::error::operation_aborted) self->on_ready(watched, event, bool(error));
    });
  };
  if ((watched->wanted & CURL_POLL_IN) != 0 && !std::exchange(watched->reading, true)) {
    wait(descriptor_base::wait_read, CURL_CSELECT_IN);
  }
  if ((watched->wanted & CURL_POLL_OUT) != 0 && !std::exchange(watched->writing, true)) {
    wait(descriptor_base::wait_write, CURL_CSELECT_OUT);
  }
}

void CurlLoop::on_ready(const std::shared_ptr<Watch>& watched, int event, bool failed) {
  // Nobody waits any more: an idle connection was closed by its server (curl will notice), or the socket is gone.
  if ((watched->wanted & (event == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT)) == 0) return;
  drive(watched->descriptor.native_handle(), failed ? CURL_CSELECT_ERR : event);
  arm(watched);  // curl tells only what changed
}

void CurlLoop::set_timer(long after_ms) {
  timer_.cancel();
  call_wanted_ = after_ms == 0;
  if (call_wanted_) {
    call_soon();
  } else if (after_ms > 0) {
    timer_.expires_after(std::chrono::milliseconds(after_ms));
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      auto self = weak.lock();
      if (self && !error) self->drive(CURL_SOCKET_TIMEOUT, 0);
    });
  }
}

// One call for all transfers that were added in this turn.
void CurlLoop::call_soon() {
  if (std::exchange(call_posted_, true)) return;
  boost::asio::post(loop_, [weak = weak_from_this()] {
    auto self = weak.lock();
    if (!self) return;
    self->call_posted_ = false;
    if (std::exchange(self->call_wanted_, false)) self->drive(CURL_SOCKET_TIMEOUT, 0);
  });
}

void CurlLoop::drive(int socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) on_done_(message->easy_handle, message->data.result);
  }
}

}  // namespace base::http
