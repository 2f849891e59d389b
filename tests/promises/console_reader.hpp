// Somebody who looks at a server's console in a real browser: signs in with a token, opens views, reads them.
#pragma once

#include <string>

#include "tests/promises/server_program.hpp"
#include "tests/support/chromium.hpp"

namespace promises {

class ConsoleReader {
 public:
  // At the sign-in of that server's console. One browser serves all readers, one after the other.
  explicit ConsoleReader(const ServerProgram& server);
  // Nothing that a page has done may have been against its policy.
  ~ConsoleReader();
  ConsoleReader(const ConsoleReader&) = delete;
  ConsoleReader& operator=(const ConsoleReader&) = delete;

  void enter_token(const std::string& token);
  // The view is there when it returns. "#/runs?state=failed"
  void go(const std::string& view);
  // The view that a link leads to is there when it returns.
  void follow(const std::string& css);
  // What it shows, once an element fits.
  std::string text_of(const std::string& css) { return browser_.text_of(css); }
  std::string page() { return browser_.text_of("main"); }

  support::Chromium& browser() { return browser_; }

 private:
  void await_view(const std::string& hash);

  support::Chromium& browser_;
};

}  // namespace promises
