#include "tests/promises/console_reader.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace promises {
namespace {

// Kept where no page of the console looks.
const char* const note_violations =
    "window.violations = [];"
    "addEventListener('securitypolicyviolation', (one) => violations.push(one.violatedDirective + ' ' + "
    "one.blockedURI));";

support::Chromium& only_browser() {
  static support::Chromium browser;
  static const bool is_prepared = [] {
    browser.run_first(note_violations);
    return true;
  }();
  static_cast<void>(is_prepared);
  return browser;
}

}  // namespace

ConsoleReader::ConsoleReader(const ServerProgram& server) : browser_(only_browser()) {
  // Another server may have had the same port, and its token may still be in this tab.
  browser_.open(server.url() + "/livez");
  browser_.run("sessionStorage.clear()");
  browser_.open(server.console_url());
  browser_.await("#token");
}

ConsoleReader::~ConsoleReader() {
  try {
    CHECK(browser_.run("return violations") == nlohmann::json::array());
  } catch (const std::exception& error) {
    FAIL_CHECK("the browser does not say whether its page kept to its policy: " << error.what());
  }
}

void ConsoleReader::enter_token(const std::string& token) {
  browser_.type("#token", token);
  browser_.click("button[type=submit]");
}

void ConsoleReader::go(const std::string& view) {
  // As the browser writes it: "<" is "%3C" there.
  await_view(browser_.run("location.hash = arguments[0]; return location.hash", {view}));
}

void ConsoleReader::follow(const std::string& css) {
  browser_.await(css);
  const std::string hash = browser_.run("return document.querySelector(arguments[0]).hash", {css});
  browser_.click(css);
  await_view(hash);
}

void ConsoleReader::await_view(const std::string& hash) {
  browser_.await(fmt::format("main[data-shown=\"{}\"]:not([aria-busy])", hash));
}

}  // namespace promises
