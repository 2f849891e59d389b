// Where a browser comes back to after a login at Salesforce: an address on this machine, for one answer.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace app::cli {

// What the browser brought.
struct LoginAnswer {
  std::string code{};
  std::string state{};
  std::string error{};  // Salesforce's own word, e.g. access_denied; then there is no code
  std::string error_description{};
};

class LoginListener {
 public:
  LoginListener();  // on 127.0.0.1, at a port that is free
  ~LoginListener();

  std::string redirect_uri() const;
  // Waits until a browser comes with an answer; nullopt: nobody came in time. With `state`, whoever brings another one
  // is turned away and the wait goes on.
  std::optional<LoginAnswer> wait(const std::string& state, base::Duration patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Opens the user's browser: what BROWSER names, else xdg-open where there is a desktop. false: there is none.
bool open_browser(const std::string& url);

}  // namespace app::cli
