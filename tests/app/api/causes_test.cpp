// Causes over the HTTP API: why runs wait or have failed, each once, for those who may see the runs.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/api/api_world.hpp"
#include "tests/support/eventually.hpp"

namespace {

using nlohmann::json;
using support::ApiWorld;

// So many runs of a workflow whose account is bound to nothing: the gate holds them.
void hold_runs(ApiWorld& world, int count) {
  world.add_workflow();
  const std::string hook = world.ask(world.admin(), "GET", "/workflows").at("workflows").at(0).at("hook");
  for (int i = 0; i < count; ++i) {
    json response{{"responseId", "R_" + std::to_string(i)}, {"labels", json::object()}};
    response["values"] = {{"finished", 1}, {"recipientEmail", "reyes@example.com"}};
    REQUIRE(world.call("", "POST", hook, response.dump()).status == 202);
  }
  const auto held = [&] { return world.ask(world.admin(), "GET", "/runs?state=held").at("runs").size(); };
  support::eventually("the runs are held", [&] { return held() == static_cast<std::size_t>(count); });
}

}  // namespace

TEST_CASE("runs that wait for the same reason are listed as one cause, with their number") {
  ApiWorld world;
  hold_runs(world, 3);
  const json workflow = world.ask(world.admin(), "GET", "/workflows").at("workflows").at(0);

  const json causes = world.ask(world.admin(), "GET", "/runs/causes").at("causes");

  REQUIRE(causes.size() == 1);
  const json& cause = causes.at(0);
  CHECK(cause.at("runs") == 3);
  CHECK(cause.at("task") == "contact");
  CHECK(cause.at("states") == json{"held"});
  CHECK(cause.at("workflow") == json{{"id", workflow.at("id")}, {"name", "Starter"}});
  CHECK(cause.at("code") == "account_not_linked");
  CHECK_FALSE(cause.contains("org_code"));
  const std::string id = cause.at("id");
  const json runs = world.ask(world.admin(), "GET", "/runs?cause=" + id).at("runs");
  REQUIRE(runs.size() == 3);
  CHECK(runs.at(0).at("id") == cause.at("example"));
  CHECK(runs.at(0).at("cause") == json{{"id", id}, {"message", cause.at("message")}});
  CHECK(world.ask(world.admin(), "GET", "/runs?cause=cau_unknown").at("runs").empty());
}

TEST_CASE("a run in a list names the cause that it stands under, until it is dealt with") {
  ApiWorld world;
  hold_runs(world, 1);
  const json cause = world.ask(world.admin(), "GET", "/runs/causes").at("causes").at(0);
  const json held = world.ask(world.admin(), "GET", "/runs").at("runs").at(0);
  CHECK(held.at("cause").at("id") == cause.at("id"));

  world.ask(world.admin(), "POST", "/runs/" + held.at("id").get<std::string>() + "/cancel", json::object());

  CHECK_FALSE(world.ask(world.admin(), "GET", "/runs").at("runs").at(0).contains("cause"));
}

TEST_CASE("causes are filtered by workflow and state, and asked strictly") {
  ApiWorld world;
  hold_runs(world, 1);
  const std::string workflow = world.ask(world.admin(), "GET", "/workflows").at("workflows").at(0).at("id");
  const auto listed = [&](const std::string& query) {
    return world.ask(world.admin(), "GET", "/runs/causes?" + query).at("causes").size();
  };

  CHECK(listed("workflow=" + workflow + "&state=held") == 1);
  CHECK(listed("workflow=wfl_other") == 0);
  CHECK(listed("state=failed") == 0);
  for (const char* query : {"state=succeeded", "state=x", "limit=0", "limit=501", "after=x", "workflows=a"})
    CHECK(world.call(world.admin(), "GET", std::string("/runs/causes?") + query).status == 422);
}

TEST_CASE("who may not see the runs sees no cause of them") {
  ApiWorld world;
  hold_runs(world, 1);
  const ApiWorld::Person maria = world.add_user("maria");
  CHECK(world.ask(maria.token, "GET", "/runs/causes").at("causes").empty());

  world.ask(world.admin(), "PUT", "/projects/" + world.project() + "/collaborators/" + maria.id, {{"right", "view"}});

  CHECK(world.ask(maria.token, "GET", "/runs/causes").at("causes").size() == 1);
}

TEST_CASE("a run that is cancelled leaves its cause") {
  ApiWorld world;
  hold_runs(world, 2);
  const std::string run = world.ask(world.admin(), "GET", "/runs/causes").at("causes").at(0).at("example");

  REQUIRE(world.call(world.admin(), "POST", "/runs/" + run + "/cancel").status == 200);

  CHECK(world.ask(world.admin(), "GET", "/runs/causes").at("causes").at(0).at("runs") == 1);
}
