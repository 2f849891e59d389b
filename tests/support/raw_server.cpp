#include "tests/support/raw_server.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace support {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::size_t content_length(const std::string& head) {
  std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

}  // namespace

struct RawServer::State {
  State(asio::io_context& where, Script answers)
      : loop(where), acceptor(where, {tcp::v4(), 0}), script(std::move(answers)) {}

  asio::io_context& loop;
  tcp::acceptor acceptor;
  std::optional<asio::ssl::context> tls;
  Script script;
  int requests = 0;
  int connections = 0;

  template <class Stream>
  static asio::awaitable<void> serve(std::shared_ptr<State> state, Stream stream) {
    if constexpr (!std::is_same_v<Stream, tcp::socket>) {
      co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    }
    std::string seen;
    for (;;) {
      std::size_t head =
          co_await asio::async_read_until(stream, asio::dynamic_buffer(seen), "\r\n\r\n", asio::use_awaitable);
      std::size_t whole = head + content_length(seen.substr(0, head));
      if (seen.size() < whole) {
        co_await asio::async_read(stream, asio::dynamic_buffer(seen), asio::transfer_exactly(whole - seen.size()),
                                  asio::use_awaitable);
      }
      std::string request = seen.substr(0, whole);
      seen.erase(0, whole);
      std::optional<std::string> answer = state->script(request, ++state->requests);
      if (!answer) co_return;
      co_await asio::async_write(stream, asio::buffer(*answer), asio::use_awaitable);
      if (answer->find("Connection: close\r\n") != std::string::npos) co_return;
    }
  }

  static asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      tcp::socket socket = co_await state->acceptor.async_accept(asio::use_awaitable);
      ++state->connections;
      if (state->tls) {
        asio::ssl::stream<tcp::socket> stream(std::move(socket), *state->tls);
        asio::co_spawn(state->loop, serve(state, std::move(stream)), asio::detached);
      } else {
        asio::co_spawn(state->loop, serve(state, std::move(socket)), asio::detached);
      }
    }
  }
};

RawServer::RawServer(asio::io_context& loop, Script script, const TestCertificate* certificate)
    : state_(std::make_shared<State>(loop, std::move(script))) {
  if (certificate != nullptr) {
    state_->tls.emplace(asio::ssl::context::tls_server);
    state_->tls->use_certificate_chain_file(certificate->certificate_file());
    state_->tls->use_private_key_file(certificate->key_file(), asio::ssl::context::pem);
  }
  asio::co_spawn(loop, State::accept(state_), asio::detached);
}

RawServer::~RawServer() { state_->acceptor.close(); }

std::string RawServer::url(std::string_view path) const {
  return fmt::format("{}://127.0.0.1:{}{}", state_->tls ? "https" : "http", state_->acceptor.local_endpoint().port(),
                     path);
}

int RawServer::requests() const { return state_->requests; }
int RawServer::connections() const { return state_->connections; }

std::string plain_answer(std::string_view body, std::string_view header_lines) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), header_lines, body);
}

}  // namespace support
