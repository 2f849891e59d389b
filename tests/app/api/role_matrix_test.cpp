// Every route, asked by everyone: the expected answers come from the route table, and no cell is missing.
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/api/route_table.hpp"
#include "tests/app/api/api_world.hpp"
#include "tests/support/fixture.hpp"

namespace {

using app::api::Access;
using app::api::Needed;
using app::api::Route;
using engine::Right;
using support::ApiWorld;
using support::HttpAnswer;

struct Asker {
  std::string name;
  bool has_token = true;  // a known one
  bool is_operator = false;
  bool is_admin = false;
  bool is_foreign = false;    // of another brand
  Right right = Right::none;  // over the project
};

const std::vector<Asker> askers{
    {.name = "nobody", .has_token = false},
    {.name = "an unknown token", .has_token = false},
    {.name = "the operator", .is_operator = true},
    {.name = "a brand admin", .is_admin = true, .right = Right::owner},
    {.name = "the owner", .right = Right::owner},
    {.name = "an editor", .right = Right::edit},
    {.name = "a runner", .right = Right::run},
    {.name = "a viewer", .right = Right::view},
    {.name = "a plain user"},
    {.name = "another brand's admin", .is_admin = true, .is_foreign = true},
    {.name = "another brand's user", .is_foreign = true},
};

enum class Cell { not_signed_in, not_allowed, not_there, reached };

std::string_view to_string(Cell cell) {
  switch (cell) {
    case Cell::not_signed_in: return "401";
    case Cell::not_allowed: return "403";
    case Cell::not_there: return "404";
    case Cell::reached: return "answered by its handler";
  }
  return "";
}

// One brand whose project has one of everything, and another brand.
class MatrixWorld {
 public:
  MatrixWorld() {
    tokens_["nobody"] = "";
    tokens_["an unknown token"] = "slt_unknown";
    tokens_["the operator"] = world_.operator_token();
    tokens_["a brand admin"] = world_.admin();
    for (const char* name : {"the owner", "an editor", "a runner", "a viewer", "a plain user"}) {
      const ApiWorld::Person person = world_.add_user(name);
      tokens_[name] = person.token;
      ids_[name] = person.id;
    }
    fill_project();
    add_other_brand();
  }

  HttpAnswer ask(const Asker& asker, const Route& route, const std::string& target) {
    const bool takes_body = route.method != "GET" && route.method != "DELETE";
    // No JSON: whoever gets so far has passed everyone who asks for a right, and nothing happens.
    return world_.call(tokens_.at(asker.name), std::string(route.method), target, takes_body ? "{" : "");
  }

  // nullopt: nobody has told what the pattern's {…} may be.
  std::optional<std::string> target(const Route& route, bool is_absent = false) const {
    std::string target;
    std::string before;
    std::string_view rest = route.pattern;
    while (!rest.empty()) {
      rest.remove_prefix(1);
      std::string segment(rest.substr(0, rest.find('/')));
      rest.remove_prefix(segment.size());
      if (segment.starts_with("{")) {
        auto found = samples_.find(before + " " + segment);
        if (found == samples_.end()) return std::nullopt;
        const bool is_first = segment == "{id}";
        segment = is_absent && is_first ? absent_like(found->second) : found->second;
      } else {
        before = segment;
      }
      target += "/" + segment;
    }
    return target;
  }

  const std::string& id_of(const std::string& name) const { return ids_.at(name); }

 private:
  static std::string absent_like(const std::string& id) {
    return id.substr(0, id.find('_') + 1) + std::string(26, 'q');
  }

  void fill_project() {
    const std::string& admin = world_.admin();
    const std::string project = world_.project();
    const std::string workflow = world_.add_workflow();
    world_.ask(admin, "PUT", "/projects/" + project + "/owner", {{"user", ids_["the owner"]}});
    for (const auto& [name, right] : {std::pair{"an editor", "edit"}, {"a runner", "run"}, {"a viewer", "view"}})
      world_.ask(admin, "PUT", "/projects/" + project + "/collaborators/" + ids_[name], {{"right", right}});
    const std::string hook = world_.ask(admin, "GET", "/workflows").at("workflows").at(0).at("hook");
    const HttpAnswer delivery = world_.call("", "POST", hook, support::fixture("survey/promoter.json"));
    const std::string group = world_.ask(admin, "POST", "/groups", {{"name", "care"}}).at("id");
    const std::string plain = "/users/" + ids_["a plain user"] + "/tokens";
    const std::string token = world_.ask(admin, "POST", plain, {{"label", "another"}}).at("id");
    samples_ = {{"hooks {id}", hook.substr(hook.rfind('/') + 1)},
                {"errors {code}", "run_unknown"},
                {"console {file}", "console.js"},
                {"runs {id}", nlohmann::json::parse(delivery.body).at("runs").at(0)},
                {"workflows {id}", workflow},
                {"bindings {alias}", "crm"},
                {"projects {id}", project},
                {"collaborators {user}", ids_["a viewer"]},
                {"users {id}", ids_["a plain user"]},
                {"tokens {token}", token},
                {"groups {id}", group},
                {"members {user}", ids_["a plain user"]},
                {"brands {id}", world_.services().people.brand(world_.workspace().brand())->id},
                {"accounts {id}", world_.add_account()},
                {"proposals {n}", propose_change(workflow)},
                {"versions {n}", "1"},
                {"notices {id}", "ntc_of_the_first_brand"},
                {"apps {id}", "app_of_the_first_brand"},
                {"logins {id}", "lgn_of_the_first_brand"}};
  }

  // Its number.
  std::string propose_change(const std::string& workflow) {
    nlohmann::json document = world_.ask(world_.admin(), "GET", "/workflows/" + workflow + "/document");
    document["name"] = "Proposed";
    const nlohmann::json body{{"document", document}, {"propose", true}};
    return world_.ask(world_.admin(), "PUT", "/workflows/" + workflow, body).at("proposal").dump();
  }

  void add_other_brand() {
    const nlohmann::json brand =
        world_.ask(world_.operator_token(), "POST", "/brands", {{"name", "other"}, {"extensions", {"salesforce"}}});
    const std::string admin = brand.at("admin").at("token");
    tokens_["another brand's admin"] = admin;
    tokens_["another brand's user"] = world_.ask(admin, "POST", "/users", {{"name", "joe"}}).at("token");
  }

  ApiWorld world_;
  std::map<std::string, std::string> tokens_;  // by asker
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> samples_;  // "segment before, parameter"
};

// The account is shared with the whole brand: everybody knows of it, and brand admins manage it.
Cell cell_of_account(const Route& route, const Asker& asker) {
  return asker.is_admin || route.needed.right <= Right::view ? Cell::reached : Cell::not_allowed;
}

Cell cell_by_right(const Route& route, const Asker& asker) {
  if (asker.right == Right::none) return Cell::not_there;
  return asker.right >= route.needed.right ? Cell::reached : Cell::not_allowed;
}

// What belongs to the first brand is named by {id}.
Cell cell_inside(const Route& route, const Asker& asker) {
  const bool names_something = route.pattern.find("{id}") != std::string_view::npos;
  if (asker.is_foreign) return names_something ? Cell::not_there : Cell::reached;
  if (route.needed.on == Needed::On::account) return cell_of_account(route, asker);
  return route.needed.on == Needed::On::nothing ? Cell::reached : cell_by_right(route, asker);
}

Cell expected(const Route& route, const Asker& asker) {
  if (route.access == Access::open || route.access == Access::hook) return Cell::reached;
  if (!asker.has_token) return Cell::not_signed_in;
  switch (route.access) {
    case Access::open:
    case Access::hook:
    case Access::known: return Cell::reached;
    case Access::operator_only: return asker.is_operator ? Cell::reached : Cell::not_allowed;
    case Access::brand_admin_or_operator:
      if (asker.is_operator) return Cell::reached;
      return asker.is_admin ? cell_inside(route, asker) : Cell::not_allowed;
    case Access::brand_admin: return asker.is_admin ? cell_inside(route, asker) : Cell::not_allowed;
    case Access::signed_in: return asker.is_operator ? Cell::not_allowed : cell_inside(route, asker);
    case Access::self_or_brand_admin:
      if (asker.is_operator) return Cell::not_allowed;
      if (asker.is_foreign) return Cell::not_there;
      return asker.is_admin || asker.name == "a plain user" ? Cell::reached : Cell::not_allowed;
  }
  return Cell::not_signed_in;
}

// A handler may still find the body wrong, or that the thing is not one for this user.
bool fits(Cell cell, const Route& route, const HttpAnswer& answer) {
  switch (cell) {
    case Cell::not_signed_in: return answer.status == 401;
    case Cell::not_allowed: return answer.status == 403;
    case Cell::not_there: return answer.status == 404;
    case Cell::reached:
      if (answer.status == 404) return route.needed.on == Needed::On::nothing;
      // Beyond every right, one thing is the creator's alone, and the creator is "the owner" here.
      if (answer.status == 403) return answer.body.find("\"creator_only\"") != std::string::npos;
      return answer.status != 401 && answer.status < 500;
  }
  return false;
}

// A body that is wrong is found before a handler can say that there is no such thing.
bool is_hidden_behind_its_body(const Route& route, const HttpAnswer& answer) {
  return route.needed.on == Needed::On::nothing && route.method != "GET" && answer.status == 422;
}

}  // namespace

TEST_CASE("every route answers everyone as its line in the table says") {
  auto world = std::make_unique<MatrixWorld>();
  std::size_t cells = 0;
  for (const Route& route : app::api::route_table()) {
    for (const Asker& asker : askers) {
      const std::optional<std::string> target = world->target(route);
      INFO(route.method << " " << route.pattern << " by " << asker.name);
      if (!target) {
        FAIL_CHECK("tell the matrix of what the pattern's {…} are made");
        continue;
      }
      const Cell cell = expected(route, asker);
      const HttpAnswer answer = world->ask(asker, route, *target);
      INFO("expected " << to_string(cell) << ", got " << answer.status << " " << answer.body);
      CHECK((fits(cell, route, answer) || (cell == Cell::not_there && is_hidden_behind_its_body(route, answer))));
      ++cells;
      // What has been done for one asker must not be missing for the next.
      if (answer.status / 100 == 2 && route.method != "GET") world = std::make_unique<MatrixWorld>();
    }
  }
  CHECK(cells == app::api::route_table().size() * askers.size());
}

TEST_CASE("what is another's and what is not there are answered alike") {
  MatrixWorld world;
  for (const Route& route : app::api::route_table()) {
    if (route.pattern.find("{id}") == std::string_view::npos || route.access == Access::operator_only) continue;
    for (const Asker& asker : askers) {
      if (route.needed.on == Needed::On::account && !asker.is_foreign) continue;
      if (asker.right != Right::none || (route.needed.on == Needed::On::nothing && !asker.is_foreign)) continue;
      if (!asker.is_foreign && route.access != Access::signed_in) continue;
      if (route.access == Access::hook || route.access == Access::open) continue;
      INFO(route.method << " " << route.pattern << " by " << asker.name);
      const HttpAnswer foreign = world.ask(asker, route, *world.target(route));
      const HttpAnswer absent = world.ask(asker, route, *world.target(route, /*is_absent=*/true));
      CHECK(foreign.status == absent.status);
      CHECK(foreign.body == absent.body);
    }
  }
}
