#include "app/cli/login_listener.hpp"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <spawn.h>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "base/http/server.hpp"

extern char** environ;

namespace app::cli {
namespace {

constexpr const char* callback_path = "/callback";

base::http::Response page_for_browser(int status, std::string_view title, std::string_view text) {
  return {status,
          {{"content-type", "text/html; charset=utf-8"},
           {"cache-control", "no-store"},
           {"connection", "close"},
           // The address holds the code: it must not go on to any other page.
           {"referrer-policy", "no-referrer"}},
          fmt::format("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>"
                      "<style>body{{font:1.1em/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em}}"
                      "</style><h1>{0}</h1><p>{1}</p></html>\n",
                      title, text)};
}

}  // namespace

struct LoginListener::Impl {
  boost::asio::io_context loop{1};
  base::SilentLog log;
  base::http::Router router;
  std::unique_ptr<base::http::Server> server;
  std::string expected_state;
  std::optional<LoginAnswer> answer;

  Impl() {
    router.add("GET", callback_path, [this](base::http::ServerRequest& request) { return take(request); });
    server = base::http::listen(loop, router, log, {});
  }

  base::awaitable<base::http::Response> take(base::http::ServerRequest& request) {
    LoginAnswer came{std::string(request.query_value("code")), std::string(request.query_value("state")),
                     std::string(request.query_value("error")), std::string(request.query_value("error_description"))};
    const bool is_ours = expected_state.empty() || came.state == expected_state;
    if (answer || !is_ours || (came.code.empty() && came.error.empty()))
      co_return page_for_browser(400, "Not this login", "No login that is under way has sent you here.");
    const bool is_refused = !came.error.empty();
    answer = std::move(came);
    server->stop();  // this answer still goes out
    co_return is_refused
        ? page_for_browser(200, "Salesforce has refused", "The terminal says more.")
        : page_for_browser(200, "Back to the terminal",
                           "Sluice has received your login and checks it now. You can close this page.");
  }
};

LoginListener::LoginListener() : impl_(std::make_unique<Impl>()) {}

LoginListener::~LoginListener() = default;

std::string LoginListener::redirect_uri() const {
  return fmt::format("http://127.0.0.1:{}{}", impl_->server->port(), callback_path);
}

std::optional<LoginAnswer> LoginListener::wait(const std::string& state, base::Duration patience) {
  impl_->expected_state = state;
  impl_->loop.run_for(patience);
  return std::move(impl_->answer);
}

bool open_browser(const std::string& url) {
  const char* chosen = std::getenv("BROWSER");
  const bool has_desktop = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
  if (chosen == nullptr && !has_desktop) return false;  // xdg-open would take over the terminal with a text browser
  std::string program = chosen != nullptr ? chosen : "xdg-open", address = url;
  std::array<char*, 3> words{program.data(), address.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const int stream : {0, 1, 2}) ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  pid_t process = 0;
  const int fault = ::posix_spawnp(&process, program.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return fault == 0;
}

}  // namespace app::cli
