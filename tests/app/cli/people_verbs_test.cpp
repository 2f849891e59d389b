// Verbs about people and their server, against a scripted server: what they ask, what they show, how they end.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/app/cli/scripted_api.hpp"

namespace {

using nlohmann::json;
using test::Ended;
using test::ScriptedApi;

constexpr const char* two_users =
    R"({"users":[{"id":"usr_1","name":"maria","role":"brand_admin"},{"id":"usr_2","name":"ben","role":"user"}]})";

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("users list shows an aligned table, and --json the server's own words") {
  ScriptedApi api;
  api.answers("GET /users", 200, two_users);
  CHECK(api.run({"users", "list"}).output ==
        "NAME   ROLE         ID\n"
        "maria  brand_admin  usr_1\n"
        "ben    user         usr_2\n");
  CHECK(json::parse(api.run({"users", "list", "--json"}).output) == json::parse(two_users));
  CHECK(api.last("GET /users").authorization == "Bearer slt_mine");
}

TEST_CASE("a list is read to its last page") {
  ScriptedApi api;
  api.on("GET /users", [](const test::Asked& asked) -> std::pair<int, std::string> {
    if (says(asked.target, "after=c%2F1")) return {200, R"({"users":[{"id":"usr_2","name":"ben","role":"user"}]})"};
    return {200, R"({"users":[{"id":"usr_1","name":"maria","role":"user"}],"next":"c/1"})"};
  });
  const json list = json::parse(api.run({"users", "list", "--json"}).output);
  REQUIRE(list["users"].size() == 2);
  CHECK(list["users"][1]["name"] == "ben");
}

TEST_CASE("an empty list says what to do next") {
  ScriptedApi api;
  api.answers("GET /groups", 200, R"({"groups":[]})");
  CHECK(api.run({"groups", "list"}).output == "No groups. Add one: sluice groups add NAME\n");
}

TEST_CASE("users add shows the token once, as the server gave it") {
  ScriptedApi api;
  api.answers("POST /users", 201, R"({"id":"usr_3","name":"eve","role":"user","token":"slt_eve"})");
  const Ended ended = api.run({"users", "add", "eve"});
  CHECK(ended.code == 0);
  CHECK(says(ended.output, "slt_eve"));
  CHECK(json::parse(api.last("POST /users").body) == json{{"name", "eve"}, {"role", "user"}});
}

TEST_CASE("a name stands for its id, whatever its case") {
  ScriptedApi api;
  api.answers("GET /users", 200, two_users);
  api.answers("PATCH /users/usr_2", 200, R"({"id":"usr_2","name":"ben","role":"brand_admin"})");
  CHECK(api.run({"users", "role", "Ben", "brand_admin"}).code == 0);
  CHECK(json::parse(api.last("PATCH /users/usr_2").body) == json{{"role", "brand_admin"}});
}

TEST_CASE("a name that several have is refused with all of them") {
  ScriptedApi api;
  api.answers(
      "GET /projects", 200,
      R"({"projects":[{"id":"prj_1","name":"CRM","owner":"usr_1"},{"id":"prj_2","name":"CRM","owner":"usr_2"}]})");
  const Ended ended = api.run({"projects", "remove", "CRM"});
  CHECK(ended.code == 65);
  CHECK(says(ended.complaint, "[name_ambiguous]"));
  CHECK(says(ended.complaint, "prj_1 · CRM · usr_1"));
  CHECK(says(ended.complaint, "prj_2 · CRM · usr_2"));
  CHECK(api.asked().size() == 1);
}

TEST_CASE("an unknown name is answered with the one that may be meant") {
  ScriptedApi api;
  api.answers("GET /users", 200, two_users);
  const Ended ended = api.run({"users", "show", "mari"});
  CHECK(ended.code == 1);
  CHECK(says(ended.complaint, "did you mean 'maria'?"));
}

TEST_CASE("a refusal is one sentence with code and next step, and its exit code tells its kind") {
  ScriptedApi api;
  const auto code_of = [&](int status) {
    api.answers("DELETE /users/usr_1", status, R"({"status":0,"code":"some_code","detail":"it is so"})");
    return api.run({"users", "remove", "usr_1"}).code;
  };
  CHECK(code_of(401) == 77);
  CHECK(code_of(403) == 77);
  CHECK(code_of(404) == 1);
  CHECK(code_of(409) == 1);
  CHECK(code_of(422) == 65);
  CHECK(code_of(429) == 75);
  CHECK(code_of(503) == 69);
  api.answers("DELETE /users/usr_1", 401, R"({"code":"token_unknown","detail":"send a known API token"})");
  const Ended ended = api.run({"users", "remove", "usr_1"});
  CHECK(says(ended.complaint, "sluice: send a known API token [token_unknown]\n        next: give a token"));
  const json told = json::parse(api.run({"users", "remove", "usr_1", "--json"}).output);
  CHECK(told["error"]["code"] == "token_unknown");
  CHECK(told["error"]["exit"] == 77);
}

TEST_CASE("without a server that is named or runs here, the verb says how to name one") {
  const Ended ended = test::run_program({"users", "list", "--data", "/nonexistent"});
  CHECK(ended.code == 69);
  CHECK(says(ended.complaint, "[server_unreachable]"));
  CHECK(says(ended.complaint, "--server"));
}

TEST_CASE("groups join and leave name group and user by name") {
  ScriptedApi api;
  api.answers("GET /users", 200, two_users);
  api.answers("GET /groups", 200, R"({"groups":[{"id":"grp_1","name":"Research","members":["usr_1"]}]})");
  api.answers("PUT /groups/grp_1/members/usr_2", 200, "{}");
  api.answers("DELETE /groups/grp_1/members/usr_2", 204, "");
  CHECK(api.run({"groups", "join", "research", "ben"}).code == 0);
  CHECK(api.run({"groups", "leave", "research", "ben"}).code == 0);
  CHECK(says(api.run({"groups", "list"}).output, "Research  maria"));
}

TEST_CASE("projects share gives a user a right") {
  ScriptedApi api;
  api.answers("GET /users", 200, two_users);
  api.answers("PUT /projects/prj_1/collaborators/usr_2", 200, R"({"user":"usr_2","right":"edit"})");
  CHECK(api.run({"projects", "share", "prj_1", "ben", "edit"}).code == 0);
  CHECK(json::parse(api.last("PUT /projects/prj_1/collaborators/usr_2").body) == json{{"right", "edit"}});
  CHECK(api.run({"projects", "share", "prj_1", "ben", "everything"}).code == 64);
}

TEST_CASE(
    "a transfer's plan shows every task before and after, changes nothing, and ends with 2 if something is lost") {
  ScriptedApi api;
  api.answers("GET /users", 200, two_users);
  api.answers("GET /projects", 200, R"({"projects":[{"id":"prj_1","name":"CRM","owner":"usr_1"}]})");
  api.answers("GET /accounts", 200, R"({"accounts":[{"id":"acc_1","name":"CRM sandbox"}]})");
  api.answers(
      "POST /projects/prj_1/transfer", 200,
      R"({"plan":{"workflows":[{"id":"wfl_1","name":"NPS","creator_before":"usr_1","creator_after":"usr_2","tasks":[
                {"task":"find","alias":"crm","account":"acc_1","environment":"sandbox","org_id":"00D000000000001","before":"allowed","after":"account_not_the_owners"}]}],
                "runs":{"queued":2,"held":1}},"applied":false,"released":0})");
  const Ended ended = api.run({"projects", "transfer", "CRM", "--to", "ben", "--plan"});
  CHECK(ended.code == 2);
  CHECK(says(ended.output, "creator maria -> ben"));
  CHECK(says(ended.output,
             "find  crm    CRM sandbox  sandbox      00D000000000001  ✓ may run  ✗ account_not_the_owners"));
  CHECK(says(ended.output, "2 queued, 1 held"));
  CHECK(json::parse(api.last("POST /projects/prj_1/transfer").body) ==
        json{{"to", "usr_2"}, {"keep_creator", false}, {"plan", true}});
  CHECK(api.run({"projects", "transfer", "CRM", "--to", "ben", "--apply", "--keep-creator"}).code == 0);
  CHECK(json::parse(api.last("POST /projects/prj_1/transfer").body) ==
        json{{"to", "usr_2"}, {"keep_creator", true}, {"plan", false}});
}

TEST_CASE("tokens are one's own unless a user is named") {
  ScriptedApi api;
  api.answers("GET /me", 200, R"({"kind":"user","user":{"id":"usr_1","name":"maria","role":"user"}})");
  api.answers("POST /users/usr_1/tokens", 201, R"({"id":"tok_1","label":"ci","token":"slt_new"})");
  api.answers("DELETE /users/usr_2/tokens/tok_9", 204, "");
  CHECK(says(api.run({"tokens", "add", "--label", "ci"}).output, "slt_new"));
  CHECK(api.run({"tokens", "revoke", "tok_9", "--user", "usr_2"}).code == 0);
}

TEST_CASE("license set needs to hear an extension, or that there is none") {
  ScriptedApi api;
  api.answers("PUT /license", 200, R"({"extensions":[],"released":0})");
  CHECK(api.run({"license", "set"}).code == 64);
  CHECK(api.run({"license", "set", "--none"}).code == 0);
  CHECK(json::parse(api.last("PUT /license").body) == json{{"extensions", json::array()}});
}

TEST_CASE("audit verify ends with 1 and names the first broken entry") {
  ScriptedApi api;
  api.answers("GET /audit/verify", 200, R"({"holds":true,"entries":12,"head":"ab12"})");
  const Ended whole = api.run({"audit", "verify"});
  CHECK(whole.code == 0);
  CHECK(says(whole.output, "ab12"));
  api.answers(
      "GET /audit/verify", 200,
      R"({"holds":false,"entries":6,"head":"ab12","first_broken":7,"fault":"its hash is not that of its content"})");
  const Ended broken = api.run({"audit", "verify"});
  CHECK(broken.code == 1);
  CHECK(says(broken.output, "number 7: its hash is not that of its content"));
}

TEST_CASE("audit head is one line to keep, and audit verify takes it back") {
  ScriptedApi api;
  api.answers("GET /audit/head", 200, R"({"entries":12,"head":"12:ab12"})");
  CHECK(api.run({"audit", "head"}).output == "12:ab12\n");
  api.answers("GET /audit/verify", 200, R"({"holds":true,"entries":14,"head":"cd34"})");
  CHECK(api.run({"audit", "verify", "--head", "12:ab12"}).code == 0);
  CHECK(api.last("GET /audit/verify").target == "/audit/verify?head=12%3Aab12");
}

TEST_CASE("notices show what is unread, and take that one was read") {
  ScriptedApi api;
  api.answers(
      "GET /notices", 200,
      R"({"notices":[{"id":"ntc_1","message":"Account Token Expired: CRM","created_at":"2026-05-01T10:00:00.000Z"}]})");
  api.answers("POST /notices/ntc_1/read", 200, "{}");
  CHECK(says(api.run({"notices", "--unread"}).output, "2026-05-01 10:00 UTC  •  Account Token Expired: CRM  ntc_1"));
  CHECK(says(api.last("GET /notices").target, "unread=true"));
  CHECK(api.run({"notices", "--read", "ntc_1"}).code == 0);
}
