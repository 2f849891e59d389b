// Plays mapping tests: every case on local orgs that hold nothing else, through the same parts that a server uses.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/mapping_test.hpp"
#include "app/org_reference.hpp"
#include "app/services.hpp"
#include "app/temporary_directory.hpp"
#include "app/workspace.hpp"
#include "local_org/server.hpp"

namespace app {

struct MappingCaseResult {
  std::string name;
  std::vector<std::string> differences{};  // none: passed
  std::string not_started{};               // why the response started no run; may be what the case wants
  std::int64_t calls = 0;
  base::Duration took{0};

  bool passed() const { return differences.empty(); }
};

struct MappingTestResult {
  std::string file;
  std::string workflow{};     // its name; empty when the files are broken
  base::Findings findings{};  // with an error among them, the cases that they are about did not run
  std::vector<MappingCaseResult> cases{};
};

class MappingTestRunner {
 public:
  // Throws when no temporary folder can be had.
  MappingTestRunner(boost::asio::io_context& loop, base::Log& log);

  // Once, before anything else.
  base::awaitable<void> open();
  base::awaitable<MappingTestResult> run(std::string file);

 private:
  // An org that listens.
  struct CaseOrg {
    CaseOrg(local_org::LocalOrgOptions options, Services& services);
    local_org::LocalOrg org;
    local_org::Served served;
  };
  using CaseOrgs = std::map<std::string, std::unique_ptr<CaseOrg>>;  // by alias

  using RecordsById = std::map<std::string, std::string>;  // id -> JSON

  // How a task of the run has ended, or where it stands.
  struct TaskEnd {
    engine::TaskState state = engine::TaskState::pending;
    std::string code{};
    std::string message{};
  };
  struct RunEnd {
    std::string not_started{};
    bool is_fault = false;         // … although nobody had asked the trigger's condition to be false
    std::vector<TaskEnd> tasks{};  // as in the definition; empty when nothing was started
  };

  base::awaitable<void> run_case(const MappingTest& test, const MappingCase& one,
                                 const engine::WorkflowDefinition& definition, MappingTestResult& result);
  static SeededRecords seed(const MappingCase& one, CaseOrgs& orgs, base::Findings& findings);
  // All records of the objects that the case looks at, as `expect` lists them.
  static std::vector<RecordsById> look(const MappingCase& one, CaseOrgs& orgs, base::Findings& findings);
  base::awaitable<void> open_orgs(const engine::WorkflowDefinition& definition);
  base::awaitable<void> link(std::string alias);
  base::awaitable<RunEnd> play(const MappingTest& test, const MappingCase& one,
                               std::vector<std::pair<std::string, base::JsonText>> outputs);
  base::awaitable<RunEnd> execute(std::string run_id, std::shared_ptr<const engine::ValueSource> values,
                                  std::vector<std::pair<std::string, base::JsonText>> outputs);
  base::awaitable<void> record_outputs(std::shared_ptr<engine::LiveRun> live,
                                       std::vector<std::pair<std::string, base::JsonText>> outputs);

  static std::vector<std::string> judge_tasks(const MappingCase& one, const engine::WorkflowDefinition& definition,
                                              const RunEnd& end);

  TemporaryDirectory directory_;
  std::unique_ptr<Services> services_;
  Workspace workspace_;
  CaseOrgs orgs_{};  // each starts over for every case
  int cases_ = 0;
};

}  // namespace app
