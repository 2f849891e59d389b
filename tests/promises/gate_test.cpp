// The gate through the running server: each of its codes provoked, explained, lifted, and the org untouched meanwhile.
#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/people_of_world.hpp"

using nlohmann::json;
using promises::keep_score;
using promises::SurveyResponse;
using promises::task_of;
using promises::World;

namespace {

// What an operator does to the people and accounts of a server.
class Operator {
 public:
  explicit Operator(World& world) : world_(world) {
    world_.server.start();
    const json workflow = ask("GET", "/workflows").at("workflows").at(0);
    workflow_ = workflow.at("id");
    project_ = workflow.at("project");
    admin_ = workflow.at("creator");
    if (workflow.at("bindings").contains("crm")) account_ = workflow.at("bindings").at("crm");
  }

  json ask(const std::string& method, const std::string& path, const json& body = nullptr) const {
    return world_.server.ask(method, path, body.is_null() ? "" : body.dump());
  }

  void license(const std::vector<std::string>& extensions) { ask("PUT", "/license", {{"extensions", extensions}}); }
  std::string add_user(const std::string& name) { return ask("POST", "/users", {{"name", name}}).at("id"); }
  // An account of the same org, shared with nobody.
  std::string add_account() {
    const std::string id = world_.server.ask("POST", "/accounts", world_.org.account_document()).at("account").at("id");
    world_.org.forget_calls();  // linking asks the org who it is
    return id;
  }
  void share(const std::string& account, const std::string& with) {
    ask("POST", "/accounts/" + account + "/shares", {{"with", with}});
  }
  void unshare(const std::string& account, const std::string& with) {
    ask("DELETE", "/accounts/" + account + "/shares", {{"with", with}});
  }
  void remove(const std::string& account) { ask("DELETE", "/accounts/" + account); }
  void refresh(const std::string& account) { ask("POST", "/accounts/" + account + "/refresh"); }
  void bind(const std::string& alias, const std::string& account) {
    ask("PUT", "/workflows/" + workflow_ + "/bindings/" + alias, {{"account", account}});
  }
  void give_project_to(const std::string& user) { ask("PUT", "/projects/" + project_ + "/owner", {{"user", user}}); }

  const std::string& account() const { return account_; }
  const std::string& admin() const { return admin_; }

 private:
  World& world_;
  std::string workflow_;
  std::string project_;
  std::string admin_;
  std::string account_;
};

struct Obstacle {
  std::string code;
  std::function<void(World&, Operator&)> provoke;
  std::function<void(World&, Operator&)> lift;
  std::string lifted_by;  // in its sentence
};

std::string other_account(Operator& hand) {
  const std::string account = hand.add_account();
  hand.share(account, "brand");
  return account;
}

std::vector<Obstacle> obstacles() {
  return {
      {"extension_not_licensed", [](World&, Operator& hand) { hand.license({}); },
       [](World&, Operator& hand) { hand.license({"salesforce"}); }, "licence"},
      {"account_share_revoked", [](World&, Operator& hand) { hand.unshare(hand.account(), "brand"); },
       [](World&, Operator& hand) { hand.share(hand.account(), "brand"); }, "share"},
      {"account_share_revoked", [](World&, Operator& hand) { hand.unshare(hand.account(), "brand"); },
       [](World&, Operator& hand) { hand.share(hand.account(), hand.admin()); }, "share"},
      {"account_not_the_owners",
       [](World&, Operator& hand) {
         const std::string account = hand.add_account();
         hand.share(account, hand.admin());
         hand.bind("crm", account);
         hand.give_project_to(hand.add_user("maria"));
       },
       [](World&, Operator& hand) { hand.give_project_to(hand.admin()); }, "transfer"},
      {"account_removed", [](World&, Operator& hand) { hand.remove(hand.account()); },
       [](World&, Operator& hand) { hand.bind("crm", other_account(hand)); }, "bind"},
  };
}

void check_explained_hold(const json& run, const Obstacle& obstacle) {
  CHECK(run.at("code") == obstacle.code);
  const json& task = task_of(run, "answer");
  CHECK(task.at("state") == "held");
  CHECK(task.at("attempts").empty());  // no attempt, so no frozen record: no mapping has been read
  CHECK_FALSE(task.contains("effect"));
  const json& held = task.at("held");
  CHECK(held.at("code") == obstacle.code);
  CHECK_FALSE(held.at("message").get<std::string>().empty());
  CHECK_THAT(held.at("lifted_by").get<std::string>(), Catch::Contains(obstacle.lifted_by));
  CHECK_FALSE(held.at("keys").empty());
  for (const char* fact : {"alias", "project", "owner", "creator"}) CHECK(held.at("diagnosis").contains(fact));
}

int kept_responses(const World& world) { return world.org.count("SELECT Id FROM Survey_Response__c"); }

}  // namespace

TEST_CASE("a run that the gate refuses is held, asks nothing of the org, and goes on once that is lifted") {
  for (const Obstacle& obstacle : obstacles()) {
    INFO(obstacle.code);
    World world(keep_score);
    Operator hand(world);
    obstacle.provoke(world, hand);
    world.org.forget_calls();  // linking asks the org who it is, and removing takes the token back

    const std::string id = world.server.accepted_run(SurveyResponse{"R_1"}.json());
    const json held = world.server.run_when(id, "held");

    check_explained_hold(held, obstacle);
    CHECK(world.org.calls("") == 0);

    obstacle.lift(world, hand);
    const json over = world.server.run_when(id, "succeeded");

    CHECK(task_of(over, "answer").at("attempts").size() == 1);
    CHECK(kept_responses(world) == 1);
    CHECK(world.org.calls("method=PATCH") == 1);
  }
}

TEST_CASE("an alias that is bound to nothing holds the run until somebody binds it") {
  std::string workflow = keep_score;
  workflow.replace(workflow.find("\"crm\""), 5, "\"sales\"");
  World world(workflow);
  Operator hand(world);
  world.org.forget_calls();

  const std::string id = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  const json held = world.server.run_when(id, "held");

  check_explained_hold(held, {"account_not_linked", {}, {}, "bind"});
  CHECK(world.org.calls("") == 0);

  hand.bind("sales", other_account(hand));
  world.server.run_when(id, "succeeded");
  CHECK(kept_responses(world) == 1);
}

TEST_CASE("a login that the org refuses is learned once; what comes later is held without asking again") {
  World world(keep_score);
  Operator hand(world);
  world.org.break_login();
  world.org.forget_calls();

  const std::string first = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  const json learned = world.server.run_when(first, "held");
  const int logins = world.org.calls("path=/services/oauth2/token");
  const std::string second = world.server.accepted_run(SurveyResponse{"R_2"}.json());
  const json gated = world.server.run_when(second, "held");

  CHECK(learned.at("code") == "account_token_expired");
  CHECK(task_of(learned, "answer").at("held").at("diagnosis").at("bound_to") == hand.account());
  check_explained_hold(gated, {"account_token_expired", {}, {}, "refresh"});
  CHECK(world.org.calls("path=/services/oauth2/token") == logins);
  CHECK(world.org.data_calls() == 1);  // the first one, with a session that has ended
  CHECK(hand.ask("GET", "/accounts").at("accounts").at(0).at("status") == "Account Token Expired");

  CHECK(world.server.call("POST", "/accounts/" + hand.account() + "/refresh").status == 409);
  CHECK(world.server.run(first).at("state") == "held");
  world.org.restore_login();
  hand.refresh(hand.account());
  world.server.run_when(first, "succeeded");
  world.server.run_when(second, "succeeded");
  CHECK(kept_responses(world) == 2);
}

TEST_CASE("a token that dies between two runs holds the second one, which has asked nothing but once in vain") {
  World world(keep_score);
  Operator hand(world);
  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_1"}.json()), "succeeded");
  world.org.break_login();

  const std::string id = world.server.accepted_run(SurveyResponse{"R_2"}.json());
  const json held = world.server.run_when(id, "held");

  CHECK(held.at("code") == "account_token_expired");
  world.org.restore_login();
  CHECK(kept_responses(world) == 1);
  hand.refresh(hand.account());
  world.server.run_when(id, "succeeded");
  CHECK(kept_responses(world) == 2);
}

TEST_CASE("held runs go on in the order in which their responses came") {
  World world(keep_score);
  Operator hand(world);
  // The first login of an account raises the epoch, and whoever begins at that moment is asked for twice.
  world.server.run_when(world.server.accepted_run(SurveyResponse{"R_0", 0}.json()), "succeeded");
  hand.license({});
  std::vector<std::string> ids;
  for (int i = 1; i <= 5; ++i) {
    ids.push_back(world.server.accepted_run(SurveyResponse{"R_" + std::to_string(i), i}.json()));
    world.server.run_when(ids.back(), "held");
  }

  hand.license({"salesforce"});
  for (const std::string& id : ids) world.server.run_when(id, "succeeded");

  std::vector<std::string> begun;
  for (const std::string& id : ids) {
    begun.push_back(task_of(world.server.run(id), "answer").at("attempts").at(0).at("started_at"));
  }
  CHECK(std::is_sorted(begun.begin(), begun.end()));
  CHECK(kept_responses(world) == 6);
}

TEST_CASE("a hold outlives the program") {
  World world(keep_score);
  Operator hand(world);
  hand.license({});
  const std::string id = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  world.server.run_when(id, "held");

  world.server.kill();
  REQUIRE(world.server.start());
  // Judged again at the start, and held again.
  world.server.run_when(id, "held");
  CHECK(kept_responses(world) == 0);
  hand.license({"salesforce"});

  world.server.run_when(id, "succeeded");
  CHECK(kept_responses(world) == 1);
}

TEST_CASE("only a brand admin changes licence, people and accounts; without a token nobody sees anything") {
  World world(keep_score);
  Operator hand(world);
  const std::string token = hand.ask("POST", "/users", {{"name", "maria"}}).at("token");

  CHECK(world.server.call_as(token, "GET", "/runs").status == 200);
  CHECK(world.server.call_as(token, "PUT", "/license", R"({"extensions":[]})").status == 403);
  CHECK(world.server.call_as(token, "DELETE", "/accounts/" + hand.account()).status == 403);
  for (const char* path : {"/runs", "/accounts", "/workflows", "/runs/run_x"}) {
    CHECK(world.server.call_as("", "GET", path).status == 401);
  }
}
