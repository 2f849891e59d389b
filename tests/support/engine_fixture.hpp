// A whole engine on an inline database, with a clock and chance that a test holds in its hand; it can die and start
// again.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json_fwd.hpp>

#include "base/log.hpp"
#include "base/random.hpp"
#include "engine/account_watch.hpp"
#include "engine/audit_log.hpp"
#include "engine/authoring.hpp"
#include "engine/bindings.hpp"
#include "engine/cause_history.hpp"
#include "engine/gate.hpp"
#include "engine/intake.hpp"
#include "engine/notices.hpp"
#include "engine/people_store.hpp"
#include "engine/project_transfer.hpp"
#include "engine/run_cancellation.hpp"
#include "engine/run_executor.hpp"
#include "engine/run_history.hpp"
#include "engine/run_queue.hpp"
#include "engine/run_replay.hpp"
#include "engine/worker.hpp"
#include "engine/workflow_store.hpp"
#include "tests/support/fake_tasks.hpp"
#include "tests/support/faulty_database.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/manual_clock.hpp"

namespace support {

class FakeAccounts final : public engine::AccountDirectory {
 public:
  std::map<std::string, engine::AccountFacts, std::less<>> all;
  std::optional<engine::AccountFacts> find(std::string_view id) const override {
    auto found = all.find(id);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  }
};

// What a process holds; gone with it.
struct Process {
  Process(const std::string& file, base::TimePoint now, std::uint64_t seed, int runs_in_flight_max,
          Elsewhere& elsewhere, FakeAccounts& accounts);
  ~Process();

  boost::asio::io_context loop;
  ManualClock clock;
  base::SeededRandom random;
  base::SilentLog log;
  FaultyDatabase database;
  std::unique_ptr<engine::Catalog> catalog;
  engine::AuditLog audit;
  engine::PeopleStore people;
  engine::WorkflowStore workflows;
  engine::Gate gate;
  engine::Notices notices;
  engine::FailureNotices failure_notices;
  engine::RunQueue queue;
  engine::RunExecutor executor;
  engine::Worker worker;
  engine::RunCancellation cancellation;
  engine::Intake intake;
  engine::RunHistory history;
  engine::CauseHistory causes;
  engine::RunReplay replay;
  engine::Authoring authoring;
  engine::Bindings bindings;
  engine::ProjectTransfer transfer;
  engine::AccountWatch account_watch;
};

struct EngineOptions {
  std::uint64_t seed = 7;
  int runs_in_flight_max = 512;
};

// One brand with the licence, a project of `usr_owner`'s, an account `acc_1` of the owner's, one hook `hook_1`.
class EngineFixture {
 public:
  explicit EngineFixture(EngineOptions options = {});
  ~EngineFixture();

  static constexpr engine::BrandId brand{1};

  // A workflow on hook_1 whose alias `crm` is bound to acc_1. `tasks`: the document's, as JSON text. Its number.
  std::int64_t add_workflow(const std::string& tasks, const std::string& trigger = R"({"type":"fake_response"})",
                            const std::string& id = "wfl_1");

  // A document that the catalog takes.
  engine::WorkflowDefinition definition(const std::string& tasks, const std::string& name = "wfl_1",
                                        const std::string& trigger = R"({"type":"fake_response"})");

  // Nothing when the process died over it.
  std::optional<base::Result<engine::IntakeAnswer>> deliver(const std::string& key, const std::string& body = "{}",
                                                            engine::EventContent content = engine::EventContent::whole,
                                                            bool key_is_explicit = false);
  // The id of the one run that a delivery starts.
  std::string start(const std::string& key = "R_1", const std::string& body = "{}",
                    engine::EventContent content = engine::EventContent::whole);

  // Lets everything happen that needs no time to pass.
  void settle();
  void pass(base::Duration time);
  // Lets time pass until every run is over or held, or waits for child runs that are; false when that takes longer than
  // three days.
  bool run_to_end();
  // The process dies where it stands, and another one opens its file.
  void restart();

  // People and accounts change, and runs that waited for it go on, as the application does it.
  void set_extensions(std::vector<std::string> extensions);
  void set_owner(const std::string& owner);
  void bind(std::int64_t workflow, const std::string& account, const std::string& org = "00D_1");
  engine::AccountFacts& account() { return accounts.all["acc_1"]; }
  void accounts_changed(std::vector<std::string> keys);
  void lift(std::vector<std::string> keys);
  void raise_epoch();  // in the database and in memory
  bool resume(const std::string& run_id, std::vector<engine::Fact> facts);

  engine::Cancelled cancel(const std::string& run_id);
  // By `usr_owner`. `original`: the run goes on. `latest`: the id of the run that follows it.
  base::Status replay_original(const std::string& run_id);
  base::Result<std::string> replay_latest(const std::string& run_id, int live_version = 0);

  engine::RunRow row(const std::string& run_id);
  std::string state(const std::string& run_id) { return std::string(engine::to_string(row(run_id).state)); }
  std::vector<engine::Fact> facts(const std::string& run_id);
  // "started answered done …" of one task, or of the run itself (-1).
  std::string told(const std::string& run_id, int task);
  engine::TaskState task_state(const std::string& run_id, std::size_t task);
  // As `viewer` is told it; nullopt: as somebody who reads the data directory.
  nlohmann::json document(const std::string& run_id, std::optional<std::string> viewer = {});
  std::vector<engine::RunRow> runs();
  std::vector<engine::EventWithoutRun> not_started();
  base::sql::Rows sql(std::string_view text);  // a literal

  template <class T>
  T wait(base::awaitable<T> task) {
    return run(process->loop, std::move(task));
  }

  Elsewhere elsewhere;
  FakeAccounts accounts;
  std::unique_ptr<Process> process;

 private:
  void open(base::TimePoint now);

  EngineOptions options_;
  std::filesystem::path folder_;
};

}  // namespace support
