// A list is a run for each of its items: every one is written once, fails alone, and waits for whoever lifts its hold.
#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/promises/world.hpp"
#include "tests/support/eventually.hpp"

using nlohmann::json;
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

// A first life that is meant to end at the crash point; false when it carried the run to its end instead.
bool dies_at(World& world, const std::string& crash_at) {
  if (world.server.start({{"SLUICE_CRASH_AT", crash_at}})) {
    const support::HttpAnswer answer = world.server.deliver(a_matrix());
    if (answer.status == 202) {
      const std::string id = json::parse(answer.body).at("runs").at(0);
      bool has_ended = false;
      support::eventually("the run ends or the server dies", [&] {
        const support::HttpAnswer asked = world.server.call("GET", "/runs/" + id);
        has_ended = asked.status == 200 && is_over(json::parse(asked.body));
        return asked.status == 0 || has_ended;
      });
      if (has_ended) return false;
    }
  }
  CHECK(world.server.signal_at_end() == SIGKILL);
  return true;
}

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
      if (!dies_at(world, crash_at)) break;
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
