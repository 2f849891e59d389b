#include "tests/support/chromium.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/support/blocking_http.hpp"

namespace support {
namespace {

using nlohmann::json;

constexpr int driver_patience_ms = 60'000;
constexpr int page_patience_ms = 30'000;
constexpr int most_tries = 10;

json wanted_browser() {
  // By a pipe, so that the browser ends by itself when its driver is gone, however that came.
  const json arguments{"--headless=new",          "--no-sandbox",   "--disable-gpu",
                       "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
                       "--window-size=1400,900"};
  const json options{{"binary", "/usr/bin/chromium"}, {"args", arguments}};
  return {{"capabilities", {{"alwaysMatch", {{"goog:chromeOptions", options}}}}}};
}

// The page has put another element in the place of the one that was found.
class DrawnAnew : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string new_profile() {
  std::string path = (std::filesystem::temp_directory_path() / "sluice-browser-XXXXXX").string();
  if (!mkdtemp(path.data())) throw std::runtime_error("no temporary directory");
  return path;
}

}  // namespace

Chromium::Chromium() : profile_(new_profile()) {
  start_driver();
  const std::string driver = "http://127.0.0.1:" + await_port();
  session_ = driver + "/session";
  const json made = ask("POST", "", wanted_browser());
  session_ += "/" + made.at("sessionId").get<std::string>();
  ask("POST", "/timeouts", {{"implicit", page_patience_ms}, {"script", page_patience_ms}});
}

Chromium::~Chromium() {
  ::kill(-group_, SIGKILL);
  waitpid(group_, nullptr, 0);
  close(output_);
  // What of the browser has not ended yet may still make a file: that is no fault of a test.
  std::error_code ignored;
  std::filesystem::remove_all(profile_, ignored);
}

void Chromium::start_driver() {
  // Nothing of ours but these: what is preloaded into a test, or tells a sanitizer what to do, is not for a browser.
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + profile_, "TMPDIR=" + profile_};
  std::vector<std::string> arguments{"/usr/bin/chromedriver", "--port=0"};
  std::vector<char*> argv, envp;
  for (std::string& one : arguments) argv.push_back(one.data());
  for (std::string& one : environment) envp.push_back(one.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  group_ = fork();
  if (group_ < 0) throw std::runtime_error("no process");
  if (group_ == 0) {
    // Only what is safe after a fork among threads.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    dup2(ends[1], STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  // By both, so that the group is there whoever comes first.
  setpgid(group_, group_);
  close(nowhere);
  close(ends[1]);
  output_ = ends[0];
}

std::string Chromium::await_port() const {
  const std::string announcement = "successfully on port ";
  std::string said;
  for (;;) {
    pollfd waiting{output_, POLLIN, 0};
    const int ready = poll(&waiting, 1, driver_patience_ms);
    if (ready < 0 && errno == EINTR) continue;
    char piece[1024];
    const ssize_t count = ready == 1 ? read(output_, piece, sizeof piece) : 0;
    if (count <= 0) throw std::runtime_error("chromedriver does not start (`./dev setup` installs it): " + said);
    said.append(piece, static_cast<std::size_t>(count));
    const std::size_t at = said.find(announcement);
    if (at == std::string::npos || said.find('\n', at) == std::string::npos) continue;
    const std::size_t begin = at + announcement.size();
    return said.substr(begin, said.find_first_not_of("0123456789", begin) - begin);
  }
}

json Chromium::ask(std::string_view method, const std::string& path) { return ask(method, path, json()); }

json Chromium::ask(std::string_view method, const std::string& path, const json& body) {
  const std::string text = body.is_null() ? (method == "POST" ? "{}" : "") : body.dump();
  const HttpAnswer answer = http_call(method, session_ + path, text, {{"Content-Type", "application/json"}});
  const json said = json::parse(answer.body, nullptr, false);
  if (answer.status == 200 && said.is_object()) return said.at("value");
  // Never what was sent: it may hold a token.
  std::string why = said.is_object() ? said.at("value").at("message").get<std::string>() : "no answer";
  why = "WebDriver " + path + ": " + why.substr(0, why.find("\n"));
  if (said.is_object() && said.at("value").at("error") == "stale element reference") throw DrawnAnew(why);
  throw std::runtime_error(why);
}

void Chromium::run_first(const std::string& script) {
  ask("POST", "/goog/cdp/execute",
      {{"cmd", "Page.addScriptToEvaluateOnNewDocument"}, {"params", {{"source", script}}}});
}

void Chromium::open(const std::string& url) { ask("POST", "/url", {{"url", url}}); }

std::string Chromium::url() { return ask("GET", "/url"); }

std::string Chromium::find(const std::string& css) {
  try {
    const json found = ask("POST", "/element", {{"using", "css selector"}, {"value", css}});
    return found.begin().value();
  } catch (const std::runtime_error& error) {
    const std::string shown = run("return document.body.innerText");
    throw std::runtime_error(std::string(error.what()) + "\nThe page says:\n" + shown);
  }
}

std::string Chromium::text_of(const std::string& css) {
  for (;;) {
    find(css);
    // In one step of the page: between two it may be drawn anew, as often as it likes.
    const json text = run("return document.querySelector(arguments[0])?.innerText ?? null", {css});
    if (text.is_string()) return text;
  }
}

void Chromium::click(const std::string& css) { act_on(css, "/click", json()); }

void Chromium::type(const std::string& css, const std::string& text) { act_on(css, "/value", {{"text", text}}); }

void Chromium::act_on(const std::string& css, const std::string& act, const json& body) {
  for (int left = most_tries - 1;; --left) {
    try {
      ask("POST", "/element/" + find(css) + act, body);
      return;
    } catch (const DrawnAnew&) {
      if (left == 0) throw;
    }
  }
}

json Chromium::run(const std::string& script) { return run(script, json::array()); }

json Chromium::run(const std::string& script, const json& arguments) {
  return ask("POST", "/execute/sync", {{"script", script}, {"args", arguments}});
}

}  // namespace support
