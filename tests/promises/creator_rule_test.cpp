// The creator rule through the running server: an edit by somebody else stops exactly what it invalidates, the org
// hears nothing meanwhile, and every way out lets the runs go on.
#include <catch2/catch.hpp>

#include "tests/promises/people_of_world.hpp"

using nlohmann::json;
using promises::keep_score;
using promises::OwnedWorld;
using promises::Person;
using promises::SurveyResponse;
using promises::task_of;

namespace {

int kept_scores(const OwnedWorld& owned) { return owned.world.org.count("SELECT Id FROM Survey_Response__c"); }

json push(const OwnedWorld& owned, const Person& person, int status, const std::string& name, json more = {}) {
  json body{{"document", owned.edited(name)}};
  body.update(more.is_null() ? json::object() : more);
  return person.ask(status, "PUT", "/workflows/" + owned.workflow, body);
}

std::vector<std::string> kinds_of_notices(const Person& person) {
  std::vector<std::string> kinds;
  const json told = person.ask(200, "GET", "/notices?unread=true");
  for (const json& notice : told.at("notices")) kinds.push_back(notice.at("kind"));
  return kinds;
}

}  // namespace

TEST_CASE(
    "S12: the creator's saves never ask; somebody else's is told first what it would invalidate, and changes nothing") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria");

  CHECK(push(owned, owned.owner, 200, "By the creator").at("invalidated").empty());

  const json preview =
      maria.ask(200, "PUT", "/workflows/" + owned.workflow + "?preview=true", {{"document", owned.edited("By maria")}});
  REQUIRE(preview.at("invalidates").size() == 1);
  CHECK(preview.at("invalidates").at(0).at("alias") == "crm");
  CHECK(preview.at("invalidates").at(0).at("environment") == "production");

  const json refused = push(owned, maria, 409, "By maria");
  CHECK(refused.at("code") == "edit_would_invalidate");
  CHECK(refused.at("invalidates") == preview.at("invalidates"));
  CHECK(maria.ask(200, "GET", "/workflows/" + owned.workflow).at("name") == "By the creator");

  owned.world.server.run_when(owned.accepted_run("R_1"), "succeeded");
  CHECK(kept_scores(owned) == 1);
}

TEST_CASE(
    "S13: an acknowledged edit makes exactly its bindings await, tells creator and owner, and the org hears nothing") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria");

  const json pushed = push(owned, maria, 200, "By maria", {{"acknowledge", true}});
  CHECK(pushed.at("invalidated").at(0).at("alias") == "crm");
  const std::string run = owned.accepted_run("R_1");
  const json held = owned.world.server.run_when(run, "held");

  CHECK(held.at("code") == "awaits_reauthentication");
  const json& hold = task_of(held, "answer").at("held");
  CHECK_THAT(hold.at("message").get<std::string>(), Catch::Contains("version 2") && Catch::Contains(maria.id()));
  CHECK_THAT(hold.at("lifted_by").get<std::string>(), Catch::Contains("adopt"));
  CHECK(task_of(held, "answer").at("attempts").empty());
  CHECK(owned.world.org.calls("") == 0);
  CHECK(kinds_of_notices(owned.owner) == std::vector<std::string>{"edit_invalidated"});
  const json bound = owned.owner.ask(200, "GET", "/workflows/" + owned.workflow).at("accounts").at("crm");
  CHECK(bound.at("awaits_reauthentication") == true);
  CHECK(bound.at("awaits_editor") == maria.id());
  CHECK(bound.at("awaits_version") == 2);

  SECTION("the creator adopts the version") {
    CHECK(maria.ask(403, "POST", "/workflows/" + owned.workflow + "/adopt").at("code") == "creator_only");
    CHECK(owned.owner.ask(200, "POST", "/workflows/" + owned.workflow + "/adopt").at("released") == 1);
  }
  SECTION("the creator pushes a version of the own") { push(owned, owned.owner, 200, "By the creator again"); }
  SECTION("the owner binds again") {
    owned.owner.ask(200, "PUT", "/workflows/" + owned.workflow + "/bindings/crm", {{"account", owned.account}});
  }
  owned.world.server.run_when(run, "succeeded");
  CHECK(kept_scores(owned) == 1);
}

TEST_CASE("an editor who may use the shared account asks nobody, and a hold outlives the program") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria");
  owned.owner.ask(200, "POST", "/accounts/" + owned.account + "/shares", {{"with", maria.id()}});
  CHECK(push(owned, maria, 200, "By maria, who may").at("invalidated").empty());
  owned.world.org.forget_calls();  // saving asks the org whether it takes what is written

  owned.owner.ask(200, "DELETE", "/accounts/" + owned.account + "/shares", {{"with", maria.id()}});
  push(owned, maria, 200, "By maria, who may no more", {{"acknowledge", true}});
  const std::string run = owned.accepted_run("R_1");
  owned.world.server.run_when(run, "held");
  owned.world.server.kill();
  REQUIRE(owned.world.server.start());
  CHECK(owned.world.server.run_when(run, "held").at("code") == "awaits_reauthentication");
  CHECK(owned.world.org.calls("") == 0);

  owned.owner.ask(200, "POST", "/workflows/" + owned.workflow + "/adopt");
  owned.world.server.run_when(run, "succeeded");
}

TEST_CASE("a proposal harms nothing: the live version goes on until the creator adopts it") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria");
  const std::string proposals = "/workflows/" + owned.workflow + "/proposals";

  const json proposed = push(owned, maria, 201, "Proposed", {{"propose", true}, {"message", "a better name"}});
  CHECK(proposed.at("proposal") == 2);
  owned.world.server.run_when(owned.accepted_run("R_1"), "succeeded");
  CHECK(kinds_of_notices(owned.owner) == std::vector<std::string>{"proposal_made"});
  const json listed = owned.owner.ask(200, "GET", proposals + "?open=true").at("proposals");
  REQUIRE(listed.size() == 1);
  CHECK(listed.at(0).at("message") == "a better name");

  CHECK(maria.ask(403, "POST", proposals + "/2/adopt").at("code") == "creator_only");
  CHECK(owned.owner.ask(200, "POST", proposals + "/2/adopt").at("version") == 2);

  CHECK(owned.owner.ask(200, "GET", "/workflows/" + owned.workflow).at("name") == "Proposed");
  CHECK(kinds_of_notices(maria) == std::vector<std::string>{"proposal_adopted"});
  CHECK(owned.owner.ask(409, "POST", proposals + "/2/adopt").at("code") == "proposal_decided");
  owned.world.server.run_when(owned.accepted_run("R_2"), "succeeded");
}

TEST_CASE("a proposal whose base has moved is refused, and one that is declined changes nothing") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria");
  const std::string proposals = "/workflows/" + owned.workflow + "/proposals";
  push(owned, maria, 201, "Proposed", {{"propose", true}});
  push(owned, owned.owner, 200, "Meanwhile");

  CHECK(owned.owner.ask(409, "POST", proposals + "/2/adopt").at("code") == "version_moved");
  CHECK(push(owned, owned.owner, 409, "Late", {{"base_version", 1}}).at("code") == "version_moved");
  CHECK(owned.owner.ask(200, "POST", proposals + "/2/decline").at("decision") == "declined");

  CHECK(kinds_of_notices(maria) == std::vector<std::string>{"proposal_declined"});
  CHECK(owned.owner.ask(200, "GET", "/workflows/" + owned.workflow).at("name") == "Meanwhile");
  const json versions = owned.owner.ask(200, "GET", "/workflows/" + owned.workflow + "/versions").at("versions");
  CHECK(versions.size() == 3);
  CHECK(versions.at(0).at("live") == true);
}

TEST_CASE("a document comes back byte for byte, and two versions are compared by pointer") {
  OwnedWorld owned(keep_score);
  const std::string text = std::string("\n  ") + keep_score + "  \n";
  owned.owner.ask(200, "PUT", "/workflows/" + owned.workflow, {{"document", text}});
  CHECK(owned.owner.call("GET", "/workflows/" + owned.workflow + "/document").body == keep_score);

  json document = json::parse(keep_score);
  document["tasks"]["answer"]["retry"] = {{"attempts", 3}};
  owned.owner.ask(200, "PUT", "/workflows/" + owned.workflow, {{"document", document.dump(4)}});
  CHECK(owned.owner.call("GET", "/workflows/" + owned.workflow + "/document").body == document.dump(4));

  const json changes = owned.owner.ask(200, "GET", "/workflows/" + owned.workflow + "/diff?from=1").at("changes");
  REQUIRE(changes.size() == 1);
  CHECK(changes.at(0) == json{{"op", "add"}, {"path", "/tasks/answer/retry"}, {"to", {{"attempts", 3}}}});
}

TEST_CASE(
    "S9: a pushed workflow is not enabled before each of its tasks has an account, and is told all reasons at once") {
  OwnedWorld owned(keep_score);
  json document = json::parse(keep_score);
  document["tasks"]["second"] = document["tasks"]["answer"];
  document["tasks"]["second"]["account"] = "other";
  const json made = owned.owner.ask(201, "POST", "/workflows", {{"project", owned.project}, {"document", document}});
  const std::string path = "/workflows/" + made.at("workflow").at("id").get<std::string>();

  const json refused = owned.owner.ask(409, "POST", path + "/enable");
  CHECK(refused.at("code") == "enable_refused");
  REQUIRE(refused.at("refusals").size() == 2);
  for (const json& refusal : refused.at("refusals")) {
    CHECK(refusal.at("verdict").at("code") == "account_not_linked");
    CHECK(refusal.at("diagnosis").at("owner") == owned.owner.id());
  }

  for (const char* alias : {"crm", "other"})
    owned.owner.ask(200, "PUT", path + "/bindings/" + alias, {{"account", owned.account}});
  CHECK(owned.owner.ask(200, "POST", path + "/enable").at("enabled") == true);
  const json gate = owned.owner.ask(200, "GET", path + "/gate");
  for (const json& task : gate.at("tasks")) CHECK(task.at("verdict").at("grounds") == owned.owner.id());
}

TEST_CASE("a copy keeps the mapping, and of the bindings those that the copier may use") {
  OwnedWorld owned(keep_score);
  const Person maria = owned.add_person("maria");
  const std::string path = "/workflows/" + owned.workflow + "/copy";

  const json by_maria = maria.ask(201, "POST", path, {{"name", "Maria's"}});
  const json by_owner = owned.owner.ask(201, "POST", path);

  CHECK(by_maria.at("creator") == maria.id());
  CHECK(by_maria.at("bindings").empty());
  CHECK(by_maria.at("enabled") == false);
  CHECK(by_owner.at("bindings").at("crm") == owned.account);
  CHECK(maria.call("GET", "/workflows/" + by_maria.at("id").get<std::string>() + "/document").body == keep_score);
}

TEST_CASE("S32: only an account that the project's owner may use can be bound; the refusal names the ways out") {
  OwnedWorld owned(keep_score);
  const json made = owned.owner.ask(201, "POST", "/accounts", json::parse(owned.world.org.account_document()));
  const std::string unshared = made.at("account").at("id");

  const json refused =
      owned.owner.ask(409, "PUT", "/workflows/" + owned.workflow + "/bindings/crm", {{"account", unshared}});

  CHECK(refused.at("code") == "account_not_the_owners");
  for (const char* way : {"transfer", "link", "share"})
    CHECK_THAT(refused.at("detail").get<std::string>(), Catch::Contains(way));
}

TEST_CASE("a removed workflow starts nothing any more, and its waiting runs are cancelled, not forgotten") {
  OwnedWorld owned(keep_score);
  CHECK(owned.owner.ask(409, "DELETE", "/workflows/" + owned.workflow).at("code") == "workflow_of_a_file");
  const json made =
      owned.owner.ask(201, "POST", "/workflows", {{"project", owned.project}, {"document", json::parse(keep_score)}});
  const std::string id = made.at("workflow").at("id");

  owned.owner.ask(204, "DELETE", "/workflows/" + id);

  CHECK(owned.owner.call("GET", "/workflows/" + id).status == 404);
}
