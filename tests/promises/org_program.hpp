// The local org as a process of its own: what was asked of it, and what it holds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/support/program.hpp"

namespace promises {

class OrgProgram {
 public:
  // The file keeps records and credentials over a restart; `more_arguments` go to `org serve`.
  explicit OrgProgram(std::string file, std::string environment = "production",
                      std::vector<std::string> more_arguments = {});

  void stop();
  // In between it takes connections and requests, and answers none.
  void pause() { program_->pause(); }
  void go_on() { program_->go_on(); }
  void start();  // on the port that it had

  // What an account file says to log in here as the org's app.
  std::string account_document() const;
  const std::string& url() const { return url_; }
  std::string host() const { return "127.0.0.1:" + port_; }
  const std::string& environment() const { return environment_; }
  const std::string& client_id() const { return client_id_; }
  // Its first user, and the password of all of them.
  const std::string& username() const { return username_; }
  const std::string& password() const { return password_; }
  const std::string& client_secret() const { return client_secret_; }
  // Of its first user, good from the start; with rotation, until it has been used.
  const std::string& refresh_token() const { return refresh_token_; }
  const std::string& org_id() const { return org_id_; }
  // Everything that no log and no answer may show: the secret, and the beginning of every access token.
  std::vector<std::string> secrets() const { return {client_secret_, org_id_ + "!"}; }

  std::string insert(const std::string& object, const std::string& fields) const;  // the record's id
  // What a query gives, over all its pages.
  nlohmann::json records(const std::string& soql) const;
  int count(const std::string& soql) const;
  nlohmann::json describe(const std::string& object) const;

  // Calls of the API proper, logins left out.
  int data_calls() const;
  void forget_calls() const { local("DELETE", "/_local/calls", ""); }
  int calls(const std::string& conditions) const;                  // e.g. "method=POST&path=/sobjects/"
  nlohmann::json calls_like(const std::string& conditions) const;  // themselves, in the order of arrival

  void add_fault(const std::string& fault) const;
  void break_login() const;  // no token works any more, and the client secret gets none
  void restore_login();
  // Anything else below /_local.
  void local(const std::string& method, const std::string& path, const std::string& body) const;

 private:
  std::string file_;
  std::string environment_;
  std::vector<std::string> more_arguments_;
  std::string port_ = "0";
  std::string url_;
  std::string org_id_;
  std::string client_id_;
  std::string client_secret_;
  std::string access_token_;
  std::string refresh_token_;
  std::string username_;
  std::string password_;
  std::unique_ptr<support::Program> program_;
};

}  // namespace promises
