// The seed page's rules on the licence, and on whose an account is.
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::code_of;
using promises::new_response_id;
using promises::Person;
using promises::SeedBrand;
using support::HttpAnswer;

namespace {

json edited_score(const std::string& name) {
  json document = json::parse(promises::keep_score);
  document["name"] = name;
  return document;
}

std::string account_path(const std::string& account) { return "/accounts/" + account; }

test::Ended sluice_as(const SeedBrand& brand, const Person& person, std::vector<std::string> words) {
  words.insert(words.end(), {"--server", brand.server.url(), "--token", person.token()});
  return test::run_program(words);
}

}  // namespace

TEST_CASE("S1: without the licence, linking, describing, adding and enabling are refused with one code") {
  const SeedBrand brand;
  const std::string account = brand.link_server(brand.production, "brand");
  const std::string workflow = brand.push(brand.admin, brand.add_project(brand.admin));
  brand.bind(brand.admin, workflow, "crm", account);
  const json proposal{{"document", edited_score("Proposed")}, {"propose", true}};
  const json proposed = brand.admin.ask(201, "PUT", "/workflows/" + workflow, proposal);
  const std::string draft = std::to_string(proposed.at("proposal").get<int>());
  const std::string project = brand.admin.ask(200, "GET", "/workflows/" + workflow).at("project");
  brand.license({});
  const CallsSince calls(brand.production);

  struct Refused {
    const char* method;
    std::string path;
    json body;
  };
  const json login{{"purpose", "link"}, {"environment", "production"}, {"host", brand.production.url()}};
  const Refused all[] = {
      {"POST", "/logins", login},
      {"POST", "/accounts", json::parse(brand.production.account_document())},
      {"POST", account_path(account) + "/refresh", nullptr},
      {"POST", account_path(account) + "/doctor", json::object()},
      {"POST", "/workflows", {{"project", project}, {"document", edited_score("Another")}}},
      {"PUT", "/workflows/" + workflow, {{"document", edited_score("Edited")}}},
      {"PUT", "/workflows/" + workflow, {{"document", edited_score("Proposed again")}, {"propose", true}}},
      {"POST", "/workflows/" + workflow + "/proposals/" + draft + "/adopt", nullptr},
      {"POST", "/workflows/" + workflow + "/copy", nullptr},
      {"POST", "/workflows/" + workflow + "/enable", nullptr},
  };
  for (const Refused& one : all) {
    INFO(one.method << " " << one.path);
    const HttpAnswer answer = brand.admin.call(one.method, one.path, one.body);
    CHECK(answer.status == 409);
    CHECK(code_of(answer) == "extension_not_licensed");
  }
  const test::Ended ended = sluice_as(brand, brand.admin, {"workflows", "enable", workflow});
  CHECK(ended.code == 1);
  CHECK_THAT(ended.complaint, Catch::Contains("extension_not_licensed"));
  CHECK(calls.count() == 0);
  CHECK(brand.lists(brand.admin, account));  // what is there stays there
}

TEST_CASE("S1: runs wait for the licence, and go on with it without a new link") {
  const SeedBrand brand;
  const std::string account = brand.link_server(brand.production, brand.admin.id());
  const std::string workflow = brand.running_workflow(brand.admin, account);
  const json linked = brand.account(brand.admin, account).at("linked_at");
  const std::string response = new_response_id();
  brand.license({});
  const CallsSince calls(brand.production);

  const std::string run = brand.deliver(brand.admin, workflow, response);
  const json held = brand.held_run(brand.admin, run, "extension_not_licensed");
  CHECK(promises::task_of(held, "answer").at("held").at("keys") == json{"license:salesforce"});
  CHECK(calls.count() == 0);

  const HttpAnswer licensed = brand.server.call_as(
      brand.server.operator_token(), "PUT", "/brands/" + brand.id + "/license", R"({"extensions":["salesforce"]})");
  CHECK(licensed.status == 200);
  brand.run_when(brand.admin, run, "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
  CHECK(brand.account(brand.admin, account).at("linked_at") == linked);
}

TEST_CASE("S1: a workflow file that changes without the licence waits for it, and the version before stays live") {
  const test::TemporaryDirectory directory;
  const std::string folder = directory.file("workflows"), file = folder + "/score.json";
  std::filesystem::create_directory(folder);
  test::write_file(file, promises::keep_score);
  promises::ServerProgram server({"--workflows", folder, "--data", directory.file("data")});
  REQUIRE(server.start());
  const auto live_name = [&] { return server.ask("GET", "/workflows").at("workflows").at(0).at("name"); };
  const auto start_again = [&] {
    server.stop();
    REQUIRE(server.start());
  };

  server.ask("PUT", "/license", R"({"extensions":[]})");
  test::write_file(file, edited_score("Changed").dump());
  start_again();
  CHECK(live_name() == "Keep the score");
  CHECK_THAT(server.log(), Catch::Contains("extension_not_licensed"));

  server.ask("PUT", "/license", R"({"extensions":["salesforce"]})");
  start_again();
  CHECK(live_name() == "Changed");
}

TEST_CASE("S1: a task whose account is linked to nothing says so, and goes on once it is") {
  const SeedBrand brand;
  const std::string account = brand.link_server(brand.production, brand.admin.id());
  const std::string workflow = brand.running_workflow(brand.admin, account);
  brand.admin.ask(204, "DELETE", "/workflows/" + workflow + "/bindings/crm");
  const std::string response = new_response_id();

  const std::string run = brand.deliver(brand.admin, workflow, response);
  brand.held_run(brand.admin, run, "account_not_linked");

  brand.bind(brand.admin, workflow, "crm", account);
  brand.run_when(brand.admin, run, "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE("S2: personal and shared accounts stand in one list, each with its origin, which never changes") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string own = brand.link(ana, brand.production);
  const std::string shared = brand.link_server(brand.production, "brand");

  CHECK(brand.lists(ana, own));
  CHECK(brand.lists(ana, shared));
  CHECK(brand.account(ana, own).at("origin") == "workflows");
  CHECK(brand.account(ana, shared).at("origin") == "extensions");

  ana.call("PATCH", account_path(own), {{"name", "Mine"}, {"origin", "extensions"}});
  CHECK(ana.call("POST", account_path(own) + "/shares", {{"with", "brand"}}).status == 409);
  brand.admin.ask(200, "POST", account_path(shared) + "/refresh");
  brand.admin.ask(200, "DELETE", account_path(shared) + "/shares", {{"with", "brand"}});
  CHECK(brand.account(ana, own).at("origin") == "workflows");
  CHECK(brand.account(brand.admin, shared).at("origin") == "extensions");
}

TEST_CASE("S3: a personal account is not there for anybody but its user, admins and collaborators included") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana"), collaborator = brand.add_person("ben");
  const std::string account = brand.link(ana, brand.production, {{"name", "Ana's CRM"}});
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string project = ana.ask(200, "GET", "/workflows/" + workflow).at("project");
  brand.share_project(ana, project, collaborator);
  const std::string path = account_path(account);
  const CallsSince calls(brand.production);

  for (const Person& other : {brand.admin, collaborator}) {
    CHECK_FALSE(brand.lists(other, account));
    for (const auto& [method, of_it] : {std::pair{"GET", ""},
                                        {"PATCH", ""},
                                        {"DELETE", ""},
                                        {"GET", "/dependants"},
                                        {"POST", "/refresh"},
                                        {"POST", "/doctor"},
                                        {"POST", "/shares"}}) {
      INFO(method << " " << path << of_it);
      const json body = std::string(method) == "GET" ? json() : json{{"name", "x"}, {"with", "brand"}};
      CHECK(other.call(method, path + of_it, body).status == 404);
    }
    CHECK(other.call("POST", "/logins", {{"purpose", "refresh"}, {"environment", "production"}, {"account", account}})
              .status == 404);
    const HttpAnswer bound = other.call("PUT", "/workflows/" + workflow + "/bindings/crm", {{"account", account}});
    CHECK(bound.status == 422);
    CHECK(code_of(bound) == "account_unknown");
    const std::string seen = other.call("GET", "/workflows/" + workflow).body;
    CHECK(seen.find(account) == std::string::npos);
    CHECK(seen.find("Ana's CRM") == std::string::npos);
  }
  CHECK(calls.count() == 0);
  CHECK(brand.account(ana, account).at("name") == "Ana's CRM");
}

TEST_CASE("S4: only a brand admin links an account to share, be it by login or server to server") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const json login{{"purpose", "share"}, {"environment", "production"}, {"host", brand.production.url()}};
  const CallsSince calls(brand.production);

  CHECK(ana.call("POST", "/logins", login).status == 403);
  CHECK(ana.call("POST", "/accounts", json::parse(brand.production.account_document())).status == 403);
  CHECK(calls.count() == 0);

  CHECK(brand.account(brand.admin, brand.link(brand.admin, brand.production, {{"purpose", "share"}})).at("origin") ==
        "extensions");
  CHECK(brand.account(brand.admin, brand.link_server(brand.production)).at("origin") == "extensions");
}

TEST_CASE("S4: an account is shared with a user, a group or the brand; those may bind it, and no more") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana"), ben = brand.add_person("ben");
  const std::string group = brand.admin.ask(201, "POST", "/groups", {{"name", "support"}}).at("id");
  brand.admin.call("PUT", "/groups/" + group + "/members/" + ben.id());
  const std::string account = brand.link_server(brand.production);
  const std::string path = account_path(account);
  const std::string workflow = brand.push(ana, brand.add_project(ana));
  const auto share = [&](const std::string& with) { brand.admin.ask(200, "POST", path + "/shares", {{"with", with}}); };
  const auto unshare = [&](const std::string& with) {
    brand.admin.ask(200, "DELETE", path + "/shares", {{"with", with}});
  };

  CHECK_FALSE(brand.lists(ana, account));
  share(ana.id());
  CHECK(brand.lists(ana, account));
  CHECK_FALSE(brand.lists(ben, account));
  share(group);
  CHECK(brand.lists(ben, account));
  unshare(ana.id());
  CHECK_FALSE(brand.lists(ana, account));
  share("brand");
  CHECK(brand.lists(ana, account));

  brand.bind(ana, workflow, "crm", account);
  CHECK(ana.call("PATCH", path, {{"name", "Ana's now"}}).status == 403);
  CHECK(ana.call("DELETE", path).status == 403);
  CHECK(ana.call("POST", path + "/shares", {{"with", ben.id()}}).status == 403);
  CHECK(ana.call("GET", path).body.find(brand.production.client_secret()) == std::string::npos);
}

TEST_CASE("S4: un-sharing refuses new bindings at once and stops the old ones before the next call") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana");
  const std::string account = brand.link_server(brand.production, ana.id());
  const std::string another = brand.link_server(brand.production, ana.id());  // to which nobody falls back
  const std::string workflow = brand.running_workflow(ana, account);
  const std::string second = brand.push(ana, brand.add_project(ana));
  brand.admin.ask(200, "DELETE", account_path(account) + "/shares", {{"with", ana.id()}});
  const CallsSince calls(brand.production);
  const std::string response = new_response_id();

  CHECK(ana.call("PUT", "/workflows/" + second + "/bindings/crm", {{"account", account}}).status == 422);
  const std::string run = brand.deliver(ana, workflow, response);
  brand.held_run(ana, run, "account_share_revoked");
  CHECK(calls.count() == 0);
  CHECK(ana.ask(200, "GET", "/workflows/" + workflow).at("accounts").at("crm").at("id") != another);

  brand.admin.ask(200, "POST", account_path(account) + "/shares", {{"with", ana.id()}});
  brand.run_when(ana, run, "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE("S14: one shared account serves the workflows of several users, and none of them logs in") {
  const SeedBrand brand;
  const Person ana = brand.add_person("ana"), ben = brand.add_person("ben");
  const std::string account = brand.link(brand.admin, brand.production, {{"purpose", "share"}});
  brand.admin.ask(200, "POST", account_path(account) + "/shares", {{"with", "brand"}});
  const std::string username = brand.account(brand.admin, account).at("salesforce_username");
  const CallsSince calls(brand.production);

  for (const Person& person : {ana, ben}) {
    const std::string response = new_response_id();
    const std::string workflow = brand.running_workflow(person, account);
    brand.run_when(person, brand.deliver(person, workflow, response), "succeeded");
    CHECK(brand.kept_scores(brand.production, response) == 1);
  }
  CHECK(calls.count("path=/services/oauth2/authorize") == 0);
  CHECK(calls.count("grant=authorization_code&method=POST&path=/services/oauth2/token") == 0);
  CHECK(calls.count("method=PATCH&user=" + username) == 2);
}

TEST_CASE("S36: whoever types the former name is told the name of today, and there is no second one") {
  const SeedBrand brand;
  const test::Ended ended = sluice_as(brand, brand.admin, {"actions", "list"});

  CHECK(ended.code == 64);
  CHECK_THAT(ended.complaint, Catch::Contains("workflows"));
  CHECK(brand.admin.call("GET", "/actions").status == 404);
}
