// Runs between states: taken in, leased, recorded step by step, given back, held, lifted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/failure_notices.hpp"
#include "engine/people.hpp"
#include "engine/run.hpp"
#include "engine/run_ledger.hpp"
#include "engine/trigger.hpp"

namespace engine {

// Who a run belongs to at the moment of its start; kept with it.
struct RunOwnership {
  std::string project;
  std::string owner;
  std::string creator;
  std::int64_t epoch = 0;
};

struct NewRun {
  std::int64_t no = 0;
  std::int64_t workflow_no = 0;
  std::int64_t version_no = 0;
  RunOwnership ownership;
  std::string lease{};  // empty: queued, due now
  std::string facts{};  // first log row, written only under the ownership's epoch; may be empty
};

struct NotStarted {
  std::int64_t workflow_no = 0;  // 0: none
  base::ErrorCode code;
  std::string message;
};

struct ClaimedRun {
  Run run;  // identity only; its log is not applied yet
  std::string lease;
  EventContent content = EventContent::whole;
  std::string body;
  std::vector<std::string> log;                                  // facts of each row, in order
  std::shared_ptr<const std::vector<std::string>> parent_log{};  // of a child run; the same one for its siblings
  bool cancel_requested = false;  // a person has ended it: nothing of it is begun any more
};

class RunQueue final : public RunLedger {
 public:
  RunQueue(base::sql::Database& database, base::Clock& clock, const FailureNotices& failure_notices)
      : database_(database), clock_(clock), failure_notices_(failure_notices) {}

  // Learns the last numbers; frees what a program that is gone had leased. How many runs were freed.
  base::awaitable<std::int64_t> open(std::string worker);

  std::int64_t next_event_no() { return ++last_event_no_; }
  std::int64_t next_run_no() override { return ++last_run_no_; }

  struct Accepted {
    bool is_new = false;                // false: the event was there before, nothing was written
    std::vector<bool> facts_written{};  // per run
  };
  // One transaction, durable when it resumes.
  base::awaitable<Accepted> accept(BrandId brand, std::int64_t event_no, std::string hash, const TriggerEvent& event,
                                   std::vector<NewRun> runs, std::vector<NotStarted> not_started);
  // What an event that was accepted before had brought.
  struct Earlier {
    std::string body;
    std::vector<std::string> run_ids;
  };
  base::awaitable<Earlier> earlier(BrandId brand, std::string hash);

  base::awaitable<Recorded> record(StepRecord step) override;

  // Told when a step, or a cancellation, has made another run due: a parent, by its number, or child runs (0).
  using DueListener = std::function<void(std::int64_t parent)>;
  void on_due(DueListener listener) { on_due_ = std::move(listener); }
  // Told when a step has brought somebody a notice.
  void on_notice(std::function<void()> listener) { on_notice_ = std::move(listener); }

  base::awaitable<std::optional<std::vector<ItemEnd>>> ended_children(BrandId brand, std::int64_t run_no,
                                                                      std::string task) override;

  base::awaitable<std::vector<std::string>> read_log(BrandId brand, std::int64_t run_no) override;
  // Gives a lease back without a step, so that another claim takes the run up where its log ends.
  base::awaitable<void> give_back(BrandId brand, std::int64_t run_no, std::string lease);

  // The same for all runs under a lease: of a claim that may have been committed although it failed.
  base::awaitable<void> give_back_all(std::string lease);

  // Up to `limit` runs that are due, leased under `lease`.
  base::awaitable<std::vector<ClaimedRun>> claim(int limit, std::string lease);
  // When the next queued run is due; nullopt: none is queued.
  base::awaitable<std::optional<base::TimePoint>> next_due();

  // Makes every run that waits on one of the keys due, in arrival order. How many.
  base::awaitable<std::int64_t> lift(BrandId brand, std::vector<std::string> keys);
  // Writes facts into a held run's log and makes it due; false when it is not held (any more).
  base::awaitable<bool> resume(BrandId brand, std::int64_t run_no, std::string facts);

 private:
  base::awaitable<std::vector<base::sql::Outcome>> apply_with_causes(const StepRecord& step, base::sql::Batch batch,
                                                                     bool has_second);

  base::sql::Database& database_;
  base::Clock& clock_;
  const FailureNotices& failure_notices_;
  std::string worker_;
  DueListener on_due_;
  std::function<void()> on_notice_;
  std::int64_t last_event_no_ = 0;
  std::int64_t last_run_no_ = 0;
};

}  // namespace engine
