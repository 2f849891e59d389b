// Keeps a bounded number of runs in flight: those that intake hands over, and those that are due.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/async.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "engine/catalog.hpp"
#include "engine/live_run.hpp"
#include "engine/run_executor.hpp"
#include "engine/run_queue.hpp"
#include "engine/workflow_store.hpp"

namespace engine {

class Worker {
 public:
  Worker(boost::asio::io_context& loop, RunQueue& queue, WorkflowStore& workflows, const Catalog& catalog,
         RunExecutor& executor, base::Clock& clock, base::Random& random, base::Log& log, int runs_in_flight_max = 512);

  // Claims what is due until stop(); the loop's other work goes on beside it.
  base::awaitable<void> run();
  void stop();
  // Something may have become due.
  void ring() { bell_.ring(); }

  // One place among the runs in flight, taken as long as it is held.
  using Room = std::shared_ptr<void>;
  // nullptr: every place is taken.
  Room take_room();
  int in_flight() const { return *in_flight_; }
  // A lease that no one else has had.
  std::string new_lease();
  // Executes a run that is leased to this process already; `starts` stand in its log.
  void adopt(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts, Room room);
  // A person has ended this run, and that is written down: nothing of it is begun or sent any more, and it ends when
  // nothing of it is under way. A run that is not in this process's hands has ended, or is claimed with that wish.
  void cancel(std::int64_t run_no);
  // Something that this run waits for may be there: child runs of its have ended. 0: some run.
  void wake(std::int64_t run_no);
  // Offers a run again whose lease nobody here will use, once the database takes a write; 0: every run under the lease.
  void give_back_later(BrandId brand, std::int64_t run_no, std::string lease);

 private:
  bool has_room() const { return *in_flight_ < runs_in_flight_max_; }
  base::awaitable<void> claim();
  base::awaitable<void> take_up(ClaimedRun claimed, Room room);
  base::awaitable<void> carry(std::shared_ptr<LiveRun> live, std::vector<std::size_t> starts, Room room);
  base::awaitable<void> give_back(BrandId brand, std::int64_t run_no, std::string lease);
  base::awaitable<void> fail(LiveRun& live, base::Error error);
  base::awaitable<void> end_cancelled(ClaimedRun claimed);

  // A run that is leased to this process: about to be taken up, or alive.
  struct InHand {
    std::weak_ptr<LiveRun> live{};
    bool cancelled = false;
  };

  boost::asio::io_context& loop_;
  RunQueue& queue_;
  WorkflowStore& workflows_;
  const Catalog& catalog_;
  RunExecutor& executor_;
  base::Clock& clock_;
  base::Log& log_;
  int runs_in_flight_max_;
  std::shared_ptr<int> in_flight_ = std::make_shared<int>(0);
  std::unordered_map<std::int64_t, InHand> in_hand_;  // by number
  bool backlog_ = false;
  bool stopped_ = false;
  std::string lease_prefix_;
  std::uint64_t leases_ = 0;
  base::Bell bell_;
};

}  // namespace engine
