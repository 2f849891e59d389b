// Accounts of files, over restarts of the server.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"

using nlohmann::json;
using promises::OrgProgram;
using promises::ServerProgram;
using promises::SurveyResponse;

namespace {

// A server whose account logs in on behalf of a person, at an org that spends refresh tokens and punishes reuse.
struct RotatingWorld {
  test::TemporaryDirectory directory;
  OrgProgram org{directory.file("org.db")};
  ServerProgram server;

  RotatingWorld() : server(arguments()) {
    org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
    org.local("PUT", "/_local/policies", R"({"rotates_refresh_tokens":true,"detects_reuse":true})");
  }

  void write(const std::string& name, const std::string& text) const { std::ofstream(directory.file(name)) << text; }
  void write_account(const std::string& refresh_token) const {
    json document = json::parse(org.account_document());
    document["login"] = "refresh_token";
    document["refresh_token"] = refresh_token;
    write("crm.json", document.dump());
  }
  std::vector<std::string> arguments() const {
    std::filesystem::create_directory(directory.file("workflows"));
    write("workflows/workflow.json", promises::sample_workflow("nps_to_contact"));
    write_account(org.refresh_token());
    return {"--workflows", directory.file("workflows"), "--account", "crm=" + directory.file("crm.json"),
            "--data",      directory.file("data")};
  }
  void run_response(const std::string& id) const {
    server.run_when(server.accepted_run(SurveyResponse{id}.json()), "succeeded");
  }
  void end_sessions() const { org.local("POST", "/_local/expire", R"({"access_tokens":true})"); }
};

}  // namespace

TEST_CASE("a server that starts again goes on with the token that has followed the file's") {
  RotatingWorld world;
  for (const char* response : {"R_1", "R_2", "R_3"}) {
    REQUIRE(world.server.start());
    world.end_sessions();
    world.run_response(response);
    world.server.stop();
  }
  // One when it was linked, and one for each session that had ended.
  CHECK(world.org.calls("path=/services/oauth2/token&grant=refresh_token&status=200") == 4);
  CHECK(world.org.calls("path=/services/oauth2/token&grant=refresh_token&status=400") == 0);
}

TEST_CASE("another login in the file replaces the one that was there") {
  RotatingWorld world;
  REQUIRE(world.server.start());
  world.run_response("R_1");
  world.server.stop();
  world.write("crm.json", world.org.account_document());

  REQUIRE(world.server.start());
  world.end_sessions();
  world.run_response("R_2");

  CHECK(world.org.calls("path=/services/oauth2/token&grant=client_credentials") == 1);
}

TEST_CASE("a server that dies once the new token is stored goes on with it, and uses none twice") {
  RotatingWorld world;
  REQUIRE(world.server.start({{"SLUICE_CRASH_AT", "refresh_after_store"}}));
  world.end_sessions();
  world.server.deliver(SurveyResponse{"R_1"}.json());  // answered or not
  CHECK(world.server.signal_at_end() == SIGKILL);

  REQUIRE(world.server.start());
  world.run_response("R_1");

  CHECK(world.org.calls("path=/services/oauth2/token&grant=refresh_token") == 2);  // the first when it was linked
}

TEST_CASE("a server that dies with the new token in its hands does not show the old one again at once") {
  RotatingWorld world;
  REQUIRE(world.server.start({{"SLUICE_CRASH_AT", "refresh_before_store"}}));
  world.end_sessions();
  world.server.deliver(SurveyResponse{"R_1"}.json());
  CHECK(world.server.signal_at_end() == SIGKILL);

  REQUIRE(world.server.start());
  const std::string run = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  world.server.run_when(run, "waits for what came of the refresh", [](const json& document) {
    return document.dump().find("what came of it is not known") != std::string::npos;
  });

  CHECK(world.server.ask("GET", "/accounts").at("accounts").at(0).at("state") == "refreshing");
  CHECK(world.org.calls("path=/services/oauth2/token&grant=refresh_token") == 2);  // the first when it was linked
  CHECK(world.org.calls("reuse=true") == 0);
}
