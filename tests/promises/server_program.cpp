#include "tests/promises/server_program.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/support/described_api.hpp"
#include "tests/support/eventually.hpp"

namespace promises {

using nlohmann::json;
using support::HttpAnswer;

bool ServerProgram::start(const std::map<std::string, std::string>& environment) {
  launch(environment);
  return is_listening();
}

void ServerProgram::launch(const std::map<std::string, std::string>& environment) {
  if (program_) earlier_logs_ += program_->log();
  std::vector<std::string> arguments{"serve", "--port", port_, "--json"};
  arguments.insert(arguments.end(), arguments_.begin(), arguments_.end());
  program_ = std::make_unique<support::Program>(std::move(arguments), environment);
}

bool ServerProgram::is_listening() {
  const std::string line = program_->first_line();
  if (line.empty()) return false;
  const json said = json::parse(line);
  url_ = said.at("url");
  console_url_ = said.at("console");
  token_ = said.at("token");
  operator_token_ = said.at("operator_token");
  hooks_ = said.at("hooks").get<std::map<std::string, std::string>>();
  port_ = url_.substr(url_.rfind(':') + 1);
  return true;
}

std::string ServerProgram::log() const { return program_ ? earlier_logs_ + program_->log() : earlier_logs_; }

std::string ServerProgram::hook_url(const std::string& file) const {
  return url_ + (file.empty() ? hooks_.begin()->second : hooks_.at(file));
}

HttpAnswer ServerProgram::call(const std::string& method, const std::string& path, const std::string& body) const {
  return call_as(token_, method, path, body);
}

HttpAnswer ServerProgram::call_as(const std::string& token, const std::string& method, const std::string& path,
                                  const std::string& body) const {
  base::http::Headers headers{{"Content-Type", "application/json"}};
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  HttpAnswer answer = support::http_call(method, url_ + path, body, headers);
  support::check_described(method, path, answer);
  return answer;
}

json ServerProgram::ask(const std::string& method, const std::string& path, const std::string& body) const {
  const HttpAnswer answer = call(method, path, body);
  if (answer.status < 200 || answer.status > 299) {
    throw std::runtime_error(method + " " + path + " was answered with " + std::to_string(answer.status) + ": " +
                             answer.body + "\n" + log());
  }
  return answer.body.empty() ? json() : json::parse(answer.body);
}

HttpAnswer ServerProgram::deliver(const std::string& response, const base::http::Headers& headers) const {
  const std::string hook = hook_url();
  HttpAnswer answer = support::http_call("POST", hook, response, headers);
  support::check_described("POST", hook.substr(url_.size()), answer);
  return answer;
}

std::string ServerProgram::accepted_run(const std::string& response) const {
  const HttpAnswer answer = deliver(response);
  if (answer.status != 202) throw std::runtime_error("the delivery was not accepted: " + answer.body + "\n" + log());
  const json said = json::parse(answer.body);
  if (said.at("runs").size() != 1) throw std::runtime_error("the delivery started no run: " + answer.body);
  return said.at("runs").at(0);
}

json ServerProgram::run(const std::string& id) const { return ask("GET", "/runs/" + id); }

json ServerProgram::run_when(const std::string& id, const std::string& what,
                             const std::function<bool(const json&)>& is_so) const {
  json document;
  support::eventually(
      "run " + id + " " + what,
      [&] {
        document = run(id);
        return is_so(document);
      },
      [&] { return document.dump(2) + "\n" + log(); });
  return document;
}

json ServerProgram::run_when(const std::string& id, const std::string& state) const {
  return run_when(id, "is " + state, [&](const json& document) { return document.at("state") == state; });
}

json ServerProgram::all_runs() const {
  json runs = json::array();
  std::string before;
  for (bool has_more = true; has_more;) {
    const json page = ask("GET", "/runs?limit=500" + before);
    runs.insert(runs.end(), page.at("runs").begin(), page.at("runs").end());
    has_more = page.contains("next_before");
    if (has_more) before = "&before=" + page.at("next_before").dump();
  }
  return runs;
}

const json& task_of(const json& run, const std::string& id) {
  for (const json& task : run.at("tasks")) {
    if (task.at("id") == id) return task;
  }
  throw std::runtime_error("the run has no task " + id);
}

}  // namespace promises
