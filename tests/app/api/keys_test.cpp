// The keys over the HTTP API: what the operator sees, and how they are changed.
#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/api/api_world.hpp"

using nlohmann::json;
using support::ApiWorld;

TEST_CASE("the operator sees the keys by their ids, begins a change, and finds it in the audit log") {
  ApiWorld world;
  world.add_account();
  const std::string operator_token = world.operator_token();
  const json before = world.ask(operator_token, "GET", "/keys");
  REQUIRE(before.at("keys").size() == 1);
  CHECK(before.at("keys").at(0).at("state") == "active");
  CHECK_FALSE(before.contains("rotation"));
  const json old_key = before.at("keys").at(0);

  const json begun = world.ask(operator_token, "POST", "/keys/rotate");
  CHECK(begun.at("keys").size() == 2);
  CHECK(begun.at("keys").at(1).at("state") == "opens");
  CHECK(begun.at("rotation").at("state") == "running");
  CHECK(begun.at("rotation").at("from") == old_key.at("id"));
  CHECK(begun.at("rotation").at("total") == old_key.at("secrets"));
  world.wait(world.services().key_rotator.seal_anew());

  const json after = world.ask(operator_token, "GET", "/keys");
  CHECK(after.at("rotation").at("state") == "done");
  CHECK(after.at("rotation").at("done") == old_key.at("secrets"));
  REQUIRE(after.at("keys").size() == 1);
  CHECK(after.at("keys").at(0).at("id") != old_key.at("id"));
  std::vector<std::string> audited;
  const json log = world.ask(operator_token, "GET", "/audit");
  for (const json& entry : log.at("entries")) audited.push_back(entry.at("what"));
  for (const char* what : {"keys.read", "keys.rotation_began", "keys.rotated"})
    CHECK(std::count(audited.begin(), audited.end(), what) == 1);
  CHECK(world.ask(operator_token, "GET", "/audit/verify").at("holds") == true);
  CHECK(world.call(world.admin(), "GET", "/keys").status == 403);
}
