// `sluice serve` as a process of its own, spoken to over its HTTP API only; it may die and live again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/http/message.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/program.hpp"

namespace promises {

class ServerProgram {
 public:
  // The arguments after `serve`, but for --port and --json.
  explicit ServerProgram(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  // Begins a life, on the port of the one before. False: it ended before it listened.
  bool start(const std::map<std::string, std::string>& environment = {});
  // The two halves of start(): a process that may be killed at any moment, and its word that it listens.
  void launch(const std::map<std::string, std::string>& environment = {});
  bool is_listening();
  void kill() { program_->kill(); }
  void pause() { program_->pause(); }
  void go_on() { program_->go_on(); }
  int stop() { return program_->stop(); }
  int fail() { return program_->fail(); }
  int signal_at_end() { return program_->signal_at_end(); }
  bool has_dumped_core() const { return program_->has_dumped_core(); }

  // What all its lives have written to stderr.
  std::string log() const;

  // The address of the only hook, or of the workflow in `file`; known from the first life on.
  std::string hook_url(const std::string& file = "") const;
  const std::string& token() const { return token_; }
  const std::string& operator_token() const { return operator_token_; }
  const std::string& url() const { return url_; }
  const std::string& console_url() const { return console_url_; }

  support::HttpAnswer call(const std::string& method, const std::string& path, const std::string& body = "") const;
  // The same with another's token; "" with none. Every answer is held against the API's description.
  support::HttpAnswer call_as(const std::string& token, const std::string& method, const std::string& path,
                              const std::string& body = "") const;
  // A call that must be answered with 2xx, and its document.
  nlohmann::json ask(const std::string& method, const std::string& path, const std::string& body = "") const;
  support::HttpAnswer deliver(const std::string& response, const base::http::Headers& headers = {}) const;
  // A delivery that must be accepted: the id of its one run.
  std::string accepted_run(const std::string& response) const;

  nlohmann::json run(const std::string& id) const;
  // The run's document once `is_so` holds for it.
  nlohmann::json run_when(const std::string& id, const std::string& what,
                          const std::function<bool(const nlohmann::json&)>& is_so) const;
  nlohmann::json run_when(const std::string& id, const std::string& state) const;
  // All runs, as the list gives them, newest first.
  nlohmann::json all_runs() const;

 private:
  std::vector<std::string> arguments_;
  std::string port_ = "0";
  std::string url_;
  std::string console_url_;
  std::string token_;
  std::string operator_token_;
  std::map<std::string, std::string> hooks_;
  std::unique_ptr<support::Program> program_;
  std::string earlier_logs_;
};

// The task of that id in a run's document.
const nlohmann::json& task_of(const nlohmann::json& run, const std::string& id);

}  // namespace promises
