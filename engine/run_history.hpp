// What has happened, for reading: runs by page, one run whole, and accepted events that started nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/sql/database.hpp"
#include "base/time.hpp"
#include "engine/fact.hpp"
#include "engine/people.hpp"
#include "engine/run.hpp"

namespace engine {

// The child runs of a run that waits for them.
struct RunItems {
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t held = 0;
  std::int64_t running = 0;
  std::int64_t queued = 0;

  std::int64_t open() const { return held + running + queued; }
  std::int64_t all() const { return open() + succeeded + failed + cancelled; }
};

// A run as its row, its event and its items tell it.
struct RunRow {
  std::int64_t no = 0;
  std::string id{};
  std::string event_id{};
  std::string dedup_key{};
  std::string hook{};
  std::int64_t workflow_no = 0;
  std::string workflow_id{};
  std::string workflow_name{};
  std::int64_t version_no = 0;
  int version = 0;
  int replay = 0;
  std::int64_t parent_no = 0;  // 0: no child run
  std::string parent{};
  std::string task{};  // of the parent, whose item it is for
  int item = 0;        // that item's place in its list
  // held, too, of a run that waits for items of which every open one is: nothing of it moves until a person acts.
  RunState state = RunState::queued;
  std::string code{};               // why it is held, failed or was cancelled; the first held item's where that is why
  std::optional<RunItems> items{};  // while it waits for nothing but these
  // In lists: the cause that it stands under now, "" where there is none; of several the one that was asked for, or
  // else the first task's.
  std::string cause{};
  std::string cause_message{};
  std::string project{};
  std::string owner{};
  std::string creator{};
  std::int64_t auth_epoch = 0;
  std::optional<base::TimePoint> due_at{};
  base::TimePoint received_at{};
  std::optional<base::TimePoint> ended_at{};
};

struct RunFilter {
  std::optional<RunState> state{};
  std::string workflow{};       // id; empty: any
  std::string cause{};          // id; only runs that stand under it, child runs too; empty: any
  bool shows_children = false;  // beside the runs that they belong to; held ones are always among the held, as are
                                // those runs where nothing else in them moves
  std::int64_t before = 0;      // number of the last row of the page before; 0: from the newest
  int limit = 50;
  std::optional<std::vector<std::string>> projects{};  // ids; nullopt: of any project
};

struct WaitingRuns {
  std::int64_t queued = 0;
  std::int64_t held = 0;
};

struct EventWithoutRun {
  std::string event_id{};
  std::string hook{};
  std::string dedup_key{};
  std::string workflow_name{};  // "" when no workflow names the hook
  std::string code{};
  std::string message{};
  base::TimePoint at{};
};

// As SQL is told which projects are meant: "*", or the ids with spaces around each, to be searched in. Lists are no
// parameters that both databases take.
std::string project_words(const std::optional<std::vector<std::string>>& projects);

class RunHistory {
 public:
  explicit RunHistory(base::sql::Database& database) : database_(database) {}

  base::awaitable<std::vector<RunRow>> list(BrandId brand, RunFilter filter);
  base::awaitable<std::optional<RunRow>> find(BrandId brand, std::string run_id);
  // The child runs of a run, in the order of their tasks and lists.
  base::awaitable<std::vector<RunRow>> children(BrandId brand, std::int64_t run_no);
  // The run and those that replay it or that it replays, by their replay numbers; no child runs.
  base::awaitable<std::vector<RunRow>> replays(BrandId brand, RunRow run);
  // All facts of a run, in order.
  base::awaitable<std::vector<Fact>> facts(BrandId brand, std::int64_t run_no);
  // The response that the run is about, as it arrived or was fetched; "" where there is none yet.
  base::awaitable<std::string> response(BrandId brand, std::int64_t run_no);
  // Newest first, of these projects or of any and none; also runs whose trigger's condition turned out false once the
  // response was fetched.
  base::awaitable<std::vector<EventWithoutRun>> not_started(BrandId brand, int limit,
                                                            std::optional<std::vector<std::string>> projects = {});
  // Those of the workflows that have not begun, or wait.
  base::awaitable<WaitingRuns> waiting_runs(BrandId brand, std::vector<std::int64_t> workflows);
  // Runs per state, for /metrics.
  struct StateCount {
    std::string state;
    std::int64_t count;
  };
  base::awaitable<std::vector<StateCount>> open_runs();

 private:
  // What a run that waits for its child runs waits for.
  base::awaitable<void> count_items(BrandId brand, std::span<RunRow> runs);

  base::awaitable<std::vector<RunRow>> runs_of_event(BrandId brand, std::string hash);

  base::sql::Database& database_;
};

}  // namespace engine
