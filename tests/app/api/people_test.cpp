// People over the HTTP API: users, groups, rights, tokens and brands, and what becomes of them.
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/api/api_world.hpp"
#include "tests/support/fixture.hpp"

namespace {

using nlohmann::json;
using support::ApiWorld;
using support::HttpAnswer;

std::string code_of(const HttpAnswer& answer) { return json::parse(answer.body).value("code", ""); }

std::string admin_id(ApiWorld& world) { return world.ask(world.admin(), "GET", "/me").at("user").at("id"); }

void share_project(ApiWorld& world, const std::string& user, const std::string& right) {
  world.ask(world.admin(), "PUT", "/projects/" + world.project() + "/collaborators/" + user, {{"right", right}});
}

std::string start_run(ApiWorld& world) {
  const std::string hook = world.ask(world.admin(), "GET", "/workflows").at("workflows").at(0).at("hook");
  return json::parse(world.call("", "POST", hook, support::fixture("survey/promoter.json")).body).at("runs").at(0);
}

}  // namespace

TEST_CASE("a revoked token opens nothing from the next request on, and others of the user go on") {
  ApiWorld world;
  const ApiWorld::Person maria = world.add_user("maria");
  const std::string tokens = "/users/" + maria.id + "/tokens";
  const json made = world.ask(maria.token, "POST", tokens, {{"label", "ci"}});
  const std::string text = made.at("token");
  REQUIRE(world.call(text, "GET", "/me").status == 200);

  world.ask(maria.token, "DELETE", tokens + "/" + made.at("id").get<std::string>());

  CHECK(world.call(text, "GET", "/me").status == 401);
  CHECK(world.call(maria.token, "GET", "/me").status == 200);
  CHECK(world.call(maria.token, "GET", tokens).body.find(text) == std::string::npos);
}

TEST_CASE("the last admin is neither demoted nor removed") {
  ApiWorld world;
  const std::string admin = "/users/" + admin_id(world);

  CHECK(code_of(world.call(world.admin(), "PATCH", admin, R"({"role":"user"})")) == "last_admin");
  CHECK(code_of(world.call(world.admin(), "DELETE", admin)) == "last_admin");

  world.add_user("maria", "brand_admin");
  CHECK(world.ask(world.admin(), "PATCH", admin, {{"role", "user"}}).at("role") == "user");
  CHECK(world.call(world.admin(), "PUT", "/license", R"({"extensions":[]})").status == 403);
}

TEST_CASE("a user who owns a project stays until it is handed on; then tokens and memberships go too") {
  ApiWorld world;
  const ApiWorld::Person maria = world.add_user("maria");
  const std::string group = world.ask(world.admin(), "POST", "/groups", {{"name", "care"}}).at("id");
  world.ask(world.admin(), "PUT", "/groups/" + group + "/members/" + maria.id);
  const std::string project = world.ask(maria.token, "POST", "/projects", {{"name", "care"}}).at("id");
  CHECK(code_of(world.call(world.admin(), "DELETE", "/users/" + maria.id)) == "user_in_use");

  world.ask(maria.token, "PUT", "/projects/" + project + "/owner", {{"user", admin_id(world)}});
  CHECK(world.call(world.admin(), "DELETE", "/users/" + maria.id).status == 204);

  CHECK(world.call(maria.token, "GET", "/me").status == 401);
  CHECK(world.ask(world.admin(), "GET", "/groups/" + group).at("members").empty());
}

TEST_CASE("names are one of a kind in a brand, also when they are asked for at once") {
  ApiWorld world;
  world.add_user("maria");
  const ApiWorld::Person joe = world.add_user("joe");

  CHECK(code_of(world.call(world.admin(), "POST", "/users", R"({"name":"maria"})")) == "user_exists");
  CHECK(code_of(world.call(world.admin(), "PATCH", "/users/" + joe.id, R"({"name":"maria"})")) == "user_exists");
  CHECK(world.ask(world.admin(), "PATCH", "/users/" + joe.id, {{"name", "joseph"}}).at("name") == "joseph");
}

TEST_CASE(
    "projects, workflows and runs are seen by those who have a right, and run or changed by those with a larger one") {
  ApiWorld world;
  const std::string workflow = world.add_workflow();
  const std::string run = start_run(world);
  const ApiWorld::Person maria = world.add_user("maria");
  CHECK(world.ask(maria.token, "GET", "/projects").at("projects").empty());
  CHECK(world.ask(maria.token, "GET", "/workflows").at("workflows").empty());
  CHECK(world.ask(maria.token, "GET", "/runs").at("runs").empty());
  CHECK(world.call(maria.token, "GET", "/runs/" + run).status == 404);

  share_project(world, maria.id, "view");
  CHECK(world.ask(maria.token, "GET", "/projects").at("projects").at(0).at("right") == "view");
  CHECK(world.ask(maria.token, "GET", "/workflows").at("workflows").size() == 1);
  CHECK(world.ask(maria.token, "GET", "/runs").at("runs").size() == 1);
  for (const char* what : {"/resume", "/cancel"}) {
    const HttpAnswer refused = world.call(maria.token, "POST", "/runs/" + run + what, "{}");
    CHECK(refused.status == 403);
    CHECK(json::parse(refused.body).at("needs") == "run");
  }

  share_project(world, maria.id, "run");
  CHECK(world.call(maria.token, "POST", "/runs/" + run + "/resume", "{}").status != 403);
  CHECK(world.call(maria.token, "POST", "/runs/" + run + "/cancel", "{}").status != 403);
  world.ask(world.admin(), "DELETE", "/projects/" + world.project() + "/collaborators/" + maria.id);
  CHECK(world.call(maria.token, "GET", "/runs/" + run).status == 404);
}

TEST_CASE("a brand that the operator makes is the same to its people, and closed to the operator and to other brands") {
  ApiWorld world;
  const json brand = world.ask(world.operator_token(), "POST", "/brands", {{"name", "Acme"}, {"admin", "ann"}});
  const std::string ann = brand.at("admin").at("token");

  CHECK(world.ask(ann, "GET", "/license").at("extensions").empty());
  world.ask(world.operator_token(), "PUT", "/brands/" + brand.at("id").get<std::string>() + "/license",
            {{"extensions", {"salesforce"}}});
  CHECK(world.ask(ann, "GET", "/license").at("extensions").size() == 1);
  CHECK(world.ask(ann, "GET", "/users").at("users").size() == 1);
  CHECK(world.ask(ann, "GET", "/projects").at("projects").empty());
  CHECK(world.call(ann, "GET", "/projects/" + world.project()).status == 404);
  CHECK(world.call(world.operator_token(), "GET", "/projects").status == 403);
  CHECK(world.ask(ann, "GET", "/audit?what=license.changed").at("entries").at(0).at("who") == "operator");
}

TEST_CASE("lists come by page, in the order of their keys, each thing once") {
  ApiWorld world;
  for (int i = 0; i < 5; ++i) world.add_user("user " + std::to_string(i));
  std::set<std::string> seen;
  std::string after;
  int pages = 0;
  for (bool has_more = true; has_more; ++pages) {
    const json page = world.ask(world.admin(), "GET", "/users?limit=2" + after);
    for (const json& user : page.at("users")) CHECK(seen.insert(user.at("id").get<std::string>()).second);
    has_more = page.contains("next");
    if (has_more) after = "&after=" + page.at("next").get<std::string>();
  }

  CHECK(seen.size() == 6);
  CHECK(pages == 3);
  CHECK(world.call(world.admin(), "GET", "/users?limit=0").status == 422);
  CHECK(world.call(world.admin(), "GET", "/users?rol=user").status == 422);
}

TEST_CASE("every change of people stands in the audit log, which holds and tells no token") {
  ApiWorld world;
  const ApiWorld::Person maria = world.add_user("maria");
  share_project(world, maria.id, "edit");
  world.ask(world.admin(), "PUT", "/license", {{"extensions", json::array()}});

  const std::string log = world.call(world.admin(), "GET", "/audit").body;
  std::vector<std::string> whats;
  const json page = json::parse(log);
  for (const json& entry : page.at("entries")) whats.push_back(entry.at("what"));

  CHECK(std::vector<std::string>(whats.begin(), whats.begin() + 4) ==
        std::vector<std::string>{"license.changed", "project.shared", "token.added", "user.added"});
  CHECK(log.find(maria.token) == std::string::npos);
  CHECK(log.find("maria") == std::string::npos);
  CHECK(world.ask(world.admin(), "GET", "/audit/verify").at("holds") == true);
  const json head = world.ask(world.admin(), "GET", "/audit/head");
  const std::string kept = head.at("head");
  CHECK(kept.starts_with(std::to_string(head.at("entries").get<int>()) + ":"));
  CHECK(world.ask(world.admin(), "GET", "/audit/verify?head=" + kept).at("holds") == true);
  const json other = world.ask(world.admin(), "GET", "/audit/verify?head=" + kept + "0");
  CHECK(other.at("holds") == false);
  CHECK(other.at("first_broken") == head.at("entries"));
  CHECK(world.call(world.admin(), "GET", "/audit/verify?head=12").status == 422);
}
