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

// Pulls as much out of the org as it can, and writes it about.
constexpr const char* curious_workflow = R"({
  "name": "Curious",
  "trigger": {"type": "survey_response"},
  "tasks": {
    "contact": {"type": "salesforce_find", "account": "crm", "with": {"object": "Contact", "match": {"Email": "${m://Email}"},
      "return": ["Id", "LastName", "Email", "Phone", "Description", "MailingStreet", "Title", "Birthdate", "AccountId", "Account.Name"]}},
    "cases": {"type": "salesforce_find", "account": "crm", "with": {"object": "Case", "match": {"ContactId": "${task://contact/Id}"},
      "return": ["Id", "Subject", "SuppliedName", "SuppliedEmail", "Description", "ContactId"], "if_many": "list"}},
    "note": {"type": "salesforce_update", "account": "crm", "with": {"object": "Contact", "id": "${task://contact/Id}",
      "fields": {"Department": "of ${task://contact/Account/Name}", "Description": "${q://QID3/ChoiceTextEntryValue} ${task://contact/Description}"}}},
    "close": {"type": "salesforce_update", "account": "crm", "for_each": "${task://cases/records}",
      "with": {"object": "Case", "id": "${item://Id}", "fields": {"Status": "Working", "Comments": "${item://SuppliedName}"}}},
    "post": {"type": "salesforce_chatter_post", "account": "crm", "after": ["close"],
      "with": {"record": "${task://contact/AccountId}", "text": "${m://FirstName} has ${task://contact/Phone} and ${task://close/ids}"}}
  }
})";

// An org and a response with a text of its own in every place that may tell of somebody; they end in the same word.
struct PlantedTexts {
  static constexpr const char* word = "Quetzal";

  explicit PlantedTexts(const World& world) {
    const std::string account = world.org.insert("Account", R"({"Name":"Account Quetzal"})");
    const std::string contact = world.org.insert("Contact", json{{"LastName", "Contact Quetzal"},
                                                                 {"Email", "reyes@example.com"},
                                                                 {"Phone", "+49 5550001"},
                                                                 {"Description", "2026-05-01 Note Quetzal"},
                                                                 {"MailingStreet", "Street Quetzal 5"},
                                                                 {"Title", "Title Quetzal"},
                                                                 {"Birthdate", "1971-02-03"},
                                                                 {"AccountId", account}}
                                                                .dump());
    const json one_case{{"Subject", "Subject Quetzal"},
                        {"SuppliedName", "Supplied Quetzal"},
                        {"SuppliedEmail", "quetzal@example.org"},
                        {"Description", "Description Quetzal"},
                        {"ContactId", contact}};
    ids = {account, contact, world.org.insert("Case", one_case.dump()), world.org.insert("Case", one_case.dump())};
  }

  static std::string response() {
    json body = json::parse(SurveyResponse{"R_planted", 4, "Comment Quetzal"}.json());
    json& values = body["values"];
    values["recipientFirstName"] = "First Quetzal";
    values["recipientLastName"] = "Last Quetzal";
    values["externalDataReference"] = "Reference Quetzal";
    values["QID9_TEXT"] = json::array({"Entry Quetzal"});
    values["Household"] = R"([{"name":"Child Quetzal","age":7}])";
    values["Visits"] = json{{"last", "2026-02-03 by Quetzal"}};
    body["labels"]["Segment"] = "Label Quetzal";
    body["labels"]["QID9"] = json::array({"You said: Entry Quetzal"});
    body["panel"] = {{"member", "Panel Quetzal"}};
    return body.dump();
  }

  std::vector<std::string> all() const {
    std::vector<std::string> texts{word, "quetzal@", "reyes@", "5550001", "1971", "R_planted"};
    for (const std::string& id : ids) texts.push_back(id.substr(0, 15));
    return texts;
  }

  std::vector<std::string> ids;
};

}  // namespace

TEST_CASE("nothing that the org or the respondent has said of anybody stands in a saved test, and it passes at once") {
  World world(curious_workflow);
  const PlantedTexts planted(world);
  REQUIRE(world.server.start());
  const std::string run = world.server.accepted_run(PlantedTexts::response());
  world.server.run_when(run, "succeeded");

  const SavedRun saved(world, run);

  const Ended played = saved.run();
  INFO(played.output << played.complaint << saved.file("tests.test.json") << saved.saved.output);
  CHECK(played.code == 0);
  const std::string folder = saved.file("tests.test.json") + saved.file("response.json") + saved.saved.output;
  for (const std::string& text : planted.all()) {
    INFO(text << " in " << saved.file("response.json"));
    CHECK(folder.find(text) == std::string::npos);
  }
  // … and the tasks that write have written, on records of the test's own.
  const json expected = saved.the_case().at("expect").at("crm");
  CHECK(expected.at("Contact").size() == 1);
  CHECK(expected.at("Case").size() == 2);
  REQUIRE(expected.at("FeedItem").size() == 1);
  CHECK(expected.at("FeedItem").at(0).at("ParentId") == "${org://crm/Account/0/Id}");
}

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

TEST_CASE("a run that has made a record under its own key is saved without that key, and passes") {
  World world(promises::sample_workflow("case_from_low_score"));
  REQUIRE(world.server.start());
  SurveyResponse response{"R_keyed", 2, "Broken"};
  json body = json::parse(response.json());
  body["surveyId"] = "SV_support";
  const std::string run = world.server.accepted_run(body.dump());
  world.server.run_when(run, "succeeded");

  const SavedRun saved(world, run);

  INFO(saved.file("tests.test.json") << saved.saved.output);
  CHECK(saved.run().code == 0);
  CHECK(saved.file("tests.test.json").find("eff_") == std::string::npos);
  REQUIRE(saved.the_case().at("expect").at("crm").at("Case").size() == 1);
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
