// The survey platform's events: signed notices whose responses are fetched, judged and written.
#include <csignal>
#include <fstream>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "tests/promises/world.hpp"
#include "tests/support/survey_platform.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::World;

namespace {

const std::string api_token = "canary-api-token";
const std::string shared_key = "canary-shared-key";

const char* const finished_only = R"({
  "name": "Keep what is finished",
  "trigger": { "type": "survey_response", "survey": "SV_nps", "when": { "value": "${rm://Field/Finished}", "equals": 1 } },
  "tasks": {
    "answer": {
      "type": "salesforce_upsert", "account": "crm",
      "with": { "object": "Survey_Response__c", "key": { "Response_Id__c": "${rm://Field/ResponseID}" },
                "fields": { "Score__c": "${q://QID1/SelectedChoicesRecode}" } } } }
})";

// The platform's API on a thread of its own, with what it knows from the beginning.
class PlatformThread {
 public:
  struct Known {
    SurveyResponse response;
    int asks_too_early = 0;
  };

  explicit PlatformThread(const std::vector<Known>& responses) : platform_(loop_, log_, api_token) {
    platform_.asks_for_patience(1);
    for (const Known& known : responses) {
      const json document{{"result", json::parse(known.response.json())}, {"meta", {{"httpStatus", "200 - OK"}}}};
      platform_.add("SV_nps", known.response.id, document.dump(), known.asks_too_early);
    }
    std::ofstream(file())
        << json{{"base_url", platform_.base_url()}, {"api_token", api_token}, {"shared_key", shared_key}}.dump();
    thread_ = std::thread([this] { loop_.run(); });
  }
  PlatformThread(const PlatformThread&) = delete;
  PlatformThread& operator=(const PlatformThread&) = delete;
  ~PlatformThread() {
    loop_.stop();
    thread_.join();
  }

  std::string file() const { return directory_.file("platform.json"); }

 private:
  test::TemporaryDirectory directory_;
  boost::asio::io_context loop_;
  base::SilentLog log_;
  support::SurveyPlatform platform_;
  std::thread thread_;
};

// The event in the wire form of the platform's subscriptions, signed with `key`.
std::string event_of(const std::string& response_id, const std::string& key,
                     const std::string& topic = "surveyengine.completedResponse.SV_nps") {
  const std::string message = json{{"Status", "Complete"},
                                   {"SurveyID", "SV_nps"},
                                   {"ResponseID", response_id},
                                   {"CompletedDate", "2026-05-01 07:25:37"},
                                   {"BrandID", "acme"}}
                                  .dump();
  return base::http::to_form(
      {{"Topic", "acme." + topic}, {"MSG", message}, {"HMAC", base::to_hex(base::hmac_sha512(key, message))}});
}

support::HttpAnswer send_event(const World& world, const std::string& event) {
  return world.server.deliver(event, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

std::string run_of(const support::HttpAnswer& answer) {
  REQUIRE(answer.status == 202);
  const json said = json::parse(answer.body);
  return said.at("runs").at(0);
}

}  // namespace

TEST_CASE("an event's response is fetched when it is ready, judged by the trigger and written once") {
  SurveyResponse unfinished{"R_half"};
  unfinished.finished = 0;
  PlatformThread platform({{SurveyResponse{"R_1", 3}, 1}, {unfinished}});
  World world(finished_only, {"--survey-platform", platform.file()});
  REQUIRE(world.server.start());
  world.org.forget_calls();  // linking asks the org who it is

  SECTION("a response that is not ready at the first ask") {
    const std::string id = run_of(send_event(world, event_of("R_1", shared_key)));
    world.server.run_when(id, "succeeded");

    CHECK(world.org.count("SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_1' AND Score__c = 3") == 1);
    CHECK(run_of(send_event(world, event_of("R_1", shared_key))) == id);
    CHECK(world.server.all_runs().size() == 1);
  }
  SECTION("a response that the trigger does not want") {
    const std::string id = run_of(send_event(world, event_of("R_half", shared_key)));
    CHECK(world.server.run_when(id, "cancelled").at("code") == "trigger_condition_false");

    const json events = world.server.ask("GET", "/runs?not_started=true").at("not_started");
    REQUIRE(events.size() == 1);
    CHECK(events.at(0).at("code") == "trigger_condition_false");
    CHECK(world.org.calls("") == 0);
  }
  SECTION("a response that the platform does not know") {
    const std::string id = run_of(send_event(world, event_of("R_unknown", shared_key)));
    CHECK(world.server.run_when(id, "failed").at("code") == "response_not_found");
    CHECK(world.org.calls("") == 0);
  }
  CHECK(promises::leaks(world.server.log(), {api_token, shared_key}).empty());
}

TEST_CASE("a partial response and the completed one are two events, and an event about no response is refused") {
  PlatformThread platform({{SurveyResponse{"R_1", 3}}});
  World world(finished_only, {"--survey-platform", platform.file()});
  REQUIRE(world.server.start());

  const std::string partial =
      run_of(send_event(world, event_of("R_1", shared_key, "surveyengine.partialResponse.SV_nps")));
  const std::string completed = run_of(send_event(world, event_of("R_1", shared_key)));
  const support::HttpAnswer closed = send_event(world, event_of("R_1", shared_key, "controlpanel.deactivateSurvey"));

  CHECK(partial != completed);
  world.server.run_when(completed, "succeeded");
  CHECK(closed.status == 400);
  CHECK(json::parse(closed.body).at("code") == "event_invalid");
  CHECK(world.server.all_runs().size() == 2);
}

TEST_CASE("an event that is not signed with the shared key is refused and starts nothing") {
  PlatformThread platform({{SurveyResponse{"R_1"}}});
  World world(finished_only, {"--survey-platform", platform.file()});
  REQUIRE(world.server.start());

  const support::HttpAnswer forged = send_event(world, event_of("R_1", "another key"));
  const support::HttpAnswer unsigned_event =
      send_event(world, base::http::to_form({{"SurveyID", "SV_nps"}, {"ResponseID", "R_1"}}));

  CHECK(forged.status == 401);
  CHECK(json::parse(forged.body).at("code") == "event_signature_wrong");
  CHECK(unsigned_event.status == 401);
  CHECK(world.server.all_runs().empty());
}

TEST_CASE("a response that is being fetched when the server dies is fetched by the next one") {
  PlatformThread platform({{SurveyResponse{"R_1", 3}, 1}});
  World world(finished_only, {"--survey-platform", platform.file()});
  REQUIRE(world.server.start({{"SLUICE_CRASH_AT", "record.after_commit:1"}}));
  const support::HttpAnswer lost_or_not = send_event(world, event_of("R_1", shared_key));
  CHECK(world.server.signal_at_end() == SIGKILL);

  REQUIRE(world.server.start());
  const std::string id = run_of(send_event(world, event_of("R_1", shared_key)));
  world.server.run_when(id, "succeeded");

  if (lost_or_not.status == 202) CHECK(run_of(lost_or_not) == id);
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c") == 1);
}

TEST_CASE("S21: where only the platform's ranges are let in, one address inside each is, and one outside is not") {
  PlatformThread platform({{SurveyResponse{"R_1"}}});
  World world(finished_only,
              {"--survey-platform", platform.file(), "--survey-platform-ranges", "--behind-proxy", "127.0.0.1"});
  REQUIRE(world.server.start());
  const auto status_from = [&](const std::string& forwarded_for) {
    return world.server
        .deliver(event_of("R_1", shared_key),
                 {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Forwarded-For", forwarded_for}})
        .status;
  };

  for (const char* inside : {"162.247.219.255", "139.60.152.0", "64.69.212.255", "98.97.248.0"})
    CHECK(status_from(inside) == 202);
  for (const char* outside : {"162.247.220.0", "139.60.151.255", "64.69.213.0", "98.97.247.255", "nobody"})
    CHECK(status_from(outside) == 403);
  // What stands before the proxy's own word is the sender's, and worth nothing.
  CHECK(status_from("98.97.248.0, 203.0.113.9") == 403);
  CHECK(send_event(world, event_of("R_1", shared_key)).status == 403);
  CHECK(world.server.all_runs().size() == 1);
}
