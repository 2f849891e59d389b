// The server that dies at each of its named crash points in turn, at every passing: the next one makes it good.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::dies_at;
using promises::SurveyResponse;
using promises::World;

namespace {

const SurveyResponse low_score{"R_low", 3, "Waited an hour"};

void add_contact(const World& world) {
  world.org.insert("Contact", R"({"LastName":"Reyes","Email":"reyes@example.com"})");
}

std::string nps_with(const std::string& on_unclear) {
  return promises::sample_workflow("nps_to_contact", R"({"tasks":{"alarm":{"on_unclear":")" + on_unclear + R"("}}})");
}

// The next life, without a crash; the sender, who may not have heard, sends again.
json next_life(World& world) {
  REQUIRE(world.server.start());
  const std::string id = world.server.accepted_run(low_score.json());
  return world.server.run_when(id, "is over or held", [](const json& run) {
    return run.at("state") == "succeeded" || run.at("state") == "failed" || run.at("state") == "held";
  });
}

// Passings that are tried: all, or in the short form the first few and then ever fewer.
std::vector<int> passings(int all_up_to) {
  std::vector<int> numbers;
  for (int number = 1; number <= 60; number += number < all_up_to || promises::test_factor() > 1 ? 1 : 3)
    numbers.push_back(number);
  return numbers;
}

struct Sweep {
  const char* point;
  int all_up_to;  // in the short form
};

const Sweep points[] = {{"intake.before_commit", 9},   {"intake.after_commit", 9},    {"record.before_commit", 9},
                        {"record.after_commit", 9},    {"attempt.before_perform", 9}, {"attempt.after_perform", 9},
                        {"attempt.after_sent_mark", 9}};
const Sweep storage_points[] = {{"sql.before_commit", 4}, {"sql.after_commit", 4}};

// Dies at that passing and lives again; false when there is no such passing.
bool survives(const std::string& crash_at, const std::string& on_unclear) {
  INFO(crash_at << ", on_unclear " << on_unclear);
  World world(nps_with(on_unclear));
  add_contact(world);
  if (!dies_at(world, crash_at, low_score.json())) return false;
  const json run = next_life(world);

  INFO(run.dump(2));
  const int posts = world.org.count("SELECT Id FROM FeedItem");
  CHECK(world.server.all_runs().size() == 1);
  CHECK(world.org.count("SELECT Id FROM Survey_Response__c") == 1);
  if (on_unclear == "hold") {
    const bool is_unsure = run.at("state") == "held" && run.at("code") == "outcome_unclear";
    CHECK((is_unsure || run.at("state") == "succeeded"));
    CHECK((posts == 1 || (is_unsure && posts == 0)));
  } else {
    CHECK(run.at("state") == "succeeded");
    CHECK(posts >= 1);
    CHECK(posts <= 2);
  }
  return true;
}

int sweep(const Sweep& over, const std::string& on_unclear) {
  int deaths = 0;
  for (const int passing : passings(over.all_up_to)) {
    if (!survives(std::string(over.point) + ":" + std::to_string(passing), on_unclear)) break;
    ++deaths;
  }
  INFO(over.point);
  CHECK(deaths > 0);  // or the sweep tests nothing
  return deaths;
}

}  // namespace

TEST_CASE("the server may die at every step of a run and of its storage: the response is written once all the same") {
  int deaths = 0;
  for (const Sweep& over : points) deaths += sweep(over, "retry");
  for (const Sweep& over : storage_points) deaths += sweep(over, "retry");
  WARN(deaths << " deaths at named points, each made good by the next life");
}

TEST_CASE("a post that must not be repeated is made at most once, wherever the server dies") {
  int deaths = 0;
  for (const Sweep& over : points) deaths += sweep(over, "hold");
  WARN(deaths << " deaths at named points, no post made twice");
}

TEST_CASE("a server that dies at any commit of its very first start is whole at the next") {
  const std::string workflow = nps_with("retry");
  int deaths = 0;
  for (bool died = true; died; ++deaths) {
    const std::string crash_at = "sql.after_commit:" + std::to_string(deaths + 1);
    INFO(crash_at);
    World world(workflow);
    died = !world.server.start({{"SLUICE_CRASH_AT", crash_at}});
    if (!died) break;

    REQUIRE(world.server.start());

    const json known = world.server.ask("GET", "/workflows").at("workflows").at(0);
    CHECK(known.at("project") != "");
    CHECK(known.at("creator") != "");
    CHECK(known.at("enabled") == true);
    CHECK(known.at("bindings").contains("crm"));
    CHECK(world.server.ask("GET", "/accounts").at("accounts").size() == 1);
    CHECK(world.server.call("PUT", "/license", R"({"extensions":["salesforce"]})").status == 200);
  }
  CHECK(deaths > 3);
}
