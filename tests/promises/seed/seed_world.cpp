#include "tests/promises/seed/seed_world.hpp"

#include <catch2/catch.hpp>

#include "tests/support/eventually.hpp"

namespace promises {

using nlohmann::json;
using support::HttpAnswer;

namespace {

int next_number() {
  static int number = 0;
  return ++number;
}

json new_brand(const ServerProgram& server) {
  const json body{{"name", "brand " + std::to_string(next_number())}, {"extensions", {"salesforce"}}};
  const HttpAnswer answer = server.call_as(server.operator_token(), "POST", "/brands", body.dump());
  REQUIRE(answer.status == 201);
  return json::parse(answer.body);
}

void register_app(const Person& admin, const OrgProgram& org) {
  admin.ask(201, "POST", "/apps",
            {{"host", org.url()},
             {"environment", org.environment()},
             {"client_id", org.client_id()},
             {"client_secret", org.client_secret()}});
}

}  // namespace

SeedPrograms::SeedPrograms()
    : production(directory_.file("production.db")),
      sandbox(directory_.file("sandbox.db"), "sandbox"),
      other(directory_.file("other.db")),
      server({"--data", directory_.file("data"), "--allow-host", production.host(), "--allow-host", sandbox.host(),
              "--allow-host", other.host(), "--return-to-origin", seed_return_origin, "--egress", "198.51.100.0/24"}) {
  if (!server.start()) throw std::runtime_error("the server did not start:\n" + server.log());
}

SeedPrograms& SeedPrograms::get() {
  static SeedPrograms programs;
  return programs;
}

SeedBrand::SeedBrand() : SeedBrand(SeedPrograms::get()) {}

SeedBrand::SeedBrand(SeedPrograms& programs) : SeedBrand(programs, new_brand(programs.server)) {}

SeedBrand::SeedBrand(SeedPrograms& programs, const json& made)
    : production(programs.production),
      sandbox(programs.sandbox),
      other(programs.other),
      server(programs.server),
      id(made.at("id")),
      admin(programs.server, made.at("admin").at("id"), made.at("admin").at("token")) {
  for (const OrgProgram* org : {&production, &sandbox}) register_app(admin, *org);
}

SeedBrand::~SeedBrand() {
  std::vector<std::string> secrets{server.token(), server.operator_token(), admin.token()};
  for (const OrgProgram* org : {&production, &sandbox, &other}) {
    org->local("DELETE", "/_local/faults", "");
    for (const std::string& secret : org->secrets()) secrets.push_back(secret);
  }
  CHECK(leaks(server.log(), secrets).empty());
}

void SeedBrand::license(const std::vector<std::string>& extensions) const {
  admin.ask(200, "PUT", "/license", {{"extensions", extensions}});
}

Person SeedBrand::add_person(const std::string& name, const std::string& role) const {
  const json made = admin.ask(201, "POST", "/users", {{"name", name}, {"role", role}});
  return {server, made.at("id"), made.at("token")};
}

std::string SeedBrand::add_salesforce_user(const OrgProgram& org) {
  const std::string username = "user" + std::to_string(next_number()) + "@example.com";
  org.local("POST", "/_local/users", json{{"username", username}, {"password", org.password()}}.dump());
  return username;
}

json SeedBrand::log_in(const Person& person, const OrgProgram& org, const json& more,
                       const std::string& username) const {
  json wish{{"purpose", "link"}, {"environment", org.environment()}, {"host", org.url()}};
  wish.update(more);
  const json begun = person.ask(201, "POST", "/logins", wish);
  support::Browser browser;
  browser.stop_before(seed_return_origin);
  browser.open(begun.at("start_url"));
  browser.submit({{"username", username.empty() ? add_salesforce_user(org) : username},
                  {"password", org.password()},
                  {"decision", "allow"}});
  return person.ask(200, "GET", "/logins/" + begun.at("id").get<std::string>());
}

std::string SeedBrand::link(const Person& person, const OrgProgram& org, const json& more) const {
  const json login = log_in(person, org, more);
  INFO(login.dump());
  REQUIRE(login.at("state") == "done");
  return login.at("account");
}

void SeedBrand::next_login_leads_to(const OrgProgram& org) const {
  const base::http::Form form{{"grant_type", "password"},
                              {"client_id", org.client_id()},
                              {"client_secret", org.client_secret()},
                              {"username", org.username()},
                              {"password", org.password()}};
  const HttpAnswer answer = support::http_call("POST", org.url() + "/services/oauth2/token", base::http::to_form(form),
                                               {{"Content-Type", "application/x-www-form-urlencoded"}});
  REQUIRE(answer.status == 200);
  json token = json::parse(answer.body);
  token["refresh_token"] = "of another org";
  production.add_fault(
      json{{"method", "POST"}, {"path_contains", "/services/oauth2/token"}, {"status", 200}, {"body", token.dump()}}
          .dump());
}

std::string SeedBrand::link_server(const OrgProgram& org, const std::string& with) const {
  const std::string made =
      admin.ask(201, "POST", "/accounts", json::parse(org.account_document())).at("account").at("id");
  if (!with.empty()) admin.ask(200, "POST", "/accounts/" + made + "/shares", {{"with", with}});
  return made;
}

json SeedBrand::account(const Person& person, const std::string& account_id) const {
  return person.ask(200, "GET", "/accounts/" + account_id);
}

bool SeedBrand::lists(const Person& person, const std::string& account_id) const {
  const json listed = person.ask(200, "GET", "/accounts");
  for (const json& one : listed.at("accounts")) {
    if (one.at("id") == account_id) return true;
  }
  return false;
}

std::string SeedBrand::add_project(const Person& person) const {
  return person.ask(201, "POST", "/projects", {{"name", "project " + std::to_string(next_number())}}).at("id");
}

void SeedBrand::share_project(const Person& owner, const std::string& project, const Person& with,
                              const std::string& right) const {
  owner.ask(200, "PUT", "/projects/" + project + "/collaborators/" + with.id(), {{"right", right}});
}

std::string SeedBrand::push(const Person& person, const std::string& project, const json& document) const {
  return person.ask(201, "POST", "/workflows", {{"project", project}, {"document", document}}).at("workflow").at("id");
}

void SeedBrand::bind(const Person& person, const std::string& workflow, const std::string& alias,
                     const std::string& account_id) const {
  person.ask(200, "PUT", "/workflows/" + workflow + "/bindings/" + alias, {{"account", account_id}});
}

std::string SeedBrand::running_workflow(const Person& person, const std::string& account_id) const {
  const std::string workflow = push(person, add_project(person));
  bind(person, workflow, "crm", account_id);
  person.ask(200, "POST", "/workflows/" + workflow + "/enable");
  return workflow;
}

std::string SeedBrand::deliver(const Person& person, const std::string& workflow,
                               const std::string& response_id) const {
  const std::string hook = person.ask(200, "GET", "/workflows/" + workflow).at("hook");
  const HttpAnswer answer = support::http_call("POST", server.url() + hook, SurveyResponse{response_id}.json());
  INFO(answer.body);
  REQUIRE(answer.status == 202);
  const json said = json::parse(answer.body);
  REQUIRE(said.at("runs").size() == 1);
  return said.at("runs").at(0);
}

json SeedBrand::run_when(const Person& person, const std::string& run, const std::string& state) const {
  json document;
  support::eventually(
      "run " + run + " is " + state,
      [&] {
        document = person.ask(200, "GET", "/runs/" + run);
        return document.at("state") == state;
      },
      [&] { return document.dump(2) + "\n" + server.log(); });
  return document;
}

json SeedBrand::held_run(const Person& person, const std::string& run, const std::string& code) const {
  json document = run_when(person, run, "held");
  INFO(document.dump(2));
  CHECK(document.at("code") == code);
  return document;
}

int SeedBrand::kept_scores(const OrgProgram& org, const std::string& response_id) {
  return org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = '" + response_id + "'");
}

std::string new_response_id() { return "R_" + std::to_string(next_number()); }

CallsSince::CallsSince(const OrgProgram& org) : org_(org), after_("0") {
  const json so_far = org.calls_like("");
  if (!so_far.empty()) after_ = so_far.back().at("number").dump();
}

json CallsSince::log(const std::string& conditions) const {
  return org_.calls_like("after=" + after_ + (conditions.empty() ? "" : "&" + conditions));
}

OrgPolicy::OrgPolicy(const OrgProgram& org, const json& changed) : org_(org) {
  const json all = json::parse(support::http_call("GET", org.url() + "/_local/policies").body);
  for (const auto& [name, value] : changed.items()) before_[name] = all.at(name);
  org.local("PUT", "/_local/policies", changed.dump());
}

OrgPolicy::~OrgPolicy() { org_.local("PUT", "/_local/policies", before_.dump()); }

std::string code_of(const HttpAnswer& answer) {
  const json problem = json::parse(answer.body, nullptr, false);
  return problem.is_object() ? problem.value("code", "") : "";
}

}  // namespace promises
