// The seed page's rule that each Salesforce task is linked by itself: to a sandbox or to production, and never by
// default.
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_program.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::code_of;
using promises::new_response_id;
using promises::Person;
using promises::SeedBrand;

namespace {

// Two tasks that keep the score, each on an account of its own.
json score_in_two_orgs() {
  json document = json::parse(promises::keep_score);
  document["tasks"]["rehearsal"] = document["tasks"]["answer"];
  document["tasks"]["rehearsal"]["account"] = "rehearsal";
  return document;
}

}  // namespace

TEST_CASE("S5: two tasks of one workflow run on two accounts, and each record goes to its own org") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string production = brand.link(ana, brand.production), sandbox = brand.link(ana, brand.sandbox);
  const std::string workflow = brand.push(ana, brand.add_project(ana), score_in_two_orgs());
  brand.bind(ana, workflow, "crm", production);
  brand.bind(ana, workflow, "rehearsal", sandbox);
  ana.ask(200, "POST", "/workflows/" + workflow + "/enable");
  const std::string response = new_response_id();

  const json run = brand.run_when(ana, brand.deliver(ana, workflow, response), "succeeded");

  CHECK(promises::task_of(run, "answer").at("account").at("linked").at("org_id") == brand.production.org_id());
  CHECK(promises::task_of(run, "rehearsal").at("account").at("linked").at("org_id") == brand.sandbox.org_id());
  CHECK(brand.kept_scores(brand.production, response) == 1);
  CHECK(brand.kept_scores(brand.sandbox, response) == 1);
}

TEST_CASE("S6: one survey goes to the sandbox and another to production, and no record crosses over") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  struct Place {
    promises::OrgProgram& org;
    promises::OrgProgram& other;
    std::string workflow;
  };
  Place places[] = {{brand.production, brand.sandbox, ""}, {brand.sandbox, brand.production, ""}};
  for (Place& place : places) place.workflow = brand.running_workflow(ana, brand.link(ana, place.org));

  for (int i = 0; i < 3; ++i) {
    for (const Place& place : places) {
      const std::string response = new_response_id();
      brand.run_when(ana, brand.deliver(ana, place.workflow, response), "succeeded");
      CHECK(brand.kept_scores(place.org, response) == 1);
      CHECK(brand.kept_scores(place.other, response) == 0);
    }
  }
}

TEST_CASE("S6: an account's environment is told with it and never changes") {
  const SeedBrand brand;
  const std::string account = brand.link_server(brand.sandbox, brand.admin.id());
  const json before = brand.account(brand.admin, account);
  CHECK(before.at("environment") == "sandbox");
  CHECK(before.at("org_id") == brand.sandbox.org_id());

  brand.admin.call("PATCH", "/accounts/" + account, {{"name", before.at("name")}, {"environment", "production"}});
  const support::HttpAnswer elsewhere =
      brand.admin.call("POST", "/accounts/" + account + "/refresh", json::parse(brand.production.account_document()));
  CHECK(elsewhere.status == 409);
  json mislabelled = json::parse(brand.sandbox.account_document());
  mislabelled["environment"] = "production";
  CHECK(code_of(brand.admin.call("POST", "/accounts", mislabelled)) == "environment_mismatch");

  const json after = brand.account(brand.admin, account);
  for (const char* fact : {"environment", "org_id", "state"}) CHECK(after.at(fact) == before.at(fact));
}

TEST_CASE("S9: the list to choose from tells name, environment, org and status of own and shared accounts") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string own = brand.link(ana, brand.sandbox, {{"name", "Rehearsal"}});
  const std::string shared = brand.link_server(brand.production, "brand");
  brand.admin.ask(200, "PATCH", "/accounts/" + shared, {{"name", "CRM"}});

  const json listed = ana.ask(200, "GET", "/accounts").at("accounts");

  REQUIRE(listed.size() == 2);
  for (const json& one : listed) {
    const bool is_own = one.at("id") == own;
    CHECK(one.at("name") == (is_own ? "Rehearsal" : "CRM"));
    CHECK(one.at("environment") == (is_own ? "sandbox" : "production"));
    CHECK(one.at("org_id") == (is_own ? brand.sandbox : brand.production).org_id());
    CHECK(one.at("status") == "OK");
  }
}

TEST_CASE("S9: without a choice no Salesforce task is enabled, whether there is no account, one, or several") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string workflow = brand.push(ana, brand.add_project(ana));
  const std::string enable = "/workflows/" + workflow + "/enable";
  std::string account;

  for (int accounts = 0; accounts <= 2; ++accounts) {
    INFO(accounts << " accounts");
    const json refused = ana.ask(409, "POST", enable);
    CHECK(refused.at("code") == "enable_refused");
    REQUIRE(refused.at("refusals").size() == 1);
    CHECK(refused.at("refusals").at(0).at("verdict").at("code") == "account_not_linked");
    account = brand.link(ana, brand.production);
  }
  brand.bind(ana, workflow, "crm", account);
  CHECK(ana.ask(200, "POST", enable).at("enabled") == true);
}

TEST_CASE("S9: an account from a file knows its org before anything has run on it") {
  promises::World world(promises::keep_score);
  REQUIRE(world.server.start());

  const json listed = world.server.ask("GET", "/accounts").at("accounts");
  REQUIRE(listed.size() == 1);
  CHECK(listed.at(0).at("org_id") == world.org.org_id());
  CHECK(listed.at(0).at("salesforce_username") == world.org.username());
  const json workflow = world.server.ask("GET", "/workflows").at("workflows").at(0);
  CHECK(workflow.at("accounts").at("crm").at("org_id") == world.org.org_id());
  CHECK(world.org.calls("method=PATCH") == 0);
}

TEST_CASE("S6: a file that calls a production org a sandbox does not start the server") {
  const test::TemporaryDirectory directory;
  promises::OrgProgram org(directory.file("org.db"));
  json account = json::parse(org.account_document());
  account["environment"] = "sandbox";
  test::write_file(directory.file("crm.json"), account.dump());
  support::Program server({"serve", "--port", "0", "--json", "--account", "crm=" + directory.file("crm.json"), "--data",
                           directory.file("data")});

  const json said = json::parse(server.first_line());

  CHECK(said.at("findings").at(0).at("code") == "environment_mismatch");
  REQUIRE(server.signal_at_end() == 0);
  CHECK(server.stop() == 65);
}
