// A server and a local org, and people who log in to one from the other with their browsers.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/browser.hpp"

namespace promises {

// Somebody who links accounts: an id and an API token.
struct Linker {
  std::string id;
  std::string token;
};

class LinkingWorld {
 public:
  explicit LinkingWorld(std::vector<std::string> more_arguments = {},
                        const std::map<std::string, std::string>& environment = {});

  support::HttpAnswer call(const Linker& who, const std::string& method, const std::string& path,
                           const nlohmann::json& body = nullptr) const;
  // A call that must be answered with 2xx.
  nlohmann::json ask(const Linker& who, const std::string& method, const std::string& path,
                     const nlohmann::json& body = nullptr) const;

  Linker add_user(const std::string& name) const;
  // The org's app, registered for its host.
  void add_app() const;
  // A login begun by `who`; what the server answered.
  nlohmann::json begin(const Linker& who, const nlohmann::json& more = nlohmann::json::object()) const;
  // Opens the start address, logs in and allows. The browser ends where the callback has led it.
  support::HttpAnswer allow(support::Browser& browser, const nlohmann::json& begun,
                            const std::string& username = "") const;
  // The whole of it; what GET /logins/{id} says at the end.
  nlohmann::json log_in(const Linker& who, const nlohmann::json& more = nlohmann::json::object(),
                        const std::string& username = "") const;
  nlohmann::json accounts(const Linker& who) const { return ask(who, "GET", "/accounts").at("accounts"); }
  int token_requests() const { return world.org.calls("path=/services/oauth2/token"); }

  World world;
  Linker admin;
};

}  // namespace promises
