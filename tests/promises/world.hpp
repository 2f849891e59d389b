// What most promises need: an org, one workflow in a folder, and a server that runs it on that org.
#pragma once

#include <string>
#include <vector>

#include "tests/promises/org_program.hpp"
#include "tests/promises/server_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace promises {

class World {
 public:
  // Tasks may name the account "crm"; `more_arguments` go to the server. Nothing is started but the org.
  explicit World(const std::string& workflow, std::vector<std::string> more_arguments = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  // Whatever has happened, the logs must hold no secret.
  ~World();

  // One more in the folder, for a server that has not been started yet. Its hook is that of its file.
  void add_workflow(const std::string& file, const std::string& workflow) const;

  std::string database_file() const { return directory_.file("data/sluice.db"); }
  // Whoever opens it must wait until the server has ended.
  std::string data_directory() const { return directory_.file("data"); }

 private:
  test::TemporaryDirectory directory_;

 public:
  OrgProgram org;
  ServerProgram server;
};

// A first life that is meant to end at the crash point, with one response; false when it carried its run to the end
// instead.
bool dies_at(World& world, const std::string& crash_at, const std::string& response);

// The parts of `text` that are secret and should not be there.
std::vector<std::string> leaks(const std::string& text, const std::vector<std::string>& secrets);

// samples/NAME/workflow.json, with a JSON Merge Patch applied.
std::string sample_workflow(const std::string& name, const std::string& merge_patch = "{}");

// A finished response in the survey platform's shape.
struct SurveyResponse {
  std::string id;
  int score = 10;
  std::string comment = "";
  std::string email = "reyes@example.com";
  int finished = 1;
  std::string contact = "";  // embedded data: the id of a record in the org

  std::string json() const;
};

// How much more of everything than CI needs: SLUICE_TEST_FACTOR, 1 unless told.
int test_factor();

}  // namespace promises
