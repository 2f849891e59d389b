// Secrets: after a life with every kind of trouble, none is found in what the server logs, stores for people or
// answers.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::World;

namespace {

// Everything that a signed-in person or a monitoring system can read.
std::string all_that_is_shown(const World& world) {
  std::string shown;
  for (const char* path :
       {"/runs", "/runs?not_started=true", "/accounts", "/workflows", "/metrics", "/livez", "/readyz"}) {
    shown += world.server.call("GET", path).body;
  }
  const json runs = world.server.all_runs();
  for (const json& run : runs) shown += world.server.call("GET", "/runs/" + run.at("id").get<std::string>()).body;
  return shown;
}

}  // namespace

TEST_CASE("no secret is shown or logged, whatever happens") {
  World world(promises::sample_workflow("nps_to_contact"), {"--verbose"});
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  REQUIRE(world.server.start());
  const json workflow = world.server.ask("GET", "/workflows").at("workflows").at(0);
  const std::string account = workflow.at("bindings").at("crm");
  const json user = world.server.ask("POST", "/users", R"({"name":"maria"})");

  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_1", 3, "Slow"}.json()), "succeeded");
  world.org.add_fault(R"({"next":1,"method":"PATCH","status":400,"code":"REQUIRED_FIELD_MISSING","message":"no"})");
  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_2", 3}.json()), "failed");
  world.org.add_fault(R"({"next":1,"path_contains":"/chatter/","answer":"drop","after_commit":true})");
  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_3", 3, "Slow"}.json()), "held");
  world.org.break_login();
  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_4", 3}.json()), "held");
  CHECK(world.server.call("POST", "/accounts/" + account + "/refresh").status == 409);
  world.server.call("POST", "/accounts",
                    R"({"environment":"production","login":"client_credentials","client_secret":"canary-1"})");
  world.server.call("POST", "/accounts/" + account + "/refresh", R"({"client_secret":"canary-2"})");

  std::vector<std::string> secrets = world.org.secrets();
  secrets.insert(secrets.end(), {world.server.token(), user.at("token"), "canary-1", "canary-2"});
  const std::string shown = all_that_is_shown(world);
  CHECK_THAT(shown, Catch::Contains("account_token_expired"));  // it was an eventful life
  CHECK(promises::leaks(shown, secrets).empty());
  CHECK(promises::leaks(world.server.log(), secrets).empty());
}
