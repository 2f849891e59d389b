// The seed page's rules on whose accounts count, and on who edits a workflow.
#include <catch2/catch.hpp>

#include "tests/promises/seed/seed_world.hpp"

using nlohmann::json;
using promises::CallsSince;
using promises::code_of;
using promises::new_response_id;
using promises::Person;
using promises::SeedBrand;
using promises::task_of;
using support::HttpAnswer;

namespace {

json score_called(const std::string& name) {
  json document = json::parse(promises::keep_score);
  document["name"] = name;
  return document;
}

std::string project_of(const Person& person, const std::string& workflow) {
  return person.ask(200, "GET", "/workflows/" + workflow).at("project");
}

std::vector<std::string> unread_kinds(const Person& person) {
  std::vector<std::string> kinds;
  const json told = person.ask(200, "GET", "/notices?unread=true");
  for (const json& notice : told.at("notices")) kinds.push_back(notice.at("kind"));
  return kinds;
}

// Ana owns and has created a workflow that runs on her personal account; Ben may edit it.
struct SharedWorkflow {
  SeedBrand brand;
  Person ana = brand.add_person("ana");
  Person ben = brand.add_person("ben");
  std::string account = brand.link(ana, brand.production, {{"name", "Ana's CRM"}});
  std::string workflow = brand.running_workflow(ana, account);
  std::string project = project_of(ana, workflow);
  std::string path = "/workflows/" + workflow;

  SharedWorkflow() { brand.share_project(ana, project, ben); }

  json acknowledged_edit(const json& document = score_called("Edited by Ben")) const {
    return ben.ask(200, "PUT", path, {{"document", document}, {"acknowledge", true}});
  }
  json binding(const std::string& alias = "crm") const { return ana.ask(200, "GET", path).at("accounts").at(alias); }
};

void check_ways_out(const std::string& text) {
  for (const char* way : {"transfer", "owner", "link", "admin", "share"}) CHECK_THAT(text, Catch::Contains(way));
}

}  // namespace

TEST_CASE("S12: the creator saves without being asked; anybody else is told first, and has changed nothing") {
  const SharedWorkflow shared;
  CHECK(shared.ana.ask(200, "PUT", shared.path, {{"document", score_called("By Ana")}}).at("invalidated").empty());
  const CallsSince calls(shared.brand.production);

  const json edit{{"document", score_called("By Ben")}};
  const json preview = shared.ben.ask(200, "PUT", shared.path + "?preview=true", edit);
  const json refused = shared.ben.ask(409, "PUT", shared.path, edit);

  CHECK(refused.at("code") == "edit_would_invalidate");
  CHECK(refused.at("invalidates") == preview.at("invalidates"));
  REQUIRE(preview.at("invalidates").size() == 1);
  CHECK(preview.at("invalidates").at(0).at("alias") == "crm");
  CHECK(shared.ana.ask(200, "GET", shared.path).at("name") == "By Ana");
  CHECK(shared.binding().at("awaits_reauthentication") == false);
  CHECK(calls.count() == 0);
}

TEST_CASE("S12: what is no edit asks nobody: renaming, enabling and binding") {
  const SharedWorkflow shared;
  shared.ben.ask(200, "PATCH", shared.path, {{"name", "Renamed by Ben"}});
  shared.ben.ask(200, "POST", shared.path + "/disable");
  shared.ben.ask(200, "POST", shared.path + "/enable");
  CHECK(shared.binding().at("awaits_reauthentication") == false);
  CHECK(shared.ana.ask(200, "GET", shared.path).at("version") == 1);
}

TEST_CASE("S13: an acknowledged edit invalidates exactly what was foretold, and everybody concerned hears of it") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  json document = score_called("Two accounts");
  document["tasks"]["second"] = document["tasks"]["answer"];
  document["tasks"]["second"]["account"] = "erp";
  shared.ana.ask(200, "PUT", shared.path, {{"document", document}});
  brand.bind(shared.ana, shared.workflow, "erp", brand.link_server(brand.sandbox, "brand"));
  document["name"] = "By Ben";

  const json pushed = shared.acknowledged_edit(document);
  REQUIRE(pushed.at("invalidated").size() == 1);
  CHECK(pushed.at("invalidated").at(0).at("alias") == "crm");
  CHECK(shared.binding("crm").at("awaits_reauthentication") == true);
  CHECK(shared.binding("erp").at("awaits_reauthentication") == false);

  const CallsSince calls(brand.production);
  const std::string response = new_response_id();
  const json run =
      brand.held_run(shared.ana, brand.deliver(shared.ana, shared.workflow, response), "awaits_reauthentication");
  CHECK(task_of(run, "answer").at("state") == "held");
  CHECK(task_of(run, "second").at("state") == "succeeded");
  CHECK(calls.count() == 0);

  CHECK(unread_kinds(shared.ana) == std::vector<std::string>{"edit_invalidated"});
  const json audit = brand.admin.ask(200, "GET", "/audit?what=workflow.published&who=" + shared.ben.id());
  REQUIRE(audit.at("entries").size() == 1);
  CHECK(audit.at("entries").at(0).at("subject") == shared.workflow);
  CHECK(audit.at("entries").at(0).at("details").at("version") == 3);
  CHECK(audit.at("entries").at(0).at("details").at("invalidated") == json{"crm"});

  shared.ana.ask(200, "POST", shared.path + "/adopt");
  brand.run_when(shared.ana, run.at("id"), "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE(
    "S31: the project owner's accounts count, the owner's own and those shared with the owner, never the editor's") {
  const SeedBrand brand;
  const Person owner = brand.add_person("owner"), editor = brand.add_person("editor");
  const std::string project = brand.add_project(owner);
  brand.share_project(owner, project, editor);
  struct Choice {
    const char* what;
    std::string account;
    const Person& binds;
    int status;
  };
  const Choice choices[] = {
      {"the owner's own", brand.link(owner, brand.production), owner, 200},
      {"shared with the owner", brand.link_server(brand.production, owner.id()), owner, 200},
      {"shared with both, bound by the editor", brand.link_server(brand.production, "brand"), editor, 200},
      {"the editor's own", brand.link(editor, brand.production), editor, 409},
      {"shared with the editor", brand.link_server(brand.production, editor.id()), editor, 409},
  };
  for (const Choice& choice : choices) {
    INFO(choice.what);
    const std::string workflow = brand.push(owner, project);
    const std::string path = "/workflows/" + workflow;
    const HttpAnswer bound = choice.binds.call("PUT", path + "/bindings/crm", {{"account", choice.account}});
    CHECK(bound.status == choice.status);
    if (choice.status == 409) CHECK(code_of(bound) == "account_not_the_owners");
    CHECK(owner.call("POST", path + "/enable").status == choice.status);
    if (choice.status == 409) continue;
    const std::string response = new_response_id();
    brand.run_when(owner, brand.deliver(owner, workflow, response), "succeeded");
    CHECK(brand.kept_scores(brand.production, response) == 1);
  }
}

TEST_CASE(
    "S32: a collaborator builds the mapping and cannot enable it; the refusals name the ways out, and each works") {
  const SeedBrand brand;
  const Person owner = brand.add_person("owner"), builder = brand.add_person("builder");
  const std::string project = brand.add_project(owner);
  brand.share_project(owner, project, builder);
  const std::string own = brand.link(builder, brand.production);
  const std::string workflow = brand.push(builder, project);
  const std::string path = "/workflows/" + workflow;

  const HttpAnswer bound = builder.call("PUT", path + "/bindings/crm", {{"account", own}});
  CHECK(code_of(bound) == "account_not_the_owners");
  check_ways_out(json::parse(bound.body).at("detail"));
  const json refused = builder.ask(409, "POST", path + "/enable");
  check_ways_out(refused.at("refusals").at(0).at("verdict").at("lifted_by"));

  SECTION("the project is handed to whoever has an account") {
    owner.ask(200, "POST", "/projects/" + project + "/transfer", {{"to", builder.id()}});
    brand.bind(builder, workflow, "crm", own);
  }
  SECTION("the owner links") { brand.bind(owner, workflow, "crm", brand.link(owner, brand.production)); }
  SECTION("an admin shares an account with the owner") {
    brand.bind(owner, workflow, "crm", brand.link_server(brand.production, owner.id()));
  }
  CHECK(builder.ask(200, "POST", path + "/enable").at("enabled") == true);
}

TEST_CASE("S32: after a transfer the new owner's accounts are asked for, and the old owner's binding holds its runs") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  shared.ana.ask(200, "POST", "/projects/" + shared.project + "/transfer", {{"to", shared.ben.id()}});
  const CallsSince calls(brand.production);
  const std::string response = new_response_id();

  const std::string run = brand.deliver(shared.ben, shared.workflow, response);
  brand.held_run(shared.ben, run, "account_not_the_owners");
  CHECK(calls.count() == 0);

  brand.bind(shared.ben, shared.workflow, "crm", brand.link(shared.ben, brand.production));
  brand.run_when(shared.ben, run, "succeeded");
  CHECK(brand.kept_scores(brand.production, response) == 1);
}

TEST_CASE("S33: an editor proves access by a login to the same org, of which nothing is kept") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  shared.acknowledged_edit();
  const std::string run = brand.deliver(shared.ana, shared.workflow, new_response_id());
  brand.held_run(shared.ana, run, "awaits_reauthentication");
  const std::string user = brand.add_salesforce_user(brand.production);
  const CallsSince calls(brand.production);

  const json proved =
      brand.log_in(shared.ben, brand.production, {{"purpose", "reauthenticate"}, {"workflow", shared.workflow}}, user);

  CHECK(proved.at("state") == "done");
  CHECK_FALSE(proved.contains("account"));
  CHECK(calls.count("path=/services/oauth2/revoke&status=200") == 1);
  CHECK(shared.ben.ask(200, "GET", "/accounts").at("accounts").empty());
  CHECK(shared.binding().at("id") == shared.account);
  brand.run_when(shared.ana, run, "succeeded");
  CHECK(calls.count("method=PATCH&user=" + user) == 0);
}

TEST_CASE(
    "S33: a login to another org proves nothing: it is refused with both orgs named, and the run goes on waiting") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  shared.acknowledged_edit();
  const std::string run = brand.deliver(shared.ana, shared.workflow, new_response_id());
  brand.next_login_leads_to(brand.other);

  const json refused =
      brand.log_in(shared.ben, brand.production, {{"purpose", "reauthenticate"}, {"workflow", shared.workflow}});

  CHECK(refused.at("state") == "refused");
  CHECK(refused.at("error").at("code") == "wrong_org");
  for (const std::string& org : {brand.production.org_id(), brand.other.org_id()})
    CHECK_THAT(refused.at("error").at("message").get<std::string>(), Catch::Contains(org));
  brand.held_run(shared.ana, run, "awaits_reauthentication");
  CHECK(shared.binding().at("awaits_reauthentication") == true);
}

TEST_CASE("S34: enabling, the gate, a transfer's plan and every run name account, environment and org beforehand") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  const std::string org = brand.production.org_id();
  const auto check_names = [&](const json& told, const char* name) {
    INFO(told.dump());
    CHECK(told.at(name) == "Ana's CRM");
    CHECK(told.at("environment") == "production");
    CHECK(told.at("org_id") == org);
  };

  const json enabled = shared.ana.ask(200, "POST", shared.path + "/enable");
  check_names(enabled.at("accounts").at("crm"), "name");
  const json gate = shared.ana.ask(200, "GET", shared.path + "/gate");
  check_names(gate.at("tasks").at(0).at("diagnosis"), "account");
  const json planned = shared.ana.ask(200, "POST", "/projects/" + shared.project + "/transfer",
                                      {{"to", shared.ben.id()}, {"plan", true}});
  check_names(planned.at("plan").at("accounts").at(0), "name");
  const std::string run = brand.deliver(shared.ana, shared.workflow, new_response_id());
  const json over = brand.run_when(shared.ana, run, "succeeded");
  check_names(task_of(over, "answer").at("account").at("linked"), "name");
}

TEST_CASE("S34: a failed run tells with whom the project is shared, owner, creator, account, org, user, last success") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  brand.production.add_fault(
      R"({"method":"PATCH","path_contains":"Survey_Response__c","status":400,"code":"FIELD_CUSTOM_VALIDATION_EXCEPTION"})");
  const std::string run = brand.deliver(shared.ana, shared.workflow, new_response_id());

  const json failed = brand.run_when(shared.ana, run, "failed");

  const json& told = task_of(failed, "answer").at("diagnosis");
  CHECK(told.at("collaborators") == json{{{"user", shared.ben.id()}, {"right", "edit"}}});
  CHECK(told.at("owner") == shared.ana.id());
  CHECK(told.at("creator") == shared.ana.id());
  CHECK(told.at("account") == "Ana's CRM");
  CHECK(told.at("environment") == "production");
  CHECK(told.at("org_id") == brand.production.org_id());
  CHECK(told.at("salesforce_user") == brand.account(shared.ana, shared.account).at("salesforce_user"));
  CHECK(told.contains("last_success"));
}

TEST_CASE("S34: of a personal account whoever does not hold it is told environment and org, and no more") {
  const SharedWorkflow shared;
  const SeedBrand& brand = shared.brand;
  shared.acknowledged_edit();
  const std::string run = brand.deliver(shared.ana, shared.workflow, new_response_id());
  brand.held_run(shared.ana, run, "awaits_reauthentication");
  const json account = brand.account(shared.ana, shared.account);

  for (const Person& reader : {shared.ben, brand.admin}) {
    const json document = reader.ask(200, "GET", "/runs/" + run);
    const json& told = task_of(document, "answer").at("held").at("diagnosis");
    CHECK(told.at("environment") == "production");
    CHECK(told.at("org_id") == brand.production.org_id());
    for (const char* secret : {"id", "name", "salesforce_user", "salesforce_username"})
      CHECK(document.dump().find(account.at(secret).get<std::string>()) == std::string::npos);
  }
}
