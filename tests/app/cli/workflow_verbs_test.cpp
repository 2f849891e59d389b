// Verbs about workflows, against a scripted server.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/cli/scripted_api.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Ended;
using test::ScriptedApi;

const std::string starter_workflow = test::source_path("samples/starter/workflow.json");

bool tells(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A server that holds the starter once, in one project.
struct WorkflowApi : ScriptedApi {
  WorkflowApi() {
    answers("GET /projects", 200, R"({"projects":[{"id":"prj_1","name":"CRM","owner":"usr_1"}]})");
    answers(
        "GET /workflows", 200,
        R"({"workflows":[{"id":"wfl_1","name":"Starter","project":"prj_1","enabled":true,"version":3,"bindings":{"crm":"acc_1"}}]})");
    answers("GET /accounts", 200, R"({"accounts":[{"id":"acc_1","name":"CRM sandbox"}]})");
  }
};

}  // namespace

TEST_CASE("push checks the file first and sends nothing that is broken") {
  WorkflowApi api;
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("flow.json"),
                   R"({"name":"x","trigger":{"type":"survey_response"},"tasks":{"a":{"type":"salesforce_fnd"}}})");
  const Ended ended = api.run({"workflows", "push", directory.file("flow.json")});
  CHECK(ended.code == 65);
  CHECK(tells(ended.complaint, "salesforce_find"));
  CHECK(api.asked().empty());
}

TEST_CASE("push makes a new version of the workflow that has the document's name") {
  WorkflowApi api;
  api.answers("PUT /workflows/wfl_1", 200, R"({"workflow":"wfl_1","version":4,"changed":true,"invalidated":[]})");
  const Ended ended = api.run({"workflows", "push", starter_workflow, "--message", "why", "--base", "3"});
  CHECK(ended.code == 0);
  CHECK(ended.output == "Pushed Starter: version 4 is live.\n");
  const json body = json::parse(api.last("PUT /workflows/wfl_1").body);
  CHECK(body["message"] == "why");
  CHECK(body["base_version"] == 3);
  CHECK(body["document"] == test::read_file(starter_workflow));  // byte for byte
}

TEST_CASE("push makes a workflow where there is none of that name, in the only project there is") {
  WorkflowApi api;
  api.answers("GET /workflows", 200, R"({"workflows":[]})");
  api.answers("POST /workflows", 201, R"({"workflow":{"id":"wfl_9","name":"Starter"},"version":1})");
  const Ended ended = api.run({"workflows", "push", starter_workflow});
  CHECK(ended.code == 0);
  CHECK(json::parse(api.last("POST /workflows").body)["project"] == "prj_1");
  CHECK(tells(ended.output, "sluice workflows bind wfl_9 ALIAS=ACCOUNT"));
  api.answers("GET /projects", 200, R"({"projects":[{"id":"prj_1","name":"A"},{"id":"prj_2","name":"B"}]})");
  CHECK(api.run({"workflows", "push", starter_workflow}).code == 64);
}

TEST_CASE("an edit that would invalidate logins says which, and the three ways on, and ends with 77") {
  WorkflowApi api;
  api.answers("PUT /workflows/wfl_1", 409,
              R"({"code":"edit_would_invalidate","detail":"the edit would invalidate 1 binding","invalidates":[
                {"alias":"crm","account":"acc_1","environment":"sandbox","org_id":"00D000000000001","why":"personal account of the owner"}]})");
  const Ended ended = api.run({"workflows", "push", starter_workflow});
  CHECK(ended.code == 77);
  CHECK(tells(ended.complaint, "[edit_would_invalidate]"));
  CHECK(tells(ended.complaint, "crm    CRM sandbox  sandbox      00D000000000001  personal account of the owner"));
  for (const char* way : {"--acknowledge", "--propose", "ask the creator"}) CHECK(tells(ended.complaint, way));
  const Ended told = api.run({"workflows", "push", starter_workflow, "--json"});
  CHECK(told.code == 77);
  CHECK(json::parse(told.output)["error"]["problem"]["invalidates"][0]["alias"] == "crm");
}

TEST_CASE("push --propose and --acknowledge are handed on") {
  WorkflowApi api;
  api.answers("PUT /workflows/wfl_1", 200, R"({"workflow":"wfl_1","version":3,"proposal":5,"invalidated":[]})");
  const Ended proposed = api.run({"workflows", "push", starter_workflow, "--propose"});
  CHECK(tells(proposed.output, "sluice workflows adopt wfl_1 --proposal 5"));
  CHECK(json::parse(api.last("PUT /workflows/wfl_1").body)["propose"] == true);
  api.answers("PUT /workflows/wfl_1", 200,
              R"({"workflow":"wfl_1","version":4,"invalidated":[{"alias":"crm","account":"acc_1","why":"personal"}]})");
  const Ended pushed = api.run({"workflows", "push", starter_workflow, "--acknowledge"});
  CHECK(json::parse(api.last("PUT /workflows/wfl_1").body)["acknowledge"] == true);
  CHECK(tells(pushed.output, "sluice accounts reauthenticate wfl_1"));
}

TEST_CASE("push --check changes nothing, and says what the org would refuse and where, ending with 65") {
  WorkflowApi api;
  api.answers("PUT /workflows/wfl_1", 200, R"({"workflow":"wfl_1","invalidates":[],"findings":[
      {"code":"mapping_field_unknown","severity":"error","line":9,"column":5,"pointer":"/tasks/a/with/fields/Old__c",
       "message":"Contact has no field 'Old__c'","hint":"did you mean 'Odd__c'?"}]})");
  const Ended refused = api.run({"workflows", "push", starter_workflow, "--check"});
  CHECK(refused.code == 65);
  CHECK(tells(api.last("PUT /workflows/wfl_1").target, "preview=true"));
  CHECK(tells(refused.complaint,
              ":9:5: /tasks/a/with/fields/Old__c: Contact has no field 'Old__c' · did you mean "
              "'Odd__c'? [mapping_field_unknown]"));
  CHECK(tells(refused.output, "would be refused; nothing has changed"));

  api.answers("PUT /workflows/wfl_1", 200, R"({"workflow":"wfl_1","invalidates":[
      {"alias":"crm","account":"acc_1","environment":"sandbox","org_id":"00D000000000001","why":"personal"}],"findings":[]})");
  const Ended sound = api.run({"workflows", "push", starter_workflow, "--check"});
  CHECK(sound.code == 0);
  CHECK(tells(sound.output, "could be pushed; nothing has changed"));
  CHECK(tells(sound.output, "CRM sandbox"));
}

TEST_CASE("pull gives the document byte for byte, to stdout or into a file") {
  WorkflowApi api;
  const std::string document = "{\n\t\"name\":   \"Starter\" }\n\n";
  api.answers("GET /workflows/wfl_1/document", 200, document);
  CHECK(api.run({"workflows", "pull", "starter"}).output == document);
  const test::TemporaryDirectory directory;
  CHECK(api.run({"workflows", "pull", "starter", "--version", "2", "-o", directory.file("flow.json")}).code == 0);
  CHECK(test::read_file(directory.file("flow.json")) == document);
  CHECK(tells(api.last("GET /workflows/wfl_1/document").target, "version=2"));
}

TEST_CASE("diff against a file ends with 2 where they differ and shows each place with both sides") {
  WorkflowApi api;
  api.answers("GET /workflows/wfl_1/document", 200, R"({"name":"Starter","tasks":{"a":{"type":"x"},"b":{}}})");
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("same.json"), R"({"tasks":{"b":{},"a":{"type":"x"}},"name":"Starter"})");
  test::write_file(directory.file("other.json"), R"({"name":"Starter","tasks":{"a":{"type":"y"},"c":{}}})");
  CHECK(api.run({"workflows", "diff", "starter", directory.file("same.json")}).code == 0);
  const Ended ended = api.run({"workflows", "diff", "starter", directory.file("other.json")});
  CHECK(ended.code == 2);
  CHECK(ended.output ==
        "/tasks/a/type\n  - \"x\"\n  + \"y\"\n"
        "/tasks/b\n  - {}\n"
        "/tasks/c\n  + {}\n");
}

TEST_CASE("bind finds accounts by name, and says what went on by it") {
  WorkflowApi api;
  api.answers("PUT /workflows/wfl_1/bindings/crm", 200, R"({"alias":"crm","account":"acc_1","released":2})");
  const Ended ended = api.run({"workflows", "bind", "Starter", "crm=CRM sandbox"});
  CHECK(ended.code == 0);
  CHECK(ended.output == "crm means CRM sandbox now · 2 held runs go on.\n");
  CHECK(json::parse(api.last("PUT /workflows/wfl_1/bindings/crm").body) == json{{"account", "acc_1"}});
  CHECK(api.run({"workflows", "bind", "Starter", "crm"}).code == 64);
}

TEST_CASE("enable says every reason why not, at once, and ends with 77") {
  WorkflowApi api;
  api.answers("POST /workflows/wfl_1/enable", 409,
              R"({"code":"enable_refused","detail":"the gate does not let all of its tasks through","refusals":[
                {"task":"find","alias":"crm","verdict":{"allowed":false,"code":"account_not_linked","message":"it is bound to no account","lifted_by":"the owner binds one"},"diagnosis":{}},
                {"task":"save","alias":"erp","verdict":{"allowed":false,"code":"wrong_org","message":"it is another org"},"diagnosis":{"environment":"sandbox","org_id":"00D000000000001"}}]})");
  const Ended ended = api.run({"workflows", "enable", "Starter"});
  CHECK(ended.code == 77);
  CHECK(tells(ended.complaint, "find (crm): it is bound to no account [account_not_linked]"));
  CHECK(tells(ended.complaint, "way out: the owner binds one"));
  CHECK(tells(ended.complaint, "save (erp): it is another org [wrong_org]"));
  CHECK(tells(ended.complaint, "on: sandbox · 00D000000000001"));
}

TEST_CASE("workflows list names projects and accounts") {
  WorkflowApi api;
  CHECK(api.run({"workflows", "list"}).output ==
        "NAME     PROJECT  STATE      VERSION  BINDINGS         ID\n"
        "Starter  CRM      ✓ enabled  3        crm=CRM sandbox  wfl_1\n");
}

TEST_CASE("the creator adopts or declines a proposal by its number") {
  WorkflowApi api;
  api.answers("POST /workflows/wfl_1/proposals/5/adopt", 200, R"({"workflow":"wfl_1","version":4})");
  api.answers("POST /workflows/wfl_1/proposals/6/decline", 200, "{}");
  api.answers("POST /workflows/wfl_1/adopt", 200, R"({"workflow":"wfl_1","version":4})");
  CHECK(tells(api.run({"workflows", "adopt", "Starter", "--proposal", "5"}).output, "version 4 is live"));
  CHECK(api.run({"workflows", "decline", "Starter", "--proposal", "6"}).code == 0);
  CHECK(api.run({"workflows", "adopt", "Starter"}).code == 0);
}

TEST_CASE("pushing what is live already says that nothing has changed") {
  WorkflowApi api;
  api.answers("PUT /workflows/wfl_1", 200, R"({"workflow":"wfl_1","version":3,"changed":false,"invalidated":[]})");
  CHECK(tells(api.run({"workflows", "push", starter_workflow}).output, "version 3 stays live"));
}

TEST_CASE("history names authors and tells live versions from proposals") {
  WorkflowApi api;
  api.answers("GET /users", 200, R"({"users":[{"id":"usr_1","name":"maria"}]})");
  api.answers(
      "GET /workflows/wfl_1/versions", 200,
      R"({"versions":[{"number":2,"kind":"proposal","live":false,"author":"usr_1","message":"try","created_at":"2026-05-02T10:00:00.000Z","decision":"declined"},
                {"number":1,"kind":"pushed","live":true,"author":"usr_1","message":"","created_at":"2026-05-01T10:00:00.000Z"}]})");
  CHECK(api.run({"workflows", "history", "Starter"}).output ==
        "VERSION  WHEN                  BY     MESSAGE  STATE\n"
        "2        2026-05-02 10:00 UTC  maria  try      declined\n"
        "1        2026-05-01 10:00 UTC  maria           live\n");
}
