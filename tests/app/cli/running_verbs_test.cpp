// The verbs that run workflows and look at runs, against a local org and a server of this test.
#include <filesystem>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/api/routes.hpp"
#include "app/loop_run.hpp"
#include "tests/app/cli/one_org.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using nlohmann::json;
using test::Ended;
using test::run_program;

const std::string starter_sample = test::source_path("samples/starter/");

struct OneOrg : test::OneOrg {
  Ended run(const std::string& response, bool with_right_secret = true) {
    return run_program({"run", starter_sample + "workflow.json", "--response", response, "--account",
                        account(with_right_secret), "--data", data(), "--json"});
  }
  Ended run() { return run(starter_sample + "response.json"); }
};

}  // namespace

TEST_CASE("run takes one response through the workflow and ends with 0") {
  OneOrg one;
  const Ended ended = one.run();
  INFO(ended.complaint);
  CHECK(ended.code == 0);
  CHECK(json::parse(ended.output)["state"] == "succeeded");
  const json records = json::parse(one.org.query("SELECT Score__c, Comment__c FROM Survey_Response__c").text);
  REQUIRE(records.size() == 1);
  CHECK(records[0]["Score__c"] == 9);
  CHECK(records[0]["Comment__c"] == "Quick and friendly");
}

TEST_CASE("whoever runs a response twice gets two runs, and still one record") {
  OneOrg one;
  const json first = json::parse(one.run().output), second = json::parse(one.run().output);
  CHECK(first["id"] != second["id"]);
  CHECK(second["state"] == "succeeded");
  CHECK(json::parse(one.org.query("SELECT Id FROM Survey_Response__c").text).size() == 1);
}

TEST_CASE("a run that fails ends with 1, one that the gate holds with 77") {
  OneOrg one;
  test::write_file(
      one.directory.file("wrong.json"),
      R"({"responseId":"R_2","values":{"finished":1,"QID1":"many"},"labels":{},"displayedFields":["QID1"],"displayedValues":{}})");
  const Ended failed = one.run(one.directory.file("wrong.json"));
  CHECK(failed.code == 1);
  CHECK(json::parse(failed.output)["state"] == "failed");
  const Ended held = one.run(starter_sample + "response.json", false);
  CHECK(held.code == 77);
  CHECK(json::parse(held.output)["code"] == "account_token_expired");
}

TEST_CASE("run and the doctor log in by a signature where the account file has a key") {
  OneOrg one;
  const std::string account = one.account_with_key();

  Ended ran = run_program({"run", starter_sample + "workflow.json", "--response", starter_sample + "response.json",
                           "--data", one.data(), "--account", account, "--json"});
  INFO(ran.complaint);
  CHECK(ran.code == 0);
  CHECK(json::parse(ran.output)["state"] == "succeeded");
  CHECK(one.logins("jwt_bearer") == 1);
  CHECK(one.logins("client_credentials") == 0);

  const Ended examined = run_program({"accounts", "doctor", "--account", account, "--json"});
  INFO(examined.complaint);
  CHECK(examined.code == 0);
  CHECK(one.logins("jwt_bearer") == 2);

  one.set_policies({{"approved_users", json::array()}});
  ran = run_program({"run", starter_sample + "workflow.json", "--response", starter_sample + "response.json", "--data",
                     one.directory.file("another"), "--account", account, "--json"});
  INFO(ran.output);
  CHECK(ran.code == 77);
  CHECK(json::parse(ran.output)["code"] == "account_blocked_by_org");
}

TEST_CASE("run refuses broken files with 65 before anything is sent") {
  OneOrg one;
  test::write_file(one.directory.file("flow.json"),
                   R"({"name":"x","trigger":{"type":"survey_response"},"tasks":{"a":{"type":"salesforce_fnd"}}})");
  const Ended flow = run_program({"run", one.directory.file("flow.json"), "--response",
                                  starter_sample + "response.json", "--account", one.account(), "--data", one.data()});
  CHECK(flow.code == 65);
  CHECK(flow.complaint.find("salesforce_find") != std::string::npos);
  CHECK(one.run(one.directory.file("gone.json")).code == 65);
  CHECK(one.org.calls().empty());
}

TEST_CASE("a response that the trigger does not want starts nothing and is told so") {
  OneOrg one;
  test::write_file(
      one.directory.file("unfinished.json"),
      R"({"responseId":"R_3","values":{"finished":0},"labels":{},"displayedFields":[],"displayedValues":{}})");
  const Ended ended = one.run(one.directory.file("unfinished.json"));
  CHECK(ended.code == 1);
  CHECK(json::parse(ended.output)["error"]["code"] == "trigger_condition_false");
  const Ended list = run_program({"runs", "list", "--not-started", "--data", one.data()});
  CHECK(list.output.find("trigger_condition_false") != std::string::npos);
}

TEST_CASE("runs list and show read a data directory that nobody owns") {
  OneOrg one;
  const std::string id = json::parse(one.run().output)["id"];
  const Ended list = run_program({"runs", "list", "--data", one.data()});
  CHECK(list.code == 0);
  CHECK(list.output.find(id + "  ✓ succeeded") != std::string::npos);
  CHECK(run_program({"runs", "list", "--data", one.data(), "--state", "held"}).output == "No runs.\n");
  CHECK(run_program({"runs", "list", "--data", one.data(), "--state", "odd"}).code == 64);
  const Ended show = run_program({"runs", "show", id, "--data", one.data()});
  CHECK(show.code == 0);
  CHECK(show.output.starts_with("✓ succeeded  Starter · version 1\n"));
  CHECK(run_program({"runs", "show", "run_unknown", "--data", one.data()}).code == 1);
}

TEST_CASE("a folder that is no data directory is refused and left as it is") {
  const test::TemporaryDirectory directory;
  const Ended ended = run_program({"runs", "list", "--data", directory.file("nothing")});
  CHECK(ended.code == 78);
  CHECK(ended.complaint.find("[data_directory_unusable]") != std::string::npos);
  CHECK(!std::filesystem::exists(directory.file("nothing")));
}

TEST_CASE("serve does not start with notices by mail that nobody would get") {
  const test::TemporaryDirectory directory;
  const std::vector<std::vector<std::string>> wrong{{"--notice-mail", "Ana <ana@example.com>"},
                                                    {"--notice-mail", "ana@example.com", "--smtp", "mail.example.com"},
                                                    {"--smtp", "smtp://mail.example.com:587"},
                                                    {"--notice-mail-from", "sluice@example.com"}};
  for (const std::vector<std::string>& flags : wrong) {
    std::vector<std::string> arguments{"serve", "--port", "0", "--data", directory.file("data")};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Ended ended = run_program(arguments);
    INFO(ended.complaint);
    CHECK(ended.code == 78);
    CHECK(ended.complaint.find("[notice_mail_invalid]") != std::string::npos);
  }
}

TEST_CASE("runs list and show find the server that owns the data directory, and need its token") {
  OneOrg one;
  const std::string id = json::parse(one.run().output)["id"];

  boost::asio::io_context loop(1);
  const auto services = app::Services::open(loop, one.log, {.data_directory = one.data(), .program = "the test"});
  REQUIRE(services);
  app::Workspace workspace(**services);
  app::api::Context context{**services, workspace};
  base::http::Router router;
  app::api::add_routes(router, context);
  const auto server = base::http::listen(loop, router, one.log, {});
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
  const auto prepare = [&]() -> base::awaitable<std::string> {
    co_await (*services)->load();
    co_await workspace.open();
    co_return co_await workspace.token();
  };
  const std::string token = app::run_on(loop, prepare());
  test::write_file((*services)->directory.file("address"), url + "\n");
  const auto guard = boost::asio::make_work_guard(loop);
  std::thread answering([&] { loop.run(); });

  const Ended found = run_program({"runs", "list", "--data", one.data(), "--json"});
  const Ended named = run_program({"runs", "show", id, "--server", url + "/", "--token", token, "--json"});
  const Ended unknown = run_program({"runs", "show", "run_unknown", "--server", url, "--token", token});
  const Ended stranger = run_program({"runs", "list", "--server", url, "--token", "slt_wrong"});
  loop.stop();
  answering.join();

  CHECK(found.code == 0);
  CHECK(json::parse(found.output)["runs"][0]["id"] == id);
  CHECK(json::parse(named.output)["id"] == id);
  CHECK(unknown.code == 1);
  CHECK(stranger.code == 77);
  CHECK(stranger.complaint.find("[token_unknown]") != std::string::npos);
}

TEST_CASE("a server that does not answer is named") {
  const Ended ended = run_program({"runs", "list", "--server", "http://127.0.0.1:1"});
  CHECK(ended.code == 69);
  CHECK(ended.complaint.find("http://127.0.0.1:1") != std::string::npos);
}

TEST_CASE("the demo succeeds, shows its run and the records, and writes nothing twice") {
  const Ended ended = run_program({"demo", "--json"});
  INFO(ended.complaint);
  CHECK(ended.code == 0);
  const json document = json::parse(ended.output);
  CHECK(document["run"]["state"] == "succeeded");
  REQUIRE(document["records"].size() == 1);
  CHECK(document["records"][0]["Contact__r"]["Name"] == "Ana Reyes");
  CHECK(document["records"][0]["Score__c"] == 4);
}

TEST_CASE("a demo that keeps its folder can be played again and looked into") {
  const test::TemporaryDirectory directory;
  const std::string folder = directory.file("demo");
  CHECK(run_program({"demo", "--dir", folder}).code == 0);
  const json again = json::parse(run_program({"demo", "--dir", folder, "--json"}).output);
  CHECK(again["records"].size() == 1);
  const std::string id = again["run"]["id"];
  CHECK(run_program({"runs", "show", id, "--data", folder + "/data"}).code == 0);
}

TEST_CASE("org snapshot saves the objects in use as files, and validate --org holds the workflow against them") {
  OneOrg one;
  const std::string folder = one.directory.file("org");
  const Ended saved = run_program(
      {"org", "snapshot", starter_sample + "workflow.json", "--account", one.account(), "-o", folder, "--json"});
  INFO(saved.complaint);
  REQUIRE(saved.code == 0);
  const json said = json::parse(saved.output);
  CHECK(said["org_id"] == one.org.credentials().org_id);
  CHECK(said["environment"] == "production");
  CHECK(said["fingerprint"] == json::parse(test::read_file(folder + "/org.json"))["fingerprint"]);
  for (const json& object : said["objects"])
    CHECK(json::parse(test::read_file(folder + "/objects/" + object.get<std::string>() + ".json"))["name"] == object);

  CHECK(run_program({"validate", starter_sample + "workflow.json", "--org", folder}).code == 0);
  const std::vector<std::string> drift{"org",   "drift", starter_sample + "workflow.json", "--account", one.account(),
                                       "--org", folder};
  CHECK_THAT(run_program(drift).output, Catch::Contains("The org is as"));
  json answers = json::parse(test::read_file(folder + "/objects/Survey_Response__c.json"));
  for (json& field : answers["fields"])
    if (field["name"] == "Comment__c") field["length"] = 131072;
  test::write_file(folder + "/objects/Survey_Response__c.json", answers.dump(2));
  const Ended drifted = run_program(drift);
  CHECK(drifted.code == 2);
  CHECK_THAT(drifted.output, Catch::Contains("narrowing") && Catch::Contains("is 32768 long, was 131072"));

  json broken = json::parse(test::read_file(starter_sample + "workflow.json"));
  broken["tasks"]["answer"]["with"]["fields"]["Scoer__c"] = 3;
  test::write_file(one.directory.file("broken.json"), broken.dump(2));
  const Ended refused = run_program({"validate", one.directory.file("broken.json"), "--org", "crm=" + folder});
  CHECK(refused.code == 65);
  CHECK_THAT(refused.complaint, Catch::Contains("/tasks/answer/with/fields/Scoer__c") && Catch::Contains("Score__c") &&
                                    Catch::Contains("mapping_field_unknown"));
}

TEST_CASE("a saved schema that is broken or missing is named with its file, and that is all that is said") {
  OneOrg one;
  const std::string folder = one.directory.file("org");
  CHECK(run_program({"validate", starter_sample + "workflow.json", "--org", folder}).code == 65);
  std::filesystem::create_directories(folder + "/objects");
  test::write_file(folder + "/org.json", R"({"format":1,"org_id":"00D000000000001EAA"})");
  test::write_file(folder + "/objects/Contact.json", R"({"name":"Contact")");
  const Ended broken = run_program({"validate", starter_sample + "workflow.json", "--org", folder});
  CHECK(broken.code == 65);
  CHECK_THAT(broken.complaint, Catch::Contains("objects/Contact.json:1:"));
}
