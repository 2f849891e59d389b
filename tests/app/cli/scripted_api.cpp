#include "tests/app/cli/scripted_api.hpp"

#include <mutex>
#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/http/server.hpp"

namespace test {

struct ScriptedApi::Impl {
  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{loop.get_executor()};
  base::SilentLog log;
  base::http::Router router;
  std::unique_ptr<base::http::Server> server;
  mutable std::mutex mutex;
  std::map<std::string, std::function<std::pair<int, std::string>(const Asked&)>> script;
  std::vector<Asked> asked;
  std::thread thread;

  base::awaitable<base::http::Response> answer(base::http::ServerRequest& request) {
    const auto header = base::http::find_header(request.headers, "authorization");
    const Asked now{request.method, request.target, request.body, header ? std::string(*header) : ""};
    const std::string call = request.method + " " + request.path;
    std::function<std::pair<int, std::string>(const Asked&)> found;
    {
      const std::lock_guard lock(mutex);
      asked.push_back(now);
      if (const auto at = script.find(call); at != script.end()) found = at->second;
    }
    if (!found) co_return base::http::problem_response(404, "not_found", "there is no such thing");
    auto [status, body] = found(now);
    co_return base::http::json_response(status, std::move(body));
  }
};

ScriptedApi::ScriptedApi() : impl_(std::make_unique<Impl>()) {
  Impl* impl = impl_.get();
  impl_->router.otherwise([impl](base::http::ServerRequest& request) { return impl->answer(request); });
  impl_->server = base::http::listen(impl_->loop, impl_->router, impl_->log, {});
  impl_->thread = std::thread([impl] { impl->loop.run(); });
}

ScriptedApi::~ScriptedApi() {
  impl_->loop.stop();
  impl_->thread.join();
}

void ScriptedApi::answers(const std::string& call, int status, const std::string& body) {
  on(call, [status, body](const Asked&) { return std::pair(status, body); });
}

void ScriptedApi::on(const std::string& call, std::function<std::pair<int, std::string>(const Asked&)> answer) {
  const std::lock_guard lock(impl_->mutex);
  impl_->script[call] = std::move(answer);
}

std::string ScriptedApi::url() const { return "http://127.0.0.1:" + std::to_string(impl_->server->port()); }

std::vector<Asked> ScriptedApi::asked() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->asked;
}

Asked ScriptedApi::last(const std::string& call) const {
  const std::vector<Asked> all = asked();
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    if (one->method + " " + one->target.substr(0, one->target.find('?')) == call) return *one;
  }
  throw std::runtime_error("nobody asked " + call);
}

Ended ScriptedApi::run(std::vector<std::string> arguments) const {
  for (const std::string& word : {std::string("--server"), url(), std::string("--token"), std::string("slt_mine")})
    arguments.push_back(word);
  return run_program(arguments);
}

}  // namespace test
