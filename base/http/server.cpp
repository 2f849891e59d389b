// The server of server.hpp: it listens, and gives each connection a coroutine of its own.
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/http/served_connection.hpp"
#include "base/http/server.hpp"

namespace base::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using serving::Connection;
using serving::Shared;
using serving::Steady;
using serving::StreamConnection;

void begin_serving(asio::io_context& loop, const std::shared_ptr<Shared>& shared, tcp::socket socket) {
  if (shared->tls) {
    using Tls = StreamConnection<asio::ssl::stream<tcp::socket>>;
    asio::co_spawn(loop, Tls::serve(std::make_unique<Tls>(shared, std::move(socket), *shared->tls)), asio::detached);
  } else {
    using Plain = StreamConnection<tcp::socket>;
    asio::co_spawn(loop, Plain::serve(std::make_unique<Plain>(shared, std::move(socket))), asio::detached);
  }
}

awaitable<void> accept_connections(asio::io_context& loop, std::shared_ptr<Shared> shared) {
  error_code error;
  while (!shared->stopping) {
    if (shared->connections.size() >= shared->options.connections_max) {
      // Who comes now waits in the system's queue.
      shared->room.expires_at(Steady::time_point::max());
      co_await shared->room.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    tcp::socket socket = co_await shared->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (shared->stopping) co_return;
    if (!error) {
      begin_serving(loop, shared, std::move(socket));
    } else if (error != asio::error::connection_aborted) {
      // Out of file descriptors, most likely: it passes when connections end.
      if (shared->log != nullptr) shared->log->warning("connection not accepted", {{"reason", error.message()}});
      shared->room.expires_after(std::chrono::milliseconds(100));
      co_await shared->room.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

asio::ssl::context make_tls(const ServerOptions& options) {
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                  asio::ssl::context::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION);
  tls.use_certificate_chain_file(options.tls_certificate_file);
  tls.use_private_key_file(options.tls_key_file, asio::ssl::context::pem);
  return tls;
}

class ListeningServer final : public Server {
 public:
  ListeningServer(asio::io_context& loop, const Router& router, Log& log, ServerOptions options)
      : shared_(std::make_shared<Shared>(loop, router, log, std::move(options))) {
    const ServerOptions& wanted = shared_->options;
    if (!wanted.tls_certificate_file.empty()) shared_->tls.emplace(make_tls(wanted));
    tcp::endpoint endpoint(asio::ip::make_address(wanted.address), wanted.port);
    shared_->acceptor.open(endpoint.protocol());
    shared_->acceptor.set_option(tcp::acceptor::reuse_address(true));
    shared_->acceptor.bind(endpoint);
    shared_->acceptor.listen();
    port_ = shared_->acceptor.local_endpoint().port();
    asio::co_spawn(loop, accept_connections(loop, shared_), asio::detached);
  }
  ~ListeningServer() override {
    ListeningServer::stop();
    shared_->log = nullptr;
    for (Connection* connection : shared_->connections) connection->close();
  }
  ListeningServer(const ListeningServer&) = delete;
  ListeningServer& operator=(const ListeningServer&) = delete;

  std::uint16_t port() const override { return port_; }

  void stop() override {
    shared_->stopping = true;
    error_code ignored;
    shared_->acceptor.close(ignored);
    shared_->room.cancel();
    for (Connection* connection : shared_->connections) {
      if (connection->between_requests) connection->cancel();
    }
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::uint16_t port_ = 0;
};

}  // namespace

std::unique_ptr<Server> listen(asio::io_context& loop, const Router& router, Log& log, ServerOptions options) {
  std::string where = fmt::format("cannot listen on {}:{}", options.address, options.port);
  try {
    return std::make_unique<ListeningServer>(loop, router, log, std::move(options));
  } catch (const boost::system::system_error& error) {
    throw std::system_error(error.code(), where);
  }
}

}  // namespace base::http
