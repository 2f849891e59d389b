// A project is handed on through the running server: planned, done, and nothing of its runs is lost.
#include <catch2/catch.hpp>

#include "tests/promises/people_of_world.hpp"

using nlohmann::json;
using promises::keep_score;
using promises::OwnedWorld;
using promises::Person;

TEST_CASE("S32: a transfer is planned, consults the new owner's accounts, hands the creator on, and loses no run") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria", "user");
  const std::string path = "/projects/" + owned.project + "/transfer";
  owned.owner.ask(200, "PUT", "/license", {{"extensions", json::array()}});
  const std::string early = owned.accepted_run("R_1");
  owned.world.server.run_when(early, "held");

  const json planned = owned.owner.ask(200, "POST", path, {{"to", maria.id()}, {"plan", true}});
  CHECK(planned.at("applied") == false);
  const json& plan = planned.at("plan");
  CHECK(plan.at("runs") == json{{"queued", 0}, {"held", 1}});
  const json& workflow = plan.at("workflows").at(0);
  CHECK(workflow.at("creator_before") == owned.owner.id());
  CHECK(workflow.at("creator_after") == maria.id());
  CHECK(workflow.at("tasks").at(0).at("before") == "extension_not_licensed");
  CHECK(plan.at("accounts").at(0).at("id") == owned.account);
  CHECK(owned.owner.ask(200, "GET", "/workflows/" + owned.workflow).at("creator") == owned.owner.id());

  owned.owner.ask(200, "POST", path, {{"to", maria.id()}});
  owned.owner.ask(200, "PUT", "/license", {{"extensions", {"salesforce"}}});
  const std::string late = owned.accepted_run("R_2");

  for (const std::string& run : {early, late}) {
    const json held = owned.world.server.run_when(run, "held as not the owner's", [](const json& one) {
      return one.value("code", "") == "account_not_the_owners";
    });
    CHECK(promises::task_of(held, "answer").at("held").at("diagnosis").at("owner") == maria.id());
  }
  CHECK(owned.world.org.calls("") == 0);
  CHECK(owned.owner.ask(200, "GET", "/workflows/" + owned.workflow).at("creator") == maria.id());
  CHECK(maria.ask(200, "GET", "/notices").at("notices").at(0).at("kind") == "project_transferred");

  owned.owner.ask(200, "POST", "/accounts/" + owned.account + "/shares", {{"with", maria.id()}});
  for (const std::string& run : {early, late}) owned.world.server.run_when(run, "succeeded");
  CHECK(owned.world.org.count("SELECT Id FROM Survey_Response__c") == 2);
}

TEST_CASE("with keep_creator the creator stays; who has no right to a project hears that there is none") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria", "user");
  const Person nobody = owned.add_person("nobody", "user");
  const std::string path = "/projects/" + owned.project + "/transfer";

  CHECK(nobody.call("POST", path, {{"to", nobody.id()}}).status == 404);
  CHECK(nobody.call("GET", "/workflows/" + owned.workflow).status == 404);
  CHECK(nobody.ask(200, "GET", "/workflows").at("workflows").empty());

  owned.owner.ask(200, "POST", path, {{"to", maria.id()}, {"keep_creator", true}});
  CHECK(maria.ask(200, "GET", "/workflows/" + owned.workflow).at("creator") == owned.owner.id());
}
