// A list is a run for each of its items: every one is written once, fails alone, and waits for whoever lifts its hold.
#include <map>
#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
using promises::dies_at;
using promises::World;

namespace {

constexpr int rows = 8;

// Every row of the matrix rated, with its number as the answer where that is a rating.
std::string a_matrix() {
  json values{{"finished", 1}, {"recordedDate", "2026-05-01T07:25:37.114Z"}, {"recipientEmail", "nobody@example.com"}};
  json labels = json::object();
  for (int row = 1; row <= rows; ++row) {
    values[fmt::format("QID5_{}", row)] = 1 + row % 5;
    labels[fmt::format("QID5_{}", row)] = fmt::format("answer {}", row);
  }
  return json{{"responseId", "R_matrix"}, {"surveyId", "SV_service"}, {"values", values}, {"labels", labels}}.dump();
}

std::string row_id(int row) { return fmt::format("R_matrix-{}", row); }

std::multiset<std::string> rows_in(const World& world) {
  std::multiset<std::string> ids;
  for (const json& record : world.org.records("SELECT Response_Id__c FROM Survey_Response__c"))
    ids.insert(record.at("Response_Id__c").get<std::string>());
  return ids;
}

std::multiset<std::string> all_rows() {
  std::multiset<std::string> ids;
  for (int row = 1; row <= rows; ++row) ids.insert(row_id(row));
  return ids;
}

const json& ratings_of(const json& run) {
  for (const json& task : run.at("tasks")) {
    if (task.at("id") == "rating") return task;
  }
  throw std::logic_error("the run has no task 'rating'");
}

bool is_over(const json& run) { return run.at("state") == "succeeded" || run.at("state") == "failed"; }

}  // namespace

TEST_CASE("a server that dies while a matrix becomes records writes every row once") {
  int deaths = 0;
  for (const char* point :
       {"record.before_commit", "record.after_commit", "attempt.before_perform", "attempt.after_perform"}) {
    const int step = promises::test_factor() > 1 ? 1 : 5;
    for (int passing = 2; passing <= 60; passing += step) {
      const std::string crash_at = fmt::format("{}:{}", point, passing);
      INFO(crash_at);
      World world(promises::sample_workflow("matrix_rows"));
      if (!dies_at(world, crash_at, a_matrix())) break;
      ++deaths;
      REQUIRE(world.server.start());
      const std::string id = world.server.accepted_run(a_matrix());
      const json run = world.server.run_when(id, "is over", is_over);

      CHECK(run.at("state") == "succeeded");
      CHECK(rows_in(world) == all_rows());
      CHECK(ratings_of(run).at("for_each").at("children").size() == rows);
      CHECK(world.server.all_runs().size() == 1);
    }
  }
  CHECK(deaths > 4);  // or the sweep tests nothing
  WARN(deaths << " deaths, each made good by the next life");
}

TEST_CASE("a row that the org refuses fails alone, and the run names it") {
  World world(promises::sample_workflow("matrix_rows"));
  world.org.insert("Survey_Response__c", fmt::format(R"({{"Response_Id__c":"{}"}})", row_id(3)));
  REQUIRE(world.server.start());
  const std::string id = world.server.accepted_run(a_matrix());
  const json run = world.server.run_when(id, "failed");

  CHECK(rows_in(world) == all_rows());
  const json& rating = ratings_of(run);
  CHECK(rating.at("code") == "items_failed");
  CHECK(rating.at("message").get<std::string>().starts_with("1 of 8 items did not succeed: item 3 (3): "));
  CHECK(rating.at("for_each").at("succeeded") == rows - 1);
  CHECK(rating.at("for_each").at("failed") == 1);
  const json child = world.server.run(id + ".rating.3");
  CHECK(child.at("state") == "failed");
  CHECK(child.at("parent") == json{{"run", id}, {"task", "rating"}, {"item", 3}});
  CHECK(child.at("tasks").size() == 1);
  CHECK(world.server.ask("GET", "/runs?parent=" + id + "&state=failed").at("runs").size() == 1);
  CHECK(world.server.ask("GET", "/runs?children=true").at("runs").size() == rows + 1);
  CHECK(world.server.ask("GET", "/runs").at("runs").size() == 1);
}

TEST_CASE("rows that are held go on when the hold is lifted, and are written once") {
  World world(promises::sample_workflow("matrix_rows"));
  REQUIRE(world.server.start());
  world.server.ask("PUT", "/license", json{{"extensions", json::array()}}.dump());
  const std::string id = world.server.accepted_run(a_matrix());
  world.server.run_when(id, "held");
  CHECK(rows_in(world).empty());

  world.server.ask("PUT", "/license", R"({"extensions":["salesforce"]})");

  world.server.run_when(id, "succeeded");
  CHECK(rows_in(world) == all_rows());
}

TEST_CASE("a loop & merge that arrives over HTTP is a record for each loop that was answered, known by its number") {
  World world(promises::sample_workflow("loop_and_merge"));
  REQUIRE(world.server.start());
  // The second of three loops was shown and left unanswered; the tenth comes behind the third.
  const std::string id = world.server.accepted_run(R"({"responseId":"R_loops","surveyId":"SV_branches","values":{
    "finished":1,"endDate":"2026-05-01T07:25:36Z","recordedDate":"2026-05-01T07:25:37.114Z",
    "10_QID3":8,"3_QID3":4,"3_QID4_TEXT":"Longer hours"},
    "displayedFields":["10_QID3","10_QID4_TEXT","2_QID3","2_QID4_TEXT","3_QID3","3_QID4_TEXT"]})");
  const json run = world.server.run_when(id, "succeeded");

  std::map<std::string, json> records;
  for (const json& record : world.org.records("SELECT Response_Id__c, Score__c, Comment__c FROM Survey_Response__c"))
    records[record.at("Response_Id__c")] = record;
  REQUIRE(records.size() == 2);
  CHECK(records.at("R_loops-3").at("Score__c") == 4);
  CHECK(records.at("R_loops-3").at("Comment__c") == "Longer hours");
  CHECK(records.at("R_loops-10").at("Score__c") == 8);
  CHECK(records.at("R_loops-10").at("Comment__c").is_null());
  const json& visit = promises::task_of(run, "visit");
  CHECK(visit.at("for_each").at("left_out") == 1);
  CHECK(visit.at("output").at("count") == 2);
  CHECK(world.server.run(id + ".visit.2").at("state") == "succeeded");
}

TEST_CASE("a run whose open items are all held is held: it says how many, and goes on when a person decides for them") {
  // Nothing protects these inserts, and the answers to two of them get lost: a person has to look.
  World world(promises::sample_workflow("matrix_rows", R"({"tasks":{"rating":{"with":{"idempotency":null}}}})"));
  world.org.add_fault(
      R"({"next":2,"method":"POST","path_contains":"/sobjects/Survey_Response__c","answer":"drop","after_commit":true})");
  REQUIRE(world.server.start());
  const std::string id = world.server.accepted_run(a_matrix());
  const json run = world.server.run_when(id, "held");

  CHECK(run.at("code") == "outcome_unclear");
  CHECK(run.at("items") == json{{"all", rows}, {"succeeded", rows - 2}, {"held", 2}});
  const json held = world.server.ask("GET", "/runs?state=held").at("runs");
  REQUIRE(held.size() == 3);
  CHECK(held.back().at("id") == id);
  CHECK(held.back().at("items") == run.at("items"));
  CHECK(world.server.ask("GET", "/runs?state=queued").at("runs").empty());

  world.server.ask("POST", "/runs/" + id + "/resume", R"({"unclear":"done"})");
  const json over = world.server.run_when(id, "succeeded");
  CHECK_FALSE(over.contains("items"));
  CHECK(rows_in(world) == all_rows());
}
