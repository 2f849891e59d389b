// The API's description: it tells of every route and of nothing else, and what it tells is right.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/api/openapi.hpp"
#include "app/api/route_table.hpp"
#include "schemas/embedded.hpp"
#include "tests/app/api/api_world.hpp"

namespace {

using app::api::Access;
using app::api::ApiDescription;
using app::api::Route;
using nlohmann::json;

const json& description() {
  static const json document = json::parse(schemas::text_of("openapi.json"));
  return document;
}

const json& operation_of(const Route& route) {
  std::string method(route.method);
  std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c + ('a' - 'A')); });
  return description().at("paths").at(std::string(route.pattern)).at(method);
}

std::set<std::string> refusals_of(const Route& route) {
  std::set<std::string> statuses;
  if (route.access == Access::open || route.access == Access::hook) return statuses;
  statuses.insert("401");
  if (route.access != Access::known) statuses.insert("403");
  if (route.needed.on != app::api::Needed::On::nothing) statuses.insert("404");
  return statuses;
}

}  // namespace

TEST_CASE("every route is described, and every described operation is a route") {
  std::set<std::string> routes;
  for (const Route& route : app::api::route_table())
    routes.insert(std::string(route.method) + " " + std::string(route.pattern));
  std::set<std::string> described;
  for (const ApiDescription::Operation& operation : ApiDescription(schemas::text_of("openapi.json")).operations())
    described.insert(operation.method + " " + operation.pattern);

  CHECK(routes == described);
}

TEST_CASE("each operation tells of the refusals that its line in the table can bring") {
  for (const Route& route : app::api::route_table()) {
    INFO(route.method << " " << route.pattern);
    const json& operation = operation_of(route);
    CHECK_FALSE(operation.at("summary").get<std::string>().empty());
    CHECK(operation.contains("security") == refusals_of(route).empty());  // [] is: none is needed
    for (const std::string& status : refusals_of(route)) CHECK(operation.at("responses").contains(status));
  }
}

TEST_CASE("paths stand in order, so that two changes seldom meet") {
  const auto document = nlohmann::ordered_json::parse(schemas::text_of("openapi.json"));
  std::vector<std::string> paths;
  for (const auto& [path, operations] : document.at("paths").items()) paths.push_back(path);

  CHECK(std::ranges::is_sorted(paths));
}

TEST_CASE("every schema of the description can be used, and every example of a body fits") {
  const ApiDescription api(schemas::text_of("openapi.json"));
  for (const Route& route : app::api::route_table()) {
    INFO(route.method << " " << route.pattern);
    const ApiDescription::Operation operation{std::string(route.method), std::string(route.pattern)};
    for (const auto& [status, response] : operation_of(route).at("responses").items()) {
      if (status != "default") CHECK(api.answer(operation, std::stoi(status)));
    }
    const std::string example = api.example_body(operation);
    if (!example.empty()) CHECK(api.check_body(operation, example).empty());
  }
}

TEST_CASE("what is wrong with a body is told all at once, each fault at its place") {
  support::ApiWorld world;

  const support::HttpAnswer answer = world.call(world.admin(), "POST", "/users", R"({"nam": "maria", "role": "boss"})");

  CHECK(answer.status == 422);
  const json problem = json::parse(answer.body);
  CHECK(problem.at("code") == "body_invalid");
  std::set<std::string> pointers;
  for (const json& finding : problem.at("findings")) pointers.insert(finding.at("pointer"));
  // 'nam' is not known (and surely meant the name that is missing), and there is no such role.
  CHECK(pointers == std::set<std::string>{"/nam", "/role"});
}

TEST_CASE("the description is served as it is") {
  support::ApiWorld world;

  const support::HttpAnswer answer = world.call("", "GET", "/openapi.json");

  CHECK(json::parse(answer.body) == description());
}

TEST_CASE("the type of a problem leads to the page of its code, which asks nobody for a token") {
  support::ApiWorld world;
  const json problem = json::parse(world.call(world.admin(), "GET", "/runs/run_of_nobody").body);
  CHECK(problem.at("type") == "/errors/run_unknown");

  const support::HttpAnswer page = world.call("", "GET", problem.at("type"));

  CHECK(page.status == 200);
  CHECK(page.header("content-type").starts_with("text/markdown"));
  CHECK(page.body.starts_with("# run_unknown\n"));
  CHECK(json::parse(world.call("", "GET", "/errors/no_such_code").body).at("code") == "error_code_unknown");
}
