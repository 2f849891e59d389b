// The doctor through the HTTP API: who may ask it, and what it says of a sound org.
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"

using nlohmann::json;
using promises::World;

namespace {

std::string doctor_path(const World& world) {
  const json accounts = world.server.ask("GET", "/accounts").at("accounts");
  return "/accounts/" + accounts.at(0).at("id").get<std::string>() + "/doctor";
}

}  // namespace

TEST_CASE("S19: the doctor answers every requirement by name, and fails none of a sound org's") {
  World world(promises::sample_workflow("nps_to_contact"), {"--egress", "198.51.100.0/24"});
  REQUIRE(world.server.start());
  const std::string workflow = world.server.ask("GET", "/workflows").at("workflows").at(0).at("id");

  const json found = world.server.ask("POST", doctor_path(world), json{{"workflow", workflow}}.dump());

  std::set<std::string> names;
  for (const json& check : found.at("checks")) {
    INFO(check.dump());
    names.insert(check.at("check").get<std::string>());
    CHECK(check.at("verdict") != "fail");
    // What the org cannot be asked for is never passed in silence.
    if (check.at("verdict") == "cannot_tell") CHECK_FALSE(check.at("message").get<std::string>().empty());
  }
  CHECK(names.size() == found.at("checks").size());
  for (const char* name : {"api_enabled", "login_ip", "record_types", "view_all", "modify_all", "create", "read",
                           "edit", "session_locking", "refresh_policy", "permitted_users"})
    CHECK(names.contains(name));
  CHECK(found.at("egress") == json{"198.51.100.0/24"});
}

TEST_CASE("S21: the answer names the addresses that the login IP ranges have to include") {
  World world(promises::sample_workflow("nps_to_contact"), {"--egress", "198.51.100.0/24", "--egress", "203.0.113.7"});
  REQUIRE(world.server.start());

  CHECK(world.server.ask("POST", doctor_path(world)).at("egress") == json{"198.51.100.0/24", "203.0.113.7"});
}

TEST_CASE("the doctor is not asked about an account or a workflow that is not there for the asker") {
  World world(promises::sample_workflow("nps_to_contact"));
  REQUIRE(world.server.start());

  CHECK(world.server.call("POST", "/accounts/acc_unknown/doctor").status == 404);
  CHECK(world.server.call("POST", doctor_path(world), R"({"workflow":"wfl_unknown"})").status == 404);
  CHECK(world.server.call("POST", doctor_path(world), "[]").status == 422);
}
