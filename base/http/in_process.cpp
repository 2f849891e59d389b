#include "base/http/in_process.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/http/request_head.hpp"

namespace base::http {
namespace {

class InProcessClient final : public Client {
 public:
  InProcessClient(const InProcessServers& servers, std::unique_ptr<Client> network)
      : servers_(servers), network_(std::move(network)) {}

  awaitable<Result<Response>> send(Request request) override {
    const Result<Origin> origin = check_request(request);
    if (!origin) co_return origin.error();
    const Handler* found = servers_.find(*origin);
    if (!found) co_return co_await network_->send(std::move(request));
    const Handler handler = *found;  // stays good whatever is added meanwhile
    if (request.before_sending) {
      Status ready = co_await request.before_sending();
      if (!ready) co_return std::move(ready).error();
    }
    const std::size_t bytes_max = request.response_bytes_max;
    ServerRequest asked = as_it_arrives(std::move(request), *origin);
    if (!read_target(asked)) co_return Error{http_request_invalid, "the request's address has a broken escape"};
    Response response = co_await handler(asked);
    if (response.status == 0)
      co_return Error{http_unclear,
                      fmt::format("{} closed the connection before its answer was complete", origin->host())};
    if (response.body.size() > bytes_max)
      co_return Error{http_answer_too_large,
                      fmt::format("the answer of {} is larger than {} bytes", origin->host(), bytes_max)};
    co_return response;
  }

 private:
  static ServerRequest as_it_arrives(Request request, const Origin& origin) {
    ServerRequest arrived;
    arrived.method = std::move(request.method);
    const std::size_t host = request.url.find("://") + 3;
    const std::size_t target = request.url.find_first_of("/?", host);
    arrived.target = target == std::string::npos ? "/" : request.url.substr(target);
    if (arrived.target.front() == '?') arrived.target.insert(0, "/");
    arrived.headers = std::move(request.headers);
    if (!find_header(arrived.headers, "host")) arrived.headers.emplace_back("Host", std::string(origin.host()));
    arrived.body = std::move(request.body);
    arrived.remote = "127.0.0.1";
    return arrived;
  }

  const InProcessServers& servers_;
  std::unique_ptr<Client> network_;
};

}  // namespace

const Handler* InProcessServers::find(const Origin& origin) const {
  const auto found = handlers_.find(origin.text);
  return found == handlers_.end() ? nullptr : &found->second;
}

std::unique_ptr<Client> make_in_process_client(const InProcessServers& servers, std::unique_ptr<Client> network) {
  return std::make_unique<InProcessClient>(servers, std::move(network));
}

}  // namespace base::http
