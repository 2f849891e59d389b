#include "tests/promises/world.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/eventually.hpp"
#include "tests/support/source_path.hpp"

namespace promises {
namespace {

std::string write_promise_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  return path;
}

std::vector<std::string> serve_arguments(const test::TemporaryDirectory& directory, const OrgProgram& org,
                                         const std::string& workflow, std::vector<std::string> more) {
  const std::string folder = directory.file("workflows");
  std::filesystem::create_directory(folder);
  write_promise_file(folder + "/workflow.json", workflow);
  const std::string account = write_promise_file(directory.file("crm.json"), org.account_document());
  std::vector<std::string> arguments{"--workflows",    folder,   "--account",
                                     "crm=" + account, "--data", directory.file("data")};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

World::World(const std::string& workflow, std::vector<std::string> more_arguments)
    : org(directory_.file("org.db")), server(serve_arguments(directory_, org, workflow, std::move(more_arguments))) {}

void World::add_workflow(const std::string& file, const std::string& workflow) const {
  write_promise_file(directory_.file("workflows/" + file), workflow);
}

World::~World() {
  std::vector<std::string> secrets = org.secrets();
  secrets.push_back(server.token());
  CHECK(leaks(server.log(), secrets).empty());
}

bool dies_at(World& world, const std::string& crash_at, const std::string& response) {
  if (world.server.start({{"SLUICE_CRASH_AT", crash_at}})) {
    const support::HttpAnswer answer = world.server.deliver(response);
    if (answer.status == 202) {
      const std::string id = nlohmann::json::parse(answer.body).at("runs").at(0);
      bool is_over = false;
      support::eventually("the run ends or the server dies", [&] {
        const support::HttpAnswer asked = world.server.call("GET", "/runs/" + id);
        if (asked.status == 200) {
          const std::string state = nlohmann::json::parse(asked.body).at("state");
          is_over = state == "succeeded" || state == "failed";
        }
        return asked.status == 0 || is_over;
      });
      if (is_over) return false;
    }
  }
  CHECK(world.server.signal_at_end() == SIGKILL);
  return true;
}

std::vector<std::string> leaks(const std::string& text, const std::vector<std::string>& secrets) {
  std::vector<std::string> found;
  for (const std::string& secret : secrets) {
    if (!secret.empty() && text.find(secret) != std::string::npos) found.push_back(secret);
  }
  return found;
}

std::string sample_workflow(const std::string& name, const std::string& merge_patch) {
  std::ifstream file(test::source_path("samples/") + name + "/workflow.json");
  nlohmann::json document = nlohmann::json::parse(file);
  document.merge_patch(nlohmann::json::parse(merge_patch));
  return document.dump(2);
}

std::string SurveyResponse::json() const {
  nlohmann::json values{{"startDate", "2026-05-01T07:20:11Z"},
                        {"endDate", "2026-05-01T07:25:36Z"},
                        {"recordedDate", "2026-05-01T07:25:37.114Z"},
                        {"status", 0},
                        {"progress", 100},
                        {"duration", 325},
                        {"finished", finished},
                        {"_recordId", id},
                        {"recipientFirstName", "Ana"},
                        {"recipientLastName", "Reyes"},
                        {"recipientEmail", email},
                        {"distributionChannel", "email"},
                        {"userLanguage", "EN"},
                        {"QID1", score},
                        {"QID1_NPS_GROUP", score >= 9   ? 3
                                           : score >= 7 ? 2
                                                        : 1},
                        {"SurveyName", "Spring"}};
  if (!comment.empty()) values["QID3_TEXT"] = comment;
  if (!contact.empty()) values["Contact"] = contact;
  return nlohmann::json{
      {"responseId", id},
      {"surveyId", "SV_nps"},
      {"values", values},
      {"labels",
       {{"status", "IP Address"},
        {"finished", finished ? "True" : "False"},
        {"QID1_NPS_GROUP", score >= 9   ? "Promoter"
                           : score >= 7 ? "Passive"
                                        : "Detractor"}}},
      {"displayedFields", {"QID1", "QID1_NPS_GROUP", "QID3_TEXT"}},
      {"displayedValues", {{"QID1", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, {"QID1_NPS_GROUP", {1, 2, 3}}}}}
      .dump();
}

int test_factor() {
  const char* wanted = std::getenv("SLUICE_TEST_FACTOR");
  return wanted ? std::max(1, std::atoi(wanted)) : 1;
}

}  // namespace promises
