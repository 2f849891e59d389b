// Answers that get lost, from an org that did or did not do its work: what is protected is there once, what is not is
// said.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"

using nlohmann::json;
using promises::SurveyResponse;
using promises::task_of;
using promises::World;

namespace {

// A workflow of one task.
std::string workflow_of(const json& task) {
  json document{{"name", "One task"}, {"trigger", {{"type", "survey_response"}}}};
  document["tasks"]["it"] = task;
  document["tasks"]["it"]["account"] = "crm";
  document["tasks"]["it"]["retry"] = {{"first_delay", "10ms"}};
  return document.dump();
}

json task_with(const std::string& type, const std::string& with, const std::string& on_unclear = "hold") {
  return {{"type", type}, {"on_unclear", on_unclear}, {"with", json::parse(with)}};
}

// refused: 503, which Salesforce sends in place of an answer; locked: 400, which says for sure that nothing was done.
enum class Lost { before_commit, after_commit, refused, locked };

std::string fault(Lost how, const std::string& method, const std::string& path) {
  json document{{"next", 1}, {"method", method}, {"path_contains", path}};
  if (how == Lost::refused)
    document["status"] = 503;
  else if (how == Lost::locked)
    document["status"] = 400;
  else
    document["answer"] = "drop";
  document["after_commit"] = how == Lost::after_commit;
  return document.dump();
}

std::string to_text(Lost how) {
  return how == Lost::before_commit  ? "dropped before the commit"
         : how == Lost::after_commit ? "dropped after the commit"
                                     : "503";
}

constexpr Lost all_ways[] = {Lost::before_commit, Lost::after_commit, Lost::refused};

struct Protected {
  json task;
  std::string method;
  std::string path;   // of the call that is lost
  std::string query;  // what must be there, once
};

// With the Contact c of Ana Reyes in the org.
std::vector<Protected> protected_tasks() {
  return {
      {task_with("salesforce_find", R"({"object":"Contact","match":{"Email":"${m://Email}"},"return":["Id"]})"), "GET",
       "/query", "SELECT Id FROM Contact"},
      {task_with(
           "salesforce_upsert",
           R"({"object":"Survey_Response__c","key":{"Response_Id__c":"${rm://Field/ResponseID}"},"fields":{"Score__c":3}})"),
       "PATCH", "/sobjects/Survey_Response__c",
       "SELECT Id FROM Survey_Response__c WHERE Response_Id__c = 'R_1' AND Score__c = 3"},
      {task_with("salesforce_create",
                 R"({"object":"Case","idempotency":"Sluice_Key__c","fields":{"Subject":"Low score"}})"),
       "PATCH", "/sobjects/Case", "SELECT Id FROM Case"},
      {task_with("salesforce_update",
                 R"({"object":"Contact","match":{"Email":"${m://Email}"},"fields":{"Title":"Asked"}})"),
       "PATCH", "/sobjects/Contact", "SELECT Id FROM Contact WHERE Title = 'Asked'"},
  };
}

struct Run {
  World world;
  std::string id;

  Run(const json& task, const std::string& first_fault) : world(workflow_of(task)) {
    SurveyResponse response{"R_1", 3};
    response.contact = world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
    REQUIRE(world.server.start());
    world.org.add_fault(first_fault);
    id = world.server.accepted_run(response.json());
  }

  json when(const std::string& state) const { return world.server.run_when(id, state); }
  void resume(const std::string& unclear) const {
    world.server.ask("POST", "/runs/" + id + "/resume", json{{"unclear", unclear}}.dump());
  }
};

struct Unprotected {
  json task;
  std::string path;
  std::string query;
};

std::vector<Unprotected> unprotected_tasks(const std::string& on_unclear) {
  return {
      {task_with("salesforce_create", R"({"object":"Case","fields":{"Subject":"Low score"}})", on_unclear),
       "/sobjects/Case", "SELECT Id FROM Case"},
      {task_with("salesforce_chatter_post", R"({"record":"${e://Field/Contact}","text":"Low score"})", on_unclear),
       "/chatter/feed-elements", "SELECT Id FROM FeedItem"},
  };
}

}  // namespace

TEST_CASE("what a key or its nature protects is there exactly once, whichever answer was lost") {
  for (const Protected& one : protected_tasks()) {
    for (const Lost how : all_ways) {
      INFO(one.task.at("type") << ", answer " << to_text(how));
      Run run(one.task, fault(how, one.method, one.path));

      const json over = run.when("succeeded");

      CHECK(task_of(over, "it").at("attempts").size() >= 2);
      CHECK(run.world.org.count(one.query) == 1);
    }
  }
}

TEST_CASE("a record that was deleted is gone, whichever answer was lost") {
  const json task = task_with("salesforce_delete", R"({"object":"Contact","match":{"Email":"${m://Email}"}})");
  for (const Lost how : all_ways) {
    INFO(to_text(how));
    Run run(task, fault(how, "DELETE", "/sobjects/Contact"));

    CHECK(task_of(run.when("succeeded"), "it").at("output").at("deleted") == true);
    CHECK(run.world.org.count("SELECT Id FROM Contact") == 0);
  }
}

TEST_CASE("an unprotected write whose answer was lost waits for a person, who says what the org holds") {
  for (const Unprotected& one : unprotected_tasks("hold")) {
    for (const Lost how : all_ways) {
      INFO(one.task.at("type") << ", answer " << to_text(how));
      Run run(one.task, fault(how, "POST", one.path));

      const json held = run.when("held");
      CHECK(held.at("code") == "outcome_unclear");
      CHECK(task_of(held, "it").at("unsure") == true);
      CHECK_THAT(task_of(held, "it").at("held").at("lifted_by").get<std::string>(), Catch::Contains("resume"));
      CHECK(run.world.server.call("POST", "/runs/" + run.id + "/resume", "{}").status == 422);
      CHECK(run.world.org.count(one.query) == (how == Lost::after_commit ? 1 : 0));

      run.resume(how == Lost::after_commit ? "done" : "repeat");
      run.when("succeeded");
      CHECK(run.world.org.count(one.query) == 1);
    }
  }
}

TEST_CASE("an unprotected write that the org refused for now is sent again without asking anybody") {
  for (const Unprotected& one : unprotected_tasks("hold")) {
    INFO(one.task.at("type"));
    Run run(one.task, fault(Lost::locked, "POST", one.path));

    run.when("succeeded");

    CHECK(run.world.org.count(one.query) == 1);
  }
}

TEST_CASE("an unprotected write that its author lets repeat ends, and says that it was unsure") {
  for (const Unprotected& one : unprotected_tasks("retry")) {
    for (const Lost how : {Lost::before_commit, Lost::after_commit}) {
      INFO(one.task.at("type") << ", answer " << to_text(how));
      Run run(one.task, fault(how, "POST", one.path));

      const json over = run.when("succeeded");

      CHECK(task_of(over, "it").at("unsure") == true);
      CHECK(run.world.org.count(one.query) == (how == Lost::after_commit ? 2 : 1));
    }
  }
}
