#include "tests/promises/ownership_world.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "tests/support/blocking_http.hpp"

namespace promises {

using nlohmann::json;
using support::HttpAnswer;

namespace {

std::string host_and_port(const OrgProgram& org) { return org.url().substr(std::string("http://").size()); }

void add_salesforce_users(const OrgProgram& org) {
  for (int i = 0; i < salesforce_users; ++i)
    org.local("POST", "/_local/users", json{{"username", salesforce_user(i)}}.dump());
}

base::http::Form query_of(const std::string& url) {
  return base::http::parse_form(url.substr(url.find('?') + 1)).value_or(base::http::Form());
}

}  // namespace

std::string salesforce_user(int number) { return fmt::format("sf_{}@example.com", number % salesforce_users); }

OwnershipWorld::OwnershipWorld()
    : first(directory.file("first.db")),
      second(directory.file("second.db")),
      server({"--data", directory.file("data"), "--allow-host", host_and_port(first), "--allow-host",
              host_and_port(second)}) {
  add_salesforce_users(first);
  add_salesforce_users(second);
  if (!server.start()) throw std::runtime_error("the server did not start: " + server.log());
}

Tenant::Tenant(OwnershipWorld& world, const std::string& name, const std::vector<std::string>& users,
               const std::vector<std::string>& groups)
    : world_(world) {
  const HttpAnswer made = world.server.call_as(world.server.operator_token(), "POST", "/brands",
                                               json{{"name", name}, {"extensions", {"salesforce"}}}.dump());
  if (made.status != 201) throw std::runtime_error("no brand: " + made.body);
  const json admin = json::parse(made.body).at("admin");
  ids_["admin"] = admin.at("id");
  tokens_["admin"] = admin.at("token");
  for (const std::string& user : users) {
    const json answer = ask(201, "admin", "POST", "/users", {{"name", user}});
    ids_[user] = answer.at("id");
    tokens_[user] = answer.at("token");
  }
  for (const std::string& group : groups)
    ids_[group] = ask(201, "admin", "POST", "/groups", {{"name", group}}).at("id");
  for (const OrgProgram* org : {&world.first, &world.second}) {
    ask(201, "admin", "POST", "/apps",
        {{"host", org->url()},
         {"environment", "production"},
         {"client_id", org->client_id()},
         {"client_secret", org->client_secret()}});
  }
  project_ = ask(201, users.front(), "POST", "/projects", {{"name", "CRM"}}).at("id");
}

HttpAnswer Tenant::call(const std::string& who, const std::string& method, const std::string& path,
                        const json& body) const {
  return world_.server.call_as(tokens_.at(who), method, path, body.is_null() ? "" : body.dump());
}

json Tenant::ask(int status, const std::string& who, const std::string& method, const std::string& path,
                 const json& body) const {
  const HttpAnswer answer = call(who, method, path, body);
  if (answer.status != status) {
    throw std::runtime_error(fmt::format("{} {} {} was answered with {} and not {}: {}", who, method, path,
                                         answer.status, status, answer.body));
  }
  return answer.body.empty() ? json() : json::parse(answer.body);
}

LoggedIn Tenant::log_in(const std::string& who, json wish, const std::string& org, const std::string& salesforce_user) {
  wish.update({{"environment", "production"}, {"redirect_uri", "http://127.0.0.1:1/callback"}});
  if (wish.at("purpose") != "refresh") wish["host"] = world_.org(org).url();
  const HttpAnswer begun = call(who, "POST", "/logins", wish);
  if (begun.status != 201) return {"", json::parse(begun.body).at("code")};

  const json started = json::parse(begun.body);
  const std::string page = started.at("authorize_url");
  base::http::Form form = query_of(page);
  form.insert(form.end(),
              {{"username", salesforce_user}, {"password", world_.org(org).password()}, {"decision", "allow"}});
  const HttpAnswer allowed = support::http_call("POST", page.substr(0, page.find('?')), base::http::to_form(form),
                                                {{"Content-Type", "application/x-www-form-urlencoded"}});
  json brought;
  for (const auto& [name, value] : query_of(allowed.header("location"))) brought[name] = value;
  const json login = ask(200, who, "POST", "/logins/" + started.at("id").get<std::string>() + "/complete", brought);
  if (login.at("state") == "refused") return {"", login.at("error").at("code")};
  return {login.value("account", ""), ""};
}

std::string Tenant::name_of(const std::string& id) const {
  for (const auto& [name, known] : ids_) {
    if (known == id) return name;
  }
  return id;
}

}  // namespace promises
