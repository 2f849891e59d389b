// For the seed page's rules: one server and three orgs for all of their tests, and for each test a brand of its own.
#pragma once

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/promises/org_program.hpp"
#include "tests/promises/people_of_world.hpp"
#include "tests/promises/server_program.hpp"
#include "tests/support/browser.hpp"
#include "tests/support/temporary_directory.hpp"

namespace promises {

// Started once, by the first test that needs them, and gone with the test program.
class SeedPrograms {
 public:
  static SeedPrograms& get();

 private:
  SeedPrograms();

  test::TemporaryDirectory directory_;

 public:
  OrgProgram production;
  OrgProgram sandbox;
  OrgProgram other;  // a production org as well
  ServerProgram server;
};

// Where a login of another tab or task comes back to; allowed by the server's operator.
inline constexpr const char* seed_return_origin = "http://127.0.0.1:9";

class SeedBrand {
 public:
  SeedBrand();
  SeedBrand(const SeedBrand&) = delete;
  SeedBrand& operator=(const SeedBrand&) = delete;
  // What was asked of the orgs is taken back, and whatever has happened, the server's log must hold no secret.
  ~SeedBrand();

  OrgProgram& production;
  OrgProgram& sandbox;
  OrgProgram& other;
  ServerProgram& server;
  std::string id;
  Person admin;

  void license(const std::vector<std::string>& extensions) const;
  Person add_person(const std::string& name, const std::string& role = "user") const;

  // A Salesforce user whom nobody else logs in as: the username.
  static std::string add_salesforce_user(const OrgProgram& org);
  // `person` logs in at the org with a browser and allows the app; what GET /logins/{id} says at the end.
  nlohmann::json log_in(const Person& person, const OrgProgram& org,
                        const nlohmann::json& more = nlohmann::json::object(), const std::string& username = "") const;
  // The same for a login that must be done: the account's id.
  std::string link(const Person& person, const OrgProgram& org,
                   const nlohmann::json& more = nlohmann::json::object()) const;
  // The next login at `production` is one to that org: on Salesforce one login host serves them all.
  void next_login_leads_to(const OrgProgram& org) const;
  // Server to server, by the admin, shared with `with`, if anybody: the account's id.
  std::string link_server(const OrgProgram& org, const std::string& with = "") const;
  nlohmann::json account(const Person& person, const std::string& account_id) const;
  // Whether the account is in the person's list.
  bool lists(const Person& person, const std::string& account_id) const;

  std::string add_project(const Person& person) const;
  void share_project(const Person& owner, const std::string& project, const Person& with,
                     const std::string& right = "edit") const;
  // A workflow pushed by `person`: its id.
  std::string push(const Person& person, const std::string& project,
                   const nlohmann::json& document = nlohmann::json::parse(keep_score)) const;
  void bind(const Person& person, const std::string& workflow, const std::string& alias,
            const std::string& account_id) const;
  // A project of `person` with a workflow that runs on the account: the workflow's id.
  std::string running_workflow(const Person& person, const std::string& account_id) const;

  // A response for the workflow's hook: the id of its one run.
  std::string deliver(const Person& person, const std::string& workflow, const std::string& response_id) const;
  nlohmann::json run_when(const Person& person, const std::string& run, const std::string& state) const;
  nlohmann::json held_run(const Person& person, const std::string& run, const std::string& code) const;
  static int kept_scores(const OrgProgram& org, const std::string& response_id);

 private:
  explicit SeedBrand(SeedPrograms& programs);
  SeedBrand(SeedPrograms& programs, const nlohmann::json& made);
};

// A response's id that no other test has: the orgs are everybody's.
std::string new_response_id();
// The org's calls from here on, as its own log tells them.
class CallsSince {
 public:
  explicit CallsSince(const OrgProgram& org);
  nlohmann::json log(const std::string& conditions = "") const;
  int count(const std::string& conditions = "") const { return static_cast<int>(log(conditions).size()); }

 private:
  const OrgProgram& org_;
  std::string after_;
};

// What an org's administrator has set for the time of a test.
class OrgPolicy {
 public:
  OrgPolicy(const OrgProgram& org, const nlohmann::json& changed);
  OrgPolicy(const OrgPolicy&) = delete;
  OrgPolicy& operator=(const OrgPolicy&) = delete;
  ~OrgPolicy();

 private:
  const OrgProgram& org_;
  nlohmann::json before_;
};

// The code of a problem document.
std::string code_of(const support::HttpAnswer& answer);

}  // namespace promises
