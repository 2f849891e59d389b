#include "tests/promises/org_program.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/support/blocking_http.hpp"

namespace promises {

using nlohmann::json;
using support::http_call;
using support::HttpAnswer;

OrgProgram::OrgProgram(std::string file, std::string environment, std::vector<std::string> more_arguments)
    : file_(std::move(file)), environment_(std::move(environment)), more_arguments_(std::move(more_arguments)) {
  start();
}

void OrgProgram::start() {
  std::vector<std::string> arguments{"org", "serve",         "--port",     port_,   "--file",
                                     file_, "--environment", environment_, "--json"};
  arguments.insert(arguments.end(), more_arguments_.begin(), more_arguments_.end());
  program_ = std::make_unique<support::Program>(std::move(arguments));
  const std::string line = program_->first_line();
  if (line.empty()) throw std::runtime_error("the org did not start:\n" + program_->log());
  const json said = json::parse(line);
  url_ = said.at("url");
  org_id_ = said.at("org_id");
  client_id_ = said.at("client_id");
  client_secret_ = said.at("client_secret");
  access_token_ = said.at("access_token");
  refresh_token_ = said.at("refresh_token");
  username_ = said.at("username");
  password_ = said.at("password");
  port_ = url_.substr(url_.rfind(':') + 1);
}

void OrgProgram::stop() { program_->stop(); }

std::string OrgProgram::account_document() const {
  return json{{"environment", environment_},
              {"login", "client_credentials"},
              {"token_url", url_ + "/services/oauth2/token"},
              {"client_id", client_id_},
              {"client_secret", client_secret_}}
      .dump();
}

std::string OrgProgram::insert(const std::string& object, const std::string& fields) const {
  const HttpAnswer answer =
      http_call("POST", url_ + "/services/data/v60.0/sobjects/" + object, fields,
                {{"Authorization", "Bearer " + access_token_}, {"Content-Type", "application/json"}});
  if (answer.status != 201) throw std::runtime_error("the org took no record: " + answer.body);
  return json::parse(answer.body).at("id");
}

json OrgProgram::records(const std::string& soql) const {
  json records = json::array();
  std::string path = "/services/data/v60.0/query?q=" + base::http::percent_encode(soql);
  for (bool done = false; !done;) {
    const HttpAnswer answer = http_call("GET", url_ + path, "", {{"Authorization", "Bearer " + access_token_}});
    if (answer.status != 200) throw std::runtime_error("the org answers no query: " + answer.body);
    const json page = json::parse(answer.body);
    records.insert(records.end(), page.at("records").begin(), page.at("records").end());
    done = page.at("done");
    if (!done) path = page.at("nextRecordsUrl");
  }
  return records;
}

int OrgProgram::count(const std::string& soql) const { return static_cast<int>(records(soql).size()); }

json OrgProgram::describe(const std::string& object) const {
  const HttpAnswer answer = http_call("GET", url_ + "/services/data/v60.0/sobjects/" + object + "/describe", "",
                                      {{"Authorization", "Bearer " + access_token_}});
  if (answer.status != 200) throw std::runtime_error("the org does not describe " + object + ": " + answer.body);
  return json::parse(answer.body);
}

int OrgProgram::data_calls() const { return calls("path=/services/data"); }

int OrgProgram::calls(const std::string& conditions) const { return static_cast<int>(calls_like(conditions).size()); }

json OrgProgram::calls_like(const std::string& conditions) const {
  const HttpAnswer answer = http_call("GET", url_ + "/_local/calls?" + conditions);
  if (answer.status != 200) throw std::runtime_error("the org shows no calls: " + answer.body);
  return json::parse(answer.body);
}

void OrgProgram::add_fault(const std::string& fault) const { local("POST", "/_local/faults", fault); }

void OrgProgram::break_login() const {
  local("POST", "/_local/expire", R"({"access_tokens":true,"client_secret":true})");
}

void OrgProgram::restore_login() {
  local("POST", "/_local/expire", R"({"client_secret":"restore"})");
  const std::string form = base::http::to_form(
      {{"grant_type", "client_credentials"}, {"client_id", client_id_}, {"client_secret", client_secret_}});
  const HttpAnswer answer =
      http_call("POST", url_ + "/services/oauth2/token", form, {{"Content-Type", "application/x-www-form-urlencoded"}});
  if (answer.status != 200) throw std::runtime_error("the org gives no token: " + answer.body);
  access_token_ = json::parse(answer.body).at("access_token");
}

void OrgProgram::local(const std::string& method, const std::string& path, const std::string& body) const {
  const HttpAnswer answer = http_call(method, url_ + path, body);
  if (answer.status != 200) throw std::runtime_error("the org refuses " + path + ": " + answer.body);
}

}  // namespace promises
