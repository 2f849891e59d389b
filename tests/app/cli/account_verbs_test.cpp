// Verbs about linked accounts and login apps, against a scripted server that also plays Salesforce's part of a login.
#include <thread>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/http/message.hpp"
#include "tests/app/cli/scripted_api.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Asked;
using test::Ended;
using test::ScriptedApi;

constexpr const char* linked_account =
    R"({"state":"done","account":{"id":"acc_7","name":"CRM sandbox","origin":"workflows","environment":"sandbox","login":"refresh_token","state":"ok","slot":2,
       "org_id":"00D000000000001","salesforce_user":"maria@example.com"},"warnings":["this is the fourth of five approvals"]})";

bool tells_of(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A server whose logins a browser brings back at once, with this query.
class LoginApi : public ScriptedApi {
 public:
  explicit LoginApi(std::vector<std::string> queries) {
    on("POST /logins", [this, queries](const Asked& asked) -> std::pair<int, std::string> {
      const std::string back = json::parse(asked.body)["redirect_uri"];
      come_back(back, queries);
      return {201,
              R"({"id":"lgn_1","authorize_url":"https://test.salesforce.com/services/oauth2/authorize?state=s%2B1"})"};
    });
    answers("POST /logins/lgn_1/complete", 200, linked_account);
  }
  ~LoginApi() { wait_for_browser(); }

  // What the browser was shown, once it has been everywhere: its last page may reach it after the command has ended.
  const std::vector<int>& statuses() {
    wait_for_browser();
    return statuses_;
  }

 private:
  void come_back(const std::string& address, const std::vector<std::string>& queries) {
    wait_for_browser();
    statuses_.clear();
    browser_ = std::thread([this, address, queries] {
      for (const std::string& query : queries) statuses_.push_back(support::http_call("GET", address + query).status);
    });
  }

  void wait_for_browser() {
    if (browser_.joinable()) browser_.join();
  }

  std::thread browser_;
  std::vector<int> statuses_;
};

}  // namespace

TEST_CASE("accounts add --login comes back to this machine, completes the login, and shows what was linked") {
  LoginApi api({"?code=c1&state=s%2B1"});
  const Ended ended = api.run({"accounts", "add", "--login", "--environment", "sandbox", "--no-browser"});
  INFO(ended.complaint);
  CHECK(ended.code == 0);
  const json began = json::parse(api.last("POST /logins").body);
  CHECK(began["purpose"] == "link");
  CHECK(std::string(began["redirect_uri"]).starts_with("http://127.0.0.1:"));
  CHECK(std::string(began["redirect_uri"]).ends_with("/callback"));
  CHECK(json::parse(api.last("POST /logins/lgn_1/complete").body) == json{{"code", "c1"}, {"state", "s+1"}});
  CHECK(tells_of(ended.complaint, "https://test.salesforce.com/services/oauth2/authorize?state=s%2B1"));
  CHECK(tells_of(ended.output, "maria@example.com"));
  CHECK(tells_of(ended.output, "00D000000000001"));
  CHECK(tells_of(ended.output, "personal, slot 2 of 5"));
  CHECK(tells_of(ended.output, "warning: this is the fourth of five approvals"));
}

TEST_CASE("whoever comes to the listener with another state is turned away, and the login goes on") {
  LoginApi api({"?code=evil&state=foreign", "?state=s%2B1", "?code=c1&state=s%2B1"});
  CHECK(api.run({"accounts", "add", "--login", "--environment", "sandbox"}).code == 0);
  CHECK(json::parse(api.last("POST /logins/lgn_1/complete").body)["code"] == "c1");
  CHECK(api.statuses() == std::vector<int>{400, 400, 200});
}

TEST_CASE("a login that Salesforce refuses is told in its words, and nothing is completed") {
  LoginApi api({"?error=access_denied&error_description=end-user+denied+authorization&state=s%2B1"});
  const Ended ended = api.run({"accounts", "add", "--login", "--environment", "sandbox"});
  CHECK(ended.code == 77);
  CHECK(tells_of(ended.complaint, "end-user denied authorization (access_denied) [login_refused_by_salesforce]"));
  CHECK_THROWS(api.last("POST /logins/lgn_1/complete"));
}

TEST_CASE("accounts add --login --bind binds the new account afterwards") {
  LoginApi api({"?code=c1&state=s%2B1"});
  api.answers("GET /workflows", 200, R"({"workflows":[{"id":"wfl_1","name":"NPS"}]})");
  api.answers("PUT /workflows/wfl_1/bindings/crm", 200, R"({"alias":"crm","account":"acc_7","released":0})");
  const Ended ended = api.run({"accounts", "add", "--login", "--environment", "sandbox", "--bind", "NPS:crm"});
  CHECK(ended.code == 0);
  CHECK(json::parse(api.last("PUT /workflows/wfl_1/bindings/crm").body) == json{{"account", "acc_7"}});
  CHECK(tells_of(ended.output, "in NPS, crm means CRM sandbox now"));
}

TEST_CASE("the environment is never guessed, but a sandbox's own host says it") {
  LoginApi api({"?code=c1&state=s%2B1"});
  CHECK(api.run({"accounts", "add", "--login"}).code == 64);
  CHECK(api.run({"accounts", "add"}).code == 64);
  CHECK(api.asked().empty());
  CHECK(api.run({"accounts", "add", "--login", "--host", "acme--dev.sandbox.my.salesforce.com"}).code == 0);
  CHECK(json::parse(api.last("POST /logins").body)["environment"] == "sandbox");
}

TEST_CASE("refresh logs in again for a login account, and asks for a token for a server-to-server one") {
  LoginApi api({"?code=c1&state=s%2B1"});
  api.answers("GET /accounts/acc_7", 200,
              R"({"id":"acc_7","name":"CRM","login":"refresh_token","environment":"sandbox"})");
  CHECK(api.run({"accounts", "refresh", "acc_7"}).code == 0);
  CHECK(json::parse(api.last("POST /logins").body)["purpose"] == "refresh");
  CHECK(json::parse(api.last("POST /logins").body)["account"] == "acc_7");
  api.answers("GET /accounts/acc_8", 200,
              R"({"id":"acc_8","name":"CRM","login":"client_credentials","environment":"sandbox"})");
  api.answers("POST /accounts/acc_8/refresh", 200, R"({"account":{"id":"acc_8"},"released":3})");
  CHECK(tells_of(api.run({"accounts", "refresh", "acc_8"}).output, "3 held runs go on"));
  CHECK(api.last("POST /accounts/acc_8/refresh").body.empty());  // one that is there replaces the login data
}

TEST_CASE("reauthenticate proves access for a workflow and says that nothing is stored") {
  LoginApi api({"?code=c1&state=s%2B1"});
  api.answers("POST /logins/lgn_1/complete", 200, R"({"state":"done"})");
  const Ended ended = api.run({"accounts", "reauthenticate", "wfl_1"});
  CHECK(ended.code == 0);
  CHECK(json::parse(api.last("POST /logins").body)["purpose"] == "reauthenticate");
  CHECK(tells_of(ended.output, "nothing of it was stored"));
}

TEST_CASE("accounts add FILE follows references to secrets here, and sends their texts") {
  ScriptedApi api;
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("secret"), "very secret\n");
  test::write_file(
      directory.file("crm.json"),
      R"({"$schema":"./account.schema.json","environment":"sandbox","login":"client_credentials","client_id":"id","client_secret":{"file":"secret"},"token_url":"https://x.my.salesforce.com/services/oauth2/token"})");
  api.answers(
      "POST /accounts", 201,
      R"({"account":{"id":"acc_8","name":"CRM","origin":"extensions","environment":"sandbox","state":"ok"},"released":0})");
  const Ended ended = api.run({"accounts", "add", directory.file("crm.json"), "--name", "CRM"});
  CHECK(ended.code == 0);
  const json sent = json::parse(api.last("POST /accounts").body);
  CHECK(sent["client_secret"] == "very secret");
  CHECK(sent["name"] == "CRM");
  CHECK(!sent.contains("$schema"));
  CHECK(!tells_of(ended.output + ended.complaint, "very secret"));
  CHECK(tells_of(ended.output, "shared with  "));
}

TEST_CASE("an account that is used is not removed without --force, and its dependants are listed") {
  ScriptedApi api;
  const std::string used =
      R"({"workflows":[{"id":"wfl_1","name":"NPS","project":"prj_1","aliases":["crm"],"enabled":true}],"runs":{"queued":0,"held":2}})";
  api.answers("GET /accounts/acc_7/dependants", 200, used);
  api.on("DELETE /accounts/acc_7", [](const Asked& asked) -> std::pair<int, std::string> {
    if (!tells_of(asked.target, "if_unused=true")) return {204, ""};
    return {409, R"({"code":"account_in_use","detail":"one workflow uses this account"})"};
  });
  const Ended kept = api.run({"accounts", "remove", "acc_7"});
  CHECK(kept.code == 1);
  CHECK(tells_of(kept.complaint, "NPS       crm      ✓ enabled  wfl_1"));
  CHECK(tells_of(kept.complaint, "0 queued, 2 held"));
  CHECK(tells_of(kept.complaint, "--force"));
  const Ended removed = api.run({"accounts", "remove", "acc_7", "--force"});
  CHECK(removed.code == 0);
  CHECK(tells_of(removed.output, "NPS"));
}

TEST_CASE("accounts share takes a user, a group or the whole brand") {
  ScriptedApi api;
  api.answers("GET /users", 200, R"({"users":[{"id":"usr_2","name":"ben"}]})");
  api.answers("GET /groups", 200, R"({"groups":[{"id":"grp_1","name":"Research"}]})");
  api.answers("POST /accounts/acc_7/shares", 200, R"({"account":{"id":"acc_7"},"released":0})");
  const auto shared_with = [&](const std::string& name) {
    CHECK(api.run({"accounts", "share", "acc_7", name}).code == 0);
    return json::parse(api.last("POST /accounts/acc_7/shares").body)["with"];
  };
  CHECK(shared_with("ben") == "usr_2");
  CHECK(shared_with("Research") == "grp_1");
  CHECK(shared_with("brand") == "brand");
}

TEST_CASE("accounts list shows what is expired in the words of the product") {
  ScriptedApi api;
  api.answers(
      "GET /accounts", 200,
      R"({"accounts":[{"id":"acc_7","name":"CRM","origin":"workflows","slot":1,"environment":"sandbox","org_id":"00D000000000001","state":"expired","status":"Account Token Expired"}]})");
  CHECK(api.run({"accounts", "list"}).output ==
        "NAME  ENVIRONMENT  ORG              STATE                  KIND                   ID\n"
        "CRM   sandbox      00D000000000001  Account Token Expired  personal, slot 1 of 5  acc_7\n");
}

TEST_CASE("apps add takes the secret from a file and prints the steps in Setup") {
  ScriptedApi api;
  const test::TemporaryDirectory directory;
  test::write_file(directory.file("secret"), "app secret\n");
  api.answers("POST /apps", 201, R"({"id":"app_1","host":"test.salesforce.com"})");
  api.answers("GET /apps/app_1/setup", 200, R"({"steps":["Open Setup","Make an External Client App"],"files":{}})");
  const Ended ended = api.run({"apps", "add", "--host", "test.salesforce.com", "--environment", "sandbox",
                               "--client-id", "3MVG9", "--client-secret-file", directory.file("secret")});
  CHECK(ended.code == 0);
  CHECK(json::parse(api.last("POST /apps").body)["client_secret"] == "app secret");
  CHECK(tells_of(ended.output, "2. Make an External Client App"));
  CHECK(!tells_of(ended.output, "app secret"));
}

TEST_CASE("apps setup writes metadata below its folder only") {
  ScriptedApi api;
  const test::TemporaryDirectory directory;
  api.answers("GET /apps", 200, R"({"apps":[{"id":"app_1","host":"test.salesforce.com","client_id":"3MVG9"}]})");
  api.answers("GET /apps/app_1/setup", 200,
              R"({"steps":[],"files":{"externalClientApps/Sluice.eca-meta.xml":"<ExternalClientApplication/>"}})");
  CHECK(api.run({"apps", "setup", "test.salesforce.com", "-o", directory.file("eca")}).code == 0);
  CHECK(test::read_file(directory.file("eca/externalClientApps/Sluice.eca-meta.xml")) ==
        "<ExternalClientApplication/>");
  api.answers("GET /apps/app_1/setup", 200, R"({"steps":[],"files":{"../outside":"x"}})");
  CHECK(api.run({"apps", "setup", "3MVG9", "-o", directory.file("eca")}).code == 69);
}
