// The seed page's question: my Salesforce action says "Account Token Expired", what does that mean?
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::new_response_id;
using promises::OrgPolicy;
using promises::Person;
using promises::SeedBrand;
using promises::task_of;

namespace {

void expire(const SeedBrand& brand, const char* what, const std::string& username) {
  brand.production.local("POST", "/_local/expire", json{{what, username}}.dump());
}

int unread_notices(const Person& person, const std::string& kind) {
  const json told = person.ask(200, "GET", "/notices?unread=true");
  int count = 0;
  for (const json& notice : told.at("notices")) count += notice.at("kind") == kind;
  return count;
}

}  // namespace

TEST_CASE("S35: an account is said to be expired only once a refresh was tried and refused") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string user = brand.account(ana, account).at("salesforce_username");

  expire(brand, "sessions_of", user);
  brand.run_when(ana, brand.deliver(ana, workflow, new_response_id()), "succeeded");
  CHECK(brand.account(ana, account).at("state") == "ok");

  expire(brand, "user", user);
  const std::string run = brand.deliver(ana, workflow, new_response_id());
  const json held = brand.held_run(ana, run, "account_token_expired");
  CHECK_THAT(task_of(held, "answer").at("held").at("message").get<std::string>(),
             Catch::StartsWith("Account Token Expired"));
  CHECK(brand.account(ana, account).at("status") == "Account Token Expired");
}

TEST_CASE(
    "S35: an org that is out of requests has refused nobody: the account stays well, and the run comes back later") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const std::string workflow = brand.running_workflow(ana, account);
  expire(brand, "sessions_of", brand.account(ana, account).at("salesforce_username"));
  brand.production.add_fault(R"({"path_contains":"/services/oauth2/token","status":403})");

  const std::string run = brand.deliver(ana, workflow, new_response_id());

  support::eventually("the run waits for its time", [&] {
    const json document = ana.ask(200, "GET", "/runs/" + run);
    return document.at("state") == "queued" && document.contains("due_at");
  });
  CHECK(brand.account(ana, account).at("state") == "ok");
  CHECK(unread_notices(ana, "account_expired") == 0);
}

TEST_CASE("S35: runs wait for the refresh and go on with it, and of all of them there is one notice") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string user = brand.account(ana, account).at("salesforce_username");
  expire(brand, "user", user);
  const CallsSince calls(brand.production);

  std::vector<std::string> responses, runs;
  for (int i = 0; i < 3; ++i) {
    responses.push_back(new_response_id());
    runs.push_back(brand.deliver(ana, workflow, responses.back()));
    brand.held_run(ana, runs.back(), "account_token_expired");
  }
  CHECK(calls.count("path=/services/oauth2/token") == 1);
  CHECK(unread_notices(ana, "account_expired") == 1);

  CHECK(brand.log_in(ana, brand.production, {{"purpose", "refresh"}, {"account", account}}, user).at("state") ==
        "done");
  for (const std::string& run : runs) brand.run_when(ana, run, "succeeded");
  for (const std::string& response : responses) CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE("S35: a server-to-server login that is refused says the same") {
  const SeedBrand brand;
  const std::string user = brand.add_salesforce_user(brand.production);
  const OrgPolicy runs_as(brand.production, {{"run_as_user", user}});
  const std::string account = brand.link_server(brand.production, brand.admin.id());
  const std::string workflow = brand.running_workflow(brand.admin, account);
  brand.production.local("POST", "/_local/expire", R"({"client_secret":true})");
  expire(brand, "sessions_of", user);

  const std::string run = brand.deliver(brand.admin, workflow, new_response_id());
  brand.held_run(brand.admin, run, "account_token_expired");
  CHECK(brand.account(brand.admin, account).at("status") == "Account Token Expired");

  brand.production.local("POST", "/_local/expire", R"({"client_secret":"restore"})");
  brand.admin.ask(200, "POST", "/accounts/" + account + "/refresh");
  brand.run_when(brand.admin, run, "succeeded");
}
