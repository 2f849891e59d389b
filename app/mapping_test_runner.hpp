// Plays mapping tests through the same parts that a server uses: every case on local orgs that hold nothing else, or on
// linked sandboxes in which nothing stays.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/linked_test_orgs.hpp"
#include "app/local_schemas.hpp"
#include "app/mapping_test.hpp"
#include "app/org_reference.hpp"
#include "app/response_rehearsal.hpp"
#include "app/services.hpp"
#include "app/temporary_directory.hpp"
#include "app/test_journal.hpp"
#include "app/test_org.hpp"
#include "app/workspace.hpp"
#include "base/http/in_process.hpp"
#include "local_org/server.hpp"
#include "tasks/org_needs.hpp"

namespace app {

// What the case's expectation would have to say.
struct CaseOutcome {
  std::vector<std::vector<base::JsonText>> written{};  // of each member of `expect`, with more fields than are named
  SeededRecords seeded{};
  std::map<std::string, std::string> refused{};  // task id -> code
};

struct MappingCaseResult {
  std::string name;
  std::string pointer{};                   // of the case in its file
  std::vector<std::string> differences{};  // none: passed
  std::vector<std::string> notes{};        // that its run gives of its writes, with the task
  std::string not_started{};               // why the response started no run; may be what the case wants
  CaseOutcome outcome{};
  std::int64_t calls = 0;
  base::Duration took{0};

  bool passed() const { return differences.empty(); }
};

struct MappingTestResult {
  std::string file;
  std::string workflow{};     // its name; empty when the files are broken
  base::Findings findings{};  // with an error among them, the cases that they are about did not run
  std::vector<MappingCaseResult> cases{};
  std::vector<tasks::EffectKeyField> effect_keys{};  // of the workflow's tasks; no expectation can name their value
  // On linked orgs, when a case has failed: where they take other values than the local org, one sentence each.
  std::vector<std::string> contrast{};
};

class MappingTestRunner {
 public:
  // Throws when no temporary folder can be had.
  MappingTestRunner(boost::asio::io_context& loop, base::Log& log, std::string api_version = "60.0");

  // Once, before anything else: all cases run on local orgs then.
  base::awaitable<void> open();
  // The same, but the tasks of these aliases run on the files' orgs, which are asked who they are. Findings: what is
  // wrong with the files. An error: a production org, or one that does not answer.
  base::awaitable<base::Result<base::Findings>> open(std::vector<AccountFile> accounts, TestJournal& journal);
  // Before the first file: what the local orgs are like.
  void set_schemas(LocalSchemas schemas) { schemas_ = std::move(schemas); }
  const LocalSchemas& schemas() const { return schemas_; }
  // Precondition: accounts were given.
  LinkedTestOrgs& linked() { return *linked_; }
  Services& services() { return *services_; }

  base::awaitable<MappingTestResult> run(std::string file);

 private:
  using CaseOrgs = std::map<std::string, std::unique_ptr<TestOrg>>;  // by alias

  // What of a case's preparation went wrong: in the file, or in a linked org.
  struct Trouble {
    base::Findings findings{};
    std::vector<std::string> differences{};

    bool is_none() const { return findings.empty() && differences.empty(); }
  };

  // How a task of the run has ended, or where it stands.
  struct TaskEnd {
    engine::TaskState state = engine::TaskState::pending;
    std::string code{};
    std::string message{};
    std::vector<engine::Note> notes{};
  };
  struct RunEnd {
    std::string not_started{};
    bool is_fault = false;         // … although nobody had asked the trigger's condition to be false
    std::vector<TaskEnd> tasks{};  // as in the definition; empty when nothing was started
  };

  base::awaitable<void> run_case(const MappingTest& test, const MappingCase& one,
                                 const engine::WorkflowDefinition& definition, MappingTestResult& result);
  // The same for all objects that the workflow's tasks name.
  base::awaitable<std::vector<std::string>> contrast(const engine::WorkflowDefinition& definition);
  base::awaitable<void> play_on(const MappingTest& test, const MappingCase& one,
                                const engine::WorkflowDefinition& definition, MappingCaseResult& of_case,
                                Trouble& trouble);
  base::awaitable<SeededRecords> seed(const MappingCase& one, Trouble& trouble);
  // The expectations with the fields that are looked at.
  std::vector<ExpectedRecords> look_before(const MappingCase& one, const engine::WorkflowDefinition& definition,
                                           Trouble& trouble);
  base::awaitable<void> compare(const std::vector<ExpectedRecords>& expect, MappingCaseResult& of_case);
  base::awaitable<void> open_orgs(const engine::WorkflowDefinition& definition);
  base::awaitable<void> link(std::string alias, local_org::Credentials credentials);
  base::awaitable<RunEnd> play(const MappingTest& test, const MappingCase& one,
                               std::vector<std::pair<std::string, base::JsonText>> outputs);
  std::vector<engine::Fact> facts_of_outputs(const engine::WorkflowDefinition& definition,
                                             std::vector<std::pair<std::string, base::JsonText>> outputs) const;

  static std::map<std::string, std::string> failed_tasks(const engine::WorkflowDefinition& definition,
                                                         const RunEnd& end);
  static std::vector<std::string> judge_tasks(const MappingCase& one, const engine::WorkflowDefinition& definition,
                                              const RunEnd& end);

  TemporaryDirectory directory_;
  base::http::InProcessServers servers_{};
  std::unique_ptr<Services> services_;
  Workspace workspace_;
  std::optional<LinkedTestOrgs> linked_{};
  LocalSchemas schemas_{};
  CaseOrgs orgs_{};  // each starts over for every case
  ResponseRehearsal rehearsal_;
};

}  // namespace app
