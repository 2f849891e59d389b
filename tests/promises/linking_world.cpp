#include "tests/promises/linking_world.hpp"

#include <stdexcept>

#include "tests/promises/people_of_world.hpp"

namespace promises {

using nlohmann::json;
using support::HttpAnswer;

LinkingWorld::LinkingWorld(std::vector<std::string> more_arguments,
                           const std::map<std::string, std::string>& environment)
    : world(keep_score, std::move(more_arguments)) {
  world.server.start(environment);
  admin.token = world.server.token();
  admin.id = ask(admin, "GET", "/me").at("user").at("id");
}

HttpAnswer LinkingWorld::call(const Linker& who, const std::string& method, const std::string& path,
                              const json& body) const {
  return support::http_call(method, world.server.url() + path, body.is_null() ? "" : body.dump(),
                            {{"Authorization", "Bearer " + who.token}, {"Content-Type", "application/json"}});
}

json LinkingWorld::ask(const Linker& who, const std::string& method, const std::string& path, const json& body) const {
  const HttpAnswer answer = call(who, method, path, body);
  if (answer.status < 200 || answer.status > 299)
    throw std::runtime_error(method + " " + path + ": " + std::to_string(answer.status) + " " + answer.body);
  return answer.body.empty() ? json() : json::parse(answer.body);
}

Linker LinkingWorld::add_user(const std::string& name) const {
  const json made = ask(admin, "POST", "/users", {{"name", name}});
  return {made.at("id"), made.at("token")};
}

void LinkingWorld::add_app() const {
  ask(admin, "POST", "/apps",
      {{"host", world.org.url()},
       {"environment", "production"},
       {"client_id", world.org.client_id()},
       {"client_secret", world.org.client_secret()}});
}

json LinkingWorld::begin(const Linker& who, const json& more) const {
  json body{{"purpose", "link"}, {"environment", "production"}};
  body.update(more);
  return ask(who, "POST", "/logins", body);
}

HttpAnswer LinkingWorld::allow(support::Browser& browser, const json& begun, const std::string& username) const {
  browser.open(begun.at("start_url"));
  return browser.submit({{"username", username.empty() ? world.org.username() : username},
                         {"password", world.org.password()},
                         {"decision", "allow"}});
}

json LinkingWorld::log_in(const Linker& who, const json& more, const std::string& username) const {
  const json begun = begin(who, more);
  support::Browser browser;
  allow(browser, begun, username);
  return ask(who, "GET", "/logins/" + begun.at("id").get<std::string>());
}

}  // namespace promises
