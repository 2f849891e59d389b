// The seed page's rules on accounts that somebody links by logging in to Salesforce.
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/program.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::code_of;
using promises::new_response_id;
using promises::OrgPolicy;
using promises::Person;
using promises::SeedBrand;
using support::Browser;
using support::HttpAnswer;

namespace {

json refresh_of(const std::string& account) { return {{"purpose", "refresh"}, {"account", account}}; }

std::string first_address_in(const std::string& text) {
  const std::size_t begin = text.find("http://");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

// A person at a terminal whose browser opens the address that `sluice accounts …` has printed.
struct AtTerminal {
  int exit_code = 0;
  std::string output;
};

AtTerminal link_at_terminal(const SeedBrand& brand, const Person& person, const std::string& bind) {
  support::Program program({"accounts", "add", "--login", "--no-browser", "--json", "--environment", "production",
                            "--host", brand.production.url(), "--bind", bind, "--server", brand.server.url()},
                           {{"SLUICE_TOKEN", person.token()}});
  support::eventually(
      "the command says where to log in", [&] { return program.log().find("Waiting for you") != std::string::npos; },
      [&] { return program.log(); });
  Browser browser;
  browser.open(first_address_in(program.log()));
  browser.submit({{"username", brand.add_salesforce_user(brand.production)},
                  {"password", brand.production.password()},
                  {"decision", "allow"}});
  AtTerminal done{.output = program.first_line()};
  REQUIRE(program.signal_at_end() == 0);
  done.exit_code = program.stop();
  return done;
}

}  // namespace

TEST_CASE("S6: an org of the other environment is refused at linking, and its token given back") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  for (const auto& [org, wrong] : {std::pair{&brand.production, "sandbox"}, std::pair{&brand.sandbox, "production"}}) {
    const CallsSince calls(*org);
    const json login = brand.log_in(ana, *org, {{"environment", wrong}});
    CHECK(login.at("state") == "refused");
    CHECK(login.at("error").at("code") == "environment_mismatch");
    CHECK_THAT(login.at("error").at("message").get<std::string>(), Catch::Contains(org->org_id()));
    CHECK(calls.count("path=/services/oauth2/revoke") == 1);
  }
  CHECK(ana.ask(200, "GET", "/accounts").at("accounts").empty());
}

TEST_CASE("S7: a personal account comes from a completed login only; nothing that is posted makes one") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const json token{{"environment", "production"},
                   {"login", "refresh_token"},
                   {"token_url", brand.production.url() + "/services/oauth2/token"},
                   {"client_id", brand.production.client_id()},
                   {"refresh_token", "a token"}};
  json password = token;
  password["login"] = "password";
  password["username"] = brand.production.username();
  password["password"] = brand.production.password();
  const CallsSince calls(brand.production);

  for (const json& posted : {token, password}) {
    CHECK(ana.call("POST", "/accounts", posted).status == 403);
    CHECK(brand.admin.call("POST", "/accounts", posted).status == 422);
    json login{{"purpose", "link"}, {"environment", "production"}, {"host", brand.production.url()}};
    login.update(posted);
    CHECK(ana.call("POST", "/logins", login).status == 422);
  }
  CHECK(ana.ask(200, "GET", "/accounts").at("accounts").empty());
  CHECK(calls.count() == 0);
}

TEST_CASE("S7: the login proves itself by state and code challenge, also to an org that insists on them") {
  const SeedBrand brand;
  const OrgPolicy insists(brand.production, {{"requires_pkce", true}});
  const Person ana = brand.add_person("ana");
  const CallsSince calls(brand.production);

  const std::string account = brand.link(ana, brand.production);

  CHECK(brand.account(ana, account).at("login") == "refresh_token");
  const std::string asked = calls.log("method=GET&path=/services/oauth2/authorize").at(0).at("path");
  for (const char* proof : {"code_challenge=", "code_challenge_method=S256", "state="})
    CHECK_THAT(asked, Catch::Contains(proof));
  const HttpAnswer foreign = Browser().open(brand.server.url() + "/oauth/callback?code=x&state=made-up");
  CHECK(foreign.status == 400);
}

TEST_CASE("S8: a sixth personal account is refused, and only personal ones count") {
  const SeedBrand brand;
  std::vector<std::string> accounts;
  for (int i = 1; i <= 5; ++i) accounts.push_back(brand.link(brand.admin, brand.production));
  const CallsSince calls(brand.production);

  const json sixth = brand.log_in(brand.admin, brand.production);
  CHECK(sixth.at("state") == "refused");
  CHECK(sixth.at("error").at("code") == "account_limit_reached");
  CHECK_THAT(sixth.at("error").at("message").get<std::string>(), Catch::Contains("5"));
  CHECK(calls.count("path=/services/oauth2/token") == 0);

  brand.link(brand.admin, brand.production, {{"purpose", "share"}});
  brand.link_server(brand.production, brand.admin.id());
  const std::string user = brand.account(brand.admin, accounts[2]).at("salesforce_username");
  CHECK(brand.log_in(brand.admin, brand.production, refresh_of(accounts[2]), user).at("state") == "done");
  CHECK(brand.log_in(brand.admin, brand.production).at("state") == "refused");

  brand.admin.ask(204, "DELETE", "/accounts/" + accounts[2]);
  CHECK(brand.account(brand.admin, brand.link(brand.admin, brand.production)).at("slot") == 3);
  CHECK(brand.log_in(brand.admin, brand.production).at("state") == "refused");
}

TEST_CASE("S10: a login that starts from an unsaved task binds its alias and comes back to where it began") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string workflow = brand.push(ana, brand.add_project(ana));
  const std::string draft = std::string(promises::seed_return_origin) + "/tasks/7?draft=1";
  const json begun = ana.ask(201, "POST", "/logins",
                             {{"purpose", "link"},
                              {"environment", "production"},
                              {"host", brand.production.url()},
                              {"workflow", workflow},
                              {"alias", "crm"},
                              {"return_to", draft}});
  const std::string login = begun.at("id");
  Browser browser;
  browser.stop_before(promises::seed_return_origin);
  browser.open(begun.at("start_url"));
  browser.submit({{"username", brand.add_salesforce_user(brand.production)},
                  {"password", brand.production.password()},
                  {"decision", "allow"}});

  CHECK(browser.stopped_at() == draft + "&login=" + login);
  const json done = ana.ask(200, "GET", "/logins/" + login);
  const json now = ana.ask(200, "GET", "/workflows/" + workflow);
  CHECK(now.at("bindings").at("crm") == done.at("account"));
  CHECK(now.at("version") == 1);
}

TEST_CASE("S10: at a terminal an account is added from a task, too") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string workflow = brand.push(ana, brand.add_project(ana));

  const AtTerminal done = link_at_terminal(brand, ana, workflow + ":crm");

  CHECK(done.exit_code == 0);
  const json now = ana.ask(200, "GET", "/workflows/" + workflow);
  CHECK(now.at("bindings").at("crm") == json::parse(done.output).at("account"));
}

TEST_CASE("S11: a renamed account keeps its bindings, and runs go on") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string response = new_response_id();

  ana.ask(200, "PATCH", "/accounts/" + account, {{"name", "Another name"}});

  CHECK(brand.account(ana, account).at("name") == "Another name");
  CHECK(ana.ask(200, "GET", "/workflows/" + workflow).at("bindings").at("crm") == account);
  brand.run_when(ana, brand.deliver(ana, workflow, response), "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE("S11: removing lists what depends on the account, revokes its token, and holds later runs") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string response = new_response_id();
  const CallsSince calls(brand.production);

  const json dependants = ana.ask(200, "GET", "/accounts/" + account + "/dependants");
  CHECK(dependants.at("workflows").at(0).at("id") == workflow);
  CHECK(dependants.at("workflows").at(0).at("aliases") == json{"crm"});
  CHECK(code_of(ana.call("DELETE", "/accounts/" + account + "?if_unused=true")) == "account_in_use");
  ana.ask(204, "DELETE", "/accounts/" + account);
  CHECK(calls.count("path=/services/oauth2/revoke&status=200") == 1);

  const std::string run = brand.deliver(ana, workflow, response);
  brand.held_run(ana, run, "account_removed");
  CHECK(brand.kept_scores(brand.production, response) == 0);
  brand.bind(ana, workflow, "crm", brand.link(ana, brand.production));
  brand.run_when(ana, run, "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE("S11: a refresh logs in again for the same account: its bindings stay, and it is well again") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string user = brand.account(ana, account).at("salesforce_username");
  brand.production.local("POST", "/_local/expire", json{{"user", user}}.dump());
  const std::string run = brand.deliver(ana, workflow, new_response_id());
  brand.held_run(ana, run, "account_token_expired");

  const json refreshed = brand.log_in(ana, brand.production, refresh_of(account), user);

  CHECK(refreshed.at("account") == account);
  CHECK(brand.account(ana, account).at("state") == "ok");
  CHECK(ana.ask(200, "GET", "/workflows/" + workflow).at("bindings").at("crm") == account);
  brand.run_when(ana, run, "succeeded");
}

TEST_CASE("S11: a refresh that leads into another org is refused, with both orgs named, and nothing of it is kept") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link(ana, brand.production);
  const json before = brand.account(ana, account);
  brand.next_login_leads_to(brand.other);
  const CallsSince calls(brand.production);

  const json refused = brand.log_in(ana, brand.production, refresh_of(account));

  CHECK(refused.at("error").at("code") == "wrong_org");
  for (const std::string& org : {brand.production.org_id(), brand.other.org_id()})
    CHECK_THAT(refused.at("error").at("message").get<std::string>(), Catch::Contains(org));
  CHECK(calls.count("path=/services/oauth2/revoke") == 1);
  CHECK(brand.account(ana, account) == before);
}

TEST_CASE("S15: a shared account that logs in as a person comes from a completed login, too") {
  const SeedBrand brand;
  const json posted{{"environment", "production"},
                    {"login", "refresh_token"},
                    {"token_url", brand.production.url() + "/services/oauth2/token"},
                    {"client_id", brand.production.client_id()},
                    {"refresh_token", "a token"}};
  CHECK(code_of(brand.admin.call("POST", "/accounts", posted)) == "login_needed");

  const std::string account = brand.link(brand.admin, brand.production, {{"purpose", "share"}});
  CHECK(brand.account(brand.admin, account).at("origin") == "extensions");
  CHECK(brand.account(brand.admin, account).at("login") == "refresh_token");
  CHECK(brand.account(brand.admin, account).at("shared_with").empty());
}
