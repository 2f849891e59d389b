// A run of a server made into a mapping test: it passes at once, says what the run wrote, and tells nothing of the
// person.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_directory.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::World;
using test::Ended;

namespace {

struct SavedRun {
  test::TemporaryDirectory directory;
  Ended saved;

  SavedRun(const World& world, const std::string& run) {
    saved = test::run_program({"runs", "save-test", run, "-o", directory.file("saved"), "--server", world.server.url(),
                               "--token", world.server.token(), "--json"});
    INFO(saved.output << saved.complaint);
    REQUIRE(saved.code == 0);
  }
  std::string file(const std::string& name) const { return test::read_file(directory.file("saved/" + name)); }
  json the_case() const { return json::parse(file("tests.test.json")).at("cases").at(0); }
  Ended run() const { return test::run_program({"test", directory.file("saved")}); }
};

}  // namespace

TEST_CASE("a run saved as a test passes at once, and its response tells nothing of the person") {
  World world(promises::sample_workflow("nps_to_contact"));
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  REQUIRE(world.server.start());
  const std::string run =
      world.server.accepted_run(SurveyResponse{"R_low", 3, "Waited an hour for Mister Okafor"}.json());
  world.server.run_when(run, "succeeded");

  const SavedRun saved(world, run);

  const Ended played = saved.run();
  INFO(played.output << played.complaint << saved.file("tests.test.json") << saved.saved.output);
  CHECK(played.code == 0);
  const std::string folder = saved.file("tests.test.json") + saved.file("response.json");
  for (const char* told : {"reyes", "Reyes", "Okafor", "Waited", "R_low"})
    CHECK(folder.find(told) == std::string::npos);
  const json records = saved.the_case().at("expect").at("crm");
  REQUIRE(records.at("Survey_Response__c").size() == 1);
  const json& answer = records.at("Survey_Response__c").at(0);
  CHECK(answer.at("Score__c") == 3);
  CHECK(answer.at("Segment__c") == "C");
  CHECK(answer.at("Contact__c") == "${org://crm/Contact/0/Id}");
  CHECK(records.at("FeedItem").size() == 1);  // the alarm
}

TEST_CASE("embedded data that a condition goes by stays, and is named") {
  const std::string patch = R"({"tasks":{"answer":{"when":{"value":"${e://Field/SurveyName}","equals":"Spring"}}}})";
  World world(promises::sample_workflow("nps_to_contact", patch));
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
  REQUIRE(world.server.start());
  json response = json::parse(SurveyResponse{"R_spring", 10}.json());
  response["values"]["SurveyName"] = "Spring";
  response["values"]["Shop"] = "Elm Street 5";
  const std::string run = world.server.accepted_run(response.dump());
  world.server.run_when(run, "succeeded");

  const SavedRun saved(world, run);

  INFO(saved.saved.output << saved.file("response.json"));
  CHECK(saved.run().code == 0);
  const json values = json::parse(saved.file("response.json")).at("values");
  CHECK(values.at("SurveyName") == "Spring");
  CHECK(values.at("Shop") != "Elm Street 5");
  CHECK(json::parse(saved.saved.output).at("notes").dump().find("SurveyName: kept as it was") != std::string::npos);
}

TEST_CASE("only who may edit the workflow is given a run's response") {
  World world(promises::sample_workflow("nps_to_contact"));
  REQUIRE(world.server.start());
  const std::string run = world.server.accepted_run(SurveyResponse{"R_1"}.json());
  world.server.run_when(run, "succeeded");

  CHECK(json::parse(world.server.ask("GET", "/runs/" + run + "/response").dump()).at("responseId") == "R_1");
  CHECK(world.server.call_as("", "GET", "/runs/" + run + "/response").status == 401);
}
